"""How much waits at each step, looked at every few seconds, for `/metrics`."""

from __future__ import annotations

import asyncio

import asyncpg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from ingest import loader, metrics
from ingest.jetstream import BrokerUnavailableError
from ingest.normalise import normaliser
from ingest.retries import WAITING

EVERY_S = 5.0

# The oldest row says how far the relay is behind. A count of a long backlog would cost more than it tells, so
# it stops at a number that is trouble anyway.
_INBOX = """
select (select count(*) from (select from ingest.inbox limit 100000) as counted) as waiting,
    coalesce(extract(epoch from now() - (
        select received_at from ingest.inbox order by inbox_id limit 1
    )), 0)::float as oldest_s,
    (select count(*) from ingest.dead_letters where state = 'waiting') as dead,
    (select count(*) from (select from ingest.event_outbox limit 100000) as counted)
        + (select count(*) from (select from serving.announcements limit 100000) as counted) as unsent
"""


class Gauges:
    def __init__(self, pool: asyncpg.Pool, js: JetStreamContext) -> None:
        self._pool = pool
        self._js = js

    async def run(self) -> None:
        """Look again and again until cancelled; raises when a store is away."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        [row] = await self._pool.fetch(_INBOX)
        metrics.WAITING.labels("relay").set(row["waiting"])
        metrics.OLDEST_SECONDS.set(row["oldest_s"])
        metrics.DEAD_LETTERS_WAITING.set(row["dead"])
        metrics.WAITING.labels("outboxes").set(row["unsent"])
        try:
            inbox = (await self._js.stream_info("INBOX")).state
            held = (await self._js.stream_info("RETRY", subjects_filter=WAITING)).state
            due = await self._pending("RETRY", normaliser.RETRY_DURABLE)
            to_load = await self._pending("EVENTS", loader.DURABLE)
        except OSError as error:  # a timeout
            raise BrokerUnavailableError(f"not answered: {type(error).__name__}") from error
        metrics.WAITING.labels("redriven").set(inbox.messages)
        metrics.WAITING.labels("retry").set(len(held.subjects or {}))
        metrics.WAITING.labels("retry-due").set(due)
        metrics.WAITING.labels("loader").set(to_load)

    async def _pending(self, stream: str, durable: str) -> int:
        try:
            info = await self._js.consumer_info(stream, durable)
        except NotFoundError:
            return 0  # the part that makes it has not started yet
        return (info.num_pending or 0) + (info.num_ack_pending or 0)
