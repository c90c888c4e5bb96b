"""What is due is made once, missed ticks are caught up or reported, and changed numbers are corrected."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from orchestration.impact_in import orders, previews
from orchestration.impact_in.figures import Outcome, told
from orchestration.impact_in.planning import Rules, add_default_schedules, is_anything_due, plan
from tests.impact_in.world import World
from tests.impact_in.world import period as world_period
from tests.partners.server import Partners

# Oslo's clock: 1 October begins at 22:00 UTC of 30 September.
DUE = datetime(2026, 9, 30, 22, tzinfo=UTC)
SOON, LATER = DUE + timedelta(minutes=1), DUE + timedelta(days=95)


async def slots(world: World, company: UUID) -> list[tuple[str, str]]:
    rows = await world.pool.fetch(
        "select period, state from impact_in.slots where company_id = $1 order by period", company
    )
    return [(row["period"], row["state"]) for row in rows]


async def test_planners_at_once_and_again_make_one_slot_and_one_delivery(world: World) -> None:
    company = await world.company("benevity", "goodera")
    await world.publish(company, "2026-09")
    for platform in ("benevity", "goodera"):
        await world.schedule(company, platform, DUE)
    await asyncio.gather(*(plan(world.pool, world.rules, SOON) for _ in range(4)))
    await plan(world.pool, world.rules, SOON - timedelta(hours=3))  # the clock was set back
    await world.pool.execute("update impact_in.schedules set next_due_at = $1", DUE)  # a double tick
    await plan(world.pool, world.rules, SOON)
    assert await slots(world, company) == [("2026-09", "filled"), ("2026-09", "filled")]
    assert len(await world.deliveries(company)) == 2
    upcoming = await world.pool.fetch(
        "select next_due_at from impact_in.schedules where company_id = $1", company
    )
    assert {row["next_due_at"] for row in upcoming} == {datetime(2026, 10, 31, 23, tzinfo=UTC)}


async def test_a_default_schedule_is_made_once_by_planners_at_once(world: World) -> None:
    company = await world.company("benevity")
    rules = Rules(enabled=(), default_cadences={"benevity": "monthly"})
    async with world.pool.acquire() as first:
        transaction = first.transaction()
        await transaction.start()
        await first.execute(
            "select pg_advisory_xact_lock(hashtextextended($1::uuid::text || 'benevity', 9))", company
        )
        await first.execute(
            "insert into impact_in.schedules (company_id, platform, cadence, grain, next_due_at, created_by)"
            " values ($1, 'benevity', 'monthly', 'month', $2, 'environment')",
            company, DUE,
        )  # fmt: skip
        second = asyncio.create_task(add_default_schedules(world.pool, rules, SOON))
        await world.somebody_waits()
        assert not second.done()  # it waits for the first, whose schedule it cannot see yet
        await transaction.commit()
        await second
    count = await world.pool.fetchval(
        "select count(*) from impact_in.schedules where company_id = $1", company
    )
    assert count == 1
    await add_default_schedules(world.pool, rules, SOON)
    assert count == await world.pool.fetchval(
        "select count(*) from impact_in.schedules where company_id = $1", company
    )


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        (
            "latest",
            [("2026-09", "missed"), ("2026-10", "missed"), ("2026-11", "missed"), ("2026-12", "filled")],
        ),
        ("all", [("2026-09", "filled"), ("2026-10", "filled"), ("2026-11", "filled"), ("2026-12", "filled")]),
        (
            "report",
            [("2026-09", "missed"), ("2026-10", "missed"), ("2026-11", "missed"), ("2026-12", "missed")],
        ),
    ],
)
async def test_what_was_missed_follows_the_schedule(
    world: World, missed: str, expected: list[tuple[str, str]]
) -> None:
    company = await world.company("webhook")
    await world.publish(company, "2026-09", "2026-10", "2026-11", "2026-12")
    await world.schedule(company, "webhook", DUE, missed=missed)
    await plan(world.pool, world.rules, LATER)
    assert await slots(world, company) == expected


async def test_a_closed_gate_makes_nothing_and_a_companys_word_goes_first(world: World) -> None:
    company = await world.company("goodera")
    await world.publish(company, "2026-09")
    schedule = await world.schedule(company, "goodera", DUE)
    await plan(world.pool, Rules([], {}), SOON)
    assert await slots(world, company) == []
    await world.pool.execute(
        """update ingest.companies set features = '{"impactIn": {"goodera": true}}' where company_id = $1""",
        company,
    )
    await world.pool.execute(
        "update impact_in.schedules set next_due_at = $2 where schedule_id = $1", schedule, DUE
    )
    await plan(world.pool, Rules([], {}), SOON)
    assert await slots(world, company) == [("2026-09", "filled")]


async def test_a_period_without_figures_is_waited_for_and_then_reported(world: World) -> None:
    company = await world.company("goodera")
    await world.schedule(company, "goodera", DUE)
    await plan(world.pool, world.rules, SOON)
    assert await slots(world, company) == [("2026-09", "planned")]
    await plan(world.pool, world.rules, SOON + timedelta(days=4))
    assert await slots(world, company) == [("2026-09", "no_data")]


async def test_connections_without_a_schedule_get_the_one_of_the_environment(world: World) -> None:
    company = await world.company("benevity")
    rules = Rules(["benevity"], {"benevity": "quarterly"})
    await asyncio.gather(*(plan(world.pool, rules, SOON) for _ in range(3)))
    rows = await world.pool.fetch("select * from impact_in.schedules where company_id = $1", company)
    assert [(row["cadence"], row["grain"], row["next_due_at"]) for row in rows] == [
        ("quarterly", "quarter", datetime(2026, 12, 31, 23, tzinfo=UTC))
    ]


async def test_figures_that_cannot_be_told_stop_no_other_report(world: World) -> None:
    broken, other = await world.company("webhook"), await world.company("webhook")
    await world.publish(broken, "2026-09", donations_usd=float("nan"))
    await world.publish(other, "2026-09")
    for company in (broken, other):
        await world.schedule(company, "webhook", DUE)
    await plan(world.pool, world.rules, SOON)
    assert await slots(world, broken) == [("2026-09", "planned")]
    assert await slots(world, other) == [("2026-09", "filled")]


def test_what_the_warehouse_withheld_is_withheld_and_named() -> None:
    outcomes = [
        {"category": "belonging", "score": None, "people_count": 9},
        {"category": "confidence", "score": 0.5, "people_count": 4},
        {"category": "well_being", "score": 0.25, "people_count": 5},
    ]
    figures = told(1, DUE, {"participants_count": 4, "sessions_count": 7}, outcomes, {})
    assert figures.outcomes == (Outcome("well_being", 0.25, 5),)
    assert figures.withheld == (
        "participants_count", "sessions_count", "outcome_belonging", "outcome_confidence",
    )  # fmt: skip


@pytest.mark.parametrize("donors", [4, None])
def test_what_few_people_donated_is_withheld(donors: int | None) -> None:
    served = {"donations_usd": 1234.567, "donations_count": 9, "donors_count": donors}
    assert told(1, DUE, served, [], {}).withheld == ("donations_usd", "donations_count")
    assert told(1, DUE, served, [], {}).metrics["donations_usd"] is None
    enough = told(1, DUE, {**served, "donors_count": 5}, [], {})
    assert (enough.withheld, enough.metrics["donations_usd"]) == ((), 1234.57)
    nothing = told(1, DUE, {"donations_usd": 0.0, "donors_count": 0}, [], {})
    assert (nothing.withheld, nothing.metrics["donations_usd"]) == ((), 0)


async def test_a_cron_expression_of_the_environment_is_a_schedule_of_months(world: World) -> None:
    company = await world.company("goodera")
    await add_default_schedules(world.pool, Rules(["goodera"], {"goodera": "30 6 5 * *"}), SOON)
    [row] = await world.pool.fetch("select * from impact_in.schedules where company_id = $1", company)
    assert (row["cadence"], row["cron"], row["grain"]) == ("cron", "30 6 5 * *", "month")
    assert row["next_due_at"] == datetime(2026, 10, 5, 4, 30, tzinfo=UTC)


async def test_changed_numbers_are_corrected_with_their_difference(world: World, partners: Partners) -> None:
    company = await world.company("benevity")
    await world.publish(company, "2026-09")
    await world.schedule(company, "benevity", DUE)
    await plan(world.pool, world.rules, SOON)
    await world.deliverer().drain(linger_s=1)
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    await world.publish(company, "2026-08")  # another period's numbers: nothing to correct
    await world.pool.execute("update impact_in.slots set due_at = $1", datetime.now(UTC))
    assert (await plan(world.pool, world.rules, tomorrow))["corrections"] == 0
    await world.publish(company, "2026-09", volunteer_hours=30.5)
    async with world.pool.acquire() as connection:
        assert await is_anything_due(connection, world.rules, tomorrow, timedelta(0))
    assert (await plan(world.pool, world.rules, tomorrow))["corrections"] == 1
    await world.deliverer().drain(linger_s=1)
    report, correction = await world.deliveries(company)
    assert (correction["corrects"], correction["status"]) == (report["delivery_id"], "delivered")
    assert orjson.loads(correction["changes"]) == [
        {"path": "metrics[volunteer_hours].metricValue", "before": 24.25, "after": 30.5}
    ]
    assert {one.corrects for one in partners.processed()} == {None, str(report["delivery_id"])}
    # And back: the first numbers again are a second correction, under a key of its own.
    await world.publish(company, "2026-09")
    assert (await plan(world.pool, world.rules, tomorrow))["corrections"] == 1
    await world.deliverer().drain(linger_s=1)
    assert len(partners.processed()) == 3


async def test_what_is_approved_is_sent_to_the_byte_and_expires_with_the_figures(
    world: World, partners: Partners
) -> None:
    company = await world.company("workday")
    await world.publish(company, "2026-09")
    schedule = await world.schedule(company, "workday", DUE, requires_approval=True)
    await plan(world.pool, world.rules, SOON)
    assert await world.deliverer().drain(linger_s=1) == {}
    [delivery] = await world.deliveries(company)
    assert delivery["status"] == "awaiting_approval"
    async with world.pool.acquire() as connection:
        seen = await previews.of_delivery(connection, delivery["delivery_id"], company)
        assert seen is not None
        assert "client-secret" not in str(seen)
        assert seen.headers["Authorization"] == previews.MASK
        await world.publish(company, "2026-09", volunteer_hours=99.0)
        with pytest.raises(orders.RefusedError) as refused:
            await orders.approve_delivery(
                connection, delivery["delivery_id"], company, seen.payload_sha256, actor="test"
            )
        assert refused.value.kind == "expired"
        seen = await previews.of_delivery(connection, delivery["delivery_id"], company)
        assert seen is not None
        assert await orders.approve_delivery(
            connection, delivery["delivery_id"], company, seen.payload_sha256, actor="test"
        )
    await world.deliverer().drain(linger_s=1)
    [accepted] = partners.processed()
    assert accepted.body == seen.body
    assert accepted.document["volunteerActivities"][0]["volunteerHours"] == 99
    async with world.pool.acquire() as connection:
        with pytest.raises(orders.RefusedError) as refused:
            await orders.run_now(connection, schedule, company, world_period("2026-09"), ["workday"])
        assert refused.value.kind == "sent_already"
