"""Lands one chunk exactly once: its events in `raw.landed_events`, its checkpoint in Postgres.

1. insert the events table by table, each with the token `<batch>:<rows>:<number>`;
2. write the rejected rows to the error file;
3. settle the counts (`ingest.batches`) and the people beside the events, in one transaction.

Killed before 1, nothing happened. Killed between 1 and 3, the next attempt inserts with the same tokens,
which ClickHouse then ignores. Nobody reads landed rows but the gate, which is asked when all are there.
"""

from __future__ import annotations

from copy import copy, deepcopy
from typing import NamedTuple
from uuid import UUID

import polars as pl
import psycopg
import pyarrow as pa
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from ingest.backfill.batches import Batch, save_checkpoint
from ingest.backfill.check import Checked
from ingest.backfill.drafts import Drafts
from ingest.backfill.error_file import ErrorFile
from ingest.backfill.source import ROW
from ingest.sealing.columns import sealed
from ingest.sealing.keys import BlockingTextKeys
from ingest.tombstones import Kind, Tombstones

_PROVIDERS: tuple[Kind, ...] = ("buddy", "kintell", "upskilling")
_LAND_PERSON = """
copy ingest.landed_people (
    batch_id, file_row, person_id, buddy_external_id, first_name, last_name, program_type, role, joined_on
) from stdin
"""


class Landing(NamedTuple):
    """Rows of one event type as they are sent: written down ahead, which takes as long as to send them."""

    columns: list[str]
    rows: pa.Buffer  # in ClickHouse's format Arrow
    row_count: int


class Chunk(NamedTuple):
    """A chunk ready to be landed."""

    checked: Checked
    drafts: Drafts
    first_row: int
    row_count: int  # that became anything
    events: list[Landing]  # each in the order of the file
    rejected_cells: pl.DataFrame
    generation: int = 0  # of the tombstones it was made under


class ErasedMeanwhileError(Exception):
    """A person was erased after the chunk was made: make it again."""


def chunk_of(
    cells: pl.DataFrame,
    checked: Checked,
    drafts: Drafts,
    batch: Batch,
    keys: BlockingTextKeys,
    generation: int = 0,
) -> Chunk:
    """A chunk as it will be stored. The longer part of the work, and none of it waits for a store."""
    rejected = [reject.row for reject in (*checked.rejects, *drafts.rejects)]
    return Chunk(
        checked, drafts, cells.item(0, ROW), drafts.row_count(), landed_rows(drafts, batch, keys),
        cells.filter(pl.col(ROW).is_in(rejected)), generation,
    )  # fmt: skip


def landed_rows(drafts: Drafts, batch: Batch, keys: BlockingTextKeys) -> list[Landing]:
    """Drafts as rows of `raw.landed_events`, which gives them the ids that follow from their content.

    What they say is there twice where it holds a text: as written, to be judged, and sealed, to be published.

    A table for each type: its rows are in the order of the file, as `raw.landed_events` is, and need no sort.
    """
    source = f"/backfill/{batch.file_format.split('-')[0]}"
    return [
        _landing(
            sealed(rows, keys).with_columns(
                _alike(str(batch.batch_id)).alias("batch_id"),
                _alike(source).alias("source"),
                _alike(rows.item(0, "event_type")).alias("event_type"),
            )
        )
        for rows in drafts.events
        if rows.height
    ]


def _alike(word: str) -> pl.Expr:
    """A word that all rows say, sent once."""
    return pl.lit(word).cast(pl.Enum([word]))


def _landing(rows: pl.DataFrame) -> Landing:
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    # Measured first: a buffer that grows as it is written to is copied several times over.
    measured = pa.MockOutputStream()
    _write(table, measured)
    buffer = pa.allocate_buffer(measured.size())
    _write(table, pa.FixedSizeBufferWriter(buffer))
    return Landing(table.column_names, buffer, table.num_rows)


def _write(table: pa.Table, sink: pa.NativeFile) -> None:
    with pa.ipc.new_file(sink, table.schema) as file:
        file.write(table)


def land_chunk(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    batch: Batch,
    error_file: ErrorFile,
    chunk: Chunk,
) -> None:
    """Land a chunk and move the batch on, in memory too. Raises ErasedMeanwhileError, with nothing done."""
    with connection.transaction():
        leases.write(connection)
        if _generation(connection) != chunk.generation:
            raise ErasedMeanwhileError
        insert_landed(
            clickhouse, chunk.events, token=f"{batch.batch_id}:{chunk.first_row}-{chunk.checked.last_row}"
        )
        land_people(connection, batch.batch_id, chunk.drafts.people)
        rejects = sorted(chunk.checked.rejects + chunk.drafts.rejects)
        size = error_file.append(chunk.rejected_cells, rejects)
        settled = _settled(batch, chunk, len(rejects))
        settled.errors.update(reject.code for reject in rejects)
        settled.error_file_path = str(error_file.path) if size else None
        save_checkpoint(connection, settled, size)
    # Only now: a chunk that failed is tried again from the counts before it.
    error_file.size = size
    vars(batch).update(vars(settled))


def keep_no_erased_rejects(
    cells: pl.DataFrame, checked: Checked, drafts: Drafts, tombstones: Tombstones
) -> None:
    """Take rows that name an erased person off the rejected ones: the error file would hold them again."""
    rejected = {reject.row for reject in (*checked.rejects, *drafts.rejects)}
    if not rejected or not len(tombstones):
        return
    erased = set()
    for row in cells.filter(pl.col(ROW).is_in(list(rejected))).iter_rows(named=True):
        words = {cell.strip() for name, cell in row.items() if name != ROW and isinstance(cell, str)}
        if any(tombstones.has("email", word.lower()) for word in words if "@" in word) or any(
            tombstones.among(kind, words) for kind in _PROVIDERS
        ):
            erased.add(row[ROW])
    for rejects in (checked.rejects, drafts.rejects):
        rejects[:] = [reject for reject in rejects if reject.row not in erased]


def _generation(connection: psycopg.Connection) -> int:
    row = connection.execute("select coalesce(max(tombstone_id), 0) from privacy.tombstones").fetchone()
    return int(row[0]) if row else 0


def insert_landed(clickhouse: ClickHouseClient, events: list[Landing], *, token: str) -> None:
    """Insert once per token: the same token again, after a crash or a lost answer, changes nothing."""
    for number, landing in enumerate(events):
        insert_table(clickhouse, landing, token=f"{token}:{number}")


def insert_table(clickhouse: ClickHouseClient, landing: Landing, *, token: str) -> None:
    clickhouse.raw_insert(
        "raw.landed_events", landing.columns, landing.rows, fmt="Arrow",
        settings={"insert_deduplication_token": token, "insert_deduplicate": 1},
    )  # fmt: skip


def land_people(connection: psycopg.Connection, batch_id: UUID, people: pl.DataFrame | None) -> None:
    if people is not None and people.height:
        with connection.cursor() as cursor, cursor.copy(_LAND_PERSON) as copying:
            for row in people.iter_rows():
                copying.write_row((batch_id, *row))


def _settled(batch: Batch, chunk: Chunk, reject_count: int) -> Batch:
    settled = copy(batch)
    settled.errors, settled.warnings = deepcopy(batch.errors), deepcopy(batch.warnings)
    settled.last_processed_row = chunk.checked.last_row
    settled.success_rows += chunk.row_count
    settled.error_rows += reject_count
    settled.skipped_rows += chunk.checked.row_count - reject_count - chunk.row_count
    settled.event_count += sum(landing.row_count for landing in chunk.events)
    settled.warnings.update(chunk.checked.warnings)
    settled.warnings.update(chunk.drafts.warnings)
    return settled
