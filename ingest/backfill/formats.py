"""Every file format there is, by name."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.backfill.format import Column, Format, Kind, end, number, time
from ingest.backfill.formats_buddy import BUDDY
from ingest.backfill.formats_ingested import INGESTED
from ingest.backfill.formats_kintell import KINTELL

ENROLLMENT_STATUS: Mapping[str, str] = {
    "enrolled": "enrolled", "in_progress": "in_progress", "completed": "completed", "withdrawn": "withdrawn",
    "failed": "failed", "active": "enrolled", "dropped": "withdrawn",
}  # fmt: skip

ENROLLMENTS = Format(
    "enrollments-v1", "manual", None,
    (
        Column("participant_email", Kind.EMAIL, required=True, also=("email", "user_email")),
        Column("program_slug", required=True, also=("program",)),
        time("enrolled_at", "enrollment_date", required=True),
        Column("status", Kind.CHOICE, required=True, choices=tuple(ENROLLMENT_STATUS)),
        end("completed_at"),
    ),
    key=("participant_email", "program_slug"), file_name=r"enrol",
    in_order=(("enrolled_at", "completed_at"),),
)  # fmt: skip

_COURSE = (
    Column("user_email", Kind.EMAIL, required=True, also=("email", "participant_email")),
    Column("provider", required=True, max_length=50),
    Column("course_id", required=True),
    Column("course_name", required=True),
)

UPSKILLING_COMPLETIONS = Format(
    "upskilling-completions", "upskilling", "upskilling",
    (*_COURSE, time("completed_at", required=True), number("final_score", 100), Column("credential_ref")),
    key=("user_email", "provider", "course_id", "completed_at"), file_name=r"completion|upskilling|course",
)  # fmt: skip

UPSKILLING_CREDENTIALS = Format(
    "upskilling-credentials", "upskilling", "upskilling",
    (
        Column("credential_id", required=True),
        *_COURSE,
        Column(
            "credential_type", Kind.CHOICE, True, choices=("certificate", "badge", "diploma", "transcript")
        ),
        time("issued_at", required=True),
        end("expires_at", may_be_future=True),
        Column("credential_url", max_length=2000),
        Column("verification_code"),
    ),
    key=("provider", "credential_id"), file_name=r"credential|certificate",
    in_order=(("issued_at", "expires_at"),),
)  # fmt: skip

# Each report is a state of its own: a later file adds to what earlier ones said of a course.
UPSKILLING_PROGRESS = Format(
    "upskilling-progress", "upskilling", "upskilling",
    (
        *_COURSE,
        number("progress_percent", 100, required=True),
        Column(
            "status", Kind.CHOICE, True, choices=("enrolled", "in_progress", "completed", "dropped")
        ),
        time("updated_at", required=True),
    ),
    key=("user_email", "provider", "course_id", "updated_at"), file_name=r"progress",
)  # fmt: skip

FORMATS: Mapping[str, Format] = {
    format_.name: format_
    for format_ in (
        *KINTELL,
        ENROLLMENTS,
        UPSKILLING_COMPLETIONS,
        UPSKILLING_CREDENTIALS,
        UPSKILLING_PROGRESS,
        *INGESTED,
        *BUDDY,
    )
}
