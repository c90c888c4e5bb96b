"""What partners accepted adds up to what the warehouse says, to the hour and the cent.

On the numbers of the demo, which the tests before these have put there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ingest.stores import clickhouse_client
from orchestration.impact_in.connectors import connector
from orchestration.impact_in.orders import run_now
from orchestration.impact_in.periods import named
from orchestration.impact_in.planning import plan
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from tests.impact_in.world import FAST, World
from tests.partners.server import Partners, running
from tests.partners.totals import TOLD_OF_DONATIONS, hours_and_donations

Cell = tuple[UUID, str]
Periods = Mapping[Cell, Mapping[str, Any]]
PARTNERS = ("benevity", "goodera", "workday_soap", "webhook")
SMALLEST_GROUP = 5
FAR = datetime(2100, 1, 1, tzinfo=UTC)  # what is sent is asked for, not scheduled
_PERIODS = """
select company_id, period, volunteers_count, volunteer_hours, participants_count, donors_count, donations_usd
from marts.metrics_company_period
where period < if(
    period_grain = 'month', formatDateTime(today(), '%Y-%m'),
    concat(toString(toYear(today())), '-Q', toString(toQuarter(today())))
)
"""
_HELD_BACK = "select company_id, platform, period, reason from impact_in.slots where state <> 'filled'"


async def test_every_month_and_quarter_of_every_company_arrives_as_the_warehouse_has_it(
    platform: Layout,
) -> None:
    """Or is held back, where so few people took part that nothing a partner has a place for may be told.

    On this small programme fewer than five people donate in each: their money is withheld everywhere.
    """
    settings = store_settings(platform)
    with closing(clickhouse_client(settings)) as client:
        periods: Periods = {
            (row["company_id"], row["period"]): row for row in client.query(_PERIODS).named_results()
        }
    assert periods, "the warehouse is empty: run the whole folder, the demo comes first"
    partners, dsn = Partners(), settings.postgres_url.get_secret_value()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=8) as pool, running(partners) as address:
        cells = await _deliver(World(pool, address), list(periods))
        held_back = await pool.fetch(_HELD_BACK)
    assert partners.problems == []
    for row in held_back:
        assert "withheld for resting on fewer than 5 people: " in row["reason"], row["reason"]
        assert _is_small(periods[row["company_id"], row["period"]])
    for partner in PARTNERS:
        platform_name = connector(partner).platform
        back = {(row["company_id"], row["period"]) for row in held_back if row["platform"] == platform_name}
        _assert_told(partner, {cells[one.delivery_id]: one.document for one in partners.processed(partner)},
                     {cell: row for cell, row in periods.items() if cell not in back})  # fmt: skip


def _assert_told(partner: str, held: Mapping[Cell, Any], periods: Periods) -> None:
    assert held.keys() == periods.keys()
    for cell, row in periods.items():
        hours, donations = hours_and_donations(partner, held[cell])
        told = _told(row["volunteer_hours"], row["volunteers_count"] in range(1, SMALLEST_GROUP))
        # Sums of doubles, written with nine places on the way.
        assert hours == (None if told is None else pytest.approx(told, rel=1e-9))
        if partner in TOLD_OF_DONATIONS:
            few = bool(row["donations_usd"]) and row["donors_count"] < SMALLEST_GROUP
            assert donations == _told(round(row["donations_usd"], 2), few)
    assert sum(hours_and_donations(partner, document)[0] or 0 for document in held.values()) > 0


async def _deliver(world: World, periods: list[Cell]) -> dict[str, Cell]:
    """Each of these periods to each partner; whose and of when each delivery is."""
    schedules = {}
    for company_id in {company_id for company_id, _ in periods}:
        for partner in PARTNERS:
            await world.connect(company_id, partner)
            platform = connector(partner).platform
            schedules[company_id, partner] = await world.schedule(company_id, platform, FAR)
    async with world.pool.acquire() as connection:
        for company_id, period in periods:
            for partner in PARTNERS:
                schedule_id = schedules[company_id, partner]
                await run_now(connection, schedule_id, company_id, named(period), list(world.rules.enabled))
    await plan(world.pool, world.rules, datetime.now(UTC))
    patient = FAST.model_copy(update={"timeout_s": 60.0})  # the platform beside it has much to do
    deliverer = world.deliverer(limits=dict.fromkeys(world.rules.enabled, patient))
    for _ in range(30):  # the platform has a deliverer of its own, which may hold some of them
        await deliverer.drain(linger_s=1)
        rows = await world.pool.fetch(
            "select delivery_id, company_id, period, status from impact_in.scheduled_deliveries"
        )
        if all(row["status"] == "delivered" for row in rows):
            break
    assert {row["status"] for row in rows} == {"delivered"}
    assert len(rows) + len(await world.pool.fetch(_HELD_BACK)) == len(PARTNERS) * len(periods)
    return {str(row["delivery_id"]): (row["company_id"], row["period"]) for row in rows}


def _is_small(period: Mapping[str, Any]) -> bool:
    """Whether neither its volunteers nor its participants may be told of."""
    return all(period[count] < SMALLEST_GROUP for count in ("volunteers_count", "participants_count"))


def _told(value: float, is_few: bool) -> float | None:
    return None if is_few else value
