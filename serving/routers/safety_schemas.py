"""What the routes of the review queue take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from serving.parameters import Flag, Whole
from serving.queries.safety_decisions import Decision

# Of this many labels more than this share against a rule make it one to look into.
FEW_LABELS, MANY_OVERTURNED = 30, 0.3

State = Literal["pending", "escalated", "approved", "rejected"]
Severity = Literal["low", "medium", "high", "critical"]


class ReviewItem(BaseModel):
    """A flagged text without its words."""

    model_config = ConfigDict(extra="ignore")

    item_id: UUID = Field(description="Also the flag's id in `safety.flag.raised`.")
    text_id: UUID
    text_type: Literal["kintell_feedback", "buddy_feedback", "checkin_note", "api_text"] = Field(
        description="`api_text`: a caller sent it for labelling and it was held; no event holds it."
    )
    company_id: UUID | None = Field(
        description="Null: no company is known; the platform's administrators review it."
    )
    person_id: UUID | None = Field(description="Whom the text is about, as a pseudonym.")
    written_at: datetime
    language: str = Field(examples=["uk"])
    action: Literal["warn", "hold", "block", "escalate"]
    category: str = Field(description="Of the gravest finding.", examples=["self_harm"])
    categories: list[str]
    rules: list[str] = Field(description="The rules that found something.")
    severity: Severity
    confidence: float
    safety_version: str
    is_crisis: bool = Field(description="Somebody may be in danger; letting it pass takes two reviewers.")
    state: State
    version: int = Field(description="Send it as `If-Match` with a decision.", examples=[1])
    raised_at: datetime
    due_at: datetime
    is_overdue: bool
    is_superseded: bool = Field(description="A newer version of the text has taken its place.")
    assignee: str | None = Field(description="Who has claimed it.", examples=["user:42"])
    lease_until: datetime | None
    awaits_second_reviewer: bool
    decided_at: datetime | None
    is_waiting: bool = Field(description="Decided, and the gate has not carried it out.")
    failed_tries: int = Field(
        description="How often that failed since: an approved text that cannot be redacted stays back."
    )


class Queue(BaseModel):
    items: list[ReviewItem]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last.")


class ItemFinding(BaseModel):
    category: str
    severity: str
    rule: str
    start: int = Field(description="In characters of the text.")
    end: int
    confidence: float


class PastDecision(BaseModel):
    model_config = ConfigDict(extra="ignore")

    review_id: UUID
    reviewer: str
    decision: Decision
    is_final: bool
    is_flag_right: bool | None
    notes: str | None
    decided_at: datetime


class ReviewItemWithText(ReviewItem):
    """A flagged text as its reviewer sees it. Each answer is recorded."""

    text: str | None = Field(description="The original; null when its event has been erased.")
    findings: list[ItemFinding]
    decisions: list[PastDecision]


class ReviewOrder(BaseModel):
    """A decision. Approved: models and reports may read the text. Rejected: they may not, or no longer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "rejected", "is_flag_right": True, "version": 1}]},
    )

    decision: Decision
    notes: str | None = Field(None, max_length=5000, description="For the next reviewer. Leave names out.")
    is_flag_right: Flag | None = Field(
        None,
        description="Whether the rules were right to flag it: the label by which they are judged. Without it,"
        " a rejection says yes and an approval no, except for cries for help, where neither says anything.",
    )
    version: Whole | None = Field(
        None, ge=1, description="The item's version, where `If-Match` cannot be sent."
    )


class ClaimOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    minutes: Whole = Field(15, ge=1, le=120, description="Until somebody else may claim it.")


class RulePrecision(BaseModel):
    rule: str
    language: str
    decided_count: int = Field(description="Items with a reviewer's label.")
    right_count: int
    precision: float
    is_questionable: bool = Field(
        description=f"Of at least {FEW_LABELS} labels more than {MANY_OVERTURNED:.0%} are against it."
    )


class RuleList(BaseModel):
    since: datetime
    items: list[RulePrecision]


class ScreenOrder(BaseModel):
    """A text to screen. It is not stored."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "content_id": "m-17",
                    "content_type": "message",
                    "text": "See you on Monday!",
                    "language": "en",
                }
            ]
        },
    )

    content_id: str = Field(max_length=200, description="The caller's own; comes back.", examples=["m-17"])
    content_type: Literal["feedback_text", "checkin_note", "message", "other"]
    text: str = Field(min_length=1, max_length=10_000)
    language: Literal["en", "uk", "no"] | None = Field(None, description="If it is known.")


class ScreenFlag(BaseModel):
    type: str = Field(description="A category, or `pii`.", examples=["spam"])
    reason: str = Field(description="The rule, or the kind of personal data.")
    severity: Severity | None
    confidence: float
    start: int | None
    end: int | None


class ScreenAnswer(BaseModel):
    content_id: str
    safe: bool = Field(description="The text would pass: its action is `allow` or `warn`.")
    action: Literal["allow", "warn", "hold", "block", "escalate"]
    flags: list[ScreenFlag]
    requires_review: bool
    overall_confidence: float
    language: str
    safety_version: str


class QueueQuery(BaseModel):
    """Which items."""

    model_config = ConfigDict(extra="forbid")

    state: list[State] | None = Field(None, description="Without it, those to decide: pending and escalated.")
    severity: Severity | None = None
    category: str | None = Field(None, max_length=50, examples=["harassment"])
    language: str | None = Field(None, max_length=10, examples=["no"])
    mine: bool = Field(False, description="Only those the caller has claimed.")
    free: bool = Field(False, description="Only those nobody has claimed.")
    overdue: bool = Field(False, description="Only those past the time they were due.")
    company_id: UUID | None = Field(
        None, alias="companyId", description="For administrators of the platform."
    )
    limit: int = Field(50, ge=1, le=200, description="Items per page.")
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")
