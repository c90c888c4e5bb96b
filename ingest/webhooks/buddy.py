"""What the buddy system sends: an envelope around the data of one `buddy.*` event, checked per type.

The data are those of our own event types, with the buddy system's ids in place of ours; so their contracts
are derived from `ingest.contracts.buddy`, and a field added there is taken here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ingest.contracts import EventData
from ingest.contracts.buddy import (
    BuddyCheckinCompleted,
    BuddyEventAttended,
    BuddyEventLogged,
    BuddyFeedbackSubmitted,
    BuddyMatchCreated,
    BuddyMatchEnded,
    BuddyMilestoneReached,
    BuddySkillShareCompleted,
)
from ingest.webhooks.fields import Moment, PersonId, SourceId, check_years
from ingest.webhooks.kinds import by_type

PEOPLE = frozenset({"participant_id", "buddy_id", "user_id", "teacher_id", "learner_id"})
ATTENDEES = "attendees"
# What the buddy system calls by an id of its own, and the name under which we derive ours.
ENTITIES = {
    "match_id": "match",
    "event_id": "buddy-event",
    "checkin_id": "checkin",
    "feedback_id": "feedback",
    "session_id": "skill-session",
}
# Taken from elsewhere: the participant from the match, the raw rating from the rating.
_NOT_SENT = {
    BuddyEventLogged: {"participant_id"},
    BuddyCheckinCompleted: {"participant_id"},
    BuddyFeedbackSubmitted: {"participant_id", "rating_raw"},
}
TYPES: dict[str, type[EventData]] = {
    "buddy.match.created": BuddyMatchCreated,
    "buddy.match.ended": BuddyMatchEnded,
    "buddy.event.logged": BuddyEventLogged,
    "buddy.event.attended": BuddyEventAttended,
    "buddy.checkin.completed": BuddyCheckinCompleted,
    "buddy.feedback.submitted": BuddyFeedbackSubmitted,
    "buddy.skill_share.completed": BuddySkillShareCompleted,
    "buddy.milestone.reached": BuddyMilestoneReached,
}


class Metadata(msgspec.Struct, frozen=True):
    """Where the wire format of the buddy system's event bus keeps the envelope's attributes."""

    timestamp: Moment | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


class Envelope(msgspec.Struct, frozen=True):
    """What every body has around its `data`: the time that orders versions, here or in `metadata`."""

    timestamp: Moment | None = None
    metadata: Metadata | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


def kind_of_type(event_type: str) -> str:
    """`buddy.skill_share.completed` as the last part of a path."""
    return event_type.removeprefix("buddy.").replace(".", "-").replace("_", "-")


def _data_as_sent(data: type[EventData]) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = []
    times = []
    for field in msgspec.structs.fields(data):
        name, type_, default = field.name, field.type, field.default
        if name in _NOT_SENT.get(data, ()):
            continue
        if name in PEOPLE or name in ENTITIES:
            id_type = PersonId if name in PEOPLE else SourceId
            type_ = id_type if field.required else id_type | None
        elif name == ATTENDEES:
            type_ = list[PersonId] | None
        elif name.endswith(("_at", "_date")):
            times.append(name)
        required = (name, type_) if field.required else (name, type_, default)
        fields.append(required)  # type: ignore[arg-type]

    def check(self: Any) -> None:
        check_years(**{name: getattr(self, name) for name in times})

    return msgspec.defstruct(
        data.__name__, fields, rename="camel", frozen=True, kw_only=True, namespace={"__post_init__": check}
    )


def _contract(data: type[EventData]) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        f"{data.__name__}Sent", [("data", _data_as_sent(data))], bases=(Envelope,), frozen=True, kw_only=True
    )


CONTRACTS: dict[str, type[msgspec.Struct]] = {
    kind_of_type(event_type): _contract(data) for event_type, data in TYPES.items()
}
DATA_OF_KIND: dict[str, type[EventData]] = {
    kind_of_type(event_type): data for event_type, data in TYPES.items()
}
kind_of = by_type("type", {event_type: kind_of_type(event_type) for event_type in TYPES})
