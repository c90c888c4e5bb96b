"""What reviewers decided, carried out: an approved text passes, a rejected one is withdrawn.

The API writes the decision and the gate writes what may be read, so that one process does. A notification
wakes it; it also looks by itself, since a notification reaches only who is connected.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import Any

import asyncpg
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.gate import held, metrics, queue, restrictions
from orchestration.gate.gate import Gate
from orchestration.gate.stored import stored_text

log = structlog.get_logger(__name__)

CHANNEL = "safety_decisions"
LOOK_S = 30.0
BATCH = 100
_OPEN = """
select severity, count(*) as open_count, count(*) filter (where due_at < now()) as overdue_count,
    coalesce(extract(epoch from now() - min(due_at)), 0)::float as overdue_s
from safety.review_items where state in ('pending', 'escalated') and superseded_at is null group by severity
"""


class Decisions:
    """Follows the review queue."""

    def __init__(self, settings: StoreSettings, pool: asyncpg.Pool, gate: Gate) -> None:
        self._settings = settings
        self._pool = pool
        self._gate = gate
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Carry out decisions until cancelled; raises when a store is away."""
        async with self._pool.acquire() as listening:
            await listening.add_listener(CHANNEL, self._wake)
            try:
                with closing(await asyncio.to_thread(clickhouse_client, self._settings)) as clickhouse:
                    while True:
                        self._woken.clear()
                        await self.apply_restrictions(clickhouse)
                        await self.carry_out_all(clickhouse)
                        await self.look()
                        await self._wait()
                        if listening.is_closed():
                            raise ConnectionError("the connection that listens for decisions has gone")
            finally:
                if not listening.is_closed():
                    await listening.remove_listener(CHANNEL, self._wake)

    async def carry_out_all(self, clickhouse: ClickHouseClient) -> int:
        """Carry out every decision that waits; returns how many. One that fails is tried again later."""
        count = 0
        while waiting := await self._waiting():
            for one in waiting:
                version = await asyncio.to_thread(stored_text, clickhouse, one.event_id, one.written_at)
                if await self._gate.carry_out(version, one):
                    metrics.DECISIONS_APPLIED.labels(one.state).inc()
                    count += 1
                else:
                    log.error("an approved text cannot be redacted", item_id=str(one.item_id))
        await held.forget(self._pool)
        return count

    async def apply_restrictions(self, clickhouse: ClickHouseClient) -> int:
        """Withdraw the texts of people who were restricted, let those pass whose restriction was lifted."""
        count = 0
        while waiting := await restrictions.unapplied(self._pool):
            for one in waiting:
                texts = await asyncio.to_thread(restrictions.texts_of, clickhouse, one.person_id)
                for start in range(0, len(texts), BATCH):
                    await self._gate.reconsider(texts[start : start + BATCH])
                await restrictions.mark_applied(self._pool, one)
                count += 1
        return count

    async def look(self) -> None:
        """Count what is open and what is overdue, for alerts."""
        rows = {row["severity"]: row for row in await self._pool.fetch(_OPEN)}
        for severity in queue.DUE_IN:
            row = rows.get(severity)
            metrics.OPEN_ITEMS.labels(severity).set(row["open_count"] if row else 0)
            metrics.OVERDUE_ITEMS.labels(severity).set(row["overdue_count"] if row else 0)
        metrics.OLDEST_OVERDUE_SECONDS.set(max([0.0, *(row["overdue_s"] for row in rows.values())]))
        async with self._pool.acquire() as connection:
            waiting, failing = await queue.unapplied_counts(connection)
        metrics.UNAPPLIED.set(waiting)
        metrics.FAILING.set(failing)

    async def _waiting(self) -> list[queue.Decided]:
        async with self._pool.acquire() as connection:
            return await queue.unapplied(connection, BATCH)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self._woken.wait()
        except TimeoutError:
            return

    def _wake(self, *_: Any) -> None:
        self._woken.set()
