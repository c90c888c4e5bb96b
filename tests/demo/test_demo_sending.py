"""Deliveries are signed, few at a time, and repeated under the same id until they are accepted."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ingest.webhooks.signatures import Verdict, verify
from orchestration.demo.webhooks import CONCURRENCY, Delivery, DeliveryRefusedError, send

SECRET = b"whsec_test"
pytestmark = pytest.mark.asyncio


class Receiver:
    """Accepts correctly signed deliveries, after failing `failures` times for each."""

    def __init__(self, failures: int = 0, answer: int = 200) -> None:
        self.failures, self.answer = failures, answer
        self.attempts: Counter[str] = Counter()
        self.bodies: dict[str, set[bytes]] = {}
        self.at_once = self.most_at_once = 0

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(request)
        finally:
            self.at_once -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        signature = request.headers["X-Kintell-Signature"].encode()
        assert verify(signature, body, secrets=[SECRET], now=int(time.time())) is Verdict.VALID
        delivery_id = request.headers["X-Delivery-Id"]
        self.bodies.setdefault(delivery_id, set()).add(body)
        self.attempts[delivery_id] += 1
        await asyncio.sleep(0.001)
        if self.attempts[delivery_id] <= self.failures:
            if self.attempts[delivery_id] % 2 and request.transport:
                request.transport.abort()  # as a killed process does
            return web.json_response({}, status=503)
        return web.json_response({"status": "processed"}, status=self.answer)


def queue(count: int) -> list[Delivery]:
    return [
        Delivery("session-completed", f"demo-{n}", datetime(2026, 1, 1, tzinfo=UTC), f'{{"n": {n}}}'.encode())
        for n in range(count)
    ]


async def sent_to(receiver: Receiver, deliveries: list[Delivery]) -> Counter[str]:
    app = web.Application()
    app.router.add_post("/v1/webhooks/session-completed", receiver.receive)
    async with TestServer(app) as server:
        return await send(deliveries, url=str(server.make_url("")).rstrip("/"), secret=SECRET)


async def test_every_delivery_arrives_once_and_no_more_than_the_limit_are_under_way():
    receiver = Receiver()
    assert await sent_to(receiver, queue(300)) == {"processed": 300}
    assert set(receiver.attempts.values()) == {1}
    assert 1 < receiver.most_at_once <= CONCURRENCY


async def test_refusals_and_broken_connections_are_repeated_with_the_same_id_and_body():
    receiver = Receiver(failures=2)
    assert await sent_to(receiver, queue(40)) == {"processed": 40}
    assert set(receiver.attempts.values()) == {3}
    assert all(len(bodies) == 1 for bodies in receiver.bodies.values())


async def test_a_delivery_that_will_never_be_accepted_ends_the_sending_and_is_named():
    receiver = Receiver(answer=401)
    with pytest.raises(
        DeliveryRefusedError, match=r"refused delivery demo-\d+ \(session-completed\) with 401"
    ):
        await sent_to(receiver, queue(5))
