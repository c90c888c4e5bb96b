"""Measures the way in: `python -m tests.benchmarks.ingest [--seconds 5] [--events 100000]`.

Starts stores, receiver and worker of its own on free ports. Everything, the load generator included, shares
this machine's cores, so compare numbers of one run with each other: the receiver with the bare application.
Writes docs/reports/ingest.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import uvloop
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.kintell import KintellRatingCreated
from ingest.events import encode, new_event
from ingest.jetstream import Message, publish_all
from ingest.loader import catch_up
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from ingest.streams import event_subject
from orchestration.stack import platform as stack
from orchestration.stack import preparation
from orchestration.stack.layout import Layout, Ports
from tests.benchmarks import reports
from tests.ingest.processes import running, running_worker, wait_until
from tests.load import sender
from tests.load.closed_loop import Answered, closed_loop
from tests.load.deliveries import Deliveries, new_run
from tests.load.histogram import Histogram

CONNECTIONS = 64
RATE = 200  # requests per second of the latency run: well below what two shared cores can do


@dataclass(frozen=True)
class Measurement:
    name: str
    value: float
    unit: str
    reference: float | None = None
    """What the same run measured without the part in question."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of each load run, about")
    parser.add_argument("--events", type=int, default=100_000, help="backlog for the loader")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stores(Path(folder)) as layout:
        measurements = uvloop.run(measure(layout, arguments.seconds, arguments.events))
    table = [["what", "measured", "ratio"]]
    for m in measurements:
        ratio = f"{m.value / m.reference:.2f}" if m.reference else ""
        table.append([m.name, f"{m.value:,.2f} {m.unit}", ratio])
    command = f"python -m tests.benchmarks.ingest --seconds {arguments.seconds:g} --events {arguments.events}"
    print(
        reports.write(
            "ingest",
            "The way in: measured",
            table,
            [asdict(m) for m in measurements],
            command=command,
            notes="Ratios are to the reference in the row above.",
        )
    )


@contextmanager
def running_stores(folder: Path) -> Iterator[Layout]:
    layout = Layout.open(folder / "impact", Ports.free())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the stores end with the benchmark
    stack.up(layout, print, stores_only=True)
    try:
        yield layout
    finally:
        stack.down(layout)


async def measure(layout: Layout, seconds: float, events: int) -> list[Measurement]:
    settings = preparation.store_settings(layout)
    return [
        *await measure_receiver(layout, seconds),
        *await measure_loader(settings, events),
        *await measure_path(layout, settings, seconds),
    ]


async def measure_receiver(layout: Layout, seconds: float) -> list[Measurement]:
    """Closed loop: the receiver, fsync before each answer, against an app that only verifies."""
    secret = layout.secrets.webhook_secret_kintell
    results: dict[str, Answered] = {}
    for module in ("tests.benchmarks.bare_receiver", "ingest.webhooks"):
        with running(layout, module, "IMPACT_PORT_WEBHOOKS") as process:
            probe = await closed_loop(process.url, Deliveries(new_run(), secret), 2000, CONNECTIONS)
            count = int(probe.per_second * seconds)
            results[module] = await closed_loop(
                process.url, Deliveries(new_run(), secret), count, CONNECTIONS
            )
            assert set(results[module].statuses) == {202}, results[module].statuses
    bare, receiver = results.values()
    return [
        Measurement("bare app, HMAC only, closed loop", bare.per_second, "requests/s"),
        Measurement(
            "receiver, on disk before 202, closed loop", receiver.per_second, "requests/s", bare.per_second
        ),
        Measurement("receiver, closed loop, p99", receiver.latency.ms(0.99), "ms"),
    ]


async def measure_loader(settings: StoreSettings, events: int) -> list[Measurement]:
    """A backlog in EVENTS, loaded by the catch-up that Dagster runs too."""
    nats = await nats_client(settings, name="benchmark")
    started = time.perf_counter()
    await publish_all(nats.jetstream(), [_event(number) for number in range(events)])
    published = time.perf_counter() - started
    await nats.close()
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    report = await catch_up(settings)
    took = time.perf_counter() - started
    assert report.row_count == events, report
    return [
        Measurement("publish to EVENTS, acknowledged on disk", events / published, "events/s"),
        Measurement(f"loader, backlog of {events:,}", events / took, "events/s", events / published),
        Measurement("loader, growth of memory", (psutil.Process().memory_info().rss - before) / 2**20, "MiB"),
    ]


def _event(number: int) -> Message:
    now = datetime.now(UTC)
    rating = KintellRatingCreated(
        rating_id=uuid.uuid4(), session_id=uuid.uuid4(), from_role="participant", rating=0.75, rating_raw=4,
        feedback_text="Snakket om jobb, veldig nyttig", created_at=now,
    )  # fmt: skip
    event = new_event(
        rating,
        subject=f"rating/b-{number}",
        company_id=None,
        source="/benchmark",
        source_time=now,
        origin="b:1",
    )
    return Message(event_subject(None, event.type), encode(event), str(event.id))


async def measure_path(layout: Layout, settings: StoreSettings, seconds: float) -> list[Measurement]:
    """First the backlog that the closed loop left, then a steady rate: from due request to inserted row."""
    run, count = new_run(), int(RATE * seconds)
    requests = Deliveries(run, layout.secrets.webhook_secret_kintell)
    with ExitStack() as processes, closing(clickhouse_client(settings)) as clickhouse:
        with closing(postgres_connection(settings)) as postgres:
            backlog = postgres.execute("select count(*) from ingest.inbox").fetchone()[0]
        receiver = processes.enter_context(running(layout, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS"))
        processes.enter_context(running_worker(layout))
        drained_s = await wait_for_sessions(clickhouse, "", backlog)
        outcome = await sender.run(receiver.url, requests, RATE, seconds, connections=CONNECTIONS)
        await wait_for_sessions(clickhouse, run, count)
        rows = clickhouse.query(
            "select toUInt32(splitByChar('-', subject)[-1]), toUnixTimestamp64Micro(loaded_at) / 1e6"
            " from raw.events where startsWith(subject, {run:String})", {"run": f"session/{run}"},
        ).result_rows  # fmt: skip
    path = Histogram.of(loaded - outcome["started_at"] - number / RATE for number, loaded in rows)
    return [
        Measurement(f"inbox to raw.events, backlog of {backlog:,}", backlog / drained_s, "deliveries/s"),
        Measurement(f"accept at {RATE}/s, p50", outcome["ms"]["p50"], "ms"),
        Measurement(f"accept at {RATE}/s, p99", outcome["ms"]["p99"], "ms"),
        Measurement(f"request to row at {RATE}/s, p50", path.ms(0.5), "ms"),
        Measurement(f"request to row at {RATE}/s, p99", path.ms(0.99), "ms"),
    ]


async def wait_for_sessions(clickhouse: ClickHouseClient, run: str, count: int) -> float:
    """Seconds until `count` sessions whose id starts with `run` are in the table."""
    query = "select count() from raw.events where startsWith(subject, {run:String})"
    parameters = {"run": f"session/{run}"}
    return await asyncio.to_thread(
        wait_until, lambda: clickhouse.query(query, parameters).result_rows[0][0] >= count, 120
    )


if __name__ == "__main__":
    main()
