"""Many clients of one event stream in one process: they count, look at the time, and do nothing else.

`python -m tests.load.stream_clients URL COUNT`, with the API key in SSE_KEY. Says `ready` once all are
connected, begins to count at a line on stdin, and at the next one prints what each received, as JSON. A
number in such a line is how many events each client should have got by then: it is waited for. A client looks
at the time in the oldest event of what it reads at once. `--stalled` of them stop reading once connected. The
first `--witnesses` of the others also read each event's number: which are missing, doubled or out of order.
With `--reads` the time of every read is printed beside the time in its oldest event, in nanoseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import socket
import sys
import time
from itertools import pairwise
from typing import cast
from urllib.parse import urlsplit

import uvloop

from tests.load.histogram import Histogram

EVENT = b"\nevent: "
STAMP = b'"t":'
NUMBER = re.compile(rb'"value":(\d+)')
AT_ONCE = 50  # connections being opened
CONNECT_S = 120
PATIENCE_S = 10.0  # for events that should have come, from when the last one did
_DIGITS = 19  # of a time in nanoseconds


class Client(asyncio.Protocol):
    """One connection. Events cut in two by the end of a read are counted too."""

    def __init__(
        self, request: bytes, latencies: Histogram, *, is_stalled: bool = False, is_witness: bool = False
    ) -> None:
        self._request = request
        self._latencies = latencies
        self._is_stalled = is_stalled
        self._is_witness = is_witness
        self._line = b""
        self.numbers: list[int] = []
        self._end = b""
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.events = 0
        self.reads: list[tuple[int, int]] | None = None  # the time in the oldest event, and the read's own
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.answered.done():
            if not data.startswith(b"HTTP/1.1 200"):
                self.answered.set_exception(RuntimeError(f"answered {data[:200]!r}"))
                return
            self.answered.set_result(None)
            if self._is_stalled:
                self._transport.pause_reading()
        self.events += data.count(EVENT) + (self._end + data[:7]).count(EVENT)
        self._end = data[-7:]
        place = data.find(STAMP)
        stamp = data[place + 4 : place + 4 + _DIGITS]
        if place >= 0 and len(stamp) == _DIGITS and stamp.isdigit():
            due_ns, now_ns = int(stamp), time.time_ns()
            self._latencies.add((now_ns - due_ns) / 1e9)
            if self.reads is not None:
                self.reads.append((due_ns, now_ns))
        if self._is_witness:
            *lines, self._line = (self._line + data).split(b"\n")
            self.numbers += [int(found[1]) for found in map(NUMBER.search, lines) if found]

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = True
        if not self.answered.done():
            self.answered.set_exception(ConnectionError("closed before it answered"))


async def connect(
    url: str,
    count: int,
    headers: dict[str, str],
    latencies: Histogram,
    *,
    stalled: int = 0,
    witnesses: int = 0,
) -> list[Client]:
    """The clients, each with its answer begun; `stalled` of them read nothing after that."""
    address = urlsplit(url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    target = address.path + (f"?{address.query}" if address.query else "")
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Accept: text/event-stream"]
    request = "\r\n".join([*lines, *(f"{k}: {v}" for k, v in headers.items()), "", ""]).encode()
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Client:
        async with gate:
            connection = socket.socket()
            connection.setblocking(False)
            if number < stalled:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            await loop.sock_connect(connection, (host, port))
            _, client = await loop.create_connection(
                lambda: Client(
                    request,
                    latencies,
                    is_stalled=number < stalled,
                    is_witness=stalled <= number < stalled + witnesses,
                ),
                sock=connection,
            )
            await client.answered
            return client

    async with asyncio.timeout(CONNECT_S):
        return list(await asyncio.gather(*(one(number) for number in range(count))))


async def run(url: str, count: int, stalled: int, witnesses: int, *, is_read_kept: bool) -> None:
    latencies = Histogram()
    headers = {"Authorization": f"Bearer {os.environ['SSE_KEY']}"}
    clients = await connect(url, count, headers, latencies, stalled=stalled, witnesses=witnesses)
    reading = clients[stalled:]
    print("ready", flush=True)
    await _told(reading)
    before = [client.events for client in reading]
    latencies.counts.clear()
    for client in reading:
        client.numbers.clear()
        client.reads = [] if is_read_kept else None
    started, cpu = time.time(), time.process_time()
    await _told(reading, sum(before))
    seconds = time.time() - started
    counts = [client.events - count for client, count in zip(reading, before, strict=True)]
    print(
        json.dumps(
            {
                "seconds": seconds,
                "counts": counts,
                "lost": sum(client.is_lost for client in clients),
                "client_cores": (time.process_time() - cpu) / seconds,
                "reads": [read for client in reading for read in client.reads or ()],
                "witnessed": [amiss(client.numbers) for client in reading[:witnesses]],
                "latency_ms": latencies.summary(),
                "histogram": latencies.to_json(),
            }
        ),
        flush=True,
    )


async def _told(clients: list[Client], before: int = 0) -> None:
    """Return after the next line on stdin, once each client got as many events as it says, or none come."""
    _, _, number = (await asyncio.to_thread(sys.stdin.readline)).partition(" ")
    expected = before + len(clients) * int(number or 0)
    seen, seen_at = -1, time.monotonic()
    while (now := sum(client.events for client in clients)) < expected:
        if now != seen:
            seen, seen_at = now, time.monotonic()
        if time.monotonic() - seen_at > PATIENCE_S:
            return
        await asyncio.sleep(0.05)


def amiss(numbers: list[int]) -> dict[str, int]:
    """How many of one publisher's numbers, which count up by one, are missing, doubled or out of order."""
    if not numbers:
        return {"seen": 0, "missing": 0, "doubled": 0, "out_of_order": 0}
    different = set(numbers)
    return {
        "seen": len(numbers),
        "missing": max(different) - min(different) + 1 - len(different),
        "doubled": len(numbers) - len(different),
        "out_of_order": sum(after < before for before, after in pairwise(numbers)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    parser.add_argument("--stalled", type=int, default=0, help="of them, that stop reading once connected")
    parser.add_argument("--witnesses", type=int, default=0, help="of them, that read each event's number")
    parser.add_argument("--reads", action="store_true", help="print when each read was")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(
        run(
            options.url, options.count, options.stalled, options.witnesses, is_read_kept=options.reads
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
