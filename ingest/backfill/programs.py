"""Enrolments and completed courses: what a participant joined, and finished, outside of sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import polars as pl

from ingest.attribution import ProgramType, Question
from ingest.backfill.drafts import Draft, Drafts, Stamp, people_of, row_number, rows_of
from ingest.backfill.errors import Reject
from ingest.backfill.formats import ENROLLMENT_STATUS
from ingest.backfill.lookup import EnrollmentRow, Lookup
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.contracts.upskilling import UpskillingCourseCompleted
from ingest.events import entity_id

Platform = Literal["kintell", "upskilling", "mentorship", "manual"]
# How the enrolment contract calls each of our programme types, and the platform that runs it.
PROGRAMS: Mapping[ProgramType, tuple[Any, Platform]] = {
    "language_ukraine": ("language_course", "kintell"),
    "mentors_ukraine": ("mentorship_program", "mentorship"),
    "upskilling": ("upskilling_course", "upskilling"),
    "buddy": ("buddy_program", "manual"),
    "weei": ("other", "manual"),
}


def enrollments(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    people = people_of(lookup, good, "participant_email")
    programs = lookup.programs(good["program_slug"].unique().to_list())
    drafts = Drafts()
    rows = []
    for row in rows_of(good):
        if row["program_slug"] in programs:
            rows.append(row)
        else:
            message = "program_slug is no known programme; import program_instances.csv first"
            drafts.rejects.append(Reject(row_number(row), "E012", message))
    companies = lookup.companies(
        [
            Question(
                row["enrolled_at"].date(),
                programs[row["program_slug"]].program_type,
                people[row["participant_email"]],
                instance_id=programs[row["program_slug"]].instance_id,
            )
            for row in rows
        ]
    )
    for row, company_id in zip(rows, companies, strict=True):
        person_id, program = people[row["participant_email"]], programs[row["program_slug"]]
        enrolled_at, completed_at = row["enrolled_at"], row["completed_at"]
        program_type, platform = PROGRAMS[program.program_type]
        status: Any = ENROLLMENT_STATUS[row["status"]]
        data = IngestEnrollmentCreated(
            source_system=platform,
            user_id=person_id,
            program_type=program_type,
            program_id=program.instance_id,
            program_name=program.program_name,
            enrollment_date=enrolled_at,
            status=status,
            completed_at=completed_at,
        )
        subject = f"enrollment/{person_id}/{program.instance_id}"
        latest: datetime = completed_at or enrolled_at
        drafts.events.append(Draft(row_number(row), data, subject, company_id, stamp.of(latest)))
        drafts.enrollments.append(
            EnrollmentRow(
                person_id,
                program.instance_id,
                status,
                enrolled_at.date(),
                completed_at.date() if completed_at else None,
            )
        )
    return drafts


def course_completions(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    people = people_of(lookup, good, "user_email")
    rows = list(rows_of(good))
    companies = lookup.companies(
        [Question(row["completed_at"].date(), "upskilling", people[row["user_email"]]) for row in rows]
    )
    drafts = Drafts()
    for row, company_id in zip(rows, companies, strict=True):
        user_id = people[row["user_email"]]
        # The export has no id of its own. The day belongs to it: some courses are taken again every year.
        completed_on = row["completed_at"].date()
        completion = f"{user_id}/{row['provider']}/{row['course_id']}/{completed_on}"
        progress_id = entity_id("upskilling", "progress", completion)
        data = UpskillingCourseCompleted(
            progress_id=progress_id,
            user_id=user_id,
            provider=row["provider"],
            course_id=row["course_id"],
            course_name=row["course_name"],
            completed_at=row["completed_at"],
            final_score=row["final_score"],
            credential_ref=row["credential_ref"],
        )
        source_time = stamp.of(row["completed_at"])
        drafts.events.append(Draft(row_number(row), data, f"course/{progress_id}", company_id, source_time))
    return drafts
