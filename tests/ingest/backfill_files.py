"""Small files for the backfill tests, with ids of their own so that tests do not meet, and their outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult
from ingest.backfill.batches import Cut
from ingest.stores import StoreSettings
from tests.text_keys import FILE, as_written

TENS = Cut(10, 10)

LANGUAGE = (
    "session_id,participant_email,volunteer_email,scheduled_at,completed_at,duration_minutes,rating,feedback_text,"
    "language_level,topics,metadata"
)


@dataclass
class LanguageFile:
    """Rows of a Kintell language export; `row` starts from a good one and changes what a test is about."""

    path: Path
    tag: str = field(default_factory=lambda: uuid4().hex[:12])
    rows: list[str] = field(default_factory=list)
    delimiter: str = ","

    def id_of(self, number: int) -> str:
        return f"LS-{self.tag}-{number}"

    def row(self, number: int, **changed: str) -> LanguageFile:
        cells = {
            "session_id": self.id_of(number),
            "participant_email": f"oksana{number % 7}.{self.tag}@example.org",
            "volunteer_email": f"ingrid{number % 3}.{self.tag}@example.com",
            "scheduled_at": "2025-10-02T16:00:00Z",
            "completed_at": "2025-10-02T16:47:00Z",
            "duration_minutes": "47",
            "rating": "4.5",
            "feedback_text": '"Snakket om jobb, veldig nyttig"',
            "language_level": "B1",
            "topics": '"work,daily life"',
            "metadata": '"{""room"":""k-17""}"',
            **changed,
        }
        self.rows.append(self.delimiter.join(cells.values()))
        return self

    def good(self, count: int) -> LanguageFile:
        for number in range(1, count + 1):
            self.row(number)
        return self

    def write(self, *, header: str = LANGUAGE, newline: str = "\n", before: bytes = b"") -> Path:
        header = header.replace(",", self.delimiter)
        self.path.write_bytes(before + newline.join([header, *self.rows, ""]).encode())
        return self.path


def written(clickhouse: ClickHouseClient, batch_id: UUID | None) -> list[dict[str, Any]]:
    """The batch's rows as they are on disk, texts opened: no duplicate is hidden by a merge in the query."""
    result = clickhouse.query(
        "select * from raw.events where startsWith(origin, {origin:String}) order by subject, event_type",
        parameters={"origin": f"batch:{batch_id}:"},
    )
    return as_written([dict(row) for row in result.named_results()])


def counts(result: BatchResult) -> tuple[int, int, int, int, int]:
    return (
        result.total_rows,
        result.success_rows,
        result.skipped_rows,
        result.error_rows,
        result.event_count,
    )


def stored_counts(postgres: psycopg.Connection, batch_id: UUID | None) -> tuple[Any, ...] | None:
    return postgres.execute(
        "select total_rows, success_rows, skipped_rows, error_rows, event_count, status"
        " from ingest.batches where batch_id = %s", (batch_id,),
    ).fetchone()  # fmt: skip


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


class Programme:
    """A company with an instance of a programme, known before the files come."""

    def __init__(self, postgres: psycopg.Connection, program_type: str) -> None:
        self.company, self.instance, self.slug = uuid4(), uuid4(), str(uuid4())
        postgres.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (self.company, self.slug)
        )
        postgres.execute(
            "insert into ingest.program_instances (program_instance_id, company_id, program_type,"
            " program_name, program_slug, start_date) values (%s, %s, %s, 'Autumn', %s, '2025-01-01')",
            (self.instance, self.company, program_type, self.slug),
        )


def environment(settings: StoreSettings) -> dict[str, str]:
    urls = {f"{store}_url" for store in ("postgres", "clickhouse", "nats")}
    return {
        **{name.upper(): getattr(settings, name).get_secret_value() for name in urls},
        FILE: str(settings.impact_text_keys_file),
    }
