"""The soak's sender: deliveries leave by the clock, and each is sent again until it is accepted."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from ingest.webhooks.signatures import sign
from tests.load.histogram import Histogram
from tests.soak.ledger import Delivery, Ledger

MOST_IN_FLIGHT = 2_000
ANSWER_S = 15.0
LONGEST_PAUSE_S = 2.0


class RefusedError(Exception):
    """The receiver says that sending again will not help. Carries the delivery's id and the status."""


@dataclass
class Interval:
    """What came of what was sent since the last look. A latency counts from when its delivery was due."""

    sent: int = 0
    accepted: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    latency: Histogram = field(default_factory=Histogram)


class Sender:
    """Sends what a ledger makes up. `take` gives the interval since it was asked last."""

    def __init__(self, url: str, secret: bytes, ledger: Ledger, session: aiohttp.ClientSession) -> None:
        self._url, self._secret, self._ledger, self._session = url, secret, ledger, session
        self._gate = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._interval = Interval()

    def take(self) -> Interval:
        taken, self._interval = self._interval, Interval()
        return taken

    async def run(self, rate: float, seconds: float, is_over: asyncio.Event) -> None:
        """Send for so long, or until told that it is over; returns when everything sent is accepted."""
        async with asyncio.TaskGroup() as sending:
            started, number = time.monotonic(), 0
            while number < seconds * rate and not is_over.is_set():
                due = started + number / rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                delivery, is_doubled = self._ledger.next()
                self._interval.sent += 1
                for _ in range(2 if is_doubled else 1):
                    await self._gate.acquire()
                    sending.create_task(self._until_accepted(delivery, due))
                number += 1

    async def send(self, delivery: Delivery) -> None:
        """One delivery that is in no ledger, until it is accepted."""
        await self._repeat(delivery)

    async def _until_accepted(self, delivery: Delivery, due: float) -> None:
        try:
            await self._repeat(delivery)
        finally:
            self._gate.release()
        if delivery.accepted_at is None:
            self._interval.accepted += 1
            self._interval.latency.add(time.monotonic() - due)
        self._ledger.accepted(delivery)

    async def _repeat(self, delivery: Delivery) -> None:
        body = json.dumps(delivery.body()).encode()
        pause_s = 0.1
        while (status := await self._post(delivery, body)) != "202":
            if status[0] == "4":
                raise RefusedError(f"delivery {delivery.delivery_id} was refused with {status}")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _post(self, delivery: Delivery, body: bytes) -> str:
        headers = {
            "Content-Type": "application/json",
            "X-Delivery-Id": delivery.delivery_id,
            "X-Kintell-Signature": sign(self._secret, body, timestamp=int(time.time())),
        }
        status = "no answer"
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session.post(
                f"{self._url}/v1/webhooks/{delivery.kind}", data=body, headers=headers
            ) as response:
                status = str(response.status)
        self._interval.answers[status] += 1
        self._ledger.attempts[status] += 1
        return status


def session(seconds: float = ANSWER_S) -> aiohttp.ClientSession:
    """A client session without a limit on connections: the gate is the sender's own."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=seconds), connector=aiohttp.TCPConnector(limit=0)
    )
