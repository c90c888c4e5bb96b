"""buddy.*: a participant and a local who meet, and what they do together."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import (
    Answers,
    Count,
    EventData,
    FreeText,
    Minutes,
    Name,
    Part,
    SdgGoal,
    Share,
    UtcTime,
    event,
)

Side = Literal["participant", "buddy"]
Mood = Literal["great", "good", "okay", "struggling", "difficult"]
EndReason = Literal[
    "completed", "participant_request", "buddy_request", "mutual_agreement", "inactivity", "violation",
    "program_ended", "other",
]  # fmt: skip
AttendedEventType = Literal[
    "cultural", "educational", "professional", "social", "support", "recreational", "language", "other"
]
EventFormat = Literal["in-person", "online", "hybrid"]
Proficiency = Literal["beginner", "intermediate", "advanced"]
LearnerProgress = Literal["no-progress", "some-progress", "good-progress", "excellent-progress"]
MilestoneCategory = Literal[
    "onboarding", "cultural", "language", "community", "professional", "skills", "events", "buddy-connection",
    "impact", "completion", "other",
]  # fmt: skip
Title = Annotated[str, Meta(min_length=1, max_length=200)]
BUDDY_SYSTEM = "Buddy webhook; CSV export"


class MatchingCriteria(Part, kw_only=True, frozen=True):
    """Why the two were put together."""

    language: str | None = None
    interests: list[str] | None = None
    location: str | None = None


@event(
    "buddy.match.created",
    subject="match/<match id>",
    time="matched_at",
    person="participant_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyMatchCreated(EventData, kw_only=True, frozen=True):
    """A participant and a buddy were matched."""

    match_id: UUID
    participant_id: UUID
    buddy_id: UUID
    matched_at: UtcTime
    matching_criteria: MatchingCriteria | None = None
    program_id: UUID | None = None
    campaign_id: UUID | None = None
    beneficiary_group_id: UUID | None = None


class MatchSatisfaction(Part, kw_only=True, frozen=True):
    """How content the two were when the match ended."""

    participant_satisfaction: Share | None = None
    buddy_satisfaction: Share | None = None


@event(
    "buddy.match.ended",
    subject="match-end/<match id>",
    time="ended_at",
    person="participant_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyMatchEnded(EventData, kw_only=True, frozen=True):
    """A match ended, for whatever reason."""

    match_id: UUID
    participant_id: UUID
    buddy_id: UUID
    ended_at: UtcTime
    duration: Annotated[int, Meta(gt=0, description="Days, recomputed from both dates where they are known")]
    reason: EndReason
    reason_details: FreeText | None = None
    sessions_completed: Count | None = None
    events_attended: Count | None = None
    feedback: MatchSatisfaction | None = None


@event(
    "buddy.event.logged",
    subject="buddy-event/<event id>",
    time="event_date",
    person="participant_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyEventLogged(EventData, kw_only=True, frozen=True):
    """A matched pair did something together."""

    event_id: UUID
    match_id: UUID
    participant_id: Annotated[UUID, Meta(description="Looked up from the match")] | None = None
    event_type: Name
    event_date: UtcTime
    description: FreeText | None = None
    location: str | None = None
    attendees: list[UUID] | None = None


@event(
    "buddy.event.attended",
    subject="attendance/<event id>/<user id>",
    time="attended_at",
    person="user_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyEventAttended(EventData, kw_only=True, frozen=True):
    """A person came to an event of the programme."""

    event_id: UUID
    user_id: UUID
    match_id: UUID | None = None
    event_title: Title
    event_type: AttendedEventType
    event_format: EventFormat
    attended_at: UtcTime
    location: str | None = None
    duration_minutes: Minutes | None = None
    attendee_count: Count | None = None
    organizer: str | None = None
    categories: list[str] | None = None
    sdg_goals: list[SdgGoal] | None = None


@event(
    "buddy.checkin.completed",
    subject="checkin/<checkin id>",
    time="checkin_date",
    person="participant_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyCheckinCompleted(EventData, kw_only=True, frozen=True):
    """A pair reported how the match is going."""

    checkin_id: UUID
    match_id: UUID
    participant_id: Annotated[UUID, Meta(description="Looked up from the match")] | None = None
    checkin_date: UtcTime
    mood: Mood | None = None
    notes: Annotated[FreeText, Meta(description="Free text: may name people")] | None = None
    question_responses: Answers | None = None


class FeedbackCategories(Part, kw_only=True, frozen=True):
    """Parts of a rating."""

    communication: Share | None = None
    helpfulness: Share | None = None
    engagement: Share | None = None


@event(
    "buddy.feedback.submitted",
    subject="feedback/<feedback id>",
    time="submitted_at",
    person="participant_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyFeedbackSubmitted(EventData, kw_only=True, frozen=True):
    """One side of a match rated it."""

    feedback_id: UUID
    match_id: UUID
    participant_id: Annotated[UUID, Meta(description="Looked up from the match")] | None = None
    from_role: Side
    rating: Annotated[Share, Meta(description="0 is worst, 1 is best")]
    rating_raw: Annotated[float, Meta(description="As the source gave it")] | None = None
    feedback_text: Annotated[FreeText, Meta(description="Free text: may name people")] | None = None
    submitted_at: UtcTime
    categories: FeedbackCategories | None = None


class SkillShareFeedback(Part, kw_only=True, frozen=True):
    """How teacher and learner saw a skill session."""

    teacher_rating: Share | None = None
    learner_rating: Share | None = None
    comments: FreeText | None = None
    learner_progress: LearnerProgress | None = None


@event(
    "buddy.skill_share.completed",
    subject="skill-session/<session id>",
    time="completed_at",
    person="learner_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddySkillShareCompleted(EventData, kw_only=True, frozen=True):
    """One person taught another a skill."""

    session_id: UUID
    skill_id: int
    skill_name: Name
    skill_category: str | None = None
    teacher_id: UUID
    learner_id: UUID
    match_id: UUID | None = None
    completed_at: UtcTime
    scheduled_at: UtcTime | None = None
    duration_minutes: Minutes | None = None
    format: str | None = None
    proficiency_level: Proficiency | None = None
    feedback: SkillShareFeedback | None = None
    sdg_goals: list[SdgGoal] | None = None
    valuation_points: float | None = None


class MilestoneProgress(Part, kw_only=True, frozen=True):
    """How far towards a milestone."""

    current: Count
    total: Count


@event(
    "buddy.milestone.reached",
    subject="milestone/<milestone id>/<user id>",
    time="reached_at",
    person="user_id",
    sent_by=BUDDY_SYSTEM,
)
class BuddyMilestoneReached(EventData, kw_only=True, frozen=True):
    """A person reached a milestone of the buddy programme."""

    milestone_id: int
    user_id: UUID
    milestone_title: Title
    milestone_category: MilestoneCategory
    reached_at: UtcTime
    points: float
    badge_icon: str | None = None
    target_role: Literal["participant", "buddy", "all"] | None = None
    progress: MilestoneProgress | None = None
    metadata: dict[str, Any] | None = None
