"""The record of each import in `ingest.batches`: one per file content, and how far it has come."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ingest.backfill.errors import ERRORS, BackfillError, FileAlreadyImported, ImportRunning
from ingest.backfill.formats import Format
from ingest.backfill.source import Source


@dataclass
class Batch:
    """One import. Counts are of the rows up to `last_processed_row`, which are settled for good."""

    batch_id: UUID
    file_name: str
    file_format: str
    status: str
    started_at: datetime
    last_processed_row: int
    success_rows: int
    error_rows: int
    skipped_rows: int
    event_count: int
    error_file_path: str | None
    error_summary: dict[str, Any]
    errors: Counter[str] = field(init=False)  # rejected rows by code
    warnings: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.started_at = self.started_at.astimezone(UTC)
        self.errors = Counter(self.error_summary.get("errors", {}))
        self.warnings = Counter(self.error_summary.get("warnings", {}))

    @property
    def error_file_bytes(self) -> int:
        """How much of the error file belongs to settled rows; a killed process may have written more."""
        return int(self.error_summary.get("error_file_bytes", 0))


_FIND = """
select batch_id, file_name, file_format, status, started_at, last_processed_row, success_rows, error_rows,
    skipped_rows, event_count, error_file_path, error_summary
from ingest.batches
where file_sha256 = %s
"""

_CREATE = """
insert into ingest.batches
(file_name, file_sha256, file_bytes, file_format, program_type, source_system, status, total_rows, started_at)
values (%(name)s, %(sha256)s, %(bytes)s, %(format)s, %(program)s, %(system)s, 'running', %(rows)s, now())
on conflict (file_sha256) do nothing
"""


def open_batch(connection: psycopg.Connection, source: Source, format_: Format, row_count: int) -> Batch:
    """The batch of this file content, new or unfinished, held by this process until its connection closes."""
    connection.execute(
        _CREATE,
        {
            "name": source.path.name,
            "sha256": source.sha256,
            "bytes": source.size,
            "format": format_.name,
            "program": format_.program_type,
            "system": format_.source_system,
            "rows": row_count,
        },
    )
    batch = _find(connection, source.sha256)
    if batch is None:
        raise BackfillError(f"the batch of {source.path.name} vanished while it was opened; try again")
    if batch.status == "completed":
        raise FileAlreadyImported(source.path.name, batch.batch_id, batch.file_name)
    held = connection.execute(
        "select pg_try_advisory_lock(hashtextextended(%s, 0))", (f"batch:{batch.batch_id}",)
    ).fetchone()
    if held != (True,):
        raise ImportRunning(source.path.name, batch.batch_id)
    # Read again under the lock: the process that held it may have finished just now.
    batch = _find(connection, source.sha256) or batch
    if batch.status == "completed":
        raise FileAlreadyImported(source.path.name, batch.batch_id, batch.file_name)
    if batch.file_format != format_.name:
        raise BackfillError(
            f"{source.path.name} was begun as {batch.file_format} (batch {batch.batch_id}); finish it as that"
        )
    connection.execute("update ingest.batches set status = 'running' where batch_id = %s", (batch.batch_id,))
    return batch


def already_imported(connection: psycopg.Connection, source: Source) -> None:
    """Raise `FileAlreadyImported` if the same bytes were imported to their end."""
    batch = _find(connection, source.sha256)
    if batch is not None and batch.status == "completed":
        raise FileAlreadyImported(source.path.name, batch.batch_id, batch.file_name)


def save_checkpoint(connection: psycopg.Connection, batch: Batch, error_file_bytes: int) -> None:
    """Settle the rows up to `batch.last_processed_row`; part of the transaction that claims their events."""
    batch.error_summary = {
        "errors": dict(batch.errors),
        "categories": dict(categories(batch.errors)),
        "warnings": {code: count for code, count in batch.warnings.items() if count},
        "error_file_bytes": error_file_bytes,
    }
    connection.execute(
        "update ingest.batches set last_processed_row = %s, success_rows = %s, error_rows = %s,"
        " skipped_rows = %s, event_count = %s, error_file_path = %s, error_summary = %s where batch_id = %s",
        (
            batch.last_processed_row, batch.success_rows, batch.error_rows, batch.skipped_rows,
            batch.event_count, batch.error_file_path, json.dumps(batch.error_summary), batch.batch_id,
        ),
    )  # fmt: skip


def close_batch(
    connection: psycopg.Connection, batch_id: UUID, status: Literal["completed", "failed", "paused"]
) -> None:
    connection.execute(
        "update ingest.batches set status = %s, finished_at = now() where batch_id = %s", (status, batch_id)
    )


def categories(errors: Mapping[str, int]) -> Counter[str]:
    """Rejected rows by category."""
    counted: Counter[str] = Counter()
    for code, count in errors.items():
        counted[ERRORS[code].category] += count
    return counted


def _find(connection: psycopg.Connection, sha256: bytes) -> Batch | None:
    with connection.cursor(row_factory=class_row(Batch)) as cursor:
        return cursor.execute(_FIND, (sha256,)).fetchone()
