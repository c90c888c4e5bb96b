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
    CourseProgress,
    Credential,
    Donation,
    Enrolment,
    Fact,
    Match,
    Outing,
    Placement,
    Session,
    SkillShare,
    VolunteeringHours,
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
    years: bool = False  # a file per year at any scale: a quarter has few rows


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

PROGRESS = Format(
    "upskilling-progress",
    "3-upskilling-progress",
    ("user_email", "provider", "course_id", "course_name", "progress_percent", "status", "updated_at"),
    wrong=(("E008", {"progress_percent": "101"}),),
    years=True,
)
CREDENTIALS = Format(
    "upskilling-credentials",
    "3-upskilling-credentials",
    ("credential_id", "user_email", "provider", "course_id", "course_name", "credential_type", "issued_at",
     "expires_at"),
    wrong=(("E008", {"credential_type": "diplom"}),),
    years=True,
)  # fmt: skip
SKILLS = Format(
    "buddy-skill-sessions",
    "4-buddy-skill-sessions",
    ("session_id", "skill_id", "skill_name", "skill_category", "teacher_id", "learner_id", "match_id",
     "completed_at", "duration_minutes"),
    wrong=(("E003", {"completed_at": "later"}),),
    years=True,
)  # fmt: skip
PLACEMENTS = Format(
    "placements-v1",
    "3-placements",
    ("source_id", "source_system", "participant_email", "company", "placement_type", "placement_date",
     "status", "job_title", "successful", "rating"),
    wrong=(("E008", {"rating": "6"}), ("E014", {"company": "A company that left long ago"})),
    years=True,
)  # fmt: skip
VOLUNTEERING = Format(
    "volunteering-v1",
    "3-volunteering",
    ("source_id", "source_system", "employee_email", "company", "activity_name", "activity_type", "hours",
     "activity_date", "cause_area", "sdg_goals", "verified"),
    # A stranger's hours would still count for a company that the row names.
    wrong=(("E008", {"hours": "-1"}), ("E015", {"employee_email": "somebody@example.org", "company": ""})),
    years=True,
)  # fmt: skip
DONATIONS = Format(
    "donations-v1",
    "3-donations",
    ("source_id", "source_system", "employee_email", "donation_type", "amount", "currency", "amount_usd",
     "match_ratio", "donation_date"),
    wrong=(("E008", {"currency": "kroner"}),),
    years=True,
)  # fmt: skip


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
        case CourseProgress():
            return PROGRESS, fact.at, _progress(fact)
        case Credential():
            return CREDENTIALS, fact.issued_at, _credential(fact)
        case SkillShare():
            return SKILLS, fact.at, _skill_share(fact)
        case Placement():
            return PLACEMENTS, fact.at, _placement(fact)
        case VolunteeringHours():
            return VOLUNTEERING, fact.at, _volunteering(fact)
        case Donation():
            return DONATIONS, fact.at, _donation(fact)


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


def _progress(progress: CourseProgress) -> Row:
    return {
        "user_email": progress.participant.email,
        "provider": progress.provider,
        "course_id": progress.course_id,
        "course_name": progress.course_name,
        "progress_percent": str(progress.percent),
        "status": progress.status,
        "updated_at": _utc(progress.at),
    }


def _credential(credential: Credential) -> Row:
    return {
        "credential_id": credential.credential_id,
        "user_email": credential.participant.email,
        "provider": credential.provider,
        "course_id": credential.course_id,
        "course_name": credential.course_name,
        "credential_type": credential.credential_type,
        "issued_at": _utc(credential.issued_at),
        "expires_at": _utc(credential.expires_at),
    }


def _skill_share(skill: SkillShare) -> Row:
    buddy, participant = skill.match.buddy.email, skill.match.participant.email
    return {
        "session_id": skill.session_id,
        "skill_id": str(skill.skill_id),
        "skill_name": skill.skill_name,
        "skill_category": skill.skill_category,
        "teacher_id": participant if skill.is_participant_teaching else buddy,
        "learner_id": buddy if skill.is_participant_teaching else participant,
        "match_id": skill.match.match_id,
        "completed_at": _utc(skill.at),
        "duration_minutes": str(skill.duration_minutes),
    }


def _placement(placement: Placement) -> Row:
    return {
        "source_system": "job_board",
        "source_id": placement.source_id,
        "participant_email": placement.participant.email,
        "company": placement.company.name if placement.company else "",
        "placement_type": placement.placement_type,
        "placement_date": _utc(placement.at),
        "status": placement.status,
        "job_title": placement.job_title,
        "successful": "" if placement.is_successful is None else "yes" if placement.is_successful else "no",
        "rating": "" if placement.rating is None else f"{placement.rating:g}",
    }


def _volunteering(hours: VolunteeringHours) -> Row:
    return {
        "source_system": hours.source_system,
        "source_id": hours.source_id,
        "employee_email": hours.volunteer.email,
        "company": str(hours.company.company_id) if hours.company else "",
        "activity_name": hours.activity_name,
        "activity_type": hours.activity_type,
        "hours": f"{hours.half_hours / 2:g}",
        "activity_date": f"{hours.at:%Y-%m-%d}",
        "cause_area": hours.cause_area,
        "sdg_goals": json.dumps(hours.sdg_goals),
        "verified": "yes" if hours.is_verified else "no",
    }


def _donation(donation: Donation) -> Row:
    return {
        "source_system": donation.source_system,
        "source_id": donation.source_id,
        "employee_email": donation.volunteer.email,
        "donation_type": donation.donation_type,
        "amount": str(donation.amount),
        "currency": donation.currency,
        "amount_usd": "" if donation.usd_cents is None else f"{donation.usd_cents / 100:.2f}",
        "match_ratio": "" if donation.match_ratio is None else f"{donation.match_ratio:g}",
        "donation_date": _utc(donation.at),
    }
