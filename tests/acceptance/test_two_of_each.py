"""Two receivers, two workers and two APIs on one set of stores: the configuration of a second machine.

Senders spread over both receivers, events become live updates of both APIs, and one worker is killed.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from ingest.api_keys import create_key
from ingest.contracts.orchestration import MilestoneReached
from ingest.events import encode, new_event
from ingest.jetstream import Message, publish_all
from ingest.stores import StoreSettings, nats_client, postgres_connection
from ingest.streams import event_subject
from orchestration.stack.layout import Layout
from tests.embedded import register_company
from tests.ingest.processes import Process, running, running_worker, wait_until
from tests.load.ledger import Sending, Sent, check
from tests.load.platform import Target
from tests.serving.running import Api, running_api, wait_until_ready
from tests.serving.sse import Event, SseClient

RATE, SECONDS = 150, 3  # of each sender
UPDATES = 60


@dataclass(frozen=True)
class Pairs:
    receivers: list[Target]  # the same platform, each time by the address of another receiver
    workers: list[Process]
    apis: list[Api]
    company: UUID
    key: str


@pytest.fixture
def pairs(embedded_stores: Layout, store_settings: StoreSettings, tmp_path: Path) -> Iterator[Pairs]:
    company = uuid4()
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        register_company(connection, company)
        key = create_key(connection, company, "test", "company_user")
    with ExitStack() as stack:
        ports = [
            int(process.url.rpartition(":")[2])
            for process in (
                stack.enter_context(running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS"))
                for _ in range(2)
            )
        ]
        workers = [stack.enter_context(running_worker(embedded_stores)) for _ in range(2)]
        apis = [
            stack.enter_context(running_api(embedded_stores, tmp_path / f"api{number}.log"))
            for number in range(2)
        ]
        for api in apis:
            wait_until_ready(api)
        layouts = (
            replace(embedded_stores, ports=embedded_stores.ports.model_copy(update={"webhooks": port}))
            for port in ports
        )
        yield Pairs([Target(layout, store_settings) for layout in layouts], workers, apis, company, key)


async def test_two_of_each_lose_and_double_nothing(pairs: Pairs, store_settings: StoreSettings) -> None:
    people = [uuid4() for _ in range(UPDATES)]
    async with following(pairs) as (clients, received):
        sending = [Sending(target, rate=RATE, seconds=SECONDS) for target in pairs.receivers]
        try:
            await reach(pairs, people[: UPDATES // 2], store_settings)
            # Both have their share, when one goes with what it had taken and not settled.
            await until(lambda: min(processed(worker) for worker in pairs.workers) > 50)
            pairs.workers[0].popen.send_signal(signal.SIGKILL)
            await reach(pairs, people[UPDATES // 2 :], store_settings)
            sent = [await asyncio.to_thread(one.wait) for one in sending]
        finally:
            for one in sending:
                one.close()
        await until(lambda: all(len(events) >= UPDATES for events in received))
        half = received[0][UPDATES // 2 - 1]
        moved = SseClient(clients[1].url, pairs.key, f"{half.epoch}-{half.id}")
        rest = await moved.take(UPDATES // 2)
        await moved.http.aclose()
    # Every accepted delivery is on disk and in the warehouse, once.
    assert [(one.statuses, one.unanswered) for one in sent] == [({"202": RATE * SECONDS}, 0)] * 2
    await until(lambda: stored(pairs, sent))
    # Each client has every update once, in the same order, and one that changes over goes on where it was.
    assert received[0] == received[1]
    assert [event.name for event in received[0]] == ["journey.milestone.reached"] * UPDATES
    told = [event.data["data"]["userId"] for event in received[0]]  # type: ignore[index]
    assert sorted(told) == sorted(map(str, people))
    assert rest == received[0][UPDATES // 2 :]

    # Everything again, each delivery to the receiver that has not seen it.
    for target, one in zip(reversed(pairs.receivers), sent, strict=True):
        again = Sending(target, rate=10 * RATE, seconds=SECONDS / 10, run=one.run)
        try:
            assert (await asyncio.to_thread(again.wait)).errors == 0
        finally:
            again.close()
    balances = [check(target, one) for target, one in zip(pairs.receivers, sent, strict=True)]
    assert [balance.problems() for balance in balances] == [[], []]
    assert [balance.stored for balance in balances] == [RATE * SECONDS] * 2


@asynccontextmanager
async def following(pairs: Pairs) -> AsyncIterator[tuple[list[SseClient], list[list[Event]]]]:
    """A client at each API; what each has received so far."""
    clients = [SseClient(f"{api.url}/v1/stream/updates", pairs.key) for api in pairs.apis]
    received: list[list[Event]] = [[] for _ in clients]
    tasks = [
        asyncio.create_task(client.follow(events)) for client, events in zip(clients, received, strict=True)
    ]
    try:
        await until(lambda: all(client.last_event_id for client in clients))
        yield clients, received
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for client in clients:
            await client.http.aclose()


async def reach(pairs: Pairs, people: list[UUID], settings: StoreSettings) -> None:
    """Publish as the journey engine does that these people have reached a milestone."""
    now = datetime.now(UTC)
    events = [
        new_event(
            MilestoneReached(
                user_id=person, rule_id="mentor_ready_001", milestone="mentor_ready", reason="three sessions",
                reached_at=now,
            ),
            subject=f"milestone/{pairs.company}/{person}/mentor_ready", company_id=pairs.company,
            source="/test", source_time=now, origin="test:two",
        )
        for person in people
    ]  # fmt: skip
    nats = await nats_client(settings, name="two-of-each")
    try:
        await publish_all(
            nats.jetstream(),
            [Message(event_subject(pairs.company, one.type), encode(one), str(one.id)) for one in events],
        )
    finally:
        await nats.close()


def stored(pairs: Pairs, sent: list[Sent]) -> bool:
    return all(check(target, one).is_balanced for target, one in zip(pairs.receivers, sent, strict=True))


def processed(worker: Process) -> float:
    text = httpx.get(f"{worker.url}/metrics", timeout=30).text
    counted = [line for line in text.splitlines() if line.startswith("webhook_processed_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in counted)


async def until(is_true: object, within_s: float = 120.0) -> None:
    await asyncio.to_thread(wait_until, is_true, within_s)  # type: ignore[arg-type]
