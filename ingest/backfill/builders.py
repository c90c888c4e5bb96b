"""Which function turns the rows of which format into events."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.backfill import buddies, programs, sessions
from ingest.backfill.drafts import Builder

BUILDERS: Mapping[str, Builder] = {
    "kintell-language-v1.1": sessions.language_sessions,
    "kintell-mentors-v1.0": sessions.mentorship_sessions,
    "enrollments-v1": programs.enrollments,
    "upskilling-completions": programs.course_completions,
    "buddy-matches": buddies.matches,
    "buddy-events": buddies.events,
    "buddy-checkins": buddies.checkins,
    "buddy-feedback": buddies.feedback,
}
