"""Readers and live streams against a real API: every document is there, every client gets every update."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from ingest.stores import StoreSettings
from orchestration.stack.layout import Layout
from tests.load import scenarios
from tests.load.histogram import Histogram
from tests.load.outcome import KEPT, Budget
from tests.load.platform import Target, use
from tests.load.reads import Company
from tests.load.stream import Streamed
from tests.serving.running import OURS, Api


@pytest.fixture
def target(embedded_stores: Layout, store_settings: StoreSettings, api: Api) -> Target:
    """The embedded stores with the tests' API in front of them."""
    ports = embedded_stores.ports.model_copy(update={"api": int(api.url.rpartition(":")[2])})
    return Target(replace(embedded_stores, ports=ports), store_settings)


def test_each_document_of_a_dashboard_is_read(target: Target, postgres: psycopg.Connection) -> None:
    found = scenarios.reads(target, Company(OURS, "2026-Q3"), users=4, rate=60, seconds=1)
    assert found.void == []
    assert found.books["reads"]["statuses"] == {"200": 60}
    assert found.figures["errors"] == 0
    assert found.exit_code([Budget("p99_ms", "ms", at_most=60_000)]) == KEPT
    revoked = postgres.execute(
        "select revoked_at is not null from ingest.api_keys where name = 'impact load'"
    )
    assert {row[0] for row in revoked.fetchall()} == {True}


def test_every_client_gets_every_update_and_a_missed_one_voids_the_run(target: Target) -> None:
    found = scenarios.streams(target, clients=5, rate=20, seconds=1)
    assert found.void == []
    assert found.books["stream"]["published"] == 20
    assert [one["seen"] for one in found.books["stream"]["witnessed"]] == [20] * 5
    assert use(target)["postgres"].memory_bytes > 0


def test_what_a_client_missed_is_named() -> None:
    witness = {"seen": 19, "missing": 1, "doubled": 0, "out_of_order": 0}
    streamed = Streamed(3, 20, [20, 19, 21], 0, Histogram(), [witness], 0.1, 1.0, {})
    assert streamed.problems() == [
        "1 clients got fewer than the 20 events that were published",
        "1 clients got more events than were published",
        "1 events were missing at the clients that read numbers",
    ]
