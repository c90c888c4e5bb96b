"""What could not be looked at is missing rather than old, and lag counts from the oldest that waits."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_pool
from orchestration.monitoring import stores
from orchestration.monitoring.looks import KEPT_S, Looks, gauge
from orchestration.monitoring.runs import Freshness, covered_blocks


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_finding_is_shown_until_it_is_a_minute_old(clock: Clock) -> None:
    looks = Looks(clock=clock)
    registry = CollectorRegistry()
    registry.register(looks)
    looks.put("one", [gauge("one", "One.", 1)])
    clock.now += KEPT_S - 1
    looks.put("two", [gauge("two", "Two.", 2)])
    assert {"one 1.0", "two 2.0"} <= set(generate_latest(registry).decode().splitlines())
    clock.now += 2
    assert "one 1.0" not in generate_latest(registry).decode()
    assert "two 2.0" in generate_latest(registry).decode()


def test_lag_counts_from_the_oldest_arrival_that_no_refresh_took_in(clock: Clock) -> None:
    freshness = Freshness(None, clock=clock)  # type: ignore[arg-type]
    assert freshness.lag_s(present=10, covered=10) == 0
    assert freshness.lag_s(present=12, covered=10) == 0  # seen this moment
    clock.now += 30
    assert freshness.lag_s(present=15, covered=10) == 30
    clock.now += 30
    # A refresh took in what had arrived by some moment between the two looks.
    assert freshness.lag_s(present=15, covered=13) == 30
    clock.now += 30
    assert freshness.lag_s(present=15, covered=15) == 0
    clock.now += 500
    assert freshness.lag_s(present=15, covered=15) == 0


def test_the_token_of_a_refresh_says_which_blocks_it_took_in() -> None:
    assert covered_blocks("841.0.3.0a1b2c") == 841
    assert covered_blocks(None) == 0


async def test_the_stores_are_looked_at(store_settings: StoreSettings) -> None:
    pool = await postgres_pool(store_settings, max_size=1)
    nats = await nats_client(store_settings, name="monitor")
    clickhouse = clickhouse_client(store_settings)
    try:
        found = [
            *await stores.look_at_postgres(pool),
            *await stores.look_at_jetstream(nats.jetstream()),
            *stores.look_at_clickhouse(clickhouse),
        ]
    finally:
        clickhouse.close()
        await nats.close()
        await pool.close()
    samples = {sample.name: sample for family in found for sample in family.samples}
    assert samples["postgres_connections"].value >= 1
    assert samples["postgres_connections_allowed"].value > samples["postgres_connections"].value
    assert samples["clickhouse_queries"].value >= 1
    streams = {
        sample.labels["stream"]
        for family in found
        for sample in family.samples
        if sample.name == "jetstream_stream_messages"
    }
    assert {"INBOX", "EVENTS", "RETRY", "DEAD_LETTERS", "UPDATES"} <= streams
