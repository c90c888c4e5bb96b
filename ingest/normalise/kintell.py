"""Kintell's webhooks as drafts of events. Ratings come as 1 to 5 and leave as 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from ingest.attribution import PROGRAM_OF_SESSION, Question
from ingest.contracts import EventData
from ingest.contracts.kintell import (
    KintellRatingCreated,
    KintellSessionCompleted,
    KintellSessionScheduled,
    LanguageLevel,
)
from ingest.events import entity_id
from ingest.normalise.draft import Draft, People
from ingest.webhooks.kintell import BookingConfirmed, RatingCreated, SessionCompleted

SOURCE = "/webhooks/kintell"


def session_completed(body: SessionCompleted) -> Draft:
    def data(people: People) -> KintellSessionCompleted:
        return KintellSessionCompleted(
            session_id=entity_id("kintell", "session", body.session_id),
            external_session_id=body.session_id,
            session_type=body.session_type,
            participant_id=people[body.participant_email],
            volunteer_id=people[body.volunteer_email],
            scheduled_at=body.scheduled_at,
            completed_at=body.completed_at,
            duration_minutes=body.duration_minutes,
            topics=[topic.strip() for topic in body.topics or () if topic.strip()] or None,
            language_level=cast(LanguageLevel, body.language_level.upper()) if body.language_level else None,
        )

    return _of_two_people(f"session/{body.session_id}", body, data, on=body.completed_at)


def booking_confirmed(body: BookingConfirmed) -> Draft:
    def data(people: People) -> KintellSessionScheduled:
        return KintellSessionScheduled(
            # A booking does not say which session it will become.
            session_id=entity_id("kintell", "booking", body.booking_id),
            external_session_id=body.booking_id,
            session_type=body.session_type,
            participant_id=people[body.participant_email],
            volunteer_id=people[body.volunteer_email],
            scheduled_at=body.scheduled_at,
        )

    return _of_two_people(f"booking/{body.booking_id}", body, data, on=body.scheduled_at)


def rating_created(body: RatingCreated) -> Draft:
    def data(_: People) -> KintellRatingCreated:
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
    return Draft(f"rating/{body.rating_id}", SOURCE, data)


def _of_two_people(
    subject: str,
    body: SessionCompleted | BookingConfirmed,
    data: Callable[[People], EventData],
    *,
    on: datetime,
) -> Draft:
    def question(people: People) -> Question:
        return Question(
            on_day=on.astimezone(UTC).date(),
            program_type=PROGRAM_OF_SESSION[body.session_type],
            participant_id=people[body.participant_email],
            volunteer_id=people[body.volunteer_email],
        )

    return Draft(subject, SOURCE, data, (body.participant_email, body.volunteer_email), question)
