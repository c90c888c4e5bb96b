"""Two receivers, two workers and two APIs on one set of stores: the configuration of a second machine.

Senders spread over both receivers, one worker is killed on the way, and clients follow both APIs.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from ingest.api_keys import create_key
from ingest.stores import StoreSettings, nats_client, postgres_connection
from orchestration.stack.layout import Layout
from tests.embedded import register_company
from tests.ingest.processes import Process, running, running_worker, wait_until
from tests.load.ledger import Balance, Sending, Sent, check
from tests.load.platform import Target
from tests.serving.running import Api, running_api, wait_until_ready
from tests.serving.sse import Event, SseClient, publish_update

RATE, SECONDS = 150, 3  # of each sender
UPDATES = 50


@pytest.fixture(scope="module")
def receivers(embedded_stores: Layout, store_settings: StoreSettings) -> Iterator[list[Target]]:
    """The same platform, each time by the address of another receiver."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS"))
            for _ in range(2)
        ]
        ports = [int(process.url.rpartition(":")[2]) for process in started]
        yield [
            Target(
                replace(embedded_stores, ports=embedded_stores.ports.model_copy(update={"webhooks": port})),
                store_settings,
            )
            for port in ports
        ]


@pytest.fixture(scope="module")
def workers(embedded_stores: Layout) -> Iterator[list[Process]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running_worker(embedded_stores)) for _ in range(2)]


def test_two_receivers_and_two_workers_lose_and_double_nothing(
    receivers: list[Target], workers: list[Process]
) -> None:
    first, second = workers
    sending = [Sending(target, rate=RATE, seconds=SECONDS) for target in receivers]
    try:
        wait_until(lambda: min(_processed(worker) for worker in workers) > 50)  # both have their share
        first.popen.send_signal(signal.SIGKILL)  # with what it had taken and not settled
        sent = [one.wait() for one in sending]
    finally:
        for one in sending:
            one.close()
    assert [(one.statuses, one.unanswered) for one in sent] == [({"202": RATE * SECONDS}, 0)] * 2
    assert _balanced(receivers, sent)
    assert _processed(second) > RATE * SECONDS / 2

    # Everything again, each delivery to the receiver that has not seen it.
    again = [
        Sending(target, rate=10 * RATE, seconds=SECONDS / 10, run=one.run)
        for target, one in zip(reversed(receivers), sent, strict=True)
    ]
    try:
        repeated = [one.wait() for one in again]
    finally:
        for one in again:
            one.close()
    assert [one.errors for one in repeated] == [0, 0]
    assert _balanced(receivers, sent)


def _balanced(receivers: list[Target], sent: list[Sent]) -> bool:
    """Every accepted delivery is on disk and in the warehouse, once; waits for what is on its way."""

    def balances() -> list[Balance]:
        return [check(target, one) for target, one in zip(receivers, sent, strict=True)]

    wait_until(lambda: all(one.on_disk_and_not_stored == 0 for one in balances()), 120)
    return all(one.is_balanced for one in balances())


def _processed(worker: Process) -> float:
    text = httpx.get(f"{worker.url}/metrics", timeout=30).text
    counted = [line for line in text.splitlines() if line.startswith("webhook_processed_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in counted)


async def test_clients_of_two_apis_follow_the_same_log(
    embedded_stores: Layout, store_settings: StoreSettings, tmp_path: Path
) -> None:
    """Each gets everything once, in order; one that changes over goes on where it was."""
    company, key = _company(store_settings)
    nats = await nats_client(store_settings, name="two-of-each")
    js = nats.jetstream()
    with ExitStack() as stack:
        apis = await asyncio.to_thread(_two_apis, stack, embedded_stores, tmp_path)
        clients = [SseClient(f"{api.url}/v1/stream/updates", key) for api in apis]
        received: list[list[Event]] = [[], []]
        following = [
            asyncio.create_task(client.follow(events))
            for client, events in zip(clients, received, strict=True)
        ]
        await _until(lambda: all(client.last_event_id for client in clients))
        published = [await publish_update(js, company, number, figure=number) for number in range(UPDATES)]
        await _until(lambda: all(len(events) >= UPDATES for events in received))
        half = received[0][UPDATES // 2 - 1]
        moved = SseClient(clients[1].url, key, f"{half.epoch}-{half.id}")
        rest = await moved.take(UPDATES // 2)
        for task in following:
            task.cancel()
        await asyncio.wait(following)
        for client in (*clients, moved):
            await client.http.aclose()
    await nats.close()
    assert [[event.id for event in events] for events in received] == [published, published]
    assert [event.id for event in rest] == published[UPDATES // 2 :]


async def _until(is_true: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, is_true)


def _two_apis(stack: ExitStack, layout: Layout, folder: Path) -> list[Api]:
    apis = [stack.enter_context(running_api(layout, folder / f"api{number}.log")) for number in range(2)]
    for api in apis:
        wait_until_ready(api)
    return apis


def _company(settings: StoreSettings) -> tuple[UUID, str]:
    company = uuid4()
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        register_company(connection, company)
        return company, create_key(connection, company, "test", "company_user")
