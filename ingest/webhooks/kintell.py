"""What Kintell sends: the body of each webhook, checked while it is decoded. Unknown fields are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

# Ids are printable: they become part of event subjects and of error reports.
SourceId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!-~]+\Z")]
# Deliverability is the sender's business; this keeps out control characters and what never is an address.
Email = Annotated[str, Meta(max_length=320, pattern=r"^\s*[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\s*\Z")]
Instant = Annotated[datetime, Meta(tz=True)]
Cefr = Annotated[str, Meta(pattern=r"^[A-Ca-c][12]\Z")]
SessionType = Literal["language", "mentorship"]
Topic = Annotated[str, Meta(max_length=200)]


class SessionCompleted(msgspec.Struct, frozen=True):
    """A one-to-one video session that took place."""

    session_id: SourceId
    session_type: SessionType
    participant_email: Email
    volunteer_email: Email
    scheduled_at: Instant
    completed_at: Instant
    duration_minutes: Annotated[int, Meta(ge=1, le=480)]
    topics: Annotated[list[Topic], Meta(max_length=50)] | None = None
    language_level: Cefr | None = None

    def __post_init__(self) -> None:
        _check_years(scheduled_at=self.scheduled_at, completed_at=self.completed_at)
        if self.completed_at < self.scheduled_at:
            raise ValueError("completed_at is before scheduled_at")


class RatingCreated(msgspec.Struct, frozen=True):
    """One side's rating of a session, from 1 to 5; it may arrive before the session itself."""

    rating_id: SourceId
    session_id: SourceId
    from_role: Literal["participant", "volunteer"]
    rating: Annotated[float, Meta(ge=1, le=5)]
    created_at: Instant
    feedback_text: Annotated[str, Meta(max_length=5000)] | None = None

    def __post_init__(self) -> None:
        _check_years(created_at=self.created_at)


class BookingConfirmed(msgspec.Struct, frozen=True):
    """A session that was booked and has not taken place yet."""

    booking_id: SourceId
    session_type: SessionType
    participant_email: Email
    volunteer_email: Email
    scheduled_at: Instant

    def __post_init__(self) -> None:
        _check_years(scheduled_at=self.scheduled_at)


def _check_years(**instants: datetime) -> None:
    # A slipped digit is the sender's to correct. Further out, calendars and the warehouse's types end, too.
    for name, instant in instants.items():
        if not 2000 <= instant.year <= 2099:
            raise ValueError(f"{name} is not between the years 2000 and 2099")
