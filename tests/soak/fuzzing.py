"""Sends hostile requests over kept connections and counts what comes back."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.soak.hostile import Hostile, Request

NO_ANSWER_AFTER_S = 60.0
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_REASON = re.compile(rb'"(?:reason|status)":"([a-z_]+)"')


@dataclass
class Tally:
    """What became of the requests. `closed`: the receiver hung up on what was no HTTP it could answer."""

    answers: Counter[tuple[int, str]] = field(default_factory=Counter)  # by status and reason
    ideas: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    hung_up: int = 0  # by us, before the body was complete
    silent: int = 0
    duration_s: float = 0.0

    @property
    def requests(self) -> int:
        return self.ideas.total()

    @property
    def server_errors(self) -> int:
        return sum(count for (status, _), count in self.answers.items() if status >= 500)

    @property
    def accepted(self) -> int:
        return self.answers[202, "accepted"]


async def fuzz(
    url: str,
    secrets: Mapping[str, str],
    requests: int,
    *,
    seed: int,
    connections: int = 32,
    within_s: float = float("inf"),
    on_progress: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Send `requests` hostile requests over `connections` connections, or as many as `within_s` allows."""
    tally = Tally()
    remaining = iter(range(requests))
    started = time.perf_counter()

    async def converse(number: int) -> None:
        hostile = Hostile(secrets, f"{seed}/{number}")
        connection = Connection(url)
        for count in remaining:
            request = hostile.next()
            tally.ideas[request.name] += 1
            await connection.exchange(request, tally)
            if time.perf_counter() - started > within_s:
                break
            if count % 500 == 0:
                on_progress(500)
        connection.close()

    await asyncio.gather(*(converse(number) for number in range(connections)))
    tally.duration_s = time.perf_counter() - started
    return tally


class Connection:
    """One kept connection, opened anew whenever it has ended."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, request: Request, tally: Tally) -> None:
        try:
            async with asyncio.timeout(NO_ANSWER_AFTER_S):
                if self._streams is None:
                    self._streams = await asyncio.open_connection(
                        self._address.hostname, self._address.port, limit=1 << 22
                    )
                await self._send(request, tally)
        except TimeoutError:
            tally.silent += 1
            self.close()
        except (asyncio.IncompleteReadError, ConnectionError):
            tally.closed += 1
            self.close()
        if request.ends_connection:
            self.close()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _send(self, request: Request, tally: Tally) -> None:
        assert self._streams is not None
        reader, writer = self._streams
        writer.write(request.data)
        if not request.expects_answer:
            await writer.drain()
            tally.hung_up += 1
            return
        head = await reader.readuntil(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100"):
            head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        body = b""
        if request.has_answer_body:
            if (length := _LENGTH.search(head)) is not None:
                body = await reader.readexactly(int(length[1]))
            else:  # the server's own 400 ends with the connection
                body = await reader.read()
        reason = _REASON.search(body)
        tally.answers[status, reason[1].decode() if reason else "-"] += 1
        if b"\r\nconnection: close\r\n" in head.lower():
            self.close()
