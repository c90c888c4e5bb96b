"""Kintell's webhooks as drafts of events. Ratings come as 1 to 5 and leave as 0 to 1."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from ingest.attribution import PROGRAM_OF_SESSION, Question
from ingest.contracts import EventData
from ingest.contracts.kintell import (
    KintellRatingCreated,
    KintellSessionCompleted,
    KintellSessionScheduled,
    LanguageLevel,
    SessionType,
)
from ingest.events import entity_id
from ingest.normalise.draft import Draft, Identity, Known, Person, by_email
from ingest.webhooks import kintell as bodies
from ingest.webhooks.fields import instant_of

SOURCE = "/webhooks/kintell"


def session_completed(body: bodies.SessionCompleted) -> Draft:
    people = (by_email(body.participant_email), by_email(body.volunteer_email))
    return _completed(
        body, people, None, body.completed_at, body.duration_minutes, source_time=body.updated_at
    )


def booking_confirmed(body: bodies.BookingConfirmed) -> Draft:
    people = (by_email(body.participant_email), by_email(body.volunteer_email))
    return _scheduled("booking", body.booking_id, body, people, None, source_time=body.updated_at)


def rating_created(body: bodies.RatingCreated) -> Draft:
    return _rating(body, source_time=body.updated_at)


def nested_session(body: bodies.NestedSession) -> Draft:
    people = (_person(body.participant), _person(body.mentor))
    return _completed(
        body, people, body.program_ref, body.completed_at, body.duration_minutes, source_time=body.updated_at
    )


def nested_booking(body: bodies.NestedBooking) -> Draft:
    people = (_person(body.participant), _person(body.mentor))
    return _scheduled("booking", body.booking_id, body, people, body.program_ref, source_time=body.updated_at)


def changed_session(body: bodies.ChangedSession) -> Draft:
    fact, source_time = body.data, instant_of(body.timestamp)
    people = (_person(fact.participant), _person(fact.volunteer))
    if fact.completed_at and fact.duration_minutes:
        return _completed(
            fact, people, fact.program_ref, fact.completed_at, fact.duration_minutes, source_time=source_time
        )
    return _scheduled("session", fact.session_id, fact, people, fact.program_ref, source_time=source_time)


def changed_booking(body: bodies.ChangedBooking) -> Draft:
    fact = body.data
    people = (_person(fact.participant), _person(fact.volunteer))
    source_time = instant_of(body.timestamp)
    return _scheduled("booking", fact.booking_id, fact, people, fact.program_ref, source_time=source_time)


def changed_rating(body: bodies.ChangedRating) -> Draft:
    return _rating(body.data, source_time=instant_of(body.timestamp))


def _completed(
    body: bodies.SessionCompleted | bodies.NestedSession | bodies.SessionFact,
    people: tuple[Person, Person],
    program_ref: str | None,
    completed_at: datetime,
    duration_minutes: int,
    *,
    source_time: datetime | None,
) -> Draft:
    participant, volunteer = people

    def data(known: Known) -> KintellSessionCompleted:
        return KintellSessionCompleted(
            session_id=entity_id("kintell", "session", body.session_id),
            external_session_id=body.session_id,
            session_type=body.session_type,
            participant_id=known.person(participant),
            volunteer_id=known.person(volunteer),
            scheduled_at=body.scheduled_at,
            completed_at=completed_at,
            duration_minutes=duration_minutes,
            topics=_topics(body.topics),
            language_level=cast(LanguageLevel, body.language_level.upper()) if body.language_level else None,
            program_id=_program(program_ref, known),
        )

    return _of_two_people(
        f"session/{body.session_id}", people, data, body.session_type, completed_at, program_ref, source_time
    )


def _scheduled(
    entity: str,
    external_id: str,
    body: bodies.BookingConfirmed | bodies.NestedBooking | bodies.BookingFact | bodies.SessionFact,
    people: tuple[Person, Person],
    program_ref: str | None,
    *,
    source_time: datetime | None,
) -> Draft:
    participant, volunteer = people

    def data(known: Known) -> KintellSessionScheduled:
        return KintellSessionScheduled(
            # A booking does not say which session it will become.
            session_id=entity_id("kintell", entity, external_id),
            external_session_id=external_id,
            session_type=body.session_type,
            participant_id=known.person(participant),
            volunteer_id=known.person(volunteer),
            scheduled_at=body.scheduled_at,
            program_id=_program(program_ref, known),
        )

    return _of_two_people(
        f"{entity}/{external_id}",
        people,
        data,
        body.session_type,
        body.scheduled_at,
        program_ref,
        source_time,
    )


def _rating(body: bodies.RatingCreated | bodies.RatingFact, *, source_time: datetime | None) -> Draft:
    def data(_: Known) -> KintellRatingCreated:
        return KintellRatingCreated(
            rating_id=entity_id("kintell", "rating", body.rating_id),
            session_id=entity_id("kintell", "session", body.session_id),
            external_session_id=body.session_id,
            from_role=body.from_role,
            rating=(body.rating - 1) / 4,
            rating_raw=body.rating,
            feedback_text=body.feedback_text or None,
            created_at=body.created_at,
        )

    # Person and company stay open: the session may arrive later, and what an event says must not depend on
    # the order of deliveries. The warehouse takes both from the session.
    return Draft(f"rating/{body.rating_id}", SOURCE, data, source_time=source_time)


def _of_two_people(
    subject: str,
    people: tuple[Person, Person],
    data: Callable[[Known], EventData],
    session_type: SessionType,
    on: datetime,
    program_ref: str | None,
    source_time: datetime | None,
) -> Draft:
    participant, volunteer = people

    def question(known: Known) -> Question:
        return Question(
            on_day=on.astimezone(UTC).date(),
            program_type=PROGRAM_OF_SESSION[session_type],
            participant_id=known.person(participant),
            volunteer_id=known.person(volunteer),
            instance_id=_program(program_ref, known),
        )

    return Draft(
        subject, SOURCE, data, people, question, source_time,
        program_slug=program_ref if program_ref and _uuid(program_ref) is None else None,
    )  # fmt: skip


def _person(person: bodies.Person) -> Person:
    kintell_id = Identity("kintell", person.kintell_id) if person.kintell_id else None
    return by_email(person.email, kintell_id)


def _program(program_ref: str | None, known: Known) -> UUID | None:
    """The programme instance; None if we do not know its slug, so that the session still counts."""
    if program_ref is None:
        return None
    return _uuid(program_ref) or known.programs.get(program_ref)


def _uuid(text: str) -> UUID | None:
    with contextlib.suppress(ValueError):
        return UUID(text)
    return None


def _topics(topics: Sequence[str] | None) -> list[str] | None:
    return [topic.strip() for topic in topics or () if topic.strip()] or None
