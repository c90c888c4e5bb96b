"""nlq.*: questions asked of the data in plain language."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import Amount, Count, EventData, FreeText, Name, Share, UtcTime, event

Question = Annotated[FreeText, Meta(description="Normalised: numbers and names replaced by their kind")]
NLQ = "Question answering"


@event(
    "nlq.query.started",
    subject="query/<query id>",
    time="started_at",
    person="user_id",
    company="company_id",
    sent_by=NLQ,
)
class NlqQueryStarted(EventData, kw_only=True, frozen=True):
    """A question came in."""

    query_id: UUID
    company_id: UUID
    user_id: UUID | None = None
    normalized_question: Question
    started_at: UtcTime


@event(
    "nlq.query.completed",
    subject="query/<query id>",
    time="completed_at",
    person="user_id",
    company="company_id",
    sent_by=NLQ,
)
class NlqQueryCompleted(EventData, kw_only=True, frozen=True):
    """A question was answered."""

    query_id: UUID
    company_id: UUID
    user_id: UUID | None = None
    normalized_question: Question
    template_id: Name
    execution_time_ms: Amount
    cached: bool
    result_row_count: Count
    confidence: Share
    safety_passed: bool
    completed_at: UtcTime


@event(
    "nlq.query.failed",
    subject="query/<query id>",
    time="failed_at",
    person="user_id",
    company="company_id",
    sent_by=NLQ,
)
class NlqQueryFailed(EventData, kw_only=True, frozen=True):
    """A question could not be answered because something broke."""

    query_id: UUID
    company_id: UUID
    user_id: UUID | None = None
    normalized_question: Question | None = None
    error: str
    failed_at: UtcTime


@event(
    "nlq.query.rejected",
    subject="query/<query id>",
    time="rejected_at",
    person="user_id",
    company="company_id",
    sent_by=NLQ,
)
class NlqQueryRejected(EventData, kw_only=True, frozen=True):
    """A question was refused."""

    query_id: UUID
    company_id: UUID
    user_id: UUID | None = None
    reason: Literal["unsafe_content", "pii_detected", "rate_limit", "invalid_intent", "blacklisted_pattern"]
    rejected_at: UtcTime


@event(
    "nlq.cache.invalidated",
    subject="nlq-cache/<company id>",
    time="invalidated_at",
    company="company_id",
    sent_by=NLQ,
)
class NlqCacheInvalidated(EventData, kw_only=True, frozen=True):
    """Answers kept for a company were dropped, since its data changed."""

    company_id: UUID
    template_id: Name | None = None
    entry_count: Count
    invalidated_at: UtcTime
