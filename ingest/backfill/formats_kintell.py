"""Kintell's exports. No genuine one was published: other names of a column are cheap to add here."""

from __future__ import annotations

from dataclasses import replace

from ingest.backfill.format import Column, Format, Kind, end, time

# How Kintell calls the two sides of a session.
ROLES = {
    "advisor": "volunteer", "mentor": "volunteer", "tutor": "volunteer",
    "learner": "participant", "mentee": "participant", "student": "participant",
}  # fmt: skip
_LANGUAGE_NAMES = r"lang|lfu"
_MENTORS_NAMES = r"mentor|mfu"


def _session_columns(*volunteer: str) -> tuple[Column, ...]:
    return (
        Column("session_id", required=True, also=("external_session_id",)),
        Column("participant_email", Kind.EMAIL, required=True, also=("learner_email", "mentee_email")),
        Column(volunteer[0], Kind.EMAIL, required=True, also=volunteer[1:]),
        time("scheduled_at", "start_time", required=True, may_be_future=True),
        end("completed_at", "end_time"),
        Column("duration_minutes", Kind.MINUTES, also=("duration", "duration_min"), minimum=1, maximum=480),
        Column("rating", Kind.RATING, also=("score",)),
        Column("feedback_text", Kind.FREE_TEXT, also=("feedback", "comment"), max_length=5000),
    )


LANGUAGE_1_0 = Format(
    "kintell-language-v1.0", "kintell", "language_ukraine",
    (
        *_session_columns("volunteer_email", "tutor_email", "mentor_email"),
        Column("language_level", Kind.LEVEL, also=("level", "cefr_level")),
        Column("topics", Kind.LIST, max_length=1000),
    ),
    key=("session_id",), file_name=_LANGUAGE_NAMES, id_prefixes=("LS-", "LANG-"), program=_LANGUAGE_NAMES,
    in_order=(("scheduled_at", "completed_at"),), own_columns=("language_level", "topics", "tutor_email"),
)  # fmt: skip

LANGUAGE_1_1 = replace(
    LANGUAGE_1_0,
    name="kintell-language-v1.1",
    columns=(*LANGUAGE_1_0.columns, Column("metadata", Kind.JSON, max_length=2000)),
    own_columns=("language_level", "topics", "tutor_email", "metadata"),
    needs=("metadata",),
)

MENTORS = Format(
    "kintell-mentors-v1.0", "kintell", "mentors_ukraine",
    (
        *_session_columns("mentor_email", "volunteer_email", "advisor_email"),
        Column("focus_area"),
        Column("goals_discussed", Kind.LIST, also=("goals",), max_length=1000),
    ),
    key=("session_id",), file_name=_MENTORS_NAMES, id_prefixes=("MS-", "MENTOR-"), program=_MENTORS_NAMES,
    in_order=(("scheduled_at", "completed_at"),),
    own_columns=("focus_area", "goals_discussed", "mentor_email"),
)  # fmt: skip

# Both programmes in one file; its one date is the start and the end of the session.
LEGACY = Format(
    "kintell-legacy", "kintell", None,
    (
        Column("session_id", required=True),
        Column(
            "session_type", Kind.CHOICE, True, any_case=True, choices=("language connect", "mentorship"),
        ),
        Column("participant_email", Kind.EMAIL, required=True),
        Column("volunteer_email", Kind.EMAIL, required=True),
        time("completed_at", "date", required=True),
        Column(
            "duration_minutes", Kind.MINUTES, True, also=("duration_min",), minimum=1, maximum=480
        ),
        Column("rating", Kind.RATING, scale=5),
        Column("feedback_text", Kind.FREE_TEXT, max_length=5000),
        Column("language_level", Kind.LEVEL),
    ),
    key=("session_id",), file_name=r"legacy",
)  # fmt: skip

# Linkedin_URL, Verification_status and grant_access are in the export too: nothing here needs them.
USERS_LFU = Format(
    "kintell-users-lfu", "kintell", "language_ukraine",
    (
        Column("email", Kind.EMAIL, required=True),
        Column("name", required=True),
        Column(
            "role", Kind.CHOICE, True, also=("role_when_joined",), any_case=True, choices=tuple(ROLES)
        ),
        time("joined_at", "joined_kg_at", required=True, human=True),
    ),
    key=("email",), file_name=_LANGUAGE_NAMES, program=_LANGUAGE_NAMES,
)  # fmt: skip
USERS_MFU = replace(
    USERS_LFU, name="kintell-users-mfu", program_type="mentors_ukraine", file_name=_MENTORS_NAMES,
    program=_MENTORS_NAMES,
)  # fmt: skip

KINTELL = (LANGUAGE_1_1, LANGUAGE_1_0, MENTORS, LEGACY, USERS_LFU, USERS_MFU)
