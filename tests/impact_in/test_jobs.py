"""Dagster starts a run when something is due, shows what it did, and repeats a company's period."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import dagster as dg
import pytest

from ingest.stores import StoreSettings
from orchestration.impact_in.jobs import deliver_impact, deliveries_sensor
from orchestration.resources import Stores
from tests.impact_in.world import KEY, World
from tests.partners.server import Partners


@pytest.fixture
def stores(store_settings: StoreSettings) -> Stores:
    return Stores(
        postgres_url=store_settings.postgres_url.get_secret_value(),
        clickhouse_url=store_settings.clickhouse_url.get_secret_value(),
        nats_url=store_settings.nats_url.get_secret_value(),
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


async def test_a_run_sends_what_is_due_and_a_companys_period_again(
    world: World, partners: Partners, stores: Stores, instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("IMPACT_DELIVERY_SECRETS_KEY", KEY)
    monkeypatch.setenv("IMPACT_IN_PRIVATE_HOSTS", json.dumps([world.address]))
    monkeypatch.setenv("IMPACT_IN_GOODERA_ENABLED", "true")
    company = await world.company("goodera")
    await world.publish(company, "2026-09")
    await world.due(company, "goodera")
    await world.pool.execute("update impact_in.schedules set missed = 'all'")

    async def look() -> object:
        context = dg.build_sensor_context(instance=instance, resources={"stores": stores})
        return await asyncio.to_thread(deliveries_sensor, context)

    assert isinstance(await look(), dg.SkipReason)
    monkeypatch.setenv("SCHEDULER_ENABLED", "true")
    assert isinstance(await look(), dg.RunRequest)

    def run(**config: str) -> dg.ExecuteInProcessResult:
        return deliver_impact.execute_in_process(
            resources={"stores": stores}, raise_on_error=False, instance=instance,
            run_config={"ops": {"deliver_what_is_due": {"config": config}}},
        )  # fmt: skip

    partners.misbehave("goodera", "reject_schema")
    failed = await asyncio.to_thread(run)
    assert not failed.success
    assert isinstance(await look(), dg.SkipReason)  # a failure waits for somebody, not for the next tick
    again = await asyncio.to_thread(run, company_id=str(company), period="2026-09")
    assert again.success
    [accepted] = partners.processed("goodera")
    assert (accepted.times, len(partners.processed())) == (1, 1)
