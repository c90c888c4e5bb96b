"""As fast as the server answers: every connection sends its next request once the last was answered.

This says how much a server can take. How late answers are it cannot say, since a slow server slows its
senders down: for that there is `tests.load.sender`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.load.histogram import Histogram


@dataclass
class Answered:
    """Statuses, and how long each answer took from its sending."""

    latency: Histogram = field(default_factory=Histogram)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return self.statuses.total() / self.seconds


async def closed_loop(url: str, requests: Callable[[int], bytes], count: int, connections: int) -> Answered:
    """Send `count` requests over so many connections. Each is made, and signed, when it is its turn."""
    answered, numbers = Answered(), iter(range(count))
    started = time.perf_counter()
    await asyncio.gather(*(_converse(url, requests, numbers, answered) for _ in range(connections)))
    answered.seconds = time.perf_counter() - started
    return answered


async def _converse(
    url: str, requests: Callable[[int], bytes], numbers: Iterator[int], answered: Answered
) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    for number in numbers:  # shared: each takes the next one
        request, sent = requests(number), time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        answered.statuses[int(head[9:12])] += 1
        answered.latency.add(time.perf_counter() - sent)
    writer.close()
