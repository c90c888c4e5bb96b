"""What people decide: a withheld batch is released or discarded, a file in quarantine named or forgotten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ingest.backfill.batches import Batch, batch_by_id, close_batch, hold
from ingest.backfill.errors import UnknownBatch
from ingest.backfill.publish import drop_landed, publish_batch
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection


@dataclass(frozen=True)
class Waiting:
    """A batch that waits for a decision, or a file that waits to be named."""

    batch_id: UUID
    file_name: str
    file_format: str
    status: str
    event_count: int
    why: str
    kept_path: str | None
    since: datetime


_WAITING = """
select batch_id, file_name || case part when '' then '' else ' (' || part || ')' end as file_name,
    file_format, status, event_count,
    coalesce(
        problem,
        (select string_agg(name, ', ') from jsonb_array_elements_text(verdict -> 'critical') as name),
        ''
    ) as why,
    kept_path, coalesce(finished_at, started_at, created_at) as since
from ingest.batches
where status = any(%s)
order by since
"""


def waiting(settings: StoreSettings, *statuses: str) -> list[Waiting]:
    """What waits, oldest first: `withheld` batches, `quarantined` files."""
    with (
        closing(postgres_connection(settings)) as connection,
        connection.cursor(row_factory=class_row(Waiting)) as cursor,
    ):
        return cursor.execute(_WAITING, (list(statuses),)).fetchall()


def release_batch(settings: StoreSettings, batch_id: UUID, *, by: str) -> Batch:
    """Publish a withheld batch whatever its gate said. Repeated after a crash, it goes on."""
    with _withheld(settings, batch_id) as (connection, batch):
        # Said first: should it be killed half-way, who let it pass is known.
        connection.execute(
            "update ingest.batches set decided_by = %s, decided_at = now() where batch_id = %s",
            (by, batch_id),
        )
        publish_batch(settings, connection, batch)
        close_batch(connection, batch_id, "completed")
        return batch_by_id(connection, batch_id)


def discard_batch(settings: StoreSettings, batch_id: UUID, *, by: str) -> Batch:
    """Drop what a withheld batch landed. It claimed no event: whoever brings its events next stores them."""
    with _withheld(settings, batch_id) as (connection, batch):
        if batch.published_through_row:
            raise UnknownBatch(
                f"batch {batch_id} is partly published, by a release that was interrupted; release it again"
            )
        with closing(clickhouse_client(settings)) as clickhouse:
            drop_landed(clickhouse, batch)
        with connection.transaction():
            connection.execute("delete from ingest.landed_people where batch_id = %s", (batch_id,))
            close_batch(connection, batch_id, "discarded", decided_by=by)
        return batch_by_id(connection, batch_id)


def discard_quarantined(settings: StoreSettings, batch_id: UUID, *, by: str) -> Batch:
    """Forget a file in quarantine, and the copy that was kept of it."""
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        batch = batch_by_id(connection, batch_id)
        if batch.status != "quarantined":
            raise UnknownBatch(f"batch {batch_id} is {batch.status}, not quarantined")
        if batch.kept_path:
            Path(batch.kept_path).unlink(missing_ok=True)
        close_batch(connection, batch_id, "discarded", decided_by=by)
        return batch_by_id(connection, batch_id)


@contextlib.contextmanager
def _withheld(settings: StoreSettings, batch_id: UUID) -> Iterator[tuple[psycopg.Connection, Batch]]:
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        hold(connection, batch_by_id(connection, batch_id))
        batch = batch_by_id(connection, batch_id)
        if batch.status != "withheld":
            raise UnknownBatch(
                f"batch {batch_id} is {batch.status}, not withheld; there is nothing to decide"
            )
        yield connection, batch
