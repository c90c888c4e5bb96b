"""What partners accepted is what is published, to the hour and the cent, and where it is not, it is named."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import typer

from ingest.stores import StoreSettings
from orchestration.impact_in import commands
from orchestration.impact_in.planning import plan
from orchestration.impact_in.reconciling import Reconciled, reconcile
from tests.impact_in.world import NOW, World

PARTNERS = ("benevity", "goodera", "workday", "webhook")


async def found(world: World) -> list[Reconciled]:
    async with world.pool.acquire() as connection, connection.transaction():
        return [one async for one in reconcile(connection) if one.company_id in world.companies]


async def test_what_differs_is_named_until_its_correction_is_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch, store_settings: StoreSettings,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    company, other = await world.company(*PARTNERS), await world.company("webhook")
    for one in (company, other):
        await world.publish(one, "2026-09")
    for partner in PARTNERS:
        await world.due(company, partner)
    await world.due(other, "webhook")
    await plan(world.pool, world.rules, NOW)
    assert await found(world) == []  # nobody has accepted anything
    await world.deliverer().drain(linger_s=1)
    assert [(one.state, one.changes) for one in await found(world)] == [("equal", ())] * 5

    await world.publish(company, "2026-09", donations_usd=1234.57)
    differing = [one for one in await found(world) if one.state != "equal"]
    assert [(one.company_id, one.platform, one.state, one.changes) for one in differing] == [
        (company, "webhook", "differs",
         ({"path": "data.donationsUsd", "before": 1234.56, "after": 1234.57},)),
    ]  # fmt: skip
    monkeypatch.setenv("POSTGRES_URL", store_settings.postgres_url.get_secret_value())
    monkeypatch.setenv("CLICKHOUSE_URL", store_settings.clickhouse_url.get_secret_value())
    monkeypatch.setenv("NATS_URL", store_settings.nats_url.get_secret_value())
    with pytest.raises(typer.Exit) as ended:
        await asyncio.to_thread(commands.reconcile, company, "webhook")
    assert ended.value.exit_code == 1
    assert "    data.donationsUsd: accepted 1234.56, now 1234.57\n" in capsys.readouterr().out

    await world.pool.execute("update impact_in.slots set due_at = $1", datetime.now(UTC))
    await plan(world.pool, world.rules, datetime.now(UTC) + timedelta(days=2))
    assert [one.state for one in await found(world)].count("being_corrected") == 1
    await world.deliverer().drain(linger_s=1)
    assert [(one.state, one.revision) for one in await found(world) if one.revision] == [("equal", 1)]
