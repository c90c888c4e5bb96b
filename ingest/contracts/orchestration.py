"""orchestration.* and journey.*: what the journey engine concludes about a person."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import EventData, Name, UtcTime, event

# mentor_ready is set by a default rule, so it is a milestone like the others.
Milestone = Literal[
    "buddy_matched", "first_language_session", "language_level_up", "first_mentorship_session",
    "course_enrolled", "course_completed", "credential_earned", "job_ready", "mentor_ready",
]  # fmt: skip
RuleId = Annotated[str, Meta(min_length=1, max_length=100)]
JOURNEY = "Journey engine"


@event(
    "orchestration.milestone.reached",
    subject="milestone/<company id>/<user id>/<milestone>",
    time="reached_at",
    person="user_id",
    sent_by=JOURNEY,
)
class MilestoneReached(EventData, kw_only=True, frozen=True):
    """A person reached a milestone of the journey; each once."""

    user_id: UUID
    rule_id: RuleId
    milestone: Milestone
    reason: str
    reached_at: UtcTime
    previous_milestone: Milestone | None = None


@event(
    "orchestration.journey.milestone.reached",
    subject="milestone/<company id>/<user id>/<milestone>",
    time="reached_at",
    person="user_id",
    sent_by="Consumers and senders that know the older name",
    alias_of="orchestration.milestone.reached",
)
class JourneyMilestoneReached(EventData, kw_only=True, frozen=True):
    """Alias of orchestration.milestone.reached, without the rule that led to it."""

    user_id: UUID
    milestone: Milestone
    reached_at: UtcTime
    previous_milestone: Milestone | None = None


@event(
    "journey.flag_updated",
    subject="flag/<company id>/<user id>/<flag>",
    time="evaluated_at",
    person="user_id",
    company="company_id",
    sent_by="Live streams",
    alias_of="orchestration.flag.updated",
)
@event(
    "orchestration.flag.updated",
    subject="flag/<company id>/<user id>/<flag>",
    time="evaluated_at",
    person="user_id",
    company="company_id",
    sent_by=JOURNEY,
)
class FlagUpdated(EventData, kw_only=True, frozen=True):
    """A rule changed one of a person's flags."""

    user_id: UUID
    company_id: UUID | None = None
    rule_id: RuleId
    flag: Name
    value: Any
    previous_value: Any = None
    reason: str
    evaluated_at: UtcTime


@event(
    "orchestration.profile.updated",
    subject="profile/<user id>",
    time="updated_at",
    person="user_id",
    sent_by=JOURNEY,
)
class ProfileUpdated(EventData, kw_only=True, frozen=True):
    """Fields of a person's profile changed; says which, never their values."""

    user_id: UUID
    updated_fields: list[Name]
    updated_at: UtcTime
    trigger: str | None = None


@event(
    "journey.transition",
    subject="stage/<user id>",
    time="transitioned_at",
    person="user_id",
    sent_by=JOURNEY,
)
class JourneyTransition(EventData, kw_only=True, frozen=True):
    """A person moved from one stage of the journey to another."""

    user_id: UUID
    from_stage: Name | None = None
    to_stage: Name
    rule_id: RuleId | None = None
    transitioned_at: UtcTime
