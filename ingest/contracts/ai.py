"""q2q.* and ai.*: texts scored, models that drift, money spent on them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from ingest.contracts.base import Amount, Count, EventData, Name, Period, Sha256, Share, UtcTime, event

Dimension = Literal["confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being"]
Severity = Literal["low", "medium", "high"]


@event(
    "q2q.analyzed",
    subject="score/<text id>/<dimension>",
    time="scored_at",
    person="user_id",
    sent_by="Consumers that know the older name",
    alias_of="q2q.scored",
)
@event(
    "q2q.scored",
    subject="score/<text id>/<dimension>",
    time="scored_at",
    person="user_id",
    sent_by="Scoring of feedback",
)
class Q2qScored(EventData, kw_only=True, frozen=True):
    """A text was scored on one outcome dimension."""

    text_id: UUID
    text_type: Literal["buddy_feedback", "kintell_feedback", "checkin_note"]
    user_id: UUID | None = None
    dimension: Dimension
    score: Share
    confidence: Share
    method: Literal["ai_classifier", "rule_based", "manual"]
    model_version: Name
    prompt_version: Name | None = None
    text_sha256: Sha256
    language: Literal["en", "uk", "no", "unknown"]
    scored_at: UtcTime
    written_at: Annotated[
        UtcTime | None,
        Meta(
            description="When the text was written: the period the score counts in. Absent: scored_at decides"
        ),
    ] = None


@event(
    "q2q.drift.alerted",
    subject="drift/<model version>/<dimension>/<language>",
    time="checked_at",
    sent_by="Drift checks",
)
class Q2qDriftAlerted(EventData, kw_only=True, frozen=True):
    """A model's scores moved away from their baseline."""

    model_version: Name
    dimension: Name
    language: Literal["en", "uk", "no", "unknown", "all"]
    psi: Annotated[Amount, Meta(description="Population stability index; above 0.2 is an alert")]
    js_divergence: Annotated[float, Meta(ge=0, description="Jensen-Shannon divergence in nats")]
    severity: Severity
    baseline_start: UtcTime
    window_start: UtcTime
    window_end: UtcTime
    checked_at: UtcTime


@event(
    "ai.call.recorded",
    subject="ai-call/<call id>",
    time="called_at",
    company="company_id",
    sent_by="AI spend ledger",
)
class AiCallRecorded(EventData, kw_only=True, frozen=True):
    """A model was called and paid for. Ids and amounts alone: what was asked and answered is not in it."""

    call_id: UUID
    company_id: UUID | None = None
    model_version: Name
    purpose: Literal["q2q_scoring", "safety_screening", "evaluation", "report", "nlq", "other"]
    input_tokens: Count
    output_tokens: Count
    cost_usd: Amount = field(name="costUSD")
    called_at: UtcTime


@event(
    "ai.budget.warned",
    subject="ai-budget/<company id>/<month>/<threshold>",
    time="warned_at",
    company="company_id",
    sent_by="AI spend ledger",
)
class AiBudgetWarned(EventData, kw_only=True, frozen=True):
    """A company's spend on models passed a warning threshold of its monthly cap."""

    company_id: UUID
    month: Period
    threshold_percent: Literal[80, 90, 95]
    spent: Amount
    cap: Amount
    currency: Literal["USD"] = "USD"
    warned_at: UtcTime


@event(
    "ai.budget.exceeded",
    subject="ai-budget/<company id>/<month>/100",
    time="exceeded_at",
    company="company_id",
    sent_by="AI spend ledger",
)
class AiBudgetExceeded(EventData, kw_only=True, frozen=True):
    """A model call was refused because it could have passed the company's cap."""

    company_id: UUID
    month: Period
    spent: Amount
    reserved: Amount
    requested: Amount
    cap: Amount
    currency: Literal["USD"] = "USD"
    refused_count: Count = 1
    exceeded_at: UtcTime
