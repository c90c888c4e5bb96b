"""An open-loop load generator in a process of its own: `python -m tests.benchmarks.generator --help`.

Requests leave by the clock, whether or not earlier ones were answered, and a latency counts from the moment a
request was due: a server that stalls cannot make its senders wait and look fast. Each request is a signed
session of its own, made and signed when it is sent, so that a run may be as long as one likes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hmac
import json
import os
import sys
import time
from array import array
from collections import Counter, deque
from typing import cast
from urllib.parse import urlsplit

import polars as pl
import uvloop
from rich.console import Console
from rich.progress import Progress

TICK_S = 0.001
BODY_BYTES = 1024
GRACE_S = 15  # how long answers are waited for after the last request left

_BODY = (
    b'{"session_id":"%b","session_type":"language","participant_email":"p%d@example.org",'
    b'"volunteer_email":"v%d@example.com","scheduled_at":"2025-10-02T16:00:00Z",'
    b'"completed_at":"2025-10-02T16:47:00Z","duration_minutes":47,"topics":["daily life","work"],'
    b'"language_level":"B1","note":"%b"}'
)
_HEAD = (
    b"POST /v1/webhooks/session-completed HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    b"X-Kintell-Signature: t=%d,v1=%b\r\nX-Delivery-Id: %b\r\nContent-Length: %d\r\n\r\n"
)


class Requests:
    """Request number n of a run, signed for the moment it is asked for."""

    def __init__(self, run: str, secret: str) -> None:
        self._run, self._secret = run.encode(), secret.encode()
        self._padding = b"x" * BODY_BYTES

    def __call__(self, number: int) -> bytes:
        session_id = b"%b-%d" % (self._run, number)
        bare = _BODY % (session_id, number % 2000, number % 400, b"")
        body = _BODY % (session_id, number % 2000, number % 400, self._padding[: BODY_BYTES - len(bare)])
        now = int(time.time())
        digest = hmac.digest(self._secret, b"%d.%b" % (now, body), "sha256").hex().encode()
        return _HEAD % (now, digest, session_id, len(body)) + body


class Load:
    """What has been sent and answered. Latencies in seconds from when a request was due."""

    def __init__(self, requests: Requests, total: int) -> None:
        self.requests, self.total = requests, total
        self.is_over = asyncio.Event()
        self.idle: list[Connection] = []
        self.waiting: deque[tuple[int, float]] = deque()
        self.due_at = array("d")
        self.latency = array("d")
        self.statuses: Counter[str] = Counter()

    def send(self, number: int, due: float) -> None:
        if self.idle:
            self.idle.pop().send(self.requests(number), due)
        else:
            self.waiting.append((number, due))

    def answered(self, connection: Connection, status: bytes, due: float) -> None:
        self.statuses[status.decode()] += 1
        if len(self.due_at) + 1 == self.total:
            self.is_over.set()
        self.due_at.append(due)
        self.latency.append(time.perf_counter() - due)
        if self.waiting:
            number, due = self.waiting.popleft()
            connection.send(self.requests(number), due)
        else:
            self.idle.append(connection)


class Connection(asyncio.Protocol):
    """One kept connection with at most one request on its way."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._answer = b""
        self._due = 0.0
        self._is_busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class does not derive from it
        self._load.idle.append(self)

    def send(self, request: bytes, due: float) -> None:
        self._due, self._is_busy = due, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, separator, rest = self._answer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) >= length:
            self._answer, self._is_busy = b"", False
            self._load.answered(self, head[9:12], self._due)

    def connection_lost(self, error: Exception | None) -> None:
        if self._is_busy:
            self._load.statuses["connection lost"] += 1
        elif self in self._load.idle:
            self._load.idle.remove(self)


async def run(
    url: str, requests: Requests, rate: float, seconds: float, connections: int
) -> dict[str, object]:
    """Send `rate` requests a second and tell what came of them."""
    address, loop = urlsplit(url), asyncio.get_running_loop()
    total, sent = int(rate * seconds), 0
    load = Load(requests, total)
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), address.hostname, address.port)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(f"{rate:,.0f}/s", total=total)
        started_at, started = time.time(), time.perf_counter()
        while sent < total:
            due_count = min(total, int((time.perf_counter() - started) * rate) + 1)
            for number in range(sent, due_count):
                load.send(number, started + number / rate)
            sent = due_count
            progress.update(bar, completed=sent)
            await asyncio.sleep(TICK_S)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(load.is_over.wait(), GRACE_S)
    return {"rate": rate, "seconds": seconds, "sent": total, "started_at": started_at,
            "unanswered": total - load.statuses.total(), "statuses": dict(load.statuses),
            **_quantiles(load, started, seconds)}  # fmt: skip


def _quantiles(load: Load, started: float, seconds: float) -> dict[str, object]:
    answers = pl.DataFrame({"at": load.due_at, "ms": load.latency}).with_columns(pl.col("ms") * 1000)

    def quantile(share: float) -> pl.Expr:
        return pl.col("ms").quantile(share, "nearest").round(3)

    whole = answers.select(p50=quantile(0.5), p95=quantile(0.95), p99=quantile(0.99), p999=quantile(0.999),
                           max=pl.col("ms").max().round(3)).row(0, named=True)  # fmt: skip
    slices = (
        answers.with_columns(part=((pl.col("at") - started) / max(seconds / 10, 1)).cast(pl.Int32))
        .group_by("part").agg(p99=quantile(0.99)).sort("part")
    )  # fmt: skip
    return {"ms": whole, "p99_ms_by_tenth": slices["p99"].to_list()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--run", required=True, help="prefix of session and delivery ids")
    parser.add_argument("--rate", type=float, required=True, help="requests a second")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--connections", type=int, default=128)
    arguments = parser.parse_args()
    requests = Requests(arguments.run, os.environ["IMPACT_WEBHOOK_SECRET_KINTELL"])
    outcome = uvloop.run(
        run(arguments.url, requests, arguments.rate, arguments.seconds, arguments.connections)
    )
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
