"""The file formats we read, as data: columns with their other names, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

from ingest.attribution import ProgramType
from ingest.contracts.buddy import EndReason, Mood, Side

SourceSystem = Literal["kintell", "buddy", "upskilling", "manual"]


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"  # trimmed, without wrapping quotes
    FREE_TEXT = "free text"  # as written
    EMAIL = "email"
    PERSON = "person"  # an email, or an id of the source
    TIME = "time"  # ISO 8601; UTC where no offset is given
    MINUTES = "minutes"
    NUMBER = "number"
    RATING = "rating"  # 0 to 1 or 1 to 5, decided for the whole column
    LEVEL = "CEFR level"
    CHOICE = "choice"
    LIST = "comma list"
    JSON = "JSON object"


@dataclass(frozen=True)
class Column:
    """A column under its own name; headers are compared without case, spaces and hyphens as underscores."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    also: tuple[str, ...] = ()  # other names it goes by
    max_length: int = 255
    minimum: float = 0
    maximum: float = 0
    choices: tuple[str, ...] = ()
    may_be_future: bool = False
    may_be_old: bool = False


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    name: str
    source_system: SourceSystem
    program_type: ProgramType | None
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # what identifies a row within a file
    file_name: str  # pattern that speaks for this format where the columns fit several
    id_prefixes: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()  # pairs of times: the second not before the first

    @property
    def required(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.required)


def _time(name: str, *also: str, required: bool = False, may_be_future: bool = False) -> Column:
    return Column(name, Kind.TIME, required, also, may_be_future=may_be_future)


def _end(name: str, *also: str) -> Column:
    # Bounded by the start it belongs to, so its own age says nothing.
    return Column(name, Kind.TIME, also=also, may_be_old=True)


def _session_columns(*volunteer: str) -> tuple[Column, ...]:
    return (
        Column("session_id", required=True, also=("external_session_id",)),
        Column("participant_email", Kind.EMAIL, required=True, also=("learner_email", "mentee_email")),
        Column(volunteer[0], Kind.EMAIL, required=True, also=volunteer[1:]),
        _time("scheduled_at", "start_time", required=True, may_be_future=True),
        _end("completed_at", "end_time"),
        Column("duration_minutes", Kind.MINUTES, also=("duration", "duration_min"), minimum=1, maximum=480),
        Column("rating", Kind.RATING, also=("score",)),
        Column("feedback_text", Kind.FREE_TEXT, also=("feedback", "comment"), max_length=5000),
    )


KINTELL_LANGUAGE = Format(
    "kintell-language-v1.1", "kintell", "language_ukraine",
    (
        *_session_columns("volunteer_email", "tutor_email", "mentor_email"),
        Column("language_level", Kind.LEVEL, also=("level", "cefr_level")),
        Column("topics", Kind.LIST, max_length=1000),
        Column("metadata", Kind.JSON, max_length=2000),
    ),
    key=("session_id",), file_name=r"lang|lfu", id_prefixes=("LS-", "LANG-"),
    in_order=(("scheduled_at", "completed_at"),),
)  # fmt: skip

KINTELL_MENTORS = Format(
    "kintell-mentors-v1.0", "kintell", "mentors_ukraine",
    (
        *_session_columns("mentor_email", "volunteer_email", "advisor_email"),
        Column("focus_area"),
        Column("goals_discussed", Kind.LIST, also=("goals",), max_length=1000),
    ),
    key=("session_id",), file_name=r"mentor|mfu", id_prefixes=("MS-", "MENTOR-"),
    in_order=(("scheduled_at", "completed_at"),),
)  # fmt: skip

ENROLLMENT_STATUS: Mapping[str, str] = {
    "enrolled": "enrolled", "in_progress": "in_progress", "completed": "completed", "withdrawn": "withdrawn",
    "failed": "failed", "active": "enrolled", "dropped": "withdrawn",
}  # fmt: skip

ENROLLMENTS = Format(
    "enrollments-v1", "manual", None,
    (
        Column("participant_email", Kind.EMAIL, required=True, also=("email", "user_email")),
        Column("program_slug", required=True, also=("program",)),
        _time("enrolled_at", "enrollment_date", required=True),
        Column("status", Kind.CHOICE, required=True, choices=tuple(ENROLLMENT_STATUS)),
        _end("completed_at"),
    ),
    key=("participant_email", "program_slug"), file_name=r"enrol",
    in_order=(("enrolled_at", "completed_at"),),
)  # fmt: skip

UPSKILLING_COMPLETIONS = Format(
    "upskilling-completions", "upskilling", "upskilling",
    (
        Column("user_email", Kind.EMAIL, required=True, also=("email", "participant_email")),
        Column("provider", required=True, max_length=50),
        Column("course_id", required=True),
        Column("course_name", required=True),
        _time("completed_at", required=True),
        Column("final_score", Kind.NUMBER, maximum=100),
        Column("credential_ref"),
    ),
    key=("user_email", "provider", "course_id", "completed_at"), file_name=r"completion|upskilling|course",
)  # fmt: skip

BUDDY_MATCHES = Format(
    "buddy-matches", "buddy", "buddy",
    (
        Column("match_id", required=True),
        Column("participant_id", Kind.PERSON, required=True, also=("participant_email",)),
        Column("buddy_id", Kind.PERSON, required=True, also=("buddy_email",)),
        _time("matched_at", required=True),
        Column("status", Kind.CHOICE, required=True, choices=("active", "inactive", "ended")),
        _end("ended_at"),
        Column("end_reason", Kind.CHOICE, choices=get_args(EndReason)),
        Column("sessions_completed", Kind.NUMBER, maximum=100_000),
        Column("events_attended", Kind.NUMBER, maximum=100_000),
    ),
    key=("match_id",), file_name=r"match", in_order=(("matched_at", "ended_at"),),
)  # fmt: skip

BUDDY_EVENTS = Format(
    "buddy-events", "buddy", "buddy",
    (
        Column("event_id", required=True),
        Column("match_id", required=True),
        Column("event_type", required=True),
        _time("event_date", required=True),
        Column("description", Kind.FREE_TEXT, max_length=5000),
        Column("location"),
    ),
    key=("event_id",), file_name=r"buddy.*event",
)  # fmt: skip

BUDDY_CHECKINS = Format(
    "buddy-checkins", "buddy", "buddy",
    (
        Column("checkin_id", required=True),
        Column("match_id", required=True),
        _time("checkin_date", required=True),
        Column("mood", Kind.CHOICE, choices=get_args(Mood)),
        Column("notes", Kind.FREE_TEXT, max_length=5000),
        Column("question_responses", Kind.JSON, max_length=20_000),
    ),
    key=("checkin_id",), file_name=r"check-?in",
)  # fmt: skip

BUDDY_FEEDBACK = Format(
    "buddy-feedback", "buddy", "buddy",
    (
        Column("feedback_id", required=True),
        Column("match_id", required=True),
        Column("from_role", Kind.CHOICE, required=True, choices=get_args(Side)),
        Column("rating", Kind.RATING, required=True),
        Column("feedback_text", Kind.FREE_TEXT, max_length=5000),
        _time("submitted_at", required=True),
        Column("communication", Kind.RATING),
        Column("helpfulness", Kind.RATING),
        Column("engagement", Kind.RATING),
    ),
    key=("feedback_id",), file_name=r"feedback",
)  # fmt: skip

FORMATS: Mapping[str, Format] = {
    format_.name: format_
    for format_ in (
        KINTELL_LANGUAGE, KINTELL_MENTORS, ENROLLMENTS, UPSKILLING_COMPLETIONS,
        BUDDY_MATCHES, BUDDY_EVENTS, BUDDY_CHECKINS, BUDDY_FEEDBACK,
    )
}  # fmt: skip
