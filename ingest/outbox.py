"""Sends what transactions left to be said: events of our own to EVENTS, announcements to UPDATES.

Whoever changes something inserts the message in the same transaction (`emit`, `announce`); it is sent after
the commit, once. A row is sealed before its message leaves, and deleted when the broker has it: what a crash
leaves sealed is sent again under the same id, which the broker drops. A row that waited longer than the
broker remembers ids is looked up in the stream itself first. One process sends at a time, in the rows' order.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import psycopg
from asyncpg.pool import PoolConnectionProxy
from nats.js import JetStreamContext
from psycopg.types.json import Jsonb

from ingest import metrics
from ingest.coalescing import Announcement, Coalescing
from ingest.contracts import CONTRACTS
from ingest.events import Event, encode
from ingest.jetstream import Message, publish_all
from ingest.sealing.fields import texts_of
from ingest.sent import unsent
from ingest.streams import PUBLISHED_AGAIN, event_subject, update_subject
from ingest.updates import kind_of, update_body

CHANNEL = "outboxes"
BATCH = 1_000
SAFETY_POLL_S = 2.0  # a notification may be lost with its connection
STANDBY_S = 1.0  # another process sends; this one takes over when it is gone
COALESCE_S = 0.25  # of changes of one figure within it, the newest is sent
Connection = asyncpg.Connection | PoolConnectionProxy
_LOCK = 7_163_202_615  # any constant: one process at a time sends

_EMIT = "insert into ingest.event_outbox (event_id, subject, event) values ({}) on conflict do nothing"
_ANNOUNCE = "select serving.announce({})"

_TAKE_EVENTS = (
    "select outbox_id, event_id, subject, event, sealed_at from ingest.event_outbox"
    " order by outbox_id limit $1"
)
_TAKE_ANNOUNCEMENTS = (
    "select announcement_id, company_id, name, message_id, data, announced_at, sealed_at"
    " from serving.announcements order by announcement_id limit $1"
)
_SEAL_EVENTS = (
    "update ingest.event_outbox set sealed_at = now() where outbox_id = any($1) and sealed_at is null"
)
_SEAL_ANNOUNCEMENTS = (
    "update serving.announcements set sealed_at = now() where announcement_id = any($1) and sealed_at is null"
)


def emit(connection: psycopg.Connection, *events: Event) -> None:
    """Have events sent to EVENTS once the caller's transaction commits; the same event twice is sent once."""
    with connection.cursor() as cursor:
        cursor.executemany(_EMIT.format("%s, %s, %s"), [_event_row(event) for event in events])


async def emit_async(connection: Connection, *events: Event) -> None:
    """`emit` on an asyncpg connection."""
    await connection.executemany(_EMIT.format("$1, $2, $3"), [_event_row(event) for event in events])


def announce(
    connection: psycopg.Connection, company_id: UUID, name: str, message_id: str, data: dict[str, Any]
) -> None:
    """Have an update sent to a company's live streams once the caller's transaction commits.

    `message_id` names the change: announcing it again sends nothing. Raises UnknownUpdateError.
    """
    kind_of(name)
    connection.execute(_ANNOUNCE.format("%s, %s, %s, %s"), (company_id, name, message_id, Jsonb(data)))


async def announce_async(
    connection: Connection, company_id: UUID, name: str, message_id: str, data: dict[str, Any]
) -> None:
    """`announce` on an asyncpg connection."""
    kind_of(name)
    encoded = msgspec.json.encode(data).decode()
    await connection.execute(_ANNOUNCE.format("$1, $2, $3, $4::jsonb"), company_id, name, message_id, encoded)


def _event_row(event: Event) -> tuple[UUID, str, bytes]:
    # Our own events point to texts; nothing behind this door would seal one.
    if texts := texts_of(CONTRACTS[event.type], event.data):
        raise ValueError(f"an event {event.type} of our own holds free text: {', '.join(texts)}")
    return event.id, event_subject(event.companyid, event.type), encode(event)


class OutboxSender:
    """Sends both outboxes for as long as it runs."""

    def __init__(self, pool: asyncpg.Pool, js: JetStreamContext, *, coalesce_s: float = COALESCE_S) -> None:
        self._pool = pool
        self._js = js
        self._coalescing = Coalescing(coalesce_s)

    async def run(self) -> None:
        """Send rows as they come until cancelled; raises when a store is away, with the rows in place."""
        arrived = asyncio.Event()

        def listener(*_: object) -> None:
            arrived.set()

        async with self._pool.acquire() as connection:
            while not await self._may_send(connection):  # noqa: ASYNC110 another process tells nothing
                await asyncio.sleep(STANDBY_S)
            await connection.add_listener(CHANNEL, listener)
            try:
                while True:
                    arrived.clear()
                    held_s = await self._send_all(connection)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(arrived.wait(), min(held_s, SAFETY_POLL_S))
                    if connection.is_closed():
                        raise ConnectionError("the connection to Postgres was lost")
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, listener)

    async def send_pending(self) -> int:
        """Return when all that waits now has been sent, by this process or another; says how much waited."""
        async with self._pool.acquire() as connection:
            [(waiting, newest_event, newest_announcement)] = await connection.fetch(
                "select (select count(*) from ingest.event_outbox)"
                " + (select count(*) from serving.announcements),"
                " (select max(outbox_id) from ingest.event_outbox),"
                " (select max(announcement_id) from serving.announcements)"
            )
            while await connection.fetchval(
                "select exists (select from ingest.event_outbox where outbox_id <= $1)"
                " or exists (select from serving.announcements where announcement_id <= $2)",
                newest_event or 0,
                newest_announcement or 0,
            ):
                if await self._may_send(connection):
                    try:
                        held_s = await self._send_all(connection)
                    finally:
                        await connection.execute("select pg_advisory_unlock($1)", _LOCK)
                    await asyncio.sleep(min(held_s, STANDBY_S) if held_s < SAFETY_POLL_S else 0)
                else:
                    await asyncio.sleep(0.1)
            return int(waiting)

    async def _may_send(self, connection: Connection) -> bool:
        """Whether this session holds the lock now; the lock ends with the session."""
        return bool(await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK))

    async def _send_all(self, connection: Connection) -> float:
        """Send until nothing but figures that changed a moment ago is left; the seconds these are held."""
        while await self._send_events(connection):
            pass
        while True:
            sent, held_s = await self._send_announcements(connection)
            if not sent:
                return held_s

    async def _send_events(self, connection: Connection) -> int:
        rows = await connection.fetch(_TAKE_EVENTS, BATCH)
        if not rows:
            return 0
        ids = [row["outbox_id"] for row in rows]
        await connection.execute(_SEAL_EVENTS, ids)
        await self._publish(
            "EVENTS",
            [
                Message(
                    row["subject"],
                    row["event"],
                    str(row["event_id"]),
                    {PUBLISHED_AGAIN: "1"} if row["sealed_at"] else {},
                )
                for row in rows
            ],
            [row["sealed_at"] for row in rows],
        )
        await connection.execute("delete from ingest.event_outbox where outbox_id = any($1)", ids)
        metrics.OUTBOX_SENT.labels("events").inc(len(rows))
        return len(rows)

    async def _send_announcements(self, connection: Connection) -> tuple[int, float]:
        rows = await connection.fetch(_TAKE_ANNOUNCEMENTS, BATCH)
        now = time.monotonic()
        batch = self._coalescing.batch([_announcement(row) for row in rows], now)
        if batch.outdated or batch.sending:
            async with connection.transaction():
                await connection.execute(
                    "delete from serving.announcements where announcement_id = any($1)", batch.outdated
                )
                await connection.executemany(
                    "update serving.announcements set data = $2::jsonb where announcement_id = $1",
                    [(one.announcement_id, one.data.decode()) for one in batch.sending if one.is_merged],
                )
                await connection.execute(_SEAL_ANNOUNCEMENTS, [one.announcement_id for one in batch.sending])
        if batch.sending:
            await self._publish(
                "UPDATES",
                [_message(one) for one in batch.sending],
                [one.sealed_at for one in batch.sending],
            )
            await connection.execute(
                "delete from serving.announcements where announcement_id = any($1)",
                [one.announcement_id for one in batch.sending],
            )
            self._coalescing.sent(batch.sending, now)
            metrics.OUTBOX_SENT.labels("announcements").inc(len(batch.sending))
        return len(batch.sending) + len(batch.outdated), batch.held_s

    async def _publish(
        self, stream: str, messages: Sequence[Message], sealed_at: Iterable[datetime | None]
    ) -> None:
        """Publish in order, leaving out what the stream has from before its memory of message ids."""
        await publish_all(self._js, await unsent(self._js, stream, messages, list(sealed_at)))


def _announcement(row: asyncpg.Record) -> Announcement:
    return Announcement(
        row["announcement_id"],
        UUID(bytes=row["company_id"].bytes),
        row["name"],
        row["message_id"],
        row["data"].encode(),
        row["announced_at"].astimezone(UTC),
        row["sealed_at"],
    )


def _message(one: Announcement) -> Message:
    return Message(
        update_subject(one.company_id, one.name),
        update_body(one.name, one.company_id, one.announced_at, msgspec.Raw(one.data)),
        one.message_id,
    )
