"""What can happen in the programme. A fact knows who took part and when, and nothing of companies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orchestration.demo.population import Company, Instance, Participant, Volunteer

SessionType = Literal["language", "mentorship"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    participant: Participant
    instance: Instance
    enrolled_at: datetime
    status: Literal["active", "completed", "dropped"]
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rating:
    """Given after a session, from 1 to 5 in half steps."""

    rating_id: str
    from_role: Literal["participant", "volunteer"]
    value: float
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Booked for `scheduled_at`; `completed_at` is None where nobody came, or where it still lies ahead."""

    session_id: str
    session_type: SessionType
    participant: Participant
    volunteer: Volunteer
    booked_at: datetime
    scheduled_at: datetime
    completed_at: datetime | None = None
    duration_minutes: int = 0
    language_level: str = ""
    topics: tuple[str, ...] = ()
    focus_area: str = ""
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    match_id: str
    participant: Participant
    buddy: Volunteer
    matched_at: datetime
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class Checkin:
    checkin_id: str
    match: Match
    at: datetime
    mood: str
    notes: str


@dataclass(frozen=True, slots=True)
class Outing:
    """What a buddy pair did together: a `buddy event` in the exports."""

    event_id: str
    match: Match
    at: datetime
    event_type: str
    description: str


@dataclass(frozen=True, slots=True)
class BuddyFeedback:
    feedback_id: str
    match: Match
    from_role: Literal["participant", "buddy"]
    score: float  # 0 to 1
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CourseCompletion:
    participant: Participant
    provider: str
    course_id: str
    course_name: str
    completed_at: datetime
    final_score: int


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """What a learning platform reported of one person in one course at one moment."""

    participant: Participant
    provider: str
    course_id: str
    course_name: str
    percent: int
    status: str  # enrolled, in_progress, completed or dropped
    at: datetime


@dataclass(frozen=True, slots=True)
class Credential:
    credential_id: str
    participant: Participant
    provider: str
    course_id: str
    course_name: str
    credential_type: str
    issued_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SkillShare:
    """One side of a match taught the other something."""

    session_id: str
    match: Match
    is_participant_teaching: bool
    skill_id: int
    skill_name: str
    skill_category: str
    at: datetime
    duration_minutes: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A job, an internship or the like; `company` only where the record names whose programme it was."""

    source_id: str
    participant: Participant
    company: Company | None
    placement_type: str
    status: str
    job_title: str
    at: datetime
    is_successful: bool | None
    rating: float | None  # from 1 to 5 in half steps


@dataclass(frozen=True, slots=True)
class VolunteeringHours:
    """Hours in an employer's own system; `company` only where the record names one."""

    source_system: str
    source_id: str
    volunteer: Volunteer
    company: Company | None
    activity_name: str
    activity_type: str
    cause_area: str
    sdg_goals: tuple[int, ...]
    half_hours: int
    is_verified: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Donation:
    source_system: str
    source_id: str
    volunteer: Volunteer
    donation_type: str
    amount: int
    currency: str
    usd_cents: int | None  # as the source converted it; None where it did not
    match_ratio: float | None
    at: datetime


Fact = (
    Enrolment | Session | Match | Checkin | Outing | BuddyFeedback | SkillShare | CourseCompletion
    | CourseProgress | Credential | Placement | VolunteeringHours | Donation
)  # fmt: skip
