"""What the routes of a person's journey take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ingest.contracts.orchestration import Milestone
from serving.parameters import Instant

Cause = Literal["event", "time", "expiry", "rules", "correction"]


class Missing(BaseModel):
    """A condition that is not met, and how far away it is."""

    fact: str = Field(examples=["language_sessions"])
    operator: str = Field(examples=[">="])
    needed: float | None = Field(description="Times are in seconds. Null: the fact has to be known at all.")
    actual: float | None
    distance: str = Field(examples=["1 more language sessions"])


class JourneyEvidence(BaseModel):
    event_id: UUID
    event_type: str | None = Field(description="Null: the event has been corrected or erased since.")
    occurred_at: datetime | None


class Explanation(BaseModel):
    """What a rule says of the person at this moment, and why."""

    rule_id: str
    rule_hash: str = Field(description="The version of the rule.")
    name: str
    holds: bool | None = Field(description="Null: unknown, which never sets a flag.")
    facts: dict[str, float | None] = Field(description="Times are in seconds; null is unknown.")
    missing: list[Missing] = Field(description="Empty if the rule holds.")
    next_change_at: datetime | None = Field(description="When time alone may change the answer.")
    evidence: list[JourneyEvidence] = Field(description="Events behind the facts, newest first.")


class ParticipantFlag(BaseModel):
    """A flag, set or not, with every rule that could set it."""

    flag: str = Field(examples=["mentor_ready"])
    is_set: bool
    value: JsonValue = Field(description="`false` while the flag is not set.")
    since: datetime | None = Field(description="Null: it has never been set.")
    expires_at: datetime | None
    rule_id: str | None = Field(description="The rule that decided.")
    rule_hash: str | None
    changed_at: datetime | None = Field(description="When it became known here.")
    why: list[Explanation]


class ParticipantFlags(BaseModel):
    participant_id: UUID
    company_id: UUID
    as_of: datetime
    evaluated_through: datetime = Field(description="What happened up to then is in the flags.")
    flags: list[ParticipantFlag]


class HistoryItem(BaseModel):
    """From `valid_from` on the rule held, or did not; known since `recorded_at`."""

    model_config = ConfigDict(extra="ignore")

    rule_id: str
    rule_hash: str
    flag: str | None
    milestone: str | None
    value: bool
    valid_from: datetime
    recorded_at: datetime
    superseded_at: datetime | None = Field(description="When another belief took its place.")
    cause: Cause
    is_in_force: bool = Field(description="False: the rule was on trial from then on, and nobody was told.")
    facts: dict[str, float | None]
    missing: list[Missing]
    evidence: list[UUID]


class FlagHistory(BaseModel):
    participant_id: UUID
    company_id: UUID
    as_of: datetime | None
    known_at: datetime
    items: list[HistoryItem]


class HistoryQuery(BaseModel):
    """Which beliefs."""

    model_config = ConfigDict(extra="forbid")

    as_of: Instant | None = Field(
        None, description="What held at that time, one row per rule; without it, all rows, newest first."
    )
    known_at: Instant | None = Field(
        None, description="As it was known at that time; without it, as it is known now."
    )
    company_id: UUID | None = Field(
        None, alias="companyId", description="For administrators of the platform."
    )
    limit: int = Field(200, ge=1, le=1000)
    trials: bool = Field(False, description="Rules on trial too, of which nobody was told.")


class ParticipantMilestone(BaseModel):
    """A milestone: reached once, whatever happens after."""

    milestone: Milestone
    is_reached: bool
    reached_at: datetime | None
    rule_id: str | None = Field(description="Null: recorded by a person, or not reached.")
    rule_hash: str | None
    recorded_at: datetime | None
    recorded_by: str | None
    reason: str | None
    withdrawn_at: datetime | None = Field(
        description="What it followed from was corrected or erased, and nothing leads to it any more."
    )
    evidence: list[UUID]
    why: list[Explanation] = Field(description="What the rules that lead to it say now.")


class Milestones(BaseModel):
    participant_id: UUID
    company_id: UUID
    items: list[ParticipantMilestone]


class MilestoneOrder(BaseModel):
    """A milestone that no rule can see."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"reached_at": "2026-09-30T04:00:12Z", "reason": "The employer told us."}]
        },
    )

    reached_at: Instant
    reason: str = Field(min_length=1, max_length=500, description="For colleagues. Leave names out.")


class EvaluationOrder(BaseModel):
    """The engine looks at the person's whole history again."""

    participant_id: UUID
    company_id: UUID
    evaluated_through: datetime | None
    flags_url: str
