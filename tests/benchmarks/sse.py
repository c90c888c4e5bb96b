"""What live streams cost and how late they are: `python -m tests.benchmarks.sse`.

Starts embedded stores and an API process, publishes updates at a rate to JetStream, and lets a process of
clients count what arrives. In the same run, with the same clients: sse-starlette as its documentation shows
it, nginx's nchan (Debian's nginx-light and libnginx-mod-nchan; named as skipped where not installed), and a
bare loop of system calls, the floor under all of them.
Writes docs/reports/streaming.{md,json}, and with `--only` a report named after the parts. `--short` runs
everything small, to see that it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
import orjson
import psutil
from nats.js.api import AckPolicy, ConsumerConfig

from ingest.api_keys import create_key
from ingest.stores import nats_client, postgres_connection
from orchestration.stack import platform
from orchestration.stack.layout import HOST, Layout, Ports
from orchestration.stack.preparation import store_settings
from serving.stream.log import ALL_UPDATES
from tests.benchmarks import reports
from tests.benchmarks.sse_bench import Bench, Figures, rss_of, told
from tests.benchmarks.sse_publisher import publish
from tests.benchmarks.sse_servers import NCHAN, api, nchan, process
from tests.benchmarks.sse_table import table
from tests.load.histogram import Histogram
from tests.serving.running import OURS, free_port
from tests.serving.sse import position


def resume(bench: Bench, folder: Path, missed: int) -> Figures:
    """A client that missed so many: to its first event and to its last, from a process that just started."""

    async def fill() -> str:
        client = await nats_client(store_settings(bench.layout), name="benchmark")
        before = await position(client.jetstream())
        await client.close()
        return before

    before = asyncio.run(fill())
    os.environ.update(bench.layout.environment())
    asyncio.run(publish(missed, 1.0, OURS, "nats"))
    firsts: list[float] = []
    alls: list[float] = []
    for attempt in range(5):
        with api(bench, folder / f"resume{attempt}.log") as (url, _):
            first, last = _resumed(url, bench.key, before, missed)
            firsts.append(first)
            alls.append(last)
    result = {
        "name": f"resume of {missed:,} missed",
        "first_byte_ms": statistics.median(firsts) * 1000,
        "all_ms": statistics.median(alls) * 1000,
        "worst_ms": max(alls) * 1000,
    }
    bench.results.append(result)
    told(result)
    return result


def _resumed(url: str, key: str, last_event_id: str, count: int) -> tuple[float, float]:
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port or 80)) as connection:
        started = time.perf_counter()
        connection.sendall(
            f"GET {address.path} HTTP/1.1\r\nHost: test\r\nX-API-Key: {key}\r\n"
            f"Last-Event-ID: {last_event_id}\r\n\r\n".encode()
        )
        events, first, end = 0, 0.0, b""
        while events < count:
            data = connection.recv(1 << 20)
            if not data:
                raise RuntimeError(f"the stream ended after {events} of {count}")
            events += data.count(b"\nevent: ") + (end + data[:7]).count(b"\nevent: ")
            end = data[-7:]
            if events and not first:
                first = time.perf_counter() - started
        return first, time.perf_counter() - started


def from_stored(bench: Bench, result: Figures, reads: list[tuple[int, int]]) -> None:
    """The same reads, counted from when JetStream had the event by its own clock: what streams add."""

    async def stored_ns() -> dict[int, int]:
        client = await nats_client(store_settings(bench.layout), name="benchmark")
        everything = await client.jetstream().pull_subscribe(
            ALL_UPDATES[0], stream="UPDATES", config=ConsumerConfig(ack_policy=AckPolicy.NONE)
        )
        found: dict[int, int] = {}
        while pending := (await everything.consumer_info()).num_pending:
            for message in await everything.fetch(min(pending, 1000)):
                at = message.metadata.timestamp
                found[orjson.loads(message.data)["data"]["t"]] = round(at.timestamp() * 1e9)
        await client.close()
        return found

    stored = asyncio.run(stored_ns())
    latencies = Histogram.of((read - stored[due]) / 1e9 for due, read in reads)
    bench.results.append({**result, "name": "JetStream to socket", "latency_ms": latencies.summary()})
    told(bench.results[-1])


def beside_stalled(bench: Bench, folder: Path, pairs: int) -> None:
    """What clients that read nothing do to the others' p99, in pairs of runs: one says little."""
    ratios = []
    for pair in range(pairs):
        p99 = {}
        for stalled in sorted((0, bench.clients // 10), reverse=pair % 2 == 1):
            with api(bench, folder / "stalled.log") as (url, pid):
                result = bench.run(
                    "with stalled clients", url, pid, rate=100, clients=bench.clients, stalled=stalled
                )
            p99[stalled] = result["latency_ms"]["p99"]
        ratios.append(p99[bench.clients // 10] / p99[0])
    result = {
        "name": f"p99 beside stalled clients, of {pairs} pairs",
        "ratio_of_p99": statistics.median(ratios),
        "ratios": ratios,
    }
    bench.results.append(result)
    told(result)


def open_streams(bench: Bench, folder: Path, count: int) -> Figures:
    """Quiet streams: what each costs in memory."""
    with api(bench, folder / "open.log") as (url, pid):
        server = psutil.Process(pid)
        before = rss_of(server)
        with subprocess.Popen(
            (sys.executable, "-m", "tests.load.stream_clients", url, str(count)),
            env=bench.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as clients:  # fmt: skip
            assert clients.stdout is not None
            if clients.stdout.readline() != "ready\n":
                raise RuntimeError("the clients did not connect")
            rss = rss_of(server)
            clients.communicate("begin\nend\n")
    result = {
        "name": f"{count:,} open streams",
        "clients": count,
        "rss_mb": rss / 2**20,
        "kb_per_stream": (rss - before) / 1024 / count,
    }
    bench.results.append(result)
    told(result)
    return result


def compare(bench: Bench, folder: Path, options: argparse.Namespace) -> list[str]:
    """Every measurement that was asked for; returns what was skipped and why."""
    skipped = []
    only = set(options.only.split(",")) if options.only else None

    def wanted(what: str) -> bool:
        return only is None or what in only

    if wanted("fanout"):
        for rate in (200, 500):
            with api(bench, folder / "fanout.log") as (url, pid):
                bench.run("impact", url, pid, rate=rate, clients=bench.clients)
        for rate in (200, 500):
            port = free_port()
            command = [sys.executable, "-m", "tests.benchmarks.bare_sse", str(port), str(rate)]
            url = f"http://{HOST}:{port}/"
            with process(bench, command, url) as pid:
                bench.run("bare writes, no broker", url, pid, rate=rate, clients=bench.clients, to="nobody")
        port = free_port()
        url = f"http://{HOST}:{port}/stream"
        for rate in (20, 200):
            command = [sys.executable, "-m", "tests.benchmarks.sse_starlette_app", str(port), str(OURS)]
            with process(bench, command, url) as pid:
                bench.run("sse-starlette", url, pid, rate=rate, clients=bench.clients)
        if shutil.which("nginx") and NCHAN.exists():
            for rate in (100, 200, 500):
                with (
                    tempfile.TemporaryDirectory() as nginx_folder,
                    nchan(bench, Path(nginx_folder)) as (url, to, pid),
                ):
                    bench.run("nchan", url, pid, rate=rate, clients=bench.clients, to=to)
        else:
            skipped.append("nchan: nginx-light and libnginx-mod-nchan are not installed")
    if wanted("latency"):
        reads: list[tuple[int, int]] = []
        with api(bench, folder / "latency.log") as (url, pid):
            result = bench.run(
                "publisher to socket", url, pid, rate=options.latency_rate, clients=20, reads=reads
            )
        from_stored(bench, result, reads)
    if wanted("stalled"):
        beside_stalled(bench, folder, options.pairs)
    if wanted("open"):
        open_streams(bench, folder, options.open)
    if wanted("resume"):
        resume(bench, folder, options.missed)
    return skipped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="per measurement")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--open", type=int, default=5000, help="quiet streams")
    parser.add_argument("--missed", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=5, help="of runs with and without stalled clients")
    parser.add_argument("--latency-rate", type=float, default=2000)
    parser.add_argument("--only", help="of fanout,latency,stalled,open,resume; separated by commas")
    parser.add_argument("--no-pin", action="store_true", help="servers and clients on any core")
    parser.add_argument("--short", action="store_true", help="everything small; writes no report")
    options = parser.parse_args()
    if options.short:
        options.seconds, options.clients, options.open = 3.0, 100, 200
        options.missed, options.pairs = 1000, 1
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layout = Layout.open(folder / "impact", Ports.free())
        platform.up(layout, lambda line: None, stores_only=True)
        try:
            with closing(postgres_connection(store_settings(layout))) as connection, connection.transaction():
                connection.execute(
                    "insert into ingest.companies (company_id, name) values (%s, 'benchmark')", (OURS,)
                )
                key = create_key(connection, OURS, "benchmark", rate_limit_per_minute=1_000_000_000)
            is_pinned = not options.no_pin and (os.cpu_count() or 1) > 1
            bench = Bench(layout, key, options.seconds, options.clients, is_pinned)
            skipped = compare(bench, folder, options)
        finally:
            platform.down(layout)
    for reason in skipped:
        print(f"skipped: {reason}")
    command = "python -m tests.benchmarks.sse" + (f" --only {options.only}" if options.only else "")
    notes = (
        "Server and clients have a core each, publisher and broker run beside them. A latency is from when an"
        " event was due for publication to the client's read, of the oldest event in each read; in `JetStream"
        " to socket`, from when JetStream took it by its own clock. The ratio is"
        f" to sse-starlette's most deliveries. {' '.join(f'Skipped: {reason}.' for reason in skipped)}"
    )
    folder = Path(tempfile.mkdtemp()) if options.short else reports.FOLDER
    # A part is a report of its own: it says nothing of the rest.
    name = "_".join(["streaming", *(options.only.split(",") if options.only else ())])
    print(
        reports.write(
            name, "Live streams", table(bench.results), bench.results, command=command,
            notes=notes, folder=folder,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
