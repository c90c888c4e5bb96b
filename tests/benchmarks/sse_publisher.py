"""Publishes updates at a rate: `python -m tests.benchmarks.sse_publisher RATE SECONDS TARGET`.

To the stream UPDATES (`nats`, under a company's subject and with the time inside), or to nchan (a URL). The
time inside is the one at which the update was due, so the latency holds what the broker needs to keep it, and
what this process itself is late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import aiohttp
import orjson
import uvloop

from ingest.jetstream import Message, publish_all
from ingest.stores import StoreSettings, nats_client
from ingest.streams import update_subject

TICK_S = 0.002
NAME = "metric.updated"
Send = Callable[[range, Callable[[int], int]], Awaitable[None]]  # numbers, and when each was due


def body(company: str, number: int, due_ns: int) -> bytes:
    """About 230 bytes, like a changed figure."""
    data = {
        "t": due_ns, "metric": "sessions_count", "periodGrain": "month", "period": "2026-09",
        "value": number, "previousValue": number - 1, "dataVersion": 1,
    }  # fmt: skip
    return orjson.dumps(
        {"type": NAME, "companyId": company, "time": "2026-11-27T04:00:00.000Z", "data": data}
    )


async def publish(rate: float, seconds: float, company: UUID, to: str) -> int:
    """Publish by the clock; what falls behind is made up for at once, and is late."""
    send = await (_to_nats(company) if to == "nats" else _to_nchan(to, company))
    started_ns, started, total = time.time_ns(), time.monotonic(), int(rate * seconds)
    sent = 0

    def due_ns(number: int) -> int:
        return started_ns + int(number / rate * 1e9)

    while sent < total:
        due = min(int((time.monotonic() - started) * rate) + 1, total)
        if due > sent:
            await send(range(sent, due), due_ns)
            sent = due
        await asyncio.sleep(max(TICK_S, started + sent / rate - time.monotonic()))
    return sent


async def _to_nats(company: UUID) -> Send:
    js = (await nats_client(StoreSettings(_env_file=None), name="benchmark")).jetstream()
    subject = update_subject(company, NAME)

    async def send(numbers: range, due_ns: Callable[[int], int]) -> None:
        await publish_all(
            js,
            [Message(subject, body(str(company), number, due_ns(number)), uuid4().hex) for number in numbers],
        )

    return send


async def _to_nchan(url: str, company: UUID) -> Send:
    http = aiohttp.ClientSession()

    async def post(number: int, due_ns: int) -> None:
        async with http.post(
            url, data=body(str(company), number, due_ns), headers={"X-EventSource-Event": NAME}
        ) as answer:
            if answer.status >= 300:
                raise RuntimeError(f"nchan answered {answer.status}")

    async def send(numbers: range, due_ns: Callable[[int], int]) -> None:
        for number in numbers:
            await post(number, due_ns(number))

    return send


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rate", type=float)
    parser.add_argument("seconds", type=float)
    parser.add_argument("company", type=UUID)
    parser.add_argument("to", help="`nats`, or nchan's address to publish to")
    options = parser.parse_args()
    started = time.monotonic()
    sent = uvloop.run(publish(options.rate, options.seconds, options.company, options.to))
    print(json.dumps({"sent": sent, "seconds": time.monotonic() - started}))


if __name__ == "__main__":
    main()
