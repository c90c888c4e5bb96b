"""No partner gets more requests per minute than it allows, however many processes send.

The next free moment of a partner is a row in Postgres, and each request takes one of the moments that follow
it at even distances. Moments that a process took and did not use are lost, never used twice.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import timedelta

import asyncpg

# Requests are even, but networks are not: a little slower, so that no minute sees one too many.
SLACK = 1.02
AHEAD_S = 0.5  # of moments taken at a time
MOST_AHEAD = 500

_TAKE = """
insert into impact_in.limits as limits (platform, next_free_at) values ($1, clock_timestamp() + $2)
on conflict (platform) do update set next_free_at = greatest(limits.next_free_at, clock_timestamp()) + $2
returning extract(epoch from next_free_at - $2 - clock_timestamp())::float8
"""
_PAUSE = """
insert into impact_in.limits as limits (platform, next_free_at) values ($1, clock_timestamp() + $2)
on conflict (platform) do update set next_free_at = greatest(limits.next_free_at, clock_timestamp() + $2)
"""


class RateLimit:
    """The moments of one partner's requests."""

    def __init__(self, pool: asyncpg.Pool, platform: str, per_minute: float) -> None:
        self._pool = pool
        self._platform = platform
        self._distance_s = 60.0 / per_minute * SLACK
        self._at_once = max(1, min(MOST_AHEAD, int(AHEAD_S / self._distance_s)))
        self._moments: deque[float] = deque()
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return when one more request may leave."""
        async with self._lock:
            now = time.monotonic()
            while self._moments and self._moments[0] < now - AHEAD_S:
                self._moments.popleft()  # of a burst that was late: used now, they would come all at once
            if not self._moments:
                await self._take()
            moment = self._moments.popleft()
        if (wait_s := moment - time.monotonic()) > 0:
            await asyncio.sleep(wait_s)

    async def pause(self, seconds: float) -> None:
        """Nothing more for so long, by any process: the partner said it is too much."""
        await self._pool.execute(_PAUSE, self._platform, timedelta(seconds=seconds))
        self._moments.clear()

    async def _take(self) -> None:
        stretch = timedelta(seconds=self._distance_s * self._at_once)
        first_in_s = await self._pool.fetchval(_TAKE, self._platform, stretch)
        first = time.monotonic() + first_in_s
        self._moments.extend(first + self._distance_s * n for n in range(self._at_once))
