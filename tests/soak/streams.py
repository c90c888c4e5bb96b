"""Clients of the live stream for as long as a soak lasts: did each get all that was published, once?"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from ingest.stores import StoreSettings, nats_client
from serving.stream.log import log_state, reading
from tests.soak.reconnecting import Follower, Habit

# Most stay until the server ends their connection; one in five goes and comes back all the time.
HABITS: tuple[Habit, ...] = ("steady", "steady", "steady", "steady", "drops")
CAUGHT_UP_S = 120.0


class Clients:
    """Followers of several companies' streams. `start` them, `stop` them, then ask for the `account`."""

    def __init__(self, stores: StoreSettings, port: int, keys: Mapping[UUID, str]) -> None:
        self._stores, self._port, self._keys = stores, port, keys
        self._is_over = asyncio.Event()
        self._followers: list[Follower] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._began_at = 0

    async def start(self, count: int, seed: int) -> None:
        nats = await nats_client(self._stores, name="soak-streams")
        state = await log_state(nats)
        await nats.close()
        self._began_at = state.last
        companies = list(self._keys)
        for number in range(count):
            company = companies[number % len(companies)]
            self._followers.append(
                Follower(
                    company, self._keys[company], HABITS[number % len(HABITS)],
                    random.Random(f"{seed}:{number}"),  # noqa: S311 - a schedule, not a secret
                    f"{state.epoch}-{state.last}",
                )
            )  # fmt: skip
        self._tasks = [
            asyncio.create_task(follower.run([self._port], self._is_over)) for follower in self._followers
        ]

    @property
    def received(self) -> int:
        return sum(len(follower.received) for follower in self._followers)

    async def stop(self) -> dict[str, Any]:
        """Wait until everybody has come to the end of the log, and compare what they got with it."""
        published, names, last = await self._published()
        until = time.monotonic() + CAUGHT_UP_S
        for follower in self._followers:
            while self._place(follower) < last and time.monotonic() < until:  # noqa: ASYNC110 others move it
                await asyncio.sleep(0.2)
        self._is_over.set()
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        inexact = [one for one in self._followers if not is_exact(one, published[one.company], last)]
        return {
            "clients": len(self._followers),
            "inexact": len(inexact),
            "ended_with_an_error": [repr(one) for one in ended if isinstance(one, Exception)],
            "published": sum(len(one) for one in published.values()),
            "published_by_name": dict(sorted(names.items())),
            "received": self.received,
            "connections": sum(one.connections for one in self._followers),
            "refused": sum(one.refused for one in self._followers),
            "gaps": sum(len(one.gaps) for one in self._followers),
            "resets": sum(len(one.resets) for one in self._followers),
            "of_other_companies": sum(one.foreign for one in self._followers),
        }

    @staticmethod
    def _place(follower: Follower) -> int:
        return int(follower.last_event_id.rpartition("-")[2])

    async def _published(self) -> tuple[dict[UUID, Sequence[int]], Counter[str], int]:
        """By company, what the log holds since the clients began, by name, and its last place."""
        asking = await nats_client(self._stores, name="soak-streams")
        reader = await nats_client(self._stores, name="soak-streams-log")
        found: dict[UUID, Sequence[int]] = {}
        names: Counter[str] = Counter()
        try:
            last = (await log_state(asking)).last
            for company in self._keys:
                sequences: list[int] = []
                async with reading(
                    reader, asking, [f"updates.{company}.>"], self._began_at, name="soak"
                ) as log:
                    while log.pending:
                        record = await log.next()
                        if record.sequence <= last:
                            sequences.append(record.sequence)
                            names[record.name] += 1
                found[company] = sequences
        finally:
            await reader.close()
            await asking.close()
        return found, names, last


def is_exact(follower: Follower, published: Sequence[int], last: int) -> bool:
    """Whether a client got all that is in the log, once and in order, and nothing of anybody else.

    It may have got what is no longer there, because it told of somebody who was erased since; and it may have
    missed what it was told it would (`gap`).
    """
    received = [sequence for sequence in follower.received if sequence <= last]
    in_log = set(published)
    told = [
        sequence for sequence in published
        if not any(first <= sequence <= end for first, end in follower.gaps)
    ]  # fmt: skip
    return (
        [sequence for sequence in received if sequence in in_log] == told
        and all(earlier < later for earlier, later in pairwise(received))
        and not (follower.foreign or follower.resets)
    )
