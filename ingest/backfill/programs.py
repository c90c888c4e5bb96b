"""Who is in which programme, and which courses were completed and certified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from ingest.attribution import ProgramType
from ingest.backfill.drafts import Drafts, Stamp, event_frame
from ingest.backfill.errors import Reject
from ingest.backfill.formats import ENROLLMENT_STATUS
from ingest.backfill.ids import entity_ids
from ingest.backfill.lookup import Lookup
from ingest.backfill.source import ROW
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.contracts.upskilling import (
    UpskillingCourseCompleted,
    UpskillingCredentialIssued,
    UpskillingProgressUpdated,
)

Platform = Literal["kintell", "upskilling", "mentorship", "manual"]
# How the enrolment contract calls each of our programme types, and the platform that runs it.
PROGRAMS: Mapping[ProgramType, tuple[str, Platform]] = {
    "language_ukraine": ("language_course", "kintell"),
    "mentors_ukraine": ("mentorship_program", "mentorship"),
    "upskilling": ("upskilling_course", "upskilling"),
    "buddy": ("buddy_program", "manual"),
    "weei": ("other", "manual"),
}


def enrollments(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = lookup.programs(good, "program_slug")
    message = "program_slug is no known programme; import program_instances.csv first"
    drafts.rejects += [
        Reject(row, "E012", message) for row in rows.filter(pl.col("program_id").is_null())[ROW].to_list()
    ]
    rows = lookup.people(rows.filter(pl.col("program_id").is_not_null()), {"participant_email": "user_id"})
    rows = lookup.companies(
        rows, on=pl.col("enrolled_at"), program_type=pl.col("program_type"), participant="user_id",
        instance="program_id",
    )  # fmt: skip
    program = pl.col("program_type")
    fields = {
        "source_system": program.replace_strict({ours: platform for ours, (_, platform) in PROGRAMS.items()}),
        "program_type": program.replace_strict({ours: theirs for ours, (theirs, _) in PROGRAMS.items()}),
        "enrollment_date": pl.col("enrolled_at"),
        "status": pl.col("status").replace_strict(dict(ENROLLMENT_STATUS)),
    }
    subject = pl.concat_str(pl.lit("enrollment/"), "user_id", pl.lit("/"), "program_id")
    latest = pl.coalesce("completed_at", "enrolled_at")
    drafts.events.append(
        event_frame(IngestEnrollmentCreated, rows, subject=subject, source_time=stamp.of(latest), also=fields)
    )
    return drafts


def course_completions(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = lookup.people(good, {"user_email": "user_id"})
    rows = lookup.companies(rows, on=pl.col("completed_at"), program_type="upskilling", participant="user_id")
    # The export has no id of its own. The day belongs to it: some courses are taken again every year.
    completion = rows.select(
        pl.concat_str("user_id", "provider", "course_id", pl.col("completed_at").dt.date(), separator="/")
    ).to_series()
    rows = rows.with_columns(entity_ids("upskilling", "progress", completion).alias("progress_id"))
    subject = pl.concat_str(pl.lit("course/"), "progress_id")
    source_time = stamp.of(pl.col("completed_at"))
    return Drafts([event_frame(UpskillingCourseCompleted, rows, subject=subject, source_time=source_time)])


def course_progress(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = lookup.people(good, {"user_email": "user_id"})
    rows = lookup.companies(rows, on=pl.col("updated_at"), program_type="upskilling", participant="user_id")
    course = rows.select(pl.concat_str("user_id", "provider", "course_id", separator="/")).to_series()
    rows = rows.with_columns(entity_ids("upskilling", "course-progress", course).alias("progress_id"))
    subject = pl.concat_str(pl.lit("progress/"), "progress_id")
    source_time = stamp.of(pl.col("updated_at"))
    return Drafts([event_frame(UpskillingProgressUpdated, rows, subject=subject, source_time=source_time)])


def credentials(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = lookup.people(good, {"user_email": "user_id"})
    rows = lookup.companies(rows, on=pl.col("issued_at"), program_type="upskilling", participant="user_id")
    # Two platforms may count their certificates alike.
    own = rows["provider"] + "/" + rows["credential_id"]
    rows = rows.with_columns(
        pl.concat_str(pl.lit("credential/"), own).alias("subject"),
        entity_ids("upskilling", "credential", own).alias("credential_id"),
    )
    return Drafts(
        [
            event_frame(
                UpskillingCredentialIssued, rows,
                subject=pl.col("subject"), source_time=stamp.of(pl.col("issued_at")),
            )
        ]
    )  # fmt: skip
