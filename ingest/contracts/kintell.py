"""kintell.*: video sessions between a participant and a volunteer, and how they were rated."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import EventData, FreeText, Minutes, Name, Share, UtcTime, event

SessionType = Literal["language", "mentorship"]
LanguageLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
KintellRole = Literal["participant", "volunteer"]
ExternalId = Annotated[str, Meta(min_length=1, max_length=255, description="Id at Kintell, e.g. LS-40217")]


@event(
    "kintell.session.scheduled",
    subject="booking/<booking id> or session/<session id>",
    time="scheduled_at",
    person="participant_id",
    sent_by="Kintell webhook booking-confirmed; CSV rows without completed_at",
)
class KintellSessionScheduled(EventData, kw_only=True, frozen=True):
    """A language or mentorship session was booked."""

    session_id: UUID
    external_session_id: ExternalId | None = None
    session_type: SessionType
    participant_id: UUID
    volunteer_id: UUID
    scheduled_at: UtcTime
    program_id: UUID | None = None


@event(
    "kintell.session.completed",
    subject="session/<session id>",
    time="completed_at",
    person="participant_id",
    sent_by="Kintell webhook session-completed; CSV exports of language and mentorship sessions",
)
class KintellSessionCompleted(EventData, kw_only=True, frozen=True):
    """A language or mentorship session took place."""

    session_id: UUID
    external_session_id: ExternalId | None = None
    session_type: SessionType
    participant_id: UUID
    volunteer_id: UUID
    scheduled_at: UtcTime
    completed_at: UtcTime
    duration_minutes: Minutes
    topics: list[Name] | None = None
    language_level: LanguageLevel | None = None
    focus_area: Name | None = None
    goals_discussed: list[Name] | None = None
    metadata: dict[str, Any] | None = None
    program_id: UUID | None = None
    campaign_id: UUID | None = None
    beneficiary_group_id: UUID | None = None


@event(
    "kintell.rating.created",
    subject="rating/<rating id>, or rating/<session id>/<from role> from CSV",
    time="created_at",
    person="participant_id",
    sent_by="Kintell webhook rating-created; CSV rows with a rating or feedback",
)
class KintellRatingCreated(EventData, kw_only=True, frozen=True):
    """One side of a session rated it, in words, in points or both."""

    rating_id: UUID
    session_id: UUID
    external_session_id: ExternalId | None = None
    from_role: KintellRole
    participant_id: UUID | None = None
    rating: Annotated[Share, Meta(description="0 is worst, 1 is best")] | None = None
    rating_raw: Annotated[float, Meta(description="As the source gave it, usually 1 to 5")] | None = None
    feedback_text: Annotated[FreeText, Meta(description="Free text: may name people")] | None = None
    created_at: UtcTime
