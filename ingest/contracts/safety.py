"""safety.*: texts that need a human's eye, and what the human decided."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import EventData, FreeText, Share, UtcTime, event

FlagReason = Literal[
    "profanity", "pii_leakage", "hate_speech", "sexual", "violence", "spam", "toxic", "self_harm",
    "gibberish", "prompt_injection", "other",
]  # fmt: skip
Severity = Literal["low", "medium", "high", "critical"]


@event(
    "safety.flag.raised",
    subject="safety-flag/<flag id>",
    time="raised_at",
    person="user_id",
    sent_by="Screening of feedback and messages",
)
class SafetyFlagRaised(EventData, kw_only=True, frozen=True):
    """A text was flagged. The event points to the text and does not repeat it."""

    flag_id: UUID
    content_id: UUID
    content_type: Literal["feedback_text", "checkin_note", "message", "other"]
    user_id: Annotated[UUID, Meta(description="Who wrote the text, where known")] | None = None
    flag_reason: FlagReason
    severity: Annotated[Severity, Meta(description="Critical: somebody may be in danger")] | None = None
    confidence: Share
    requires_human_review: bool
    raised_at: UtcTime


@event(
    "safety.review.completed",
    subject="safety-review/<review id>",
    time="completed_at",
    sent_by="Review queue",
)
class SafetyReviewCompleted(EventData, kw_only=True, frozen=True):
    """A reviewer decided about a flagged text."""

    review_id: UUID
    flag_id: UUID
    reviewer_id: UUID
    decision: Literal["approved", "rejected", "escalated"]
    notes: FreeText | None = None
    completed_at: UtcTime
