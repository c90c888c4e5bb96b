"""The parts of the worker by hand, each until nothing is left to do: what a property test can afford."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.dead_letters.index import DeadLetterIndex
from ingest.jetstream import Message, publish_all
from ingest.load_report import LoadReport
from ingest.loader import Loader
from ingest.normalise.delivery import AcceptedDelivery
from ingest.normalise.normaliser import BATCH, DURABLE, RETRY_DURABLE, Normaliser
from ingest.pull import Pull
from ingest.retries import ALL_DUE, RetryPolicy
from tests.text_keys import text_keys

SENT = datetime(2025, 10, 2, 18, 0, tzinfo=UTC)


def delivery(
    payload: object,
    kind: str = "session-completed",
    *,
    sent_at: datetime = SENT,
    delivery_id: str | None = None,
) -> AcceptedDelivery:
    body = json.dumps(payload).encode()
    return AcceptedDelivery(
        "kintell", kind, delivery_id or str(uuid.uuid4()), datetime.now(UTC), sent_at, body
    )


class Pipeline:
    """Normaliser, retries and index over the test run's stores. Retries come within milliseconds."""

    def __init__(self, pool: asyncpg.Pool, nats: NatsClient, *, base_s: float = 0.02) -> None:
        self.pool = pool
        self.nats = nats
        self.js = nats.jetstream()
        self.normaliser = Normaliser(
            pool, self.js, text_keys(pool), ack_wait_s=2, retries=RetryPolicy(base_s=base_s, factor=1)
        )
        self.index = DeadLetterIndex(pool, self.js, ack_wait_s=2)

    async def put(self, *messages: Message) -> None:
        await publish_all(self.js, messages)

    async def accept(self, *deliveries: AcceptedDelivery) -> None:
        """As the receiver and the relay do it: a row for each, then the messages."""
        await self.pool.executemany(
            "insert into ingest.deliveries (source, delivery_id, body_sha256) values ($1, $2, $3)"
            " on conflict do nothing",
            [(one.source, one.delivery_id, b"") for one in deliveries],
        )
        await self.put(*(one.message() for one in deliveries))

    async def normalise(self) -> None:
        """Until INBOX is empty."""
        pull = await self._pull("INBOX", DURABLE, None)
        async with aclosing(pull):
            while not await pull.has_settled(1 << 62):
                if messages := await pull.fetch():
                    await self.normaliser.handle(messages)

    async def retry(self) -> None:
        """Until nothing waits in RETRY, not even for its time."""
        pull = await self._pull("RETRY", RETRY_DURABLE, ALL_DUE)
        async with aclosing(pull):
            until = time.monotonic() + 20
            while (await self.js.stream_info("RETRY")).state.messages:
                if messages := await pull.fetch():
                    await self.normaliser.handle(messages)
                assert time.monotonic() < until, "retries did not come"

    async def index_dead_letters(self) -> None:
        pull = await self.index.pull(idle_s=0.2)
        async with aclosing(pull):
            while not await pull.has_settled(1 << 62):
                if messages := await pull.fetch():
                    await self.index.keep(messages)

    async def load(self, clickhouse: ClickHouseClient) -> LoadReport:
        """Until everything in EVENTS is settled, as a loader that has just started."""
        loader = Loader(self.pool, self.nats, clickhouse, ack_wait_s=2)
        pull = await loader.pull(idle_s=0.2)
        total = LoadReport()
        async with aclosing(pull):
            while not await pull.has_settled(1 << 62):
                if messages := await pull.fetch():
                    total += await loader.load(messages)
        return total

    async def work(self) -> None:
        await self.normalise()
        await self.retry()
        await self.index_dead_letters()

    async def process(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        await self.accept(*deliveries)
        await self.work()

    async def _pull(self, stream: str, durable: str, subjects: str | None) -> Pull:
        return await Pull.open(
            self.js, stream=stream, durable=durable, ack_wait_s=2, batch=BATCH, idle_s=0.2, linger_s=0.02,
            subjects=subjects,
        )  # fmt: skip
