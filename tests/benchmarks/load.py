"""A small HTTP load generator. Connections are kept and requests made beforehand, to cost little CPU."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ingest.webhooks.signatures import sign


def signed_requests(count: int, secret: str, prefix: str) -> list[bytes]:
    """Whole HTTP requests with bodies of 1 KB, each a session of its own under `prefix`."""
    now = int(time.time())
    return [_request(f"{prefix}-{number}", secret, now) for number in range(count)]


def _request(session_id: str, secret: str, now: int) -> bytes:
    payload = {
        "session_id": session_id, "session_type": "language",
        "participant_email": f"p{hash(session_id) % 2000}@example.org",
        "volunteer_email": f"v{hash(session_id) % 400}@example.com",
        "scheduled_at": "2025-10-02T16:00:00Z", "completed_at": "2025-10-02T16:47:00Z",
        "duration_minutes": 47, "topics": ["daily life", "work"], "language_level": "B1", "note": "",
    }  # fmt: skip
    payload["note"] = "x" * (1024 - len(json.dumps(payload)))
    body = json.dumps(payload).encode()
    head = (
        "POST /v1/webhooks/session-completed HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"X-Kintell-Signature: {sign(secret.encode(), body, timestamp=now)}\r\n"
        f"X-Delivery-Id: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Outcome:
    """Seconds from sending (open loop: from when it should have been sent) to the answer, and statuses."""

    latencies_s: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    duration_s: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies_s) / self.duration_s

    def add(self, status: int, latency_s: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.latencies_s.append(latency_s)

    def quantile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


async def closed_loop(url: str, requests: Sequence[bytes], connections: int) -> Outcome:
    """Every connection sends its next request when the last is answered."""
    outcome = Outcome()
    waiting = iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_converse(url, waiting, outcome) for _ in range(connections)))
    outcome.duration_s = time.perf_counter() - started
    return outcome


async def open_loop(url: str, requests: Sequence[bytes], per_second: float, connections: int = 64) -> Outcome:
    """Requests leave by the clock, whether or not earlier ones were answered."""
    outcome = Outcome()
    due: asyncio.Queue[tuple[bytes, float] | None] = asyncio.Queue()
    started = time.perf_counter()

    async def keep_time() -> None:
        for number, request in enumerate(requests):
            at = started + number / per_second
            if (pause := at - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            due.put_nowait((request, at))
        for _ in range(connections):
            due.put_nowait(None)

    async def serve() -> None:
        reader, writer = await _open(url)
        while (item := await due.get()) is not None:
            request, at = item
            status = await _exchange(reader, writer, request)
            outcome.add(status, time.perf_counter() - at)
        writer.close()

    await asyncio.gather(keep_time(), *(serve() for _ in range(connections)))
    outcome.duration_s = time.perf_counter() - started
    return outcome


async def _converse(url: str, requests: Iterator[bytes], outcome: Outcome) -> None:
    reader, writer = await _open(url)
    for request in requests:
        sent = time.perf_counter()
        status = await _exchange(reader, writer, request)
        outcome.add(status, time.perf_counter() - sent)
    writer.close()


async def _open(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(url)
    return await asyncio.open_connection(address.hostname, address.port)


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])
