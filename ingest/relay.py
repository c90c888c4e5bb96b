"""Empties the inbox: deliveries go to the normaliser, are seen settled, and are then deleted.

A crash in between hands them over again, which the claim of each event id makes harmless. While NATS is away
the inbox simply grows. Several relays may run: each takes rows no other holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import asyncpg
import msgspec
from nats.js import JetStreamContext

from ingest import metrics, tracing
from ingest.dead_letters import DeadLetter
from ingest.dead_letters.letter import as_header
from ingest.failures import ErrorClass
from ingest.jetstream import Message, publish_all
from ingest.normalise.batch import NOT_WAITING_FOR_DISK
from ingest.normalise.delivery import AcceptedDelivery
from ingest.webhooks.inbox import INBOX_CHANNEL
from ingest.webhooks.sources import signed_at

BATCH = 1_000
AT_ONCE = 2  # batches of a long backlog: one waits for the stores while the other is worked on
# A batch costs some ten queries, so after a large one rows are gathered for as long as they can wait.
LONGEST_PAUSE_S = 0.1
PAUSE_PER_ROW_S = 0.0005
BATCH_BYTES = 16 << 20  # bodies may have 1 MiB each, and a batch is held in memory
SAFETY_POLL_S = (
    1.0  # a notification may be lost with its connection; one cheap query per second makes up for it
)

# The inner query reads lengths, which does not fetch the bodies; the first row is taken whatever its size.
_TAKE = """
select inbox_id, source, delivery_id, kind, headers, body, problem, received_at
from ingest.inbox
where inbox_id in (
    select inbox_id
    from (
        select inbox_id, sum(octet_length(body)) over (order by inbox_id) - octet_length(body) as bytes_before
        from (select inbox_id, body from ingest.inbox order by inbox_id limit $1) as oldest
    ) as measured
    where bytes_before < $2
)
order by inbox_id
for update skip locked
"""


Take = Callable[[Sequence[AcceptedDelivery]], Awaitable[None]]


class Relay:
    def __init__(self, pool: asyncpg.Pool, js: JetStreamContext, take: Take) -> None:
        self._pool = pool
        self._js = js
        self._take = take

    async def run(self) -> None:
        """Move rows as they arrive until cancelled; raises when a store is away, with the rows in place."""
        arrived = asyncio.Event()
        async with self._pool.acquire() as listener:
            await listener.add_listener(INBOX_CHANNEL, lambda *_: arrived.set())
            while True:
                arrived.clear()
                while moved := await self.move():
                    if moved >= BATCH:
                        await self._move_backlog()
                    else:
                        await asyncio.sleep(min(LONGEST_PAUSE_S, moved * PAUSE_PER_ROW_S))
                try:
                    await asyncio.wait_for(arrived.wait(), SAFETY_POLL_S)
                except TimeoutError:
                    if listener.is_closed():
                        raise ConnectionError("the connection to Postgres was lost") from None

    async def _move_backlog(self) -> None:
        """Move full batches, several at once, until there is none."""

        async def move_on() -> None:
            while await self.move() >= BATCH:
                pass

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(move_on())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def move(self) -> int:
        """Move one batch; returns how many rows it had."""
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_TAKE, BATCH, BATCH_BYTES)
            if rows:
                accepted = [_delivery(row) for row in rows if row["problem"] is None]
                await publish_all(self._js, [_dead_letter(row) for row in rows if row["problem"] is not None])
                await self._take(accepted)
                # Rows that a crash brings back are settled again, and change nothing.
                await connection.execute(NOT_WAITING_FOR_DISK)
                await connection.execute(
                    "delete from ingest.inbox where inbox_id = any($1::bigint[])",
                    [row["inbox_id"] for row in rows],
                )
        metrics.RELAYED.inc(len(rows))
        return len(rows)


def _delivery(row: asyncpg.Record) -> AcceptedDelivery:
    headers: dict[str, str] = msgspec.json.decode(row["headers"])
    signed = signed_at(row["source"], headers)
    request_headers: str = row["headers"]
    return AcceptedDelivery(
        source=row["source"],
        kind=row["kind"],
        delivery_id=row["delivery_id"],
        received_at=row["received_at"],
        sent_at=datetime.fromtimestamp(signed, UTC) if signed else row["received_at"],
        body=row["body"],
        request_headers=request_headers if request_headers.isascii() else as_header(headers),
        traceparent=tracing.read_traceparent(headers.get(tracing.HEADER)),
    )


def _dead_letter(row: asyncpg.Record) -> Message:
    metrics.DEAD_LETTERED.labels(row["source"], "receive", ErrorClass.PERMANENT).inc()
    message = _delivery(row).message()
    return DeadLetter(
        source=row["source"],
        kind=row["kind"],
        # Its delivery id is not claimed, so several different bodies may come under it.
        key=f"{row['source']}:{row['delivery_id']}:{row['inbox_id']}",
        delivery_id=row["delivery_id"],
        reason=row["problem"],
        payload=row["body"],
        return_subject=message.subject,
        first_failed_at=row["received_at"],
        original_headers=message.headers,
    ).message()
