"""Imports one file: look it over, then judge, resolve and store it chunk by chunk, from where it stopped."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

import polars as pl
import psycopg

from ingest.backfill.batches import Batch, already_imported, close_batch, open_batch
from ingest.backfill.builders import BUILDERS
from ingest.backfill.cells import Context, to_utc
from ingest.backfill.check import Checker
from ingest.backfill.detect import columns_of, detect
from ingest.backfill.drafts import Drafts, Stamp
from ingest.backfill.error_file import ErrorFile
from ingest.backfill.formats import Format
from ingest.backfill.lookup import Lookup
from ingest.backfill.scan import Overview, scan
from ingest.backfill.source import Source, open_source
from ingest.backfill.writer import Chunk, store_chunk
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection

CHUNK_ROWS = 50_000  # about 300 MB at work, whatever the size of the file; a kill costs at most one chunk


@dataclass(frozen=True)
class BatchResult:
    """What became of a file's rows: each is counted once, as success, error or skipped."""

    batch_id: UUID | None  # None after a dry run
    file_name: str
    file_format: str
    total_rows: int
    success_rows: int
    error_rows: int
    skipped_rows: int  # said before, by an earlier row of the file or by an event the platform already has
    event_count: int
    errors: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    error_file: Path | None = None
    resumed_after_row: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Progress:
    """How far an import is, after each chunk."""

    rows_done: int
    total_rows: int
    error_rows: int
    event_count: int


OnProgress = Callable[[Progress], None]


def import_file(
    path: Path,
    settings: StoreSettings,
    *,
    error_folder: Path,
    format_name: str | None = None,
    exported_at: datetime | None = None,
    dry_run: bool = False,
    on_progress: OnProgress | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> BatchResult:
    """Import a file, or go on with an import that was interrupted.

    Raises `FileAlreadyImported` for bytes that were imported before, `UnreadableFile` or `UnknownFormat` for
    a file that is no table we know, `ImportRunning` while another process has it. `exported_at` is when the
    source wrote the file, should it not say so itself; it decides which of two versions of a fact is newer.
    """
    started = perf_counter()
    source = open_source(path)
    format_ = detect(source, format_name)
    columns = columns_of(format_, source)
    with ExitStack() as stack:
        connection = stack.enter_context(closing(postgres_connection(settings, autocommit=True)))
        already_imported(connection, source)
        overview = scan(source, format_, columns, chunk_rows=chunk_rows)
        if dry_run:
            return _judge_only(source, format_, columns, overview, chunk_rows, on_progress)
        batch = open_batch(connection, source, format_, overview.row_count)
        resumed_after = batch.last_processed_row
        clickhouse = stack.enter_context(closing(clickhouse_client(settings)))
        stack.enter_context(_status_on_exit(connection, batch))
        error_file = ErrorFile(
            error_folder / f"{path.stem}-{batch.batch_id}.csv", source, batch.error_file_bytes
        )
        checker = Checker(format_, columns, overview, Context(batch.started_at, overview.scales))
        stamp = Stamp(exported_at or _exported_at(source), batch.started_at)
        lookup = Lookup(connection)
        for cells in source.chunks(chunk_rows):
            # Settled chunks are judged again too, since the checker has to know which ids they held.
            checked = checker.check(cells)
            if checked.last_row <= resumed_after:
                continue
            drafts = BUILDERS[format_.name](checked.good, lookup, stamp) if checked.good.height else Drafts()
            store_chunk(
                connection, clickhouse, batch, error_file, Chunk(cells, cells.item(0, 0), checked, drafts)
            )
            if on_progress:
                done = batch.success_rows + batch.error_rows + batch.skipped_rows
                on_progress(Progress(done, overview.row_count, batch.error_rows, batch.event_count))
    return BatchResult(
        batch.batch_id,
        path.name,
        format_.name,
        overview.row_count,
        batch.success_rows,
        batch.error_rows,
        batch.skipped_rows,
        batch.event_count,
        dict(sorted(batch.errors.items())),
        {code: count for code, count in sorted(batch.warnings.items()) if count},
        error_file.path if error_file.size else None,
        resumed_after,
        perf_counter() - started,
    )


@contextlib.contextmanager
def _status_on_exit(connection: psycopg.Connection, batch: Batch) -> Iterator[None]:
    try:
        yield
    except BaseException as interruption:
        with contextlib.suppress(psycopg.Error):  # the reason may be that Postgres is gone
            close_batch(
                connection, batch.batch_id, "failed" if isinstance(interruption, Exception) else "paused"
            )
        raise
    close_batch(connection, batch.batch_id, "completed")


def _judge_only(
    source: Source,
    format_: Format,
    columns: dict[str, str],
    overview: Overview,
    chunk_rows: int,
    on_progress: OnProgress | None,
) -> BatchResult:
    checker = Checker(format_, columns, overview, Context(datetime.now(UTC), overview.scales))
    good = repeated = done = 0
    errors: Counter[str] = Counter()
    for cells in source.chunks(chunk_rows):
        checked = checker.check(cells)
        good += checked.good.height
        repeated += checked.repeated_count
        done += checked.row_count
        errors.update(reject.code for reject in checked.rejects)
        if on_progress:
            on_progress(Progress(done, overview.row_count, errors.total(), 0))
    return BatchResult(
        None, source.path.name, format_.name, overview.row_count, good, errors.total(), repeated, 0,
        dict(sorted(errors.items())),
    )  # fmt: skip


def _exported_at(source: Source) -> datetime | None:
    told = source.metadata.get("export_date")
    moment = to_utc(pl.Series([told], dtype=pl.String)).item() if told else None
    return moment if isinstance(moment, datetime) else None
