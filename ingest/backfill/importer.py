"""Imports a file's table: look it over, land it chunk by chunk from where it stopped, judge, publish."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import psycopg

from ingest.backfill.ahead import ahead
from ingest.backfill.batches import (
    Batch,
    Cut,
    already_imported,
    close_batch,
    mark_landed,
    open_batch,
    save_verdict,
)
from ingest.backfill.builders import BUILDERS
from ingest.backfill.cells import Context, to_utc
from ingest.backfill.check import Checked, Checker
from ingest.backfill.detect import columns_of, detect
from ingest.backfill.drafts import Drafts, Stamp
from ingest.backfill.error_file import ErrorFile
from ingest.backfill.errors import Quarantined, UnknownFormat, UnreadableFile
from ingest.backfill.format import Format
from ingest.backfill.gate import Gate, LandedBatch, Verdict
from ingest.backfill.lookup import Lookup, programs_between
from ingest.backfill.publish import publish_batch
from ingest.backfill.quarantine import quarantine
from ingest.backfill.scan import Overview, scan
from ingest.backfill.source import Source
from ingest.backfill.tables import open_tables
from ingest.backfill.writer import (
    Chunk,
    ErasedMeanwhileError,
    chunk_of,
    keep_no_erased_rejects,
    land_chunk,
)
from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection


@dataclass(frozen=True)
class BatchResult:
    """What became of a table's rows: each is counted once, as success, error or skipped."""

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
    status: str = "completed"  # or withheld
    verdict: dict[str, Any] | None = None  # what the gate said
    part: str = ""  # which table of a file of several
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Progress:
    """How far an import is: after each chunk that landed, then after each group that is published."""

    rows_done: int
    total_rows: int
    error_rows: int
    event_count: int
    stage: str = "landing"


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Options:
    """How to import, whatever is imported."""

    error_folder: Path
    format_name: str | None = None
    exported_at: datetime | None = None
    dry_run: bool = False
    gate: Gate | None = None
    on_progress: OnProgress | None = None
    cut: Cut = field(default_factory=Cut)
    encoding: str | None = None


def import_file(path: Path, settings: StoreSettings, **options: Any) -> BatchResult:
    """Import a file of one table, or go on with an import that was interrupted. `Options` are the options.

    Raises `FileAlreadyImported` for bytes that were imported before (`FileWithheld` if they wait for a
    decision), `UnreadableFile` for a file that is no table we know, `Quarantined` for one that no programme
    claims, `ImportRunning` while another process has it. `exported_at` is when the source wrote the file,
    should it not say so itself; it decides which of two versions of a fact is newer.
    """
    chosen = Options(**options)
    sources = open_tables(path, encoding=chosen.encoding)
    if len(sources) > 1:
        raise UnreadableFile(
            f"{path.name} holds {len(sources)} tables ({', '.join(source.part for source in sources)});"
            " import it with import_tables, one batch for each"
        )
    return import_source(sources[0], settings, chosen)


def import_tables(path: Path, settings: StoreSettings, **options: Any) -> Iterator[BatchResult]:
    """Import every table of a file, those first that others refer to. As `import_file`, a batch per table."""
    chosen = Options(**options)
    for source in open_tables(path, encoding=chosen.encoding):
        yield import_source(source, settings, chosen)


def import_source(source: Source, settings: StoreSettings, options: Options) -> BatchResult:
    """Import one table."""
    started = perf_counter()
    with ExitStack() as stack:
        connection = stack.enter_context(closing(postgres_connection(settings, autocommit=True)))
        already_imported(connection, source)
        try:
            format_ = detect(
                source,
                options.format_name,
                programs_between=lambda *days: programs_between(connection, *days),
            )
        except UnknownFormat as unknown:
            if options.dry_run or options.format_name:
                raise
            batch_id = quarantine(
                connection, source, options.error_folder.parent / "quarantine", str(unknown)
            )
            raise Quarantined(unknown, batch_id) from None
        columns = columns_of(format_, source)
        overview = scan(source, format_, columns, chunk_rows=options.cut.chunk_rows)
        reader = stack.enter_context(closing(postgres_connection(settings, autocommit=True)))
        master = None if options.dry_run else MasterKeys.of(settings)  # before anything is begun
        work = _Work(source, format_, columns, overview, options, reader, master)
        if options.dry_run:
            return work.judge_only(started)
        batch = open_batch(connection, source, format_, options.cut, overview.row_count)
        stack.enter_context(_failed_on_error(connection, batch))
        resumed_after = batch.last_processed_row
        # Where it was begun: the folder may be another one now.
        begun = Path(batch.error_file_path) if batch.error_file_path else None
        name = f"{Path(source.path.name).stem}-{batch.batch_id}.csv"
        error_file = ErrorFile(begun or options.error_folder / name, source, batch.error_file_bytes)
        # Uncompressed: to pack the events costs as much as to read them, and the wire is the machine's own or
        # a data centre's.
        clickhouse = stack.enter_context(closing(clickhouse_client(settings, compress=False)))
        if options.gate is not None:
            options.gate.prepare()
        while batch.landed_at is None:
            # Somebody was erased between reading a chunk and landing it: it is read again.
            with suppress(ErasedMeanwhileError), closing(ahead(work.chunks(batch), depth=1)) as chunks:
                for chunk in chunks:
                    land_chunk(connection, clickhouse, batch, error_file, chunk)
                    work.report(batch)
                mark_landed(connection, batch)
        if options.gate is not None and not _passes(options.gate, batch, source, clickhouse, connection):
            close_batch(connection, batch.batch_id, "withheld")
            batch.status = "withheld"
        else:
            publish_batch(
                settings, connection, batch, on_published=lambda _: work.report(batch, "publishing")
            )
            close_batch(connection, batch.batch_id, "completed")
            batch.status = "completed"
    return _result(source, batch, error_file, resumed_after, perf_counter() - started)


@dataclass
class _Work:
    """One import's reading and judging: all that needs no store but Postgres, and that only to look up."""

    source: Source
    format_: Format
    columns: dict[str, str]
    overview: Overview
    options: Options
    reader: psycopg.Connection
    master: MasterKeys | None  # None: nothing is written

    def chunks(self, batch: Batch) -> Iterator[Chunk]:
        """The chunks that have not landed yet, ready to land."""
        stamp = Stamp(self._exported_at(), batch.started_at)
        lookup = Lookup(self.reader)
        if self.master is None:
            raise TypeError("a dry run lands nothing")
        keys = BlockingTextKeys(self.reader, self.master)
        judged = self._checked(batch.started_at, batch.last_processed_row, batch.chunk_rows)
        # Judging looks nothing up: the next chunk is judged while this one is built.
        with closing(ahead(judged, depth=1)) as judged_ahead:
            for cells, checked in judged_ahead:
                generation = lookup.refresh()
                drafts = self._drafts(checked, lookup, stamp)
                keep_no_erased_rejects(cells, checked, drafts, lookup.tombstones)
                yield chunk_of(cells, checked, drafts, batch, keys, generation)

    def judge_only(self, started: float) -> BatchResult:
        """Count what would become of each row. Reads the stores and writes nothing at all."""
        now = datetime.now(UTC)
        batch = Batch(
            uuid4(), self.source.path.name, self.format_.name, self.source.part, "dry run", now,
            self.overview.row_count, *self.options.cut, 0, 0, 0, 0, 0, 0, None, {}, None, None, None,
        )  # fmt: skip
        stamp, lookup = Stamp(self._exported_at(), now), Lookup(self.reader, writes=False)
        lookup.refresh()
        for _, checked in self._checked(now, 0, batch.chunk_rows):
            drafts = self._drafts(checked, lookup, stamp)
            rejects = [*checked.rejects, *drafts.rejects]
            batch.errors.update(reject.code for reject in rejects)
            batch.error_rows += len(rejects)
            batch.success_rows += drafts.row_count()
            batch.skipped_rows += checked.row_count - len(rejects) - drafts.row_count()
            batch.event_count += sum(frame.height for frame in drafts.events)
            batch.warnings.update(checked.warnings)
            batch.warnings.update(drafts.warnings)
            self.report(batch, "judging")
        return _result(self.source, batch, None, 0, perf_counter() - started)

    def report(self, batch: Batch, stage: str = "landing") -> None:
        if self.options.on_progress is not None:
            done = batch.published_through_row if stage == "publishing" else _settled_rows(batch)
            total = self.overview.row_count
            self.options.on_progress(
                Progress(min(done, total), total, batch.error_rows, batch.event_count, stage)
            )

    def _checked(
        self, now: datetime, settled_row: int, chunk_rows: int
    ) -> Iterator[tuple[pl.DataFrame, Checked]]:
        checker = Checker(self.format_, self.columns, self.overview, Context(now, self.overview.scales))
        for cells in self.source.chunks(chunk_rows):
            is_settled = cells["_row"][-1] <= settled_row
            # Settled chunks are judged again only if the checker has to know which ids they held.
            if is_settled and not checker.remembers:
                continue
            checked = checker.check(cells)
            if not is_settled:
                yield cells, checked

    def _drafts(self, checked: Checked, lookup: Lookup, stamp: Stamp) -> Drafts:
        if not checked.good.height:
            return Drafts()
        drafts = BUILDERS[self.format_.name](checked.good, lookup, stamp)
        if len(lookup.tombstones):
            drafts.leave_out_erased()
        return drafts

    def _exported_at(self) -> datetime | None:
        told = self.source.metadata.get("export_date")
        moment = to_utc(pl.Series([told], dtype=pl.String)).item() if told else None
        return self.options.exported_at or (moment if isinstance(moment, datetime) else None)


def _passes(
    gate: Gate, batch: Batch, source: Source, clickhouse: Any, connection: psycopg.Connection
) -> bool:
    verdict: Verdict = gate.judge(
        LandedBatch(
            batch.batch_id, batch.file_name, batch.file_format, batch.total_rows, batch.success_rows,
            batch.error_rows, batch.skipped_rows, batch.event_count, dict(batch.errors),
            dict(+batch.warnings), clickhouse, connection,
        )
    )  # fmt: skip
    save_verdict(connection, batch, verdict)
    return verdict.passed


def _settled_rows(batch: Batch) -> int:
    return batch.success_rows + batch.error_rows + batch.skipped_rows


def _result(
    source: Source, batch: Batch, error_file: ErrorFile | None, resumed_after: int, seconds: float
) -> BatchResult:
    return BatchResult(
        None if error_file is None else batch.batch_id,
        source.path.name,
        batch.file_format,
        batch.total_rows,
        batch.success_rows,
        batch.error_rows,
        batch.skipped_rows,
        batch.event_count,
        dict(sorted(batch.errors.items())),
        {code: count for code, count in sorted(batch.warnings.items()) if count},
        error_file.path if error_file and error_file.size else None,
        resumed_after,
        seconds,
        batch.status,
        batch.verdict,
        source.part,
        source.encoding.name,
    )


@contextlib.contextmanager
def _failed_on_error(connection: psycopg.Connection, batch: Batch) -> Iterator[None]:
    try:
        yield
    except BaseException as interruption:
        with contextlib.suppress(psycopg.Error):  # the reason may be that Postgres is gone
            close_batch(
                connection, batch.batch_id, "failed" if isinstance(interruption, Exception) else "paused"
            )
        raise
