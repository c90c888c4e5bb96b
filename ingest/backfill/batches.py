"""The record of each import in `ingest.batches`: one per table of a file, and how far it has come."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ingest.backfill.errors import (
    ERRORS,
    BackfillError,
    FileAlreadyImported,
    FileWithheld,
    ImportRunning,
    UnknownBatch,
)
from ingest.backfill.format import Format
from ingest.backfill.gate import Verdict
from ingest.backfill.source import Source

Status = Literal["completed", "failed", "paused", "withheld", "discarded"]


class Cut(NamedTuple):
    """How many rows of a file land, and are published, at once. A batch keeps its own for good."""

    # About 250 MB at work here, whatever the size of the file; a kill costs at most one chunk.
    chunk_rows: int = 50_000
    # Their events are one block in ClickHouse, some 250 MB there.
    group_rows: int = 250_000


@dataclass
class Batch:
    """One import. Counts are of the rows up to `last_processed_row`, which are settled for good."""

    batch_id: UUID
    file_name: str
    file_format: str
    part: str
    status: str
    started_at: datetime
    total_rows: int
    chunk_rows: int
    group_rows: int
    last_processed_row: int
    published_through_row: int
    success_rows: int
    error_rows: int
    skipped_rows: int
    event_count: int
    error_file_path: str | None
    error_summary: dict[str, Any]
    landed_at: datetime | None
    verdict: dict[str, Any] | None
    kept_path: str | None
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


_COLUMNS = """
select batch_id, file_name, file_format, part, status, coalesce(started_at, created_at) as started_at,
    coalesce(total_rows, 0) as total_rows, chunk_rows, group_rows, last_processed_row,
    published_through_row, success_rows, error_rows,
    skipped_rows, event_count, error_file_path, error_summary, landed_at, verdict, kept_path
from ingest.batches
"""
_FIND = f"{_COLUMNS} where file_sha256 = %s and part = %s and status <> 'discarded'"
_BY_ID = f"{_COLUMNS} where batch_id = %s"

_CREATE = """
insert into ingest.batches
(
    file_name, file_sha256, part, file_bytes, file_format, program_type, source_system, status, total_rows,
    chunk_rows, group_rows, started_at
)
values (
    %(name)s, %(sha256)s, %(part)s, %(bytes)s, %(format)s, %(program)s, %(system)s, 'running', %(rows)s,
    %(chunk)s, %(group)s, now()
)
on conflict (file_sha256, part) where status <> 'discarded' do nothing
"""

_OUT_OF_QUARANTINE = """
update ingest.batches
set file_format = %(format)s, program_type = %(program)s, source_system = %(system)s, status = 'running',
    total_rows = %(rows)s, started_at = now()
where file_sha256 = %(sha256)s and part = %(part)s and status = 'quarantined'
"""

_QUARANTINE = """
insert into ingest.batches
(file_name, file_sha256, part, file_bytes, file_format, source_system, status, kept_path, problem, started_at)
values (
    %(name)s, %(sha256)s, %(part)s, %(bytes)s, 'unknown', 'manual', 'quarantined', %(kept)s, %(problem)s,
    now()
)
on conflict (file_sha256, part) where status <> 'discarded' do update
set problem = excluded.problem, kept_path = excluded.kept_path where batches.status = 'quarantined'
returning batch_id
"""


def open_batch(
    connection: psycopg.Connection, source: Source, format_: Format, cut: Cut, row_count: int
) -> Batch:
    """The batch of this file content, new or unfinished, held by this process until its connection closes."""
    values = {
        "name": source.path.name,
        "sha256": source.sha256,
        "part": source.part,
        "bytes": source.size,
        "format": format_.name,
        "program": format_.program_type,
        "system": format_.source_system,
        "rows": row_count,
        "chunk": cut.chunk_rows,
        "group": cut.group_rows,
    }
    connection.execute(_CREATE, values)
    connection.execute(_OUT_OF_QUARANTINE, values)
    batch = _find(connection, source)
    if batch is None:
        raise BackfillError(f"the batch of {source.path.name} vanished while it was opened; try again")
    _refuse_settled(source, batch)
    hold(connection, batch)
    # Read again under the lock: the process that held it may have finished just now.
    batch = _find(connection, source) or batch
    _refuse_settled(source, batch)
    if batch.file_format != format_.name:
        raise BackfillError(
            f"{source.path.name} was begun as {batch.file_format} (batch {batch.batch_id}); finish it as that"
        )
    connection.execute("update ingest.batches set status = 'running' where batch_id = %s", (batch.batch_id,))
    return batch


def hold(connection: psycopg.Connection, batch: Batch) -> None:
    """Take the batch's lock until the connection closes; raises `ImportRunning` if another process has it."""
    held = connection.execute(
        "select pg_try_advisory_lock(hashtextextended(%s, 0))", (f"batch:{batch.batch_id}",)
    ).fetchone()
    if held != (True,):
        raise ImportRunning(batch.file_name, batch.batch_id)


def already_imported(connection: psycopg.Connection, source: Source) -> None:
    """Raise `FileAlreadyImported` if the same bytes were imported to their end, or wait for a decision."""
    if (batch := _find(connection, source)) is not None:
        _refuse_settled(source, batch)


def batch_by_id(connection: psycopg.Connection, batch_id: UUID) -> Batch:
    with connection.cursor(row_factory=class_row(Batch)) as cursor:
        batch = cursor.execute(_BY_ID, (batch_id,)).fetchone()
    if batch is None:
        raise UnknownBatch(f"no batch has the id {batch_id}")
    return batch


def keep_in_quarantine(connection: psycopg.Connection, source: Source, kept_path: str, problem: str) -> UUID:
    """Record a file that no programme claims; the same content again is the same record."""
    values = {
        "name": source.path.name, "sha256": source.sha256, "part": source.part, "bytes": source.size,
        "kept": kept_path, "problem": problem,
    }  # fmt: skip
    row = connection.execute(_QUARANTINE, values).fetchone()
    if row is None:
        raise BackfillError(f"{source.path.name} is being imported by another process; wait for it")
    batch_id: UUID = row[0]
    return batch_id


def save_checkpoint(connection: psycopg.Connection, batch: Batch, error_file_bytes: int) -> None:
    """Settle the rows up to `batch.last_processed_row`."""
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


def mark_landed(connection: psycopg.Connection, batch: Batch) -> None:
    row = connection.execute(
        "update ingest.batches set landed_at = now() where batch_id = %s returning landed_at",
        (batch.batch_id,),
    ).fetchone()
    batch.landed_at = row[0] if row else None


def save_verdict(connection: psycopg.Connection, batch: Batch, verdict: Verdict) -> None:
    batch.verdict = asdict(verdict)
    connection.execute(
        "update ingest.batches set verdict = %s where batch_id = %s",
        (json.dumps(batch.verdict), batch.batch_id),
    )


def save_published(
    connection: psycopg.Connection, batch: Batch, through_row: int, known: int, rows: int
) -> None:
    """Settle a published group: `known` events were there before, and all events of `rows` rows were."""
    connection.execute(
        "update ingest.batches set published_through_row = %s, event_count = event_count - %s,"
        " success_rows = success_rows - %s, skipped_rows = skipped_rows + %s where batch_id = %s",
        (through_row, known, rows, rows, batch.batch_id),
    )


def close_batch(
    connection: psycopg.Connection, batch_id: UUID, status: Status, *, decided_by: str | None = None
) -> None:
    connection.execute(
        "update ingest.batches set status = %s, finished_at = now(),"
        " decided_by = coalesce(%s, decided_by),"
        " decided_at = case when %s::text is null then decided_at else now() end where batch_id = %s",
        (status, decided_by, decided_by, batch_id),
    )


def categories(errors: Mapping[str, int]) -> Counter[str]:
    """Rejected rows by category."""
    counted: Counter[str] = Counter()
    for code, count in errors.items():
        counted[ERRORS[code].category] += count
    return counted


def _refuse_settled(source: Source, batch: Batch) -> None:
    if batch.status == "completed":
        raise FileAlreadyImported(source.path.name, batch.batch_id, batch.file_name)
    if batch.status == "withheld":
        raise FileWithheld(source.path.name, batch.batch_id)


def _find(connection: psycopg.Connection, source: Source) -> Batch | None:
    with connection.cursor(row_factory=class_row(Batch)) as cursor:
        return cursor.execute(_FIND, (source.sha256, source.part)).fetchone()
