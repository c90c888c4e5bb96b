"""The platform that is put under load: the one that runs here, or one of its own on free ports; and what it
tells of itself meanwhile: its metrics, what waits in it, and what each of its parts uses.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from prometheus_client.parser import text_string_to_metric_families

from ingest.stores import StoreSettings, nats_client, postgres_connection
from orchestration.stack import platform as stack
from orchestration.stack import settings, status, supervision
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import HOST, Layout, Ports
from orchestration.stack.preparation import store_settings

POLL_S = 0.25
BROKER_S = 30.0
SUPERVISOR = "supervisor"
# Parts that have /metrics, by the setting of their port.
MEASURED = {"receiver": "webhooks", "worker": "worker", "gate": "gate", "journey": "journey", "api": "api"}

_WAITING = """
select (select count(*) from ingest.inbox) as inbox,
    (select count(*) from ingest.event_outbox) as event_outbox,
    (select count(*) from serving.announcements) as announcements,
    (select count(*) from ingest.dead_letters where state = 'waiting') as dead_letters
"""

# What a store that is away or coming back lets its clients know.
STORE_ERRORS = (psycopg.Error, NatsError)

Sample = tuple[str, frozenset[tuple[str, str]]]  # a metric's name and labels


@dataclass(frozen=True)
class Target:
    """A running platform, and how to reach it."""

    layout: Layout
    stores: StoreSettings

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment with the platform's addresses and secrets, for a process beside it."""
        return {**os.environ, **self.layout.environment()}

    @property
    def webhook_url(self) -> str:
        return self.layout.environment()["IMPACT_WEBHOOK_URL"]

    @property
    def api_url(self) -> str:
        return self.layout.environment()["IMPACT_API_URL"]


@contextmanager
def own(
    report: Callable[[str], None] = print,
    *,
    home: Path | None = None,
    stores_only: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Target]:
    """A platform of its own on free ports, started as `impact up` does it, until the block ends.

    Its data are gone afterwards, unless `home` says where to keep them. `environment` is set in this process
    and all parts while it lives. SIGTERM ends the block as Ctrl-C does, so that no process stays behind.
    """
    before = {name: os.environ.get(name) for name in environment or {}}
    os.environ.update(environment or {})
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="impact-load-") as folder:
            layout = Layout.open(home or Path(folder) / "impact", Ports.free())
            stack.up(layout, report, stores_only=stores_only)
            try:
                yield Target(layout, store_settings(layout))
            finally:
                stack.down(layout)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def running() -> Target:
    """The platform that `impact up` started; `PlatformError` if none runs or a part is ill."""
    layout = settings.running_layout()
    found = status.status(layout)
    if not found.is_running:
        raise PlatformError(
            f"no platform runs in {layout.home}. Start it with `impact up`, or add --own for one of its own."
        )
    if ill := [part for part in found.parts if not part.is_healthy]:
        problems = "; ".join(f"{part.name}: {part.problem}" for part in ill)
        raise PlatformError(f"no load for the platform in {layout.home}, which is ill: {problems}")
    return Target(layout, store_settings(layout))


@contextmanager
def chosen(
    is_own: bool, report: Callable[[str], None] = print, *, environment: Mapping[str, str] | None = None
) -> Iterator[Target]:
    """`own` or `running`, as the operator has said."""
    if is_own:
        with own(report, environment=environment) as target:
            yield target
    else:
        yield running()


def metrics(target: Target, part: str) -> dict[Sample, float]:
    """What `/metrics` of a part says now, each value by its name and labels."""
    port = getattr(target.layout.ports, MEASURED[part])
    with urlopen(f"http://{HOST}:{port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(values: Mapping[Sample, float], name: str, **labels: str) -> float:
    """The sum of a metric over all its labels but those that are given; 0 where nothing was counted."""
    wanted = labels.items()
    return sum(value for (found, has), value in values.items() if found == name and wanted <= set(has))


@dataclass(frozen=True)
class Use:
    """What a part and all processes below it hold now, and the CPU seconds they have used so far.

    `memory_bytes` counts what several processes share once (PSS) where the system tells it, else for each.
    """

    memory_bytes: int
    rss_bytes: int
    fds: int
    threads: int
    processes: int
    cpu_s: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def use(target: Target) -> dict[str, Use]:
    """Of every part that runs, and of the supervisor alone under `supervisor`."""
    roots: dict[str, psutil.Process] = {}
    with supervision.connect(target.layout) as supervisor:
        if supervisor is None:
            return {}
        supervisor_pid, states = supervisor.pid, supervisor.states()
    for name, state in states.items():
        with contextlib.suppress(psutil.Error):
            if state.pid:
                roots[name] = psutil.Process(state.pid)
    found = {name: _use(root, with_children=True) for name, root in roots.items()}
    with contextlib.suppress(psutil.Error):
        found[SUPERVISOR] = _use(psutil.Process(supervisor_pid), with_children=False)
    return found


def memory_bytes(target: Target) -> int:
    """Of the whole platform, what processes share counted once."""
    return sum(one.memory_bytes for one in use(target).values())


def _use(root: psutil.Process, *, with_children: bool) -> Use:
    memory = rss = fds = threads = count = 0
    cpu_s = 0.0
    below: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        below = root.children(recursive=True) if with_children else []
    for process in (root, *below):
        with contextlib.suppress(psutil.Error), process.oneshot():
            info, times = process.memory_full_info(), process.cpu_times()
            memory += getattr(info, "pss", info.rss)
            rss += info.rss
            fds += process.num_fds()
            threads += process.num_threads()
            count += 1
            # Of the supervisor, those of its children that ended are the parts' own.
            ended = times.children_user + times.children_system if with_children else 0.0
            cpu_s += times.user + times.system + ended
    return Use(memory, rss, fds, threads, count, round(cpu_s, 2))


def waiting(target: Target) -> dict[str, int]:
    """What waits in each queue now; all are 0 once everything that was accepted has been worked on.

    `inbox`: for the relay. `event_outbox`, `announcements`: to be published. `dead_letters`: for somebody.
    `INBOX`, `RETRY`: for the worker. `EVENTS/<consumer>`: for the loader, the gate, the journey.
    """
    with closing(postgres_connection(target.stores, autocommit=True)) as postgres:
        cursor = postgres.execute(_WAITING)
        row = cursor.fetchone()
        assert row is not None
        assert cursor.description is not None
        found = {column.name: int(value) for column, value in zip(cursor.description, row, strict=True)}
    # The client would try for ever to reach a broker that is away.
    return found | asyncio.run(asyncio.wait_for(_waiting_in_nats(target.stores), BROKER_S))


async def _waiting_in_nats(stores: StoreSettings) -> dict[str, int]:
    nats = await nats_client(stores, name="load")
    try:
        js, found = nats.jetstream(), dict[str, int]()
        for stream in ("INBOX", "RETRY"):
            with contextlib.suppress(NotFoundError):
                found[stream] = (await js.stream_info(stream)).state.messages
        for consumer in await js.consumers_info("EVENTS"):
            if consumer.config.durable_name:  # others are of readers that come and go
                name = f"EVENTS/{consumer.config.durable_name}"
                found[name] = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
        return found
    finally:
        await nats.close()


def settle(target: Target, within_s: float = 300.0, *, queues: Collection[str] | None = None) -> float | None:
    """Seconds until nothing waits in the platform, or in these `queues` of it; None if something is stuck.

    A store that is away is asked again: it may just be coming back.
    """
    started = time.monotonic()
    while time.monotonic() - started < within_s:
        with contextlib.suppress(OSError, TimeoutError, *STORE_ERRORS):
            found = waiting(target)
            if not any(found[name] for name in queues or found):
                return time.monotonic() - started
        time.sleep(POLL_S)
    return None
