"""Who is to be evaluated although no event of the stream says so.

Those for whom the time has come; those somebody asked for; those of whom something arrived by another way
(files, scores); those who had an activity that is somebody else's by now; and, when other rules count than
before, everybody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey import arrivals, metrics, moves, people
from orchestration.journey.engine import BATCH, Engine
from orchestration.journey.people import Arrivals, Key

log = structlog.get_logger(__name__)

CHANNEL = "journey"
EVERY_S = 15.0
WHOLE_EVERY_S = 6 * 3600.0
MOVES_EVERY_S = 60.0  # the look reads a column of all activities: 0.1 s of a core at ten million
LOOK_BACK = timedelta(minutes=10)  # a large insert becomes visible this long after its rows' times, at most
LONGEST_WAIT_S = 60.0
_DRIFT = "select drift_count from journey.proofs order by proof_id desc limit 1"
_SET = "select flag, count(*) as set_count from journey.flags where is_set group by flag"


class Due:
    """Evaluates whom time alone may have changed, at that time, and whom somebody asks for, at once."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, *, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        self._pool = pool
        self._engine = engine
        self._longest_wait_s = longest_wait_s
        self._woken = asyncio.Event()
        self._done_rules: str | None = None  # everybody has been asked these

    async def run(self) -> None:
        """Go on until cancelled; raises when a store is away."""
        async with self._pool.acquire() as listening:
            await listening.add_listener(CHANNEL, self._wake)
            try:
                while True:
                    self._woken.clear()
                    await self.of_other_rules()
                    await self.all_due()
                    await self._wait()
                    if listening.is_closed():
                        raise ConnectionError("the connection that listens for questions has gone")
            finally:
                if not listening.is_closed():
                    await listening.remove_listener(CHANNEL, self._wake)

    async def all_due(self) -> int:
        """Evaluate everybody who is due or asked for; returns how many there were."""
        count = 0
        while True:
            async with self._pool.acquire() as connection:
                keys = await people.due(connection, self._engine.clock(), BATCH)
            metrics.DUE.set(len(keys))
            if not keys:
                return count
            evaluated = await self._engine.evaluate(keys, way="due")
            count += evaluated
            if not evaluated:  # others write them all the time
                return count

    async def of_other_rules(self) -> int:
        """Evaluate everybody whom other rules were asked about than those that count now."""
        count, after, rules_hash = 0, Key(UUID(int=0), UUID(int=0)), self._engine.rules_hash
        while rules_hash != self._done_rules:
            async with self._pool.acquire() as connection:
                keys = await people.of_other_rules(connection, after, rules_hash, BATCH)
            if not keys:
                self._done_rules = rules_hash
                break
            count += await self._engine.evaluate(keys, way="rules")
            after = keys[-1]
        return count

    async def _wait(self) -> None:
        async with self._pool.acquire() as connection:
            next_at = await people.next_due_at(connection)
        waits = [self._longest_wait_s]
        if next_at is not None:
            waits.append((next_at - self._engine.clock()).total_seconds())
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.05, min(waits))):
                await self._woken.wait()

    def _wake(self, *_: Any) -> None:
        self._woken.set()


class Sweep:
    """Compares what has arrived with what was evaluated, through a client of its own."""

    def __init__(
        self, settings: StoreSettings, pool: asyncpg.Pool, engine: Engine, *, every_s: float = EVERY_S
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._engine = engine
        self._every_s = every_s
        self._moves_at = -MOVES_EVERY_S  # when moved activities were looked for last

    async def run(self) -> None:
        """Sweep until cancelled; raises when a store is away."""
        with closing(await asyncio.to_thread(clickhouse_client, self._settings)) as clickhouse:
            loop = asyncio.get_running_loop()
            while True:
                await self.whole(clickhouse)
                until = loop.time() + WHOLE_EVERY_S
                while loop.time() < until:
                    await asyncio.sleep(self._every_s)
                    await self.lately(clickhouse)

    async def whole(self, clickhouse: ClickHouseClient) -> int:
        """Evaluate everybody of whom something has arrived that was not evaluated; returns how many."""
        count = 0
        await asyncio.to_thread(moves.take_back_all, clickhouse)
        for bucket in await asyncio.to_thread(arrivals.buckets, clickhouse):
            arrived = await asyncio.to_thread(arrivals.of_bucket, clickhouse, bucket)
            count += await self._evaluate(arrived)
        async with self._pool.acquire() as connection:
            for flag, set_count in await connection.fetch(_SET):
                metrics.FLAGS.labels(flag).set(set_count)
        return count

    async def lately(self, clickhouse: ClickHouseClient) -> int:
        """The same of those of whom something was recorded lately."""
        since, now = datetime.now(UTC) - LOOK_BACK, time.monotonic()
        if now - self._moves_at >= MOVES_EVERY_S:
            await asyncio.to_thread(moves.take_back_lately, clickhouse, since)
            self._moves_at = now
        count = await self._evaluate(await asyncio.to_thread(arrivals.lately, clickhouse, since))
        drift = await self._pool.fetchval(_DRIFT)
        metrics.DRIFT.set(-1 if drift is None else drift)
        return count

    async def _evaluate(self, arrived: Mapping[Key, Arrivals]) -> int:
        async with self._pool.acquire() as connection:
            missed = await people.missed(connection, arrived)
        return await self._engine.evaluate(missed, way="sweep")
