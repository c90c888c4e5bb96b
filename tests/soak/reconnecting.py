"""The parts of the reconnect storm: clients with bad habits, processes that come and go, and the account."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import psutil

from ingest.api_keys import create_key
from ingest.jetstream import Message, publish_all
from ingest.stores import nats_client, postgres_connection
from ingest.streams import update_subject
from orchestration.stack import platform
from orchestration.stack.layout import HOST, Layout, Ports
from orchestration.stack.preparation import store_settings
from serving.stream.log import log_state
from tests.serving.running import OURS, THEIRS, Api, free_port, running_api

COMPANIES = (OURS, THEIRS)
STREAM = "/v1/stream/updates"
_BLOCK = re.compile(rb"id: ([0-9a-f]+)-(\d+)(?:\nevent: ([a-z.]+)\ndata: (.*))?", re.DOTALL)
_LONGEST_CONNECTION_S = 8.0
_SETTLE_S = 120.0

Habit = Literal["drops", "slow", "stalls", "steady"]
HABITS: tuple[Habit, ...] = ("drops", "drops", "drops", "slow", "stalls", "steady")


@dataclass(frozen=True)
class Place:
    layout: Layout
    folder: Path
    keys: dict[UUID, str]


@contextmanager
def stores(folder: Path) -> Iterator[Place]:
    """Embedded stores with two companies and a key of each."""
    layout = Layout.open(folder / "impact", Ports.free())
    platform.up(layout, lambda line: None, stores_only=True)
    try:
        keys = {}
        with closing(postgres_connection(store_settings(layout))) as connection, connection.transaction():
            for company in COMPANIES:
                connection.execute(
                    "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
                )
                keys[company] = create_key(connection, company, "storm", rate_limit_per_minute=1_000_000_000)
        yield Place(layout, folder, keys)
    finally:
        platform.down(layout)


@dataclass
class Follower:
    """One client: it comes back with its last id, whatever ended its connection."""

    company: UUID
    key: str
    habit: Habit
    chance: random.Random
    last_event_id: str
    received: list[int] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)
    foreign: int = 0
    connections: int = 0
    refused: int = 0

    async def run(self, ports: list[int], is_over: asyncio.Event) -> None:
        turn = self.chance.randrange(len(ports))
        while not is_over.is_set():
            turn += 1
            try:
                await self._connect(ports[turn % len(ports)], is_over)
            except (OSError, asyncio.IncompleteReadError):
                self.refused += 1
            await asyncio.sleep(self.chance.uniform(0.02, 0.5))

    async def _connect(self, port: int, is_over: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 16)
        try:
            writer.write(
                f"GET {STREAM} HTTP/1.1\r\nHost: storm\r\nX-API-Key: {self.key}\r\n"
                f"Last-Event-ID: {self.last_event_id}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                self.refused += 1
                return
            self.connections += 1
            stay_s = self.chance.uniform(0.05, _LONGEST_CONNECTION_S) if self.habit != "steady" else 1e9
            with suppress(TimeoutError):
                async with asyncio.timeout(stay_s):
                    await self._read(reader, is_over)
        finally:
            # Without waiting: what is on its way, and half a frame, are thrown away.
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, is_over: asyncio.Event) -> None:
        text = b""
        while not is_over.is_set():
            if self.habit == "stalls" and self.chance.random() < 0.05:
                await asyncio.sleep(self.chance.uniform(0.5, 4))
            if self.habit == "slow":
                await asyncio.sleep(0.02)
            size = int(await reader.readuntil(b"\r\n"), 16)
            chunk = await reader.readexactly(size + 2)
            if not size:
                return
            *blocks, text = (text + chunk[:-2]).split(b"\n\n")
            for block in blocks:
                self._take(block)

    def _take(self, block: bytes) -> None:
        found = _BLOCK.search(block)
        if found is None:
            return
        epoch, sequence, name, data = found.groups()
        self.last_event_id = f"{epoch.decode()}-{sequence.decode()}"
        if name == b"gap":
            first, last = (int(edge) for edge in re.findall(rb'-(\d+)"', data))
            self.gaps.append((first, last))
        elif name == b"reset":
            self.resets.append(data.decode())
        elif name is not None:
            self.received.append(int(sequence))
            self.foreign += str(self.company).encode() not in data

    def is_exact(self, published: list[int]) -> bool:
        told = [s for s in published if not any(first <= s <= last for first, last in self.gaps)]
        return self.received == told and not self.foreign and not self.resets


class Processes:
    """API processes on fixed ports: stopped or killed in turn, and started again."""

    def __init__(self, place: Place, count: int) -> None:
        self.ports = [free_port() for _ in range(count)]
        self._place = place
        self._running: list[tuple[ExitStack, Api] | None] = [None] * count
        self.restarts = {"stopped": 0, "killed": 0}
        self.peak_mb = 0.0

    def start(self, number: int) -> None:
        stack = ExitStack()
        api = stack.enter_context(
            running_api(
                self._place.layout,
                self._place.folder / f"api{number}.log",
                IMPACT_PORT_API=str(self.ports[number]),
                STREAM_RETRY_MS="100",
                STREAM_RING_SIZE="256",
                STREAM_HEARTBEAT_S="2",
                STREAM_LIFETIME_S="15",
            )
        )
        self._running[number] = (stack, api)

    def restart(self, number: int, *, kill: bool) -> None:
        running = self._running[number]
        assert running is not None
        stack, api = running
        if kill:
            api.process.kill()
            api.process.wait()
        stack.close()
        self.restarts["killed" if kill else "stopped"] += 1
        self.start(number)

    def memory_mb(self) -> float:
        """Of the largest process now."""
        sizes = []
        for running in self._running:
            with suppress(psutil.NoSuchProcess):
                if running is not None:
                    sizes.append(psutil.Process(running[1].process.pid).memory_info().rss / 2**20)
        return max(sizes, default=0.0)

    def close(self) -> None:
        for running in self._running:
            if running is not None:
                running[0].close()


async def storm(
    place: Place,
    *,
    clients: int,
    seconds: float,
    rate: float,
    processes: int,
    restart_every_s: float,
    seed: int,
) -> dict[str, Any]:
    """Run the storm, let everybody catch up, and account for each client."""
    chance = random.Random(seed)  # noqa: S311
    nats = await nats_client(store_settings(place.layout), name="storm")
    js = nats.jetstream()
    state = await log_state(nats)
    published: dict[UUID, list[int]] = {company: [] for company in COMPANIES}
    servers = Processes(place, processes)
    memory: list[float] = []
    is_over = asyncio.Event()

    async def publish(until: float) -> None:
        last = state.last
        started, sent = time.monotonic(), 0
        while (now := time.monotonic()) < until:
            due = int((now - started) * rate) - sent
            messages = []
            for number in range(sent, sent + due):
                company = COMPANIES[chance.random() < 0.3]
                body = b'{"companyId":"%b","data":{"value":%d,"f":"%b"}}' % (
                    str(company).encode(), number, b"x" * chance.randrange(300),
                )  # fmt: skip
                messages.append(
                    Message(update_subject(company, "metric.updated"), body, f"storm:{seed}:{number}")
                )
                last += 1
                published[company].append(last)
            await publish_all(js, messages)
            sent += due
            await asyncio.sleep(0.02)

    async def disturb(until: float) -> None:
        turn = 0
        while (pause_s := chance.uniform(0.5, 1.5) * restart_every_s) + time.monotonic() < until:
            await asyncio.sleep(pause_s)
            await asyncio.to_thread(servers.restart, turn % processes, kill=chance.random() < 0.5)
            turn += 1

    async def watch() -> None:
        while True:
            memory.append(servers.memory_mb())
            await asyncio.sleep(max(1.0, seconds / 20))

    try:
        for number in range(processes):
            await asyncio.to_thread(servers.start, number)
        followers = [
            Follower(
                company, place.keys[company], HABITS[number % len(HABITS)], _chance(seed, number),
                f"{state.epoch}-{state.last}",
            )
            for number in range(clients)
            for company in [COMPANIES[number % 2]]
        ]  # fmt: skip
        following = [asyncio.create_task(follower.run(servers.ports, is_over)) for follower in followers]
        watching = asyncio.create_task(watch())
        until = time.monotonic() + seconds
        await asyncio.gather(publish(until), disturb(until))
        settled = time.monotonic() + _SETTLE_S
        while time.monotonic() < settled and not all(  # noqa: ASYNC110
            follower.received and follower.received[-1] == published[follower.company][-1]
            for follower in followers
        ):
            await asyncio.sleep(0.2)
        caught_up_s = time.monotonic() - until
        watching.cancel()
        is_over.set()
        for task in following:
            task.cancel()
        await asyncio.gather(*following, watching, return_exceptions=True)
        after = await log_state(nats)
    finally:
        await asyncio.to_thread(servers.close)
        await nats.close()
    inexact = [follower for follower in followers if not follower.is_exact(published[follower.company])]
    warm = memory[len(memory) // 4 :] or [0.0]
    return {
        "is_exact": not inexact and after.last == state.last + sum(map(len, published.values())),
        "clients": clients,
        "inexact_clients": len(inexact),
        "published": sum(map(len, published.values())),
        "received": sum(len(follower.received) for follower in followers),
        "gaps_told": sum(len(follower.gaps) for follower in followers),
        "resets": sum(len(follower.resets) for follower in followers),
        "foreign_events": sum(follower.foreign for follower in followers),
        "connections": sum(follower.connections for follower in followers),
        "caught_up_after_s": round(caught_up_s, 1),  # the last update; at most as long as is waited
        "refused_connections": sum(follower.refused for follower in followers),
        **{f"processes_{how}": count for how, count in servers.restarts.items()},
        "memory_grown_mb": round(max(warm[-3:]) - min(warm[:3]), 1),
        "rss_mb": memory,
        "inexact": [_difference(one, published[one.company]) for one in inexact[:5]],
    }


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed}:{number}")  # noqa: S311


def _difference(follower: Follower, published: list[int]) -> dict[str, Any]:
    """Enough to look for what went wrong with a client."""
    received = follower.received
    return {
        "habit": follower.habit,
        "missing": sorted(set(published) - set(received))[:10],
        "doubled": sorted({s for s in received if received.count(s) > 1})[:10],
        "is_sorted": received == sorted(received),
        "resets": follower.resets[:3],
        "gaps": follower.gaps[:3],
    }
