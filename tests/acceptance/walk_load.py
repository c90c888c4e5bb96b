"""Load: the short forms of the long runs, with bounds that a busy machine keeps too."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import httpx
import psutil
import pytest

from ingest.stores import StoreSettings
from orchestration.stack.layout import HOST, Layout
from orchestration.stack.status import status
from tests.acceptance.programme import COMPANY, Programme
from tests.load import ledger
from tests.load.platform import Target

RATE, SECONDS = 1000, 10
READERS, READS_EACH = 100, 10
SOAK_RATE, SOAK_S = 50, 30
MIB = 1 << 20
METRICS = {
    "webhooks": "webhook_received_total", "worker": "process_resident_memory_bytes",
    "gate": "process_resident_memory_bytes", "journey": "journey_evaluated_people_total", "api": "ai_budget",
}  # fmt: skip


@pytest.fixture(scope="module")
def target(platform: Layout, stores: StoreSettings, published: Programme) -> Target:
    return Target(platform, stores)


def test_a_thousand_webhooks_a_second_are_accepted(target: Target) -> None:
    sent = ledger.send(target, rate=RATE, seconds=SECONDS)
    assert (sent.statuses, sent.unanswered) == ({"202": RATE * SECONDS}, 0)
    balance = ledger.settle_and_check(target, sent)
    assert balance.is_balanced, balance.problems()
    assert sent.latency.ms(0.5) < 100
    assert sent.latency.ms(0.95) < 500


def test_a_hundred_readers_get_their_reports(published: Programme) -> None:
    latencies = asyncio.run(_read(published))
    assert len(latencies) == READERS * READS_EACH
    assert sorted(latencies)[int(len(latencies) * 0.95)] < 1.0


async def _read(published: Programme) -> list[float]:
    """Each reader asks for one document after the other; different ones, so that no copy answers for all."""
    taken: list[float] = []
    period = f"period={published.month}"
    documents = (f"at-a-glance?{period}", "metrics", f"sroi?{period}", f"vis?{period}", "tiles?grain=month")
    connector = aiohttp.TCPConnector(limit=READERS)
    async with aiohttp.ClientSession(
        published.user.url, headers=published.user.headers, connector=connector
    ) as http:

        async def reader(number: int) -> None:
            for turn in range(READS_EACH):
                document = documents[(number + turn) % len(documents)]
                started = time.perf_counter()
                async with http.get(f"/v1/companies/{COMPANY}/{document}") as answer:
                    await answer.read()
                    assert answer.status == 200, await answer.text()
                taken.append(time.perf_counter() - started)

        await asyncio.gather(*(reader(number) for number in range(READERS)))
    return taken


def test_half_a_minute_of_events_leaks_nothing(target: Target) -> None:
    """Nothing is refused or lost. A small leak shows over the hour of the long form, and not here."""
    before = _memory(target.layout)
    sent = ledger.send(target, rate=SOAK_RATE, seconds=SOAK_S)
    assert (sent.statuses, sent.unanswered) == ({"202": SOAK_RATE * SOAK_S}, 0)
    balance = ledger.settle_and_check(target, sent)
    assert balance.is_balanced, balance.problems()
    grown = {name: used - before[name] for name, used in _memory(target.layout).items()}
    assert max(grown.values()) < 32 * MIB, grown


def _memory(layout: Layout) -> dict[str, int]:
    parts = {part.name: part.pid for part in status(layout).parts if part.pid}
    own = ("receiver", "worker", "gate", "journey", "api")
    return {name: psutil.Process(parts[name]).memory_info().rss for name in own}


def test_every_process_shows_its_metrics(platform: Layout, published: Programme) -> None:
    ports = platform.ports.model_dump()
    for name, metric in METRICS.items():
        shown = httpx.get(f"http://{HOST}:{ports[name]}/metrics", timeout=60)
        assert shown.status_code == 200, name
        assert metric in shown.text, name
