"""Progress in courses from files: a state per report, named as the learning platforms' webhooks name it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult
from ingest.events import entity_id
from tests.ingest.arrangements import email, enrol
from tests.ingest.backfill_files import write, written
from tests.ingest.test_backfill_ingested import person

HEADER = "user_email,provider,course_id,course_name,progress_percent,status,updated_at"


def test_each_report_is_an_event_of_one_subject_named_as_the_webhook_names_it(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    address, person_id = person(postgres)
    company = enrol(postgres, person_id, "upskilling")
    result = run(
        write(
            tmp_path / "progress.csv",
            HEADER,
            f"{address},itslearning,NO-2,Norwegian A2,20,in_progress,2025-03-01T10:00:00Z",
            f"{address},itslearning,NO-2,Norwegian A2,60,in_progress,2025-04-01T10:00:00Z",
            f"{address},itslearning,NO-2,Norwegian A2,60,in_progress,2025-04-01T10:00:00Z",
        )
    )
    assert (result.success_rows, result.skipped_rows, result.event_count) == (2, 1, 2)
    rows = sorted(written(clickhouse, result.batch_id), key=lambda row: row["event_time"])
    progress_id = entity_id("upskilling", "course-progress", f"{person_id}/itslearning/NO-2")
    assert [row["subject"] for row in rows] == [f"progress/{progress_id}"] * 2
    assert [row["company_id"] for row in rows] == [company] * 2
    assert [json.loads(row["data"])["progressPercent"] for row in rows] == [20, 60]


def test_two_reports_of_one_moment_contradict_each_other(
    run: Callable[..., BatchResult], tmp_path: Path
) -> None:
    start = f"{email()},itslearning,NO-2,Norwegian A2"
    result = run(
        write(
            tmp_path / "progress.csv",
            HEADER,
            f"{start},20,in_progress,2025-03-01T10:00:00Z",
            f"{start},30,in_progress,2025-03-01T10:00:00Z",
            f"{start},101,in_progress,2025-03-02T10:00:00Z",
        )
    )
    assert (result.success_rows, result.errors) == (1, {"E010": 1, "E008": 1})
