"""The open-loop generator of every load, in a process of its own: `python -m tests.load.sender --help`.

It sends signed deliveries, or with `--paths` asks for documents. Requests leave by the clock, whether or
not earlier ones were answered, and a latency counts from the moment a request was due: a server that stalls
cannot make its senders wait and look fast. With `--until-accepted` one that got no 2xx is sent again under
its id, as real senders do, and its latency counts on.

The last line of stdout is the result as JSON. `--folder` gets what each delivery was answered
(`answers.npy`: the last status by number, 0 for none) and a line of JSON for each second (`timeline.jsonl`),
while it runs, so that an interrupted run can be told of. SIGTERM ends the run early and whole.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import numpy as np
import uvloop

from tests.load.deliveries import Deliveries
from tests.load.histogram import Histogram
from tests.load.progress import counting
from tests.load.reads import Reads

TICK_S = 0.001
GRACE_S = 15.0  # how long answers are waited for after the last delivery left
PATIENCE_S = 120.0  # the same, where deliveries are sent until they are accepted
ANSWER_S = 15.0  # a request that got no answer for so long gets none: its connection is closed
RECONNECT_S = 0.1
CONNECT_S = 120.0
LONGEST_PAUSE_S = 2.0
SAVE_EVERY_S = 5

Requests = Callable[[int], bytes]


class Load:
    """What has been sent and answered."""

    def __init__(self, requests: Requests, total: int, *, until_accepted: bool) -> None:
        self.requests, self.total, self.until_accepted = requests, total, until_accepted
        self.is_over = asyncio.Event()
        self.is_closing = False
        self.idle: list[Connection] = []
        self.open: set[Connection] = set()
        self.waiting: deque[tuple[int, float]] = deque()
        self.answers = np.zeros(total, np.uint16)
        self.settled = 0
        self.attempts: Counter[str] = Counter()
        self.latency, self.second = Histogram(), Histogram()
        self._pauses: dict[int, float] = {}

    def send(self, number: int, due: float) -> None:
        if self.idle:
            self.idle.pop().send(number, due)
        else:
            self.waiting.append((number, due))

    def answered(self, number: int, status: int, due: float) -> None:
        """A delivery was answered with `status`, or not at all: 0."""
        self.attempts[str(status) if status else "no answer"] += 1
        self.answers[number] = status
        # 4xx of a right delivery is no matter of trying again: the report shows it, and the run fails.
        if self.until_accepted and (status == 0 or status == 429 or status >= 500) and not self.is_closing:
            pause = self._pauses.get(number, 0.1)
            self._pauses[number] = min(2 * pause, LONGEST_PAUSE_S)
            asyncio.get_running_loop().call_later(pause, self.send, number, due)
            return
        self._pauses.pop(number, None)
        if status:
            late = time.perf_counter() - due
            self.latency.add(late)
            self.second.add(late)
        self.settled += 1
        if self.settled == self.total:
            self.is_over.set()

    def next_for(self, connection: Connection) -> None:
        if self.waiting:
            connection.send(*self.waiting.popleft())
        else:
            self.idle.append(connection)


class Connection(asyncio.Protocol):
    """One kept connection with at most one request on its way; the run makes another when it is lost."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._head, self._missing, self._status, self._closes = b"", -1, 0, False
        self._sent: tuple[int, float] | None = None
        self._written_at = 0.0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class does not derive from it
        self._load.open.add(self)
        self._load.next_for(self)

    def send(self, number: int, due: float) -> None:
        self._sent, self._written_at = (number, due), time.perf_counter()
        self._transport.write(self._load.requests(number))

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:  # still in the head
            self._head += data
            head, separator, data = self._head.partition(b"\r\n\r\n")
            if not separator:
                return
            lower, self._head, self._status = head.lower(), b"", int(head[9:12])
            length = lower.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            # An answer of 304 has the length of what it does not bring.
            self._missing = int(length or 0) if self._status not in (204, 304) else 0
            self._closes = b"\r\nconnection: close" in lower
        self._missing -= len(data)
        if self._missing > 0 or self._sent is None:
            return
        (number, due), self._sent, self._missing = self._sent, None, -1
        self._load.answered(number, self._status, due)
        if self._closes:
            self._transport.close()
        else:
            self._load.next_for(self)

    def close(self) -> None:
        self._transport.abort()

    def give_up(self, now: float) -> None:
        """Close it if its request has waited too long for an answer."""
        if self._sent is not None and now - self._written_at > ANSWER_S:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.open.discard(self)
        if self in self._load.idle:
            self._load.idle.remove(self)
        if self._sent is not None:
            (number, due), self._sent = self._sent, None
            self._load.answered(number, 0, due)
        if not self.lost.done():  # or cancelled, with whoever kept it
            self.lost.set_result(None)


async def _keep(load: Load, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(OSError):
            _, connection = await loop.create_connection(lambda: Connection(load), host, port)
            await connection.lost
        await asyncio.sleep(RECONNECT_S)


class Record:
    """What a run leaves in its folder while it goes on."""

    def __init__(self, folder: Path | None, load: Load) -> None:
        self._folder, self._load = folder, load
        self.lines: list[dict[str, Any]] = []
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "timeline.jsonl").write_text("", encoding="utf-8")

    async def keep(self, started: float) -> None:
        while True:
            await asyncio.sleep(1)
            self.look(started)
            for connection in tuple(self._load.open):
                connection.give_up(time.perf_counter())

    def look(self, started: float) -> None:
        load, line = self._load, self._load.second.summary()
        load.second = Histogram()
        now = {"s": round(time.perf_counter() - started, 1), "settled": load.settled,
               "waiting": len(load.waiting), **line}  # fmt: skip
        self.lines.append(now)
        if self._folder:
            with (self._folder / "timeline.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(now) + "\n")
            if len(self.lines) % SAVE_EVERY_S == 0:
                self.save(load.total)

    def save(self, sent: int) -> None:
        if self._folder:
            beside = self._folder / "answers.part.npy"
            np.save(beside, self._load.answers[:sent])
            beside.replace(self._folder / "answers.npy")


async def run(
    url: str,
    requests: Requests,
    rate: float,
    seconds: float,
    *,
    connections: int = 128,
    until_accepted: bool = False,
    folder: Path | None = None,
    stop: asyncio.Event | None = None,
    shows_progress: bool = False,
) -> dict[str, Any]:
    """Send `rate` requests a second and tell what came of them; `stop` ends the sending early."""
    address = urlsplit(url)
    total, sent = int(rate * seconds), 0
    load = Load(requests, total, until_accepted=until_accepted)
    keeping = [
        asyncio.create_task(_keep(load, address.hostname or "", address.port or 80))
        for _ in range(connections)
    ]
    until = time.monotonic() + CONNECT_S
    while len(load.idle) < connections:  # none of them is opened on the clock's time
        if time.monotonic() > until:
            for task in keeping:
                task.cancel()
            raise ConnectionError(
                f"{url} took {len(load.idle)} of {connections} connections in {CONNECT_S:g} s"
            )
        await asyncio.sleep(0.01)
    record = Record(folder, load)
    with counting(f"{rate:,.0f}/s", total) if shows_progress else nullcontext(_unseen) as advance:
        started_at, started = time.time(), time.perf_counter()
        recording = asyncio.create_task(record.keep(started))
        while sent < total and not (stop and stop.is_set()):
            due_count = min(total, int((time.perf_counter() - started) * rate) + 1)
            for number in range(sent, due_count):
                load.send(number, started + number / rate)
            advance(due_count - sent)
            sent = due_count
            await asyncio.sleep(TICK_S)
        load.total = sent
        if load.settled < sent:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(load.is_over.wait(), PATIENCE_S if until_accepted else GRACE_S)
        load.is_closing = True
    for task in (*keeping, recording):
        task.cancel()
    for connection in tuple(load.open):
        connection.close()
    record.look(started)
    record.save(sent)
    answers = Counter(load.answers[:sent].tolist())
    return {
        "rate": rate, "seconds": seconds, "sent": sent, "started_at": started_at,
        "unanswered": answers.pop(0, 0), "statuses": {str(status): n for status, n in answers.items()},
        "attempts": dict(load.attempts), "ms": load.latency.summary(),
        "histogram": load.latency.to_json(), "timeline": record.lines,
        "cpu_s": round(time.process_time(), 2),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="of the receiver, or of the API")
    parser.add_argument("--run", help="begins session and delivery ids")
    parser.add_argument("--paths", type=Path, help="JSON list of what to ask for, instead of deliveries")
    parser.add_argument("--rate", type=float, required=True, help="deliveries a second")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--texts", action="store_true", help="every fifth is a rating with a text")
    parser.add_argument("--until-accepted", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--quiet", action="store_true", help="no bar")
    options = parser.parse_args()
    try:
        json.dump(uvloop.run(_stoppable(options)), sys.stdout)
    except ConnectionError as error:
        sys.exit(str(error))


def _unseen(amount: float) -> None:
    """Where no bar shows it."""


async def _stoppable(options: argparse.Namespace) -> dict[str, Any]:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return await run(
        options.url,
        _requests(options),
        options.rate,
        options.seconds,
        connections=options.connections,
        until_accepted=options.until_accepted,
        folder=options.folder,
        stop=stop,
        shows_progress=not options.quiet,
    )


def _requests(options: argparse.Namespace) -> Requests:
    if options.paths:
        return Reads(json.loads(options.paths.read_text("utf-8")), os.environ["LOAD_API_KEY"])
    # The variable may hold several secrets; the first signs.
    secret = os.environ["IMPACT_WEBHOOK_SECRET_KINTELL"].replace(",", " ").split()[0]
    return Deliveries(options.run, secret, texts=options.texts)


if __name__ == "__main__":
    main()
