"""Which function turns the rows of which format into events."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.backfill import buddies, ingested, programs, sessions, users
from ingest.backfill.drafts import Builder

BUILDERS: Mapping[str, Builder] = {
    "kintell-language-v1.0": sessions.language_sessions,
    "kintell-language-v1.1": sessions.language_sessions,
    "kintell-mentors-v1.0": sessions.mentorship_sessions,
    "kintell-legacy": sessions.legacy_sessions,
    "kintell-users-lfu": users.language_users,
    "kintell-users-mfu": users.mentorship_users,
    "enrollments-v1": programs.enrollments,
    "upskilling-completions": programs.course_completions,
    "upskilling-credentials": programs.credentials,
    "upskilling-progress": programs.course_progress,
    "volunteering-v1": ingested.volunteering,
    "donations-v1": ingested.donations,
    "placements-v1": ingested.placements,
    "buddy-users": users.buddy_users,
    "buddy-matches": buddies.matches,
    "buddy-simple": buddies.simple_matches,
    "buddy-events": buddies.events,
    "buddy-event-attendance": buddies.attendance,
    "buddy-skill-sessions": buddies.skill_sessions,
    "buddy-checkins": buddies.checkins,
    "buddy-feedback": buddies.feedback,
    "buddy-milestones": buddies.milestones,
}
