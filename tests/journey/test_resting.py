"""What changes nothing is noted as an evaluation would have, and what may change something is evaluated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import asyncpg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event
from orchestration.journey.engine import Engine
from orchestration.journey.people import BEGINNING, Key
from orchestration.journey.rules.model import Rule
from orchestration.journey.versions import Version, Versions
from tests.journey.conftest import Clock
from tests.journey.people import Participant, day, flags, history, store, told
from tests.journey.test_engine import rule

_ROW = (
    "select arrival_count, rules_hash, evaluated_through, next_change_at, is_asked_for, expects, deadline_at"
    " from journey.people where company_id = $1 and person_id = $2"
)


async def row_of(pool: asyncpg.Pool, key: Key) -> asyncpg.Record:
    return await pool.fetchrow(_ROW, *key)


def does(random: Random, who: Participant, number: float) -> Event:
    if random.random() < 0.4:
        return who.rating(day(number), random.choice((0.2, 0.9)))
    return who.session(day(number), session_type=random.choice(("language", "mentorship")))


@pytest.fixture
async def held(
    pool: asyncpg.Pool, engine_client: ClickHouseClient, shipped: Versions, clock: Clock
) -> AsyncIterator[Engine]:
    """With a rule that looks back a week, one that waits before it counts, and one that is over one day."""
    last_week = {"sessions": {"count": "kintell_sessions", "within": "7 days"}}
    more: list[Rule] = [
        rule(id="busy_001", then={"set_flag": {"flag": "busy"}}, facts=last_week),
        rule(id="steady_001", then={"set_flag": {"flag": "steady"}}, facts=last_week, hold="5 days"),
        rule(id="passing_001", then={"set_flag": {"flag": "passing", "ttl": "9 days"}}),
    ]
    versions = [one for rule_id in shipped.rule_ids for one in shipped.of(rule_id)]
    versions += [Version(100 + number, one, BEGINNING) for number, one in enumerate(more)]
    engine = Engine(pool, engine_client, Versions(versions), clock)
    yield engine
    # Engines of other tests do not know these rules, nor what a flag of theirs would mean.
    gone = await pool.fetch(
        "delete from journey.people where rules_hash = $1 returning person_id", engine.rules_hash
    )
    for table in ("flags", "flag_history", "milestones"):
        await pool.execute(
            f"delete from journey.{table} where person_id = any($1)", [row["person_id"] for row in gone]
        )


async def test_people_who_rest_are_as_those_who_are_evaluated(
    held: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    """Two people each do the same; of one whatever comes is evaluated, of the other what has to be."""
    random = Random(8)  # noqa: S311 - to be made again, not to be secret
    pairs = [(Participant(), Participant()) for _ in range(12)]
    rested = 0
    for number in (1, 2, 3.5, 4, 12, 12.5, 30):
        events = []
        for one, two in pairs:
            at = number - 20 * (random.random() < 0.1)  # some come late
            before = random.getstate()
            events.append(does(random, one, at))
            random.setstate(before)
            events.append(does(random, two, at))
        store(clickhouse, *events)
        clock.now = day(number + 0.25)
        await held.evaluate([one.key for one, _ in pairs], way="due")
        keys = [two.key for _, two in pairs]
        count, left_over = await held._rest(keys)
        rested += count
        assert len(left_over) == len(keys) - count
        await held.evaluate(left_over, way="due")
    for one, two in pairs:
        expected, found = dict(await row_of(pool, one.key)), dict(await row_of(pool, two.key))
        # Where an activity only confirms, when time changes something is bounded: it may be early.
        exactly, at_latest = expected.pop("next_change_at"), found.pop("next_change_at")
        assert expected == found
        assert exactly is None or at_latest <= exactly
        assert await flags(pool, one) == await flags(pool, two)
        for rule_id in held.versions.rule_ids:
            assert [
                (row["value"], row["valid_from"], row["cause"]) for row in await history(pool, one, rule_id)
            ] == [
                (row["value"], row["valid_from"], row["cause"]) for row in await history(pool, two, rule_id)
            ]
        assert len(await told(pool, one)) == len(await told(pool, two))
    assert 20 < rested < 70, "most of the time nothing changes, and at times something does"


async def test_whoever_may_have_changed_is_left_over(
    held: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    late, twice, asked, due, new, ended, corrected = people = [Participant() for _ in range(7)]
    for who in people:
        store(
            clickhouse,
            *(who.session(day(number), subject=f"{who.person_id}/{number}") for number in (1, 2, 3)),
        )
    clock.now = day(3.5)
    await held.evaluate([who.key for who in people if who is not new], way="due")
    store(clickhouse, late.session(day(0)), twice.session(day(3.6)), twice.session(day(3.7)))
    store(clickhouse, *(who.session(day(3.6)) for who in (asked, due, new)), ended.rating(day(3.6), 0.1))
    # It was later, and another sort: of its type another one would have confirmed that this is a mentor.
    store(
        clickhouse, corrected.session(day(3.6), subject=f"{corrected.person_id}/3", session_type="mentorship")
    )
    await pool.execute("select journey.ask($1, $2)", *asked.key)
    await pool.execute(
        "update journey.people set next_change_at = $2 where person_id = $1", due.person_id, day(3.9)
    )
    clock.now = day(4)
    count, left_over = await held._rest([who.key for who in people])
    assert (count, set(left_over)) == (0, {who.key for who in people})
    assert await held.evaluate(left_over, way="test") == len(people)
    assert not (await flags(pool, ended))["mentor_ready"]
    assert not (await flags(pool, corrected))["mentor_ready"]
    assert await held._rest([who.key for who in people]) == (0, [])  # nothing has come since


async def test_other_rules_leave_everybody_over(
    held: Engine, engine: Engine, clickhouse: ClickHouseClient, clock: Clock
) -> None:
    who = Participant()
    store(clickhouse, *(who.session(day(number)) for number in (1, 2, 3)))
    clock.now = day(3.5)
    await held.evaluate([who.key], way="due")
    store(clickhouse, who.session(day(4)))
    clock.now = day(4.5)
    assert await engine._rest([who.key]) == (0, [who.key])
    assert await held._rest([who.key]) == (1, [])


async def test_an_engine_without_rules_has_nobody_resting(
    pool: asyncpg.Pool, engine_client: ClickHouseClient, clock: Clock
) -> None:
    who = Participant()
    assert await Engine(pool, engine_client, Versions([]), clock)._rest([who.key]) == (0, [who.key])
