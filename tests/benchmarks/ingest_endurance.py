"""Long runs of the way in, beside the whole platform: `python -m tests.benchmarks.ingest_endurance --help`.

First the receiver is asked for its latency at each of `--rates`, with whatever backlog builds up behind it;
then requests at `--path-rate` are followed until they can be queried in ClickHouse. Each run ends when every
accepted delivery is in `raw.events`, once, and tells what each part used of the CPU. Load generator,
receiver, stores, worker and Dagster with its refreshes share this machine's cores. `--closed-loop` compares
the receiver with an app that only verifies. Writes docs/reports/ingestion_webhooks.{md,json}; with `--add`,
runs at other rates stay in it, so that they may be made one by one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import uvloop
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.stack import platform as stack
from orchestration.stack.layout import PROJECT, Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks.ingest import measure_receiver, running_stores
from tests.benchmarks.ingest_endurance_report import report
from tests.benchmarks.usage import Usage

REPORT = PROJECT / "docs" / "reports" / "ingestion_webhooks"
SAMPLE_S = 5.0
DRAIN_TIMEOUT_S = 3600

_FRESHNESS = """
with toUInt64(splitByChar('-', subject)[-1]) as number,
    toUnixTimestamp64Micro(loaded_at) / 1e6 - ({started:Float64} + number / {rate:Float64}) as seconds
select count(), uniqExact(event_id), quantilesExact(0.5, 0.95, 0.99)(seconds), max(seconds)
from raw.events where startsWith(subject, {run:String})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="length of each run")
    parser.add_argument("--rates", type=int, nargs="*", default=[1000, 5000], help="requests a second")
    parser.add_argument(
        "--path-rate", type=int, default=3000, help="requests a second of the full path; 0: none"
    )
    parser.add_argument("--closed-loop", action="store_true", help="measure the ratio to the bare app, too")
    parser.add_argument("--add", action="store_true", help="to the report that is there")
    arguments = parser.parse_args()
    result: dict[str, Any] = {"runs": []}
    if arguments.add and REPORT.with_suffix(".json").exists():
        result = json.loads(REPORT.with_suffix(".json").read_text())
    if arguments.closed_loop:
        with tempfile.TemporaryDirectory() as folder, running_stores(Path(folder)) as layout:
            measured = uvloop.run(measure_receiver(layout, 60 * min(arguments.minutes, 0.5)))
            result["closed_loop"] = {**circumstances(), "measured": [asdict(one) for one in measured]}
    rates = [*arguments.rates, *([arguments.path_rate] if arguments.path_rate else [])]
    if rates:
        with tempfile.TemporaryDirectory() as folder, running_platform(Path(folder)) as layout:
            for rate in rates:
                run = {**circumstances(), **one_run(layout, rate, arguments.minutes * 60)}
                runs = [*(other for other in result["runs"] if other["rate"] != rate), run]
                result["runs"] = sorted(runs, key=lambda run: run["rate"])
                write(result)
    print(write(result))


def write(result: dict[str, Any]) -> str:
    """Write both files, after each run, and return the page."""
    text = report(result)
    REPORT.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
    REPORT.with_suffix(".md").write_text(text)
    return text


def circumstances() -> dict[str, Any]:
    return {
        "command": " ".join(["python -m tests.benchmarks.ingest_endurance", *sys.argv[1:]]),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_before": [round(load, 1) for load in os.getloadavg()],
        "sync_ms": sync_ms(),
    }


def sync_ms(times: int = 200) -> dict[str, float]:
    """What the disk takes to have 8 KB that replace others: no answer can come sooner than that."""
    taken = []
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
        for _ in range(times):
            file.seek(0)
            file.write(os.urandom(8192))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {name: round(taken[int(share * times)], 2) for name, share in (("p50", 0.5), ("p99", 0.99))}


@contextmanager
def running_platform(folder: Path) -> Iterator[Layout]:
    layout = Layout.open(folder / "impact", Ports.free())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the platform ends too
    stack.up(layout, print)
    try:
        yield layout
    finally:
        stack.down(layout)


def one_run(layout: Layout, rate: int, seconds: float) -> dict[str, Any]:
    """Load at `rate`, wait until all of it is in the warehouse, and tell about both."""
    settings, run = store_settings(layout), uuid.uuid4().hex[:12]
    with (
        closing(postgres_connection(settings, autocommit=True)) as postgres,
        Samples(layout, settings) as samples,
    ):
        usage = Usage(layout)
        outcome = generate(layout, run, rate, seconds)
        ended = time.monotonic()
        backlog = samples.backlog(postgres)
        with closing(clickhouse_client(settings)) as clickhouse:
            wait_for(clickhouse, run, outcome["statuses"].get("202", 0))
            drained_s = time.monotonic() - ended
            cpu = usage.per_delivery(outcome["statuses"].get("202", 0))
            row = clickhouse.query(
                _FRESHNESS,
                {"run": f"session/{run}-", "started": outcome["started_at"], "rate": float(rate)},
            ).result_rows[0]
    count, distinct, (p50, p95, p99), longest = row
    accepted = outcome["statuses"].get("202", 0)
    # A request whose answer came too late to be counted may be stored as well.
    is_whole = count == distinct and accepted <= count <= accepted + outcome["unanswered"]
    assert is_whole, f"accepted {accepted}, stored {count}, of them {distinct} different"
    return {
        **outcome, "stored": count, "cpu": cpu, "backlog_at_end": backlog, "drained_s": round(drained_s, 1),
        "request_to_row_s": {"p50": p50, "p95": p95, "p99": p99, "max": longest}, "samples": samples.taken,
    }  # fmt: skip


def generate(layout: Layout, run: str, rate: int, seconds: float) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.load.sender", "--run", run,
         "--url", layout.environment()["IMPACT_WEBHOOK_URL"],
         "--rate", str(rate), "--seconds", str(seconds)],
        env={**os.environ, **layout.environment()}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    outcome: dict[str, Any] = json.loads(ended.stdout)
    for name in ("histogram", "timeline", "attempts", "cpu_s"):  # a load's own report has those
        del outcome[name]
    return outcome


def wait_for(clickhouse: ClickHouseClient, run: str, count: int) -> None:
    until = time.monotonic() + DRAIN_TIMEOUT_S
    query = "select count() from raw.events where startsWith(subject, {run:String})"
    while clickhouse.query(query, {"run": f"session/{run}-"}).result_rows[0][0] < count:
        if time.monotonic() > until:
            raise AssertionError(f"{count} accepted deliveries were not all stored in {DRAIN_TIMEOUT_S} s")
        time.sleep(1)


class Samples:
    """Backlog and memory of each part, every few seconds, while the block runs."""

    def __init__(self, layout: Layout, settings: StoreSettings) -> None:
        self._layout, self._settings = layout, settings
        self._stop = Event()
        self._thread = Thread(target=self._sample, daemon=True)
        self.taken: list[dict[str, Any]] = []

    def __enter__(self) -> Samples:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def backlog(self, postgres: psycopg.Connection) -> dict[str, int]:
        """Deliveries that wait in Postgres and in the broker, and events that wait to be loaded."""
        # The difference of ids reads two rows of the index; counting would read the whole backlog.
        row = postgres.execute(
            "select coalesce(max(inbox_id) - min(inbox_id) + 1, 0) from ingest.inbox"
        ).fetchone()
        assert row is not None
        return {"inbox": row[0], **asyncio.run(self._waiting())}

    async def _waiting(self) -> dict[str, int]:
        nats = await nats_client(self._settings, name="benchmark")
        try:
            js = nats.jetstream()
            inbox = await js.stream_info("INBOX")
            loader = await js.consumer_info("EVENTS", "loader")
            return {
                "broker": inbox.state.messages,
                "loader": (loader.num_pending or 0) + (loader.num_ack_pending or 0),
            }
        finally:
            await nats.close()

    def _sample(self) -> None:
        started = time.monotonic()
        with closing(postgres_connection(self._settings, autocommit=True)) as postgres:
            while not self._stop.wait(SAMPLE_S):
                self.taken.append(
                    {
                        "s": round(time.monotonic() - started),
                        "backlog": self.backlog(postgres),
                        "rss_mib": {
                            part.name: (part.rss_bytes or 0) >> 20 for part in status(self._layout).parts
                        },
                    }
                )


if __name__ == "__main__":
    main()
