"""What Kintell sends: three kinds of facts, each in the shape of today and in two that Kintell announced.

Today's shape is flat and comes to a path of its kind. The second names its `event_type` and nests the two
people; the third wraps the fact in `data`, with `changes`. Unknown fields are ignored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from ingest.webhooks.contracts import UNREADABLE, FieldProblem, problem_of
from ingest.webhooks.fields import (
    Email,
    FreeText,
    Instant,
    Moment,
    PersonId,
    SourceId,
    check_years,
)

Cefr = Annotated[str, Meta(pattern=r"^[A-Ca-c][12]\Z")]
SessionType = Literal["language", "mentorship"]
Topic = Annotated[str, Meta(max_length=200)]
Topics = Annotated[list[Topic], Meta(max_length=50)]
DurationMinutes = Annotated[int, Meta(ge=1, le=480)]
Role = Literal["participant", "volunteer"]
Rating = Annotated[float, Meta(ge=1, le=5)]


class SessionCompleted(msgspec.Struct, frozen=True):
    """A one-to-one video session that took place."""

    session_id: SourceId
    session_type: SessionType
    participant_email: Email
    volunteer_email: Email
    scheduled_at: Instant
    completed_at: Instant
    duration_minutes: DurationMinutes
    topics: Topics | None = None
    language_level: Cefr | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(
            scheduled_at=self.scheduled_at, completed_at=self.completed_at, updated_at=self.updated_at
        )
        _check_order(self.scheduled_at, self.completed_at)


class RatingCreated(msgspec.Struct, frozen=True):
    """One side's rating of a session, from 1 to 5; it may arrive before the session itself."""

    rating_id: SourceId
    session_id: SourceId
    from_role: Role
    rating: Rating
    created_at: Instant
    feedback_text: FreeText | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(created_at=self.created_at, updated_at=self.updated_at)


class BookingConfirmed(msgspec.Struct, frozen=True):
    """A session that was booked and has not taken place yet."""

    booking_id: SourceId
    session_type: SessionType
    participant_email: Email
    volunteer_email: Email
    scheduled_at: Instant
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(scheduled_at=self.scheduled_at, updated_at=self.updated_at)


class Person(msgspec.Struct, frozen=True):
    """Somebody by email, by id at Kintell, or by both."""

    email: Email | None = None
    kintell_id: PersonId | None = None

    def __post_init__(self) -> None:
        if not (self.email or self.kintell_id):
            raise ValueError("needs an email or a kintell_id")


class NestedSession(msgspec.Struct, frozen=True):
    """`session.completed` in the second shape. `program_ref` is a programme instance by slug or id."""

    session_id: SourceId
    session_type: SessionType
    participant: Person
    mentor: Person
    scheduled_at: Instant
    completed_at: Instant
    duration_minutes: DurationMinutes
    topics: Topics | None = None
    language_level: Cefr | None = None
    program_ref: SourceId | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(
            scheduled_at=self.scheduled_at, completed_at=self.completed_at, updated_at=self.updated_at
        )
        _check_order(self.scheduled_at, self.completed_at)


class NestedBooking(msgspec.Struct, frozen=True):
    """`booking.confirmed` in the second shape."""

    booking_id: SourceId
    session_type: SessionType
    participant: Person
    mentor: Person
    scheduled_at: Instant
    program_ref: SourceId | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(scheduled_at=self.scheduled_at, updated_at=self.updated_at)


class SessionFact(msgspec.Struct, frozen=True):
    """A session as it is now; without `completed_at` it is still to take place."""

    session_id: SourceId
    session_type: SessionType
    participant: Person
    volunteer: Person
    scheduled_at: Instant
    completed_at: Instant | None = None
    duration_minutes: DurationMinutes | None = None
    topics: Topics | None = None
    language_level: Cefr | None = None
    program_ref: SourceId | None = None

    def __post_init__(self) -> None:
        check_years(scheduled_at=self.scheduled_at, completed_at=self.completed_at)
        if self.completed_at:
            _check_order(self.scheduled_at, self.completed_at)
            if self.duration_minutes is None:
                raise ValueError("a session with completed_at needs duration_minutes")


class RatingFact(msgspec.Struct, frozen=True):
    """A rating as it is now."""

    rating_id: SourceId
    session_id: SourceId
    from_role: Role
    rating: Rating
    created_at: Instant
    feedback_text: FreeText | None = None

    def __post_init__(self) -> None:
        check_years(created_at=self.created_at)


class BookingFact(msgspec.Struct, frozen=True):
    """A booking as it is now."""

    booking_id: SourceId
    session_type: SessionType
    participant: Person
    volunteer: Person
    scheduled_at: Instant
    program_ref: SourceId | None = None

    def __post_init__(self) -> None:
        check_years(scheduled_at=self.scheduled_at)


class ChangedSession(msgspec.Struct, frozen=True):
    """The third shape: the whole fact in `data`. Its `changes` are a note; `timestamp` orders versions."""

    timestamp: Moment
    data: SessionFact

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


class ChangedRating(msgspec.Struct, frozen=True):
    """The third shape of a rating."""

    timestamp: Moment
    data: RatingFact

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


class ChangedBooking(msgspec.Struct, frozen=True):
    """The third shape of a booking."""

    timestamp: Moment
    data: BookingFact

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


CONTRACTS: dict[str, type[msgspec.Struct]] = {
    "session-completed": SessionCompleted,
    "rating-created": RatingCreated,
    "booking-confirmed": BookingConfirmed,
    "session-completed-v2": NestedSession,
    "booking-confirmed-v2": NestedBooking,
    "session-changed": ChangedSession,
    "rating-changed": ChangedRating,
    "booking-changed": ChangedBooking,
}
PATH_KINDS = ("session-completed", "rating-created", "booking-confirmed")
_FLAT = {
    "session.completed": "session-completed",
    "rating.created": "rating-created",
    "booking.confirmed": "booking-confirmed",
}
_NESTED = {**_FLAT, "session.completed": "session-completed-v2", "booking.confirmed": "booking-confirmed-v2"}
_CHANGED = {
    "session.completed": "session-changed", "session.updated": "session-changed",
    "rating.created": "rating-changed", "rating.updated": "rating-changed",
    "booking.confirmed": "booking-changed", "booking.updated": "booking-changed",
}  # fmt: skip


class _Head(msgspec.Struct, frozen=True):
    event_type: str
    participant: Raw | UnsetType = UNSET
    data: Raw | UnsetType = UNSET


_HEAD = msgspec.json.Decoder(_Head)


def kind_of(body: bytes) -> str | FieldProblem:
    """The kind by `event_type` and by what is beside it."""
    try:
        head = _HEAD.decode(body)
    except UNREADABLE as error:
        return problem_of(error)
    kinds = _CHANGED if head.data is not UNSET else _NESTED if head.participant is not UNSET else _FLAT
    return kinds.get(head.event_type) or FieldProblem("event_type", "not a type this source sends")


def kind_on_path(kind: str, body: bytes) -> str:
    """The kind of a body that came to the path of `kind`: a newer shape says so itself."""
    if b'"event_type"' not in body:
        return kind
    found = kind_of(body)
    return found if isinstance(found, str) and found.startswith(kind.split("-")[0]) else kind


def _check_order(scheduled_at: datetime, completed_at: datetime) -> None:
    if completed_at < scheduled_at:
        raise ValueError("completed_at is before scheduled_at")
