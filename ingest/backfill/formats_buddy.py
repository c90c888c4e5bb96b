"""The buddy system's exports: one table per entity, as CSV files, sheets, or lists of one JSON file."""

from __future__ import annotations

from typing import get_args

from ingest.backfill.format import Column, Format, Kind, choice, end, number, time
from ingest.contracts.buddy import (
    AttendedEventType,
    EndReason,
    EventFormat,
    LearnerProgress,
    MilestoneCategory,
    MilestoneProgress,
    Mood,
    Proficiency,
    Side,
)

_STATUS = ("active", "inactive", "ended")
_INTERESTS = Column("interests", Kind.TEXTS, max_length=5000)
_SDG_GOALS = Column("sdg_goals", Kind.GOALS)


def _person(name: str, *also: str) -> Column:
    return Column(name, Kind.PERSON, required=True, also=also)


def _minutes() -> Column:
    return Column("duration_minutes", Kind.MINUTES, minimum=1, maximum=10_000)  # an outing may last days


# language_preference, interests and location are in the export too: nothing here needs them.
USERS = Format(
    "buddy-users", "buddy", "buddy",
    (
        Column("id", required=True, also=("user_id",)),
        Column("email", Kind.EMAIL, required=True),
        Column("first_name", max_length=100),
        Column("last_name", max_length=100),
        choice("role", ("participant", "buddy"), required=True),
        time("joined_at", required=True),
    ),
    key=("id",), file_name=r"user",
)  # fmt: skip

MATCHES = Format(
    "buddy-matches", "buddy", "buddy",
    (
        Column("match_id", required=True),
        _person("participant_id", "participant_email"),
        _person("buddy_id", "buddy_email"),
        time("matched_at", required=True),
        choice("status", _STATUS, required=True),
        end("ended_at"),
        choice("end_reason", get_args(EndReason)),
        Column("sessions_completed", Kind.WHOLE, maximum=100_000),
        Column("events_attended", Kind.WHOLE, maximum=100_000),
    ),
    key=("match_id",), file_name=r"match", in_order=(("matched_at", "ended_at"),), own_columns=("match_id",),
)  # fmt: skip

SIMPLE = Format(
    "buddy-simple", "buddy", "buddy",
    (
        Column("participant_email", Kind.EMAIL, required=True),
        Column("buddy_email", Kind.EMAIL, required=True),
        time("matched_at", required=True),
        choice("status", _STATUS, required=True),
        Column("language"),
        _INTERESTS,
        Column("location"),
    ),
    key=("participant_email", "buddy_email", "matched_at"), file_name=r"buddy|match",
)  # fmt: skip

EVENTS = Format(
    "buddy-events", "buddy", "buddy",
    (
        Column("event_id", required=True),
        Column("match_id", required=True),
        Column("event_type", required=True),
        time("event_date", required=True),
        Column("description", Kind.FREE_TEXT, max_length=5000),
        Column("location"),
        Column("attendees", Kind.TEXTS, max_length=20_000),
    ),
    key=("event_id",), file_name=r"buddy.*event",
)  # fmt: skip

ATTENDANCE = Format(
    "buddy-event-attendance", "buddy", "buddy",
    (
        Column("event_id", required=True),
        _person("user_id"),
        Column("match_id"),
        Column("event_title", required=True, max_length=200),
        choice("event_type", get_args(AttendedEventType), required=True),
        choice("event_format", get_args(EventFormat), required=True),
        time("attended_at", required=True),
        Column("location"),
        _minutes(),
        Column("attendee_count", Kind.WHOLE, maximum=1_000_000),
        Column("organizer"),
        Column("categories", Kind.TEXTS, max_length=5000),
        _SDG_GOALS,
    ),
    key=("event_id", "user_id"), file_name=r"attend",
)  # fmt: skip

SKILL_SESSIONS = Format(
    "buddy-skill-sessions", "buddy", "buddy",
    (
        Column("session_id", required=True),
        Column("skill_id", Kind.WHOLE, required=True, maximum=2**53),
        Column("skill_name", required=True),
        Column("skill_category"),
        _person("teacher_id"),
        _person("learner_id"),
        Column("match_id"),
        time("completed_at", required=True),
        Column("scheduled_at", Kind.TIME, may_be_old=True),
        _minutes(),
        Column("format"),
        choice("proficiency_level", get_args(Proficiency)),
        Column("teacher_rating", Kind.RATING),
        Column("learner_rating", Kind.RATING),
        Column("teacher_comment", Kind.FREE_TEXT, max_length=2400),  # the two make one text of 5000
        Column("learner_comment", Kind.FREE_TEXT, max_length=2400),
        choice("learner_progress", get_args(LearnerProgress)),
        _SDG_GOALS,
        number("valuation_points"),
    ),
    key=("session_id",), file_name=r"skill", in_order=(("scheduled_at", "completed_at"),),
)  # fmt: skip

CHECKINS = Format(
    "buddy-checkins", "buddy", "buddy",
    (
        Column("checkin_id", required=True),
        Column("match_id", required=True),
        time("checkin_date", required=True),
        choice("mood", get_args(Mood)),
        Column("notes", Kind.FREE_TEXT, max_length=5000),
        Column("question_responses", Kind.JSON, max_length=20_000),
    ),
    key=("checkin_id",), file_name=r"check-?in",
)  # fmt: skip

FEEDBACK = Format(
    "buddy-feedback", "buddy", "buddy",
    (
        Column("feedback_id", required=True),
        Column("match_id", required=True),
        choice("from_role", get_args(Side), required=True),
        Column("rating", Kind.RATING, required=True),
        Column("feedback_text", Kind.FREE_TEXT, max_length=5000),
        time("submitted_at", required=True),
        Column("communication", Kind.RATING),
        Column("helpfulness", Kind.RATING),
        Column("engagement", Kind.RATING),
    ),
    key=("feedback_id",), file_name=r"feedback",
)  # fmt: skip

MILESTONES = Format(
    "buddy-milestones", "buddy", "buddy",
    (
        Column("milestone_id", Kind.WHOLE, required=True, maximum=2**53),
        _person("user_id"),
        Column("milestone_title", required=True, max_length=200),
        choice("milestone_category", get_args(MilestoneCategory), required=True),
        time("reached_at", required=True),
        number("points", required=True),
        Column("badge_icon"),
        choice("target_role", ("participant", "buddy", "all")),
        Column("progress", Kind.JSON, shape=MilestoneProgress, max_length=255),
        Column("metadata", Kind.JSON, max_length=20_000),
    ),
    key=("milestone_id", "user_id"), file_name=r"milestone",
)  # fmt: skip

# In the order in which they refer to each other; the names are those of sheets, of lists and in file names.
ENTITIES = {
    "users": USERS,
    "matches": MATCHES,
    "events": EVENTS,
    "event_attendance": ATTENDANCE,
    "skill_sessions": SKILL_SESSIONS,
    "checkins": CHECKINS,
    "feedback": FEEDBACK,
    "milestones": MILESTONES,
}
BUDDY = (*ENTITIES.values(), SIMPLE)
