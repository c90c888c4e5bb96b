"""A platform of its own under a stream of deliveries, while its processes are killed at random moments."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.stack import platform as stack
from orchestration.stack import preparation, supervision
from orchestration.stack.layout import HOST, Layout, Ports
from tests.soak.ledger import Ledger
from tests.soak.sending import Sender, session

STORES = ("nats", "postgres", "clickhouse")
PROCESSES = ("receiver", "worker")
BACK_WITHIN_S = 60.0


class Kept:
    """One of our processes, started again whenever it ends, as a supervisor does it."""

    def __init__(self, layout: Layout, module: str, port: int, port_variable: str) -> None:
        self.url = f"http://{HOST}:{port}"
        self._command = [sys.executable, "-m", module]
        self._environment = {
            **os.environ, **layout.environment(), port_variable: str(port),
            # Short, so that the messages of a killed worker come back while the storm looks.
            "IMPACT_ACK_WAIT_S": "5", "IMPACT_RETRY_BASE_S": "0.2",
        }  # fmt: skip
        self._log = (layout.home / "logs" / f"{module}.log").open("ab")
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._popen = subprocess.Popen(
            self._command, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
        )

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    def keep(self) -> None:
        if self.pid is None:
            self.start()

    def is_healthy(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200
        return False

    def stop(self) -> None:
        if self._popen is not None:
            self._popen.terminate()
            self._popen.wait(20)
        self._log.close()


@dataclass
class Storm:
    """What happened, and how the platform's tables differ from the ledger in the end."""

    ledger: Ledger
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    drained_after_s: float | None = None
    waiting: dict[str, int] = field(default_factory=dict)
    differences: dict[str, int] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        return (
            bool(self.differences)
            and not any(self.differences.values())
            and not any(self.waiting.values())
            and all(one.accepted_at for one in self.ledger.sent)
        )


class Platform:
    """The stores of one layout, and a receiver and a worker that know them as another one (`apps`) says."""

    def __init__(self, layout: Layout, apps: Layout | None = None) -> None:
        self.layout, apps = layout, apps or layout
        self.stores: StoreSettings = preparation.store_settings(layout)
        self.secret = apps.secrets.webhook_secret_kintell.encode()
        self.receiver = Kept(apps, "ingest.webhooks", apps.ports.webhooks, "IMPACT_PORT_WEBHOOKS")
        self.worker = Kept(apps, "ingest.worker", apps.ports.worker, "IMPACT_PORT_WORKER")
        self.kept = {"receiver": self.receiver, "worker": self.worker}

    def pid(self, name: str) -> int | None:
        """The live process under this name; None while it is down."""
        if name in self.kept:
            return self.kept[name].pid if self.kept[name].is_healthy() else None
        with supervision.connect(self.layout) as supervisor:
            state = supervisor.states()[name] if supervisor else None
        return state.pid if state and state.state == "RUNNING" else None

    async def keep_up(self) -> None:
        while True:
            for kept in self.kept.values():
                kept.keep()
            await asyncio.sleep(0.1)


@contextmanager
def running_platform(folder: Path) -> Iterator[Platform]:
    layout = Layout.open(folder, Ports.free())
    stack.up(layout, print, stores_only=True)
    platform = Platform(layout)
    try:
        yield platform
    finally:
        for kept in platform.kept.values():
            kept.stop()
        stack.down(layout)


async def run(
    platform: Platform, *, seconds: float, rate: float, seed: int, kill_every_s: float = 0.0,
    disturb: Callable[[], Awaitable[None]] | None = None,
) -> Storm:  # fmt: skip
    """Send for `seconds`, kill or do what else disturbs meanwhile, wait until nothing waits, and compare."""
    storm = Storm(Ledger(seed))
    keeping = asyncio.create_task(platform.keep_up())
    try:
        await _until(platform.receiver.is_healthy)
        await _until(platform.worker.is_healthy)
        started = time.monotonic()
        async with session() as http, asyncio.TaskGroup() as both:
            sender = Sender(platform.receiver.url, platform.secret, storm.ledger, http)
            both.create_task(sender.run(rate, seconds, asyncio.Event()))
            both.create_task(
                disturb() if disturb
                else _kill(platform, storm, seconds=seconds, every_s=kill_every_s, seed=seed)
            )  # fmt: skip
        storm.seconds = time.monotonic() - started
        storm.drained_after_s = await _drain(platform, storm)
        with closing(clickhouse_client(platform.stores)) as clickhouse:
            storm.differences = storm.ledger.differences(clickhouse)
    finally:
        keeping.cancel()
    return storm


async def _kill(platform: Platform, storm: Storm, *, seconds: float, every_s: float, seed: int) -> None:
    """Kill one process after the other, in rounds of random order, at random moments."""
    chance = random.Random(seed)  # noqa: S311
    until = time.monotonic() + seconds
    while True:
        names = [*STORES, *PROCESSES]
        chance.shuffle(names)
        for name in names:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * every_s)
            if time.monotonic() >= until:
                return
            # One that has not come back from its last kill is waited for: a dead process cannot be killed.
            while (pid := await asyncio.to_thread(platform.pid, name)) is None:
                if time.monotonic() >= until:
                    return
                await asyncio.sleep(0.2)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                storm.kills[name] += 1


async def _drain(platform: Platform, storm: Storm, within_s: float = 180.0) -> float | None:
    """Seconds until nothing waits anywhere; None when something is stuck."""
    started = time.monotonic()
    while time.monotonic() - started < within_s:
        with suppress(OSError, psycopg.Error, TimeoutError):
            storm.waiting = await asyncio.wait_for(_waiting(platform), 10)
            if not any(storm.waiting.values()):
                return time.monotonic() - started
        await asyncio.sleep(0.25)
    return None


async def _waiting(platform: Platform) -> dict[str, int]:
    with closing(postgres_connection(platform.stores, autocommit=True)) as postgres:
        [row] = postgres.execute(
            "select (select count(*) from ingest.inbox), (select count(*) from ingest.dead_letters),"
            " (select count(*) from ingest.event_ids where published_at is null),"
            " (select count(*) from ingest.deliveries where settled_at is null)"
        ).fetchall()
    client = await nats_client(platform.stores, name="storm")
    try:
        js = client.jetstream()
        return {
            "inbox rows": row[0],
            "dead letters": row[1] + (await js.stream_info("DEAD_LETTERS")).state.messages,
            "claims not published": row[2],
            "deliveries not settled": row[3],
            "INBOX": (await js.stream_info("INBOX")).state.messages,
            "RETRY": (await js.stream_info("RETRY")).state.messages,
            "EVENTS to load": await _to_load(js),
        }
    finally:
        await client.close()


async def _to_load(js: JetStreamContext) -> int:
    info = await js.consumer_info("EVENTS", "loader")
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


async def _until(is_true: object, within_s: float = BACK_WITHIN_S) -> None:
    started = time.monotonic()
    while not await asyncio.to_thread(is_true):  # type: ignore[arg-type]
        assert time.monotonic() - started < within_s, "a process did not come up"
        await asyncio.sleep(0.1)
