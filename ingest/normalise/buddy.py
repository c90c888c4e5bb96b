"""The buddy system's webhooks as drafts of events.

The same fact in an export becomes the same event: `ingest.backfill.buddies` derives ids and subjects alike.
Check-ins, events and feedback name only their match; who took part is looked up, and left open if the match
has not come yet: then the warehouse takes it from the match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ingest.attribution import Question
from ingest.backfill.lookup import Match
from ingest.contracts import EventData
from ingest.contracts.buddy import BuddyFeedbackSubmitted, BuddyMatchCreated, BuddyMatchEnded
from ingest.events import entity_id
from ingest.normalise.draft import Draft, Identity, Known, Person
from ingest.webhooks.buddy import ATTENDEES, ENTITIES, PEOPLE
from ingest.webhooks.buddy import TYPES as DATA_OF_TYPE
from ingest.webhooks.fields import instant_of

SOURCE = "/webhooks/buddy"


class Fact(NamedTuple):
    """How a type's envelope takes from its data: the subject by the source's ids, and when it happened."""

    subject: str
    time: str
    participant: str = "participant_id"
    other: str = "buddy_id"


FACTS = {
    "buddy.match.created": Fact("match/{match_id}", "matched_at"),
    "buddy.match.ended": Fact("match-end/{match_id}", "ended_at"),
    "buddy.event.logged": Fact("buddy-event/{event_id}", "event_date"),
    "buddy.event.attended": Fact("attendance/{event_id}/{user_id}", "attended_at", "user_id", "user_id"),
    "buddy.checkin.completed": Fact("checkin/{checkin_id}", "checkin_date"),
    "buddy.feedback.submitted": Fact("feedback/{feedback_id}", "submitted_at"),
    "buddy.skill_share.completed": Fact(
        "skill-session/{session_id}", "completed_at", "learner_id", "teacher_id"
    ),
    "buddy.milestone.reached": Fact("milestone/{milestone_id}/{user_id}", "reached_at", "user_id", "user_id"),
}


def reader_of(event_type: str) -> Callable[[Any], Draft]:
    """What reads the deliveries of one type."""
    data_type, fact = DATA_OF_TYPE[event_type], FACTS[event_type]

    def read(body: Any) -> Draft:
        sent = {name: getattr(body.data, name) for name in body.data.__struct_fields__}
        people = {name: _person(sent[name]) for name in PEOPLE if sent.get(name)}
        attendees = [_person(one) for one in sent.get(ATTENDEES) or ()]
        match_id = entity_id("buddy", "match", sent["match_id"]) if sent.get("match_id") else None
        at: datetime = sent[fact.time]

        def ids(known: Known) -> dict[str, Any]:
            return {name: known.person(person) for name, person in people.items()}

        def data(known: Known) -> EventData:
            entities = {
                name: entity_id("buddy", entity, sent[name])
                for name, entity in ENTITIES.items()
                if sent.get(name)
            }
            values = {**sent, **entities, **ids(known)}
            if attendees:
                values[ATTENDEES] = [known.person(one) for one in attendees]
            return data_type(**values | _beyond_the_body(data_type, values, known.match(match_id)))

        def question(known: Known) -> Question:
            named = ids(known)
            two = (named.get(fact.participant), named.get(fact.other))
            if (match := known.match(match_id)) is not None:
                two = (match.participant_id, match.buddy_id)
            return Question(at.astimezone(UTC).date(), "buddy", *two, sent.get("program_id"))

        def told_match(known: Known) -> Match:
            two = ids(known)
            return Match(
                entity_id("buddy", "match", sent["match_id"]),
                two["participant_id"],
                two["buddy_id"],
                None,
                at,
            )

        return Draft(
            subject=fact.subject.format_map(sent),
            source=SOURCE,
            data=data,
            people=(*people.values(), *attendees),
            question=question,
            source_time=_source_time(body),
            match_id=match_id,
            match=told_match if data_type is BuddyMatchCreated else None,
        )

    return read


def _beyond_the_body(
    data_type: type[EventData], values: Mapping[str, Any], match: Match | None
) -> dict[str, Any]:
    if data_type is BuddyFeedbackSubmitted:
        known = {"rating_raw": values["rating"]}
    elif data_type is BuddyMatchEnded and match is not None:
        # Recomputed, as for exports: a source's own number of days may be wrong. A first day counts as one.
        known = {"duration": max((values["ended_at"].date() - match.matched_at.date()).days, 1)}
    else:
        known = {}
    if match is not None and "participant_id" in data_type.__struct_fields__:
        known["participant_id"] = match.participant_id
    return known


def _person(external_id: str) -> Person:
    return (Identity("buddy", external_id),)


def _source_time(body: Any) -> datetime | None:
    moment = body.timestamp
    if moment is None and body.metadata is not None:
        moment = body.metadata.timestamp
    return None if moment is None else instant_of(moment)
