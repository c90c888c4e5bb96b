"""The export formats of the sources: the columns of each, and which row a fact becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from orchestration.demo.facts import (
    BuddyFeedback,
    Checkin,
    CourseCompletion,
    Enrolment,
    Fact,
    Match,
    Outing,
    Session,
)
from orchestration.demo.ledger import in_csv
from orchestration.demo.window import OSLO, Window

Row = dict[str, str]

_NO_DATE = {"scheduled_at": "31.02. kl. 10"}
_TOO_EARLY = {"completed_at": "2020-01-01T10:00:00Z", "duration_minutes": "45"}
# The error code, and what to overwrite in a good row to deserve it.
_WRONG_SESSIONS = (
    ("E001", {"participant_email": "not an address"}),
    ("E002", {"session_id": ""}),
    ("E003", _NO_DATE),
    ("E004", {"duration_minutes": "900"}),
    ("E006", {"rating": "11"}),
    ("E007", _TOO_EARLY),
)


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Stems sort in the order of import: the companies of other rows follow from enrolments and matches.
    """

    name: str
    stem: str
    columns: tuple[str, ...]
    wrong: tuple[tuple[str, Mapping[str, str]], ...] = ()
    dialects: tuple[str, ...] = ("plain",)


ENROLMENTS = Format(
    "enrollments-v1",
    "1-enrollments",
    ("participant_email", "program_slug", "enrolled_at", "status", "completed_at"),
    wrong=(("E001", {"participant_email": "@"}), ("E003", {"enrolled_at": "soon"})),
)
LANGUAGE = Format(
    "kintell-language-v1.1",
    "3-kintell-language",
    ("session_id", "participant_email", "volunteer_email", "scheduled_at", "completed_at", "duration_minutes",
     "rating", "feedback_text", "language_level", "topics", "metadata"),
    wrong=(*_WRONG_SESSIONS, ("E005", {"language_level": "D7"})),
)  # fmt: skip
MENTORS = Format(
    "kintell-mentors-v1.0",
    "3-kintell-mentors",
    ("session_id", "participant_email", "mentor_email", "scheduled_at", "completed_at", "duration_minutes",
     "rating", "feedback_text", "focus_area", "goals_discussed"),
    wrong=_WRONG_SESSIONS,
    dialects=("spreadsheet", "plain"),
)  # fmt: skip
MATCHES = Format(
    "buddy-matches",
    "2-buddy-matches",
    (
        "match_id",
        "participant_id",
        "buddy_id",
        "matched_at",
        "status",
        "ended_at",
        "end_reason",
        "duration_days",
    ),
)
CHECKINS = Format(
    "buddy-checkins", "4-buddy-checkins", ("checkin_id", "match_id", "checkin_date", "mood", "notes")
)
EVENTS = Format(
    "buddy-events", "4-buddy-events",
    ("event_id", "match_id", "event_type", "event_date", "description", "location"),
)  # fmt: skip
FEEDBACK = Format(
    "buddy-feedback", "4-buddy-feedback",
    ("feedback_id", "match_id", "from_role", "rating", "feedback_text", "submitted_at"),
)  # fmt: skip
COMPLETIONS = Format(
    "upskilling-completions",
    "3-upskilling-completions",
    ("user_email", "provider", "course_id", "course_name", "completed_at", "final_score", "credential_ref"),
    wrong=(("E001", {"user_email": "nobody"}), ("E003", {"completed_at": "yesterday"})),
)


def export_of(window: Window, fact: Fact) -> tuple[Format, datetime, Row] | None:
    """The format, the time that decides the file, and the row; None for what only webhooks tell."""
    match fact:
        case Enrolment():
            return ENROLMENTS, fact.enrolled_at, _enrolment(fact)
        case Session() if fact.scheduled_at >= window.exported_until:
            return None
        case Session(session_type="language"):
            return LANGUAGE, fact.scheduled_at, _language(window, fact)
        case Session():
            return MENTORS, fact.scheduled_at, _mentorship(window, fact)
        case Match():
            return MATCHES, fact.matched_at, _match(fact)
        case Checkin():
            row = {
                "checkin_id": fact.checkin_id,
                "checkin_date": _utc(fact.at),
                "mood": fact.mood,
                "notes": fact.notes,
            }
            return CHECKINS, fact.at, row | {"match_id": fact.match.match_id}
        case Outing():
            return EVENTS, fact.at, _outing(fact)
        case BuddyFeedback():
            return FEEDBACK, fact.at, _feedback(fact)
        case CourseCompletion():
            return COMPLETIONS, fact.completed_at, _completion(fact)


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _oslo(at: datetime | None) -> str:
    return at.astimezone(OSLO).isoformat() if at else ""


def _session(window: Window, session: Session, stamp: Callable[[datetime | None], str]) -> Row:
    rating = next((r for r in session.ratings if in_csv(window, session, r)), None)
    return {
        "session_id": session.session_id,
        "participant_email": session.participant.email,
        "scheduled_at": stamp(session.scheduled_at),
        "completed_at": stamp(session.completed_at),
        "duration_minutes": str(session.duration_minutes or ""),
        "rating": f"{rating.value:g}" if rating else "",
        "feedback_text": rating.text if rating else "",
    }


def _language(window: Window, session: Session) -> Row:
    number = session.participant.number
    return _session(window, session, _utc) | {
        "volunteer_email": session.volunteer.email,
        "language_level": session.language_level if number % 5 else session.language_level.lower(),
        "topics": ",".join(session.topics),
        "metadata": json.dumps({"room": f"k-{number % 40}"}) if number % 3 == 0 else "",
    }


def _mentorship(window: Window, session: Session) -> Row:
    return _session(window, session, _oslo) | {
        "mentor_email": session.volunteer.email,
        "focus_area": session.focus_area,
        "goals_discussed": ",".join(session.topics),
    }


def _enrolment(enrolment: Enrolment) -> Row:
    return {
        "participant_email": enrolment.participant.email,
        "program_slug": enrolment.instance.slug,
        "enrolled_at": _utc(enrolment.enrolled_at),
        "status": enrolment.status,
        "completed_at": _utc(enrolment.completed_at),
    }


def _match(match: Match) -> Row:
    days = str((match.ended_at - match.matched_at).days) if match.ended_at else ""
    return {
        "match_id": match.match_id,
        "participant_id": match.participant.email,
        "buddy_id": match.buddy.email,
        "matched_at": _utc(match.matched_at),
        "status": "ended" if match.ended_at else "active",
        "ended_at": _utc(match.ended_at),
        "end_reason": match.end_reason,
        "duration_days": days,
    }


def _outing(outing: Outing) -> Row:
    return {
        "event_id": outing.event_id,
        "match_id": outing.match.match_id,
        "event_type": outing.event_type,
        "event_date": _utc(outing.at),
        "description": outing.description,
    }


def _feedback(feedback: BuddyFeedback) -> Row:
    return {
        "feedback_id": feedback.feedback_id,
        "match_id": feedback.match.match_id,
        "from_role": feedback.from_role,
        "rating": f"{feedback.score:g}",
        "feedback_text": feedback.text,
        "submitted_at": _utc(feedback.at),
    }


def _completion(completion: CourseCompletion) -> Row:
    return {
        "user_email": completion.participant.email,
        "provider": completion.provider,
        "course_id": completion.course_id,
        "course_name": completion.course_name,
        "completed_at": _utc(completion.completed_at),
        "final_score": str(completion.final_score),
    }
