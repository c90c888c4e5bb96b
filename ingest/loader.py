"""Loads events from JetStream into ClickHouse's `raw.events`, each exactly once.

Three things make it exact. A batch is acknowledged after it is inserted, so nothing is lost. A message whose
event may be in the table before (`ingest.loaded` says which) is looked up first, so nothing is doubled. And a
Postgres advisory lock makes looking up and inserting one step, whichever processes load: the worker and
Dagster's catch-up run this same code.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from hashlib import sha256

import asyncpg
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import ClickHouseError
from nats.aio.client import Client as NatsClient
from nats.js.errors import NotFoundError

from ingest import leases, loaded, metrics, tracing
from ingest.contracts import CONTRACTS
from ingest.dead_letters import DeadLetter
from ingest.events import UnreadableEvent, decode_parts
from ingest.failures import is_store_away, reason_of
from ingest.jetstream import acknowledge, hand_back, publish_all
from ingest.load_report import LoadReport
from ingest.loaded import Arrived
from ingest.nats_wire import Received
from ingest.pull import Pull
from ingest.raw_events import EventRow, insert_events, row_of
from ingest.retries import originals
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_pool
from ingest.streams import PUBLISHED_AGAIN
from ingest.tombstones import Tombstones
from ingest.tracing import MOST_LINKS

log = structlog.get_logger(__name__)

DURABLE = "loader"
BATCH = 5_000
LINGER_S = 0.25  # an insert costs more than hundreds of rows in it
# Longer than an insert may take: when a dead loader's messages come back, its last insert has ended one way
# or the other, and looking it up tells which.
ACK_WAIT_S = 30.0
INSERT_TIMEOUT_S = 20
INSERT_PAUSES_S = (0.2, 1.0, 3.0)
RETRY_DELAY_S = 2.0
Refused = tuple[Arrived, Exception]
_LOCK = 7_163_202_612  # any constant: one process at a time looks up and inserts


class Loader:
    """One loading process. The ClickHouse client is used by one thread at a time."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        nats: NatsClient,
        clickhouse: ClickHouseClient,
        *,
        ack_wait_s: float = ACK_WAIT_S,
        batch: int = BATCH,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._pool = pool
        self._nats = nats
        self._js = nats.jetstream()
        self._clickhouse = clickhouse
        self._ack_wait_s = ack_wait_s
        self._batch = batch
        self._tombstones = Tombstones() if tombstones is None else tombstones
        self._loaded_through: int | None = None
        self._reconnect_count = 0

    async def pull(self, *, idle_s: float = 5.0) -> Pull:
        return await Pull.open(
            self._js, stream="EVENTS", durable=DURABLE, ack_wait_s=self._ack_wait_s,
            batch=self._batch, idle_s=idle_s, linger_s=LINGER_S,
        )  # fmt: skip

    async def load(self, messages: Sequence[Received]) -> LoadReport:
        """Insert what is new and acknowledge; when a store is away, hand the messages back and raise."""
        began_ns = tracing.now_ns()
        try:
            arrived, unreadable_count = await self._read(messages)
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
                await leases.write_async(connection)
                await self._tombstones.refresh_async(connection)
                arrived, erased = self._sort_out_erased(arrived)
                new, refused = await asyncio.to_thread(self._insert_missing, arrived)
            for one, error in refused:
                await self._park(one.message, error)
            await self._forget(erased)
            await acknowledge([one.message for one in arrived if not one.message.is_acked])
        except Exception:
            await hand_back(messages, delay_s=RETRY_DELAY_S)
            raise
        sequences = [one.row.stream_seq for one in new]
        report = LoadReport(
            row_count=len(new),
            already_loaded_count=len(arrived) - len(new) - len(refused),
            unreadable_count=unreadable_count + len(refused),
            first_sequence=min(sequences, default=None),
            last_sequence=max(sequences, default=None),
            lag_s=time.time() - min(one.stored_at_ns for one in new) / 1e9 if new else 0.0,
            traces=tuple(tracing.record("load", (one.message.data for one in new), began_ns)[:MOST_LINKS])
            if tracing.is_on()
            else (),
        )
        _count(report)
        return report

    async def _read(self, messages: Sequence[Received]) -> tuple[list[Arrived], int]:
        arrived: list[Arrived] = []
        unreadable_count = 0
        for message in messages:
            sequence, delivered_count, stored_at_ns = message.place()
            try:
                envelope, data = decode_parts(message.data)
                row = row_of(envelope, data, stream_seq=sequence)
            except UnreadableEvent as error:
                await self._park(message, error)
                unreadable_count += 1
            else:
                is_again = message.has_header(PUBLISHED_AGAIN)
                people = {row.person_id, *map(str, CONTRACTS[envelope.type].people_of(data))}
                arrived.append(
                    Arrived(message, row, delivered_count > 1, is_again, stored_at_ns, frozenset(people))
                )
        return arrived, unreadable_count

    def _sort_out_erased(self, arrived: Sequence[Arrived]) -> tuple[list[Arrived], list[Arrived]]:
        """What may go in, and what names an erased person: published before the erasure was known there."""
        erased = self._tombstones.among("person", {person for one in arrived for person in one.people})
        if not erased:
            return list(arrived), []
        return (
            [one for one in arrived if one.people.isdisjoint(erased)],
            [one for one in arrived if not one.people.isdisjoint(erased)],
        )

    async def _forget(self, erased: Sequence[Arrived]) -> None:
        """Take messages out of the stream, their bytes too, and settle them."""
        for one in erased:
            with suppress(NotFoundError):
                await self._js.delete_msg("EVENTS", one.row.stream_seq)
        await acknowledge([one.message for one in erased])
        if erased:
            metrics.LEFT_OUT_ERASED.labels("loader").inc(len(erased))
            log.warning("events of erased people left out", count=len(erased))

    def _insert_missing(self, arrived: Sequence[Arrived]) -> tuple[list[Arrived], list[Refused]]:
        # A broker that came back may have forgotten acknowledgements, also those of another loader.
        if self._loaded_through is None or self._reconnect_count != self._nats.stats["reconnects"]:
            self._reconnect_count = self._nats.stats["reconnects"]
            self._loaded_through = loaded.through(self._clickhouse)
        new = loaded.missing(self._clickhouse, arrived, loaded_through=self._loaded_through)
        refused = self._insert(new)
        if refused:
            out = {id(one) for one, _ in refused}
            new = [one for one in new if id(one) not in out]
        self._loaded_through = max(self._loaded_through, *(one.row.stream_seq for one in new), 0)
        return new, refused

    def _insert(self, events: Sequence[Arrived]) -> list[Refused]:
        """Insert all; of a block that ClickHouse cannot take, halve until what is at fault stands alone."""
        if not events:
            return []
        try:
            self._insert_block([one.row for one in events])
        except (ClickHouseError, UnicodeError) as error:
            if is_store_away(error):
                raise
            if len(events) == 1:
                return [(events[0], error)]
            middle = len(events) // 2
            return self._insert(events[:middle]) + self._insert(events[middle:])
        return []

    def _insert_block(self, rows: Sequence[EventRow]) -> None:
        """Insert until there is a clear answer: the token makes the same block, sent again, count once."""
        # The same event may come again in a later version, and its block is another one.
        name = "".join(f"{row.event_id}{row.source_time}" for row in rows)
        token = "events:" + sha256(name.encode()).hexdigest()
        for pause_s in (*INSERT_PAUSES_S, None):
            try:
                insert_events(self._clickhouse, rows, token=token)
            except (ClickHouseError, OSError) as error:
                if pause_s is None or not is_store_away(error):
                    raise
                log.warning("insert failed, trying again", error=type(error).__name__, row_count=len(rows))
                time.sleep(pause_s)
            else:
                return

    async def _park(self, message: Received, error: Exception) -> None:
        """Keep a message no try can load as a dead letter, then end it: the same bytes would come again."""
        sequence = message.metadata.sequence.stream
        reason = reason_of(error)
        letter = DeadLetter(
            source="events", kind="unreadable", key=f"EVENTS:{sequence}", reason=reason,
            attempts=message.metadata.num_delivered or 1, payload=message.data,
            return_subject=message.subject, original_headers=originals(message.headers or {}),
        )  # fmt: skip
        await publish_all(self._js, [letter.message()])
        await message.term()
        metrics.DEAD_LETTERED.labels("events", "load", letter.error_class).inc()
        log.warning("event given up", sequence=sequence, reason=reason)


async def run(loader: Loader, report: Callable[[LoadReport], None]) -> None:
    """Load until cancelled; raises when a store is away, with the batch handed back."""

    async def load(messages: list[Received]) -> None:
        report(await loader.load(messages))

    pull = await loader.pull()
    await pull.each(load)


async def catch_up(settings: StoreSettings) -> LoadReport:
    """Load, beside a worker or alone, until all events of this moment are settled; reports the sum."""
    nats = await nats_client(settings, name="catch-up")
    pool = await postgres_pool(settings, max_size=1)
    total = LoadReport()
    try:
        with closing(loader_clickhouse(settings)) as clickhouse:
            loader = Loader(pool, nats, clickhouse)
            target = (await nats.jetstream().stream_info("EVENTS")).state.last_seq
            pull = await loader.pull(idle_s=1.0)
            # Messages that another loader holds are waited for: should it die, they come back to this one.
            while not await pull.has_settled(target):
                if messages := await pull.fetch():
                    total += await loader.load(messages)
            return total
    finally:
        await pool.close()
        await nats.close()


def loader_clickhouse(settings: StoreSettings) -> ClickHouseClient:
    """A client that gives up on an insert before the broker gives the same messages to another loader."""
    return clickhouse_client(settings, connect_timeout=5, send_receive_timeout=INSERT_TIMEOUT_S)


def _count(report: LoadReport) -> None:
    metrics.EVENTS_LOADED.inc(report.row_count)
    metrics.EVENTS_SKIPPED.inc(report.already_loaded_count)
    if report.last_sequence is not None:
        metrics.LOAD_LAG_SECONDS.set(report.lag_s)
        metrics.LAST_SEQUENCE.set(report.last_sequence)
