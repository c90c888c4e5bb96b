"""Flags follow what people do and how time goes on; each change is written once, told once, and explained."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey import activities, proof
from orchestration.journey.engine import Engine
from orchestration.journey.history import Row, believed
from orchestration.journey.people import BEGINNING
from orchestration.journey.rules.model import Rule
from orchestration.journey.sweep import Due, Sweep
from orchestration.journey.versions import Version, Versions
from serving.problems import ProblemError
from serving.queries import journey as queries
from serving.queries.journey import record_milestone
from tests.journey.conftest import Clock
from tests.journey.people import OTHER_COMPANY, Participant, day, flags, history, store, told

MENTOR, FOLLOWUP = "mentor_ready_001", "followup_needed_001"


async def test_the_third_session_makes_a_mentor(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    sessions = [who.session(day(number)) for number in (1, 3, 5)]
    for number, session in enumerate(sessions):
        clock.now = day(2 * number + 1.5)
        store(clickhouse, session)
        assert await engine.evaluate([who.key], way="test") == 1
        assert await engine.evaluate([who.key], way="test") == 0  # nothing new
        assert (await flags(pool, who)).get("mentor_ready", False) is (number == 2)
    [row] = await history(pool, who, MENTOR)
    assert (row["value"], row["valid_from"], row["cause"]) == (True, day(5), "event")
    assert set(row["evidence"]) == {session.id for session in sessions}
    said = [(one.type, getattr(one.data, "milestone", None)) for one in await told(pool, who)]
    assert said.count(("orchestration.flag.updated", None)) == 1
    assert said.count(("orchestration.milestone.reached", "mentor_ready")) == 1


async def test_a_milestone_recorded_by_hand_stays_as_it_was_recorded(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    order = {"caller": "a coordinator", "reason": "led a group"}
    with pytest.raises(ProblemError, match="no participant"):  # erased since the route looked, say
        await record_milestone(pool, who.key, "mentor_ready", day(2), **order)
    await queries.ask(pool, who.key)
    await record_milestone(pool, who.key, "mentor_ready", day(2), **order)
    before = await pool.fetchrow("select * from journey.milestones where person_id = $1", who.person_id)
    sessions = [who.session(day(number), subject=f"session/{who.person_id}/{number}") for number in (1, 3, 5)]
    store(clickhouse, *sessions)
    clock.now = day(6)
    await engine.evaluate([who.key], way="test")
    assert (await flags(pool, who))["mentor_ready"]
    store(clickhouse, who.session(day(5), subject=f"session/{who.person_id}/5", session_type="mentorship"))
    await engine.evaluate([who.key], way="test")
    assert not (await flags(pool, who))["mentor_ready"]
    milestone = "select * from journey.milestones where person_id = $1 and milestone = 'mentor_ready'"
    assert await pool.fetchrow(milestone, who.person_id) == before
    reached = [one for one in await told(pool, who) if one.type == "orchestration.milestone.reached"]
    assert [one.data.milestone for one in reached].count("mentor_ready") == 1


async def test_time_alone_asks_for_a_call_and_taking_part_ends_it(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    store(clickhouse, who.enrolled(day(0)), who.session(day(1)))
    clock.now = day(2)
    await engine.evaluate([who.key], way="test")
    assert (await flags(pool, who)).get("followup_needed") is None
    [(due_at,)] = await pool.fetch(
        "select next_change_at from journey.people where person_id = $1", who.person_id
    )
    assert due_at == day(15)
    clock.now = day(16)  # nothing has arrived
    assert await Due(pool, engine).all_due() >= 1
    assert (await flags(pool, who))["followup_needed"]
    store(clickhouse, who.session(day(20)))
    clock.now = day(20.1)
    await engine.evaluate([who.key], way="test")
    assert not (await flags(pool, who))["followup_needed"]
    rows = await history(pool, who, FOLLOWUP)
    assert [(row["value"], row["valid_from"], row["cause"]) for row in rows] == [
        (True, day(0), "event"), (False, day(1), "event"), (True, day(15), "time"), (False, day(20), "event"),
    ]  # fmt: skip
    values = [one.data.value for one in await told(pool, who) if one.type == "orchestration.flag.updated"]
    assert values == [True, False]


async def test_what_arrives_late_changes_what_is_believed_of_the_past_and_not_what_was(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    store(clickhouse, *(who.session(day(number)) for number in (4, 6, 8)))
    clock.now = day(9)
    await engine.evaluate([who.key], way="test")
    store(clickhouse, who.session(day(2)))
    clock.now = day(10)
    await engine.evaluate([who.key], way="test")
    rows = [
        (row["revision"], row["value"], row["valid_from"], row["recorded_at"], row["cause"])
        for row in await history(pool, who, MENTOR)
    ]
    assert rows == [(1, True, day(8), day(9), "event"), (2, True, day(6), day(10), "correction")]
    changes = [one for one in await told(pool, who) if one.type == "orchestration.flag.updated"]
    assert len(changes) == 1  # it was set before and is set still
    [(reached_at,)] = await pool.fetch(
        "select reached_at from journey.milestones where person_id = $1 and milestone = 'mentor_ready'",
        who.person_id,
    )
    assert reached_at == day(6)


async def test_a_corrected_activity_takes_the_flag_and_the_milestone_back(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    sessions = [who.session(day(number), subject=f"session/{who.person_id}/{number}") for number in (1, 2, 3)]
    store(clickhouse, *sessions)
    await engine.evaluate([who.key], way="test")
    assert (await flags(pool, who))["mentor_ready"]
    store(
        clickhouse, who.session(day(3), subject=sessions[2].subject, session_type="mentorship")
    )  # it was no language session after all
    clock.now = day(101)
    await engine.evaluate([who.key], way="test")
    assert not (await flags(pool, who))["mentor_ready"]
    [(withdrawn_at,)] = await pool.fetch(
        "select withdrawn_at from journey.milestones where person_id = $1 and milestone = 'mentor_ready'",
        who.person_id,
    )
    assert withdrawn_at == day(101)
    store(clickhouse, who.session(day(4)))
    clock.now = day(102)
    await engine.evaluate([who.key], way="test")
    events = await told(pool, who)
    reached = [one.data.milestone for one in events if one.type == "orchestration.milestone.reached"]
    assert reached.count("mentor_ready") == 1  # once per person, whatever happens after
    assert [one.data.value for one in events if one.type == "orchestration.flag.updated"] == [
        True,
        False,
        True,
    ]


async def test_an_erased_activity_is_missed_once_somebody_asks(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, clock: Clock
) -> None:
    who = Participant()
    sessions = [who.session(day(number)) for number in (1, 2, 3)]
    store(clickhouse, *sessions)
    await engine.evaluate([who.key], way="test")
    for table in ("raw.events", "journey.events"):
        clickhouse.command(
            f"delete from {table} where event_id = {{id:UUID}} and person_id = {{person:UUID}}",
            {"id": str(sessions[0].id), "person": str(who.person_id)},
        )
    await pool.execute("select journey.ask($1, $2)", *who.key)
    await Due(pool, engine).all_due()
    assert not (await flags(pool, who))["mentor_ready"]
    rows = await history(pool, who, MENTOR)
    assert [(row["value"], row["valid_from"], row["cause"]) for row in rows] == [
        (True, day(3), "event"), (False, day(3), "correction"),
    ]  # fmt: skip


async def test_an_activity_that_moves_to_somebody_else_is_taken_from_whoever_had_it(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool, store_settings: StoreSettings,
    postgres: psycopg.Connection, engine_client: ClickHouseClient,
) -> None:  # fmt: skip
    """To another person, to another company, back again; and an older version that comes in late."""
    one, two = Participant(), Participant()
    elsewhere, third = Participant(OTHER_COMPANY, one.person_id), Participant()
    subjects = [f"session/{one.person_id}/{number}" for number in (1, 2, 3)]

    def misplaced() -> int:
        return proof.prove(
            postgres, engine_client, datetime.now(UTC) + 2 * proof.SETTLED_AFTER
        ).misplaced_count

    await Sweep(store_settings, pool, engine).lately(clickhouse)  # which also mends other tests' people
    before = misplaced()
    late = third.session(day(3), subject=subjects[2])
    store(clickhouse, *(one.session(day(number), subject=subjects[number - 1]) for number in (1, 2, 3)))
    await engine.evaluate([one.key], way="test")
    assert (await flags(pool, one))["mentor_ready"]

    async def held_by(*owners: Participant) -> None:
        """The third session is with these people: as an activity, by flags, and by the proof."""
        await Sweep(store_settings, pool, engine).lately(clickhouse)
        known = activities.of_people(engine_client, [one.key, two.key, third.key, elsewhere.key])
        assert {
            key for key, some in known.items() for activity in some if activity.subject == subjects[2]
        } == {owner.key for owner in owners}
        assert (await flags(pool, one))["mentor_ready"] is (one in owners)
        assert misplaced() == before

    for said, owner in enumerate((two, elsewhere, one, two), start=10):
        owner.said = said  # the source's clock
        store(clickhouse, owner.session(day(3), subject=subjects[2]))
        if said == 10:
            assert misplaced() == before + 1
        await held_by(owner)
    store(clickhouse, late)
    await held_by(two)
    rows = await history(pool, one, MENTOR)
    assert [(row["value"], row["cause"]) for row in rows] == [
        (True, "event"), (False, "correction"), (True, "correction"), (False, "correction"),
    ]  # fmt: skip


async def test_two_companies_never_mix(
    engine: Engine, clickhouse: ClickHouseClient, pool: asyncpg.Pool
) -> None:
    here = Participant()
    there = Participant(OTHER_COMPANY, here.person_id)
    store(
        clickhouse,
        *(here.session(day(number)) for number in (1, 2, 3)),
        *(there.session(day(4)) for _ in "12"),
    )
    await engine.evaluate([here.key, there.key], way="test")
    assert (await flags(pool, here))["mentor_ready"]
    assert "mentor_ready" not in await flags(pool, there)
    said_there = [getattr(one.data, "milestone", "") for one in await told(pool, there)]
    assert said_there == ["first_language_session"]


async def test_a_rule_on_trial_is_recorded_and_nobody_is_told_until_it_is_in_force(
    pool: asyncpg.Pool, engine_client: ClickHouseClient, clickhouse: ClickHouseClient, clock: Clock
) -> None:
    then = {"set_flag": {"flag": "met"}, "emit_event": [
        {"event": "orchestration.profile.updated", "payload": {"updatedFields": ["met"]}},
        {"event": "orchestration.flag.updated", "payload": {"flag": "without_a_value"}},
    ]}  # fmt: skip
    trial = rule(state="shadow", then=then)
    who, elsewhere = Participant(), Participant(OTHER_COMPANY)
    keys = [who.key, elsewhere.key]
    store(clickhouse, who.session(day(1)), elsewhere.session(day(1)))

    async def states(*versions: Version) -> list[dict[str, bool]]:
        await Engine(pool, engine_client, Versions(versions), clock).evaluate(keys, way="test")
        return [await flags(pool, one) for one in (who, elsewhere)]

    first = Version(1, trial, BEGINNING)
    assert await states(first) == [{}, {}]
    [row] = await history(pool, who, trial.id)
    assert (row["value"], row["is_in_force"]) == (True, False)
    canary = Version(2, rule(state="canary", canary_companies=[who.company_id], then=then), day(101))
    clock.now = day(102)
    assert await states(first, canary) == [{"met": True}, {}]
    assert [one.data.flag for one in await told(pool, who) if one.type.endswith("flag.updated")] == ["met"]
    # And what the rule asks for itself, as far as there are such events.
    own = [one for one in await told(pool, who) if one.subject.startswith("rule/")]
    assert [(one.type, one.data.updated_fields, one.data.updated_at) for one in own] == [
        ("orchestration.profile.updated", ["met"], day(1))
    ]
    assert await told(pool, elsewhere) == []
    retired = Version(3, rule(state="retired", then=then), day(103))
    clock.now = day(104)
    assert await states(first, canary, retired) == [{"met": False}, {}]
    rows = await history(pool, who, trial.id)
    assert [(row["value"], row["cause"], row["valid_from"], row["is_in_force"]) for row in rows] == [
        (True, "event", day(1), False), (True, "rules", day(101), True), (False, "rules", day(103), True),
    ]  # fmt: skip

    # A coordinator sees what was in force, and who tries rules sees the trials too.
    async def shown(*, trials: bool, as_of: datetime) -> list[list[tuple[bool, datetime]]]:
        now = datetime.now(UTC)
        return [
            [(row["value"], row["valid_from"]) for row in some]
            for some in (
                await queries.history(pool, who.key, now, 10, trials=trials),
                await queries.belief(pool, who.key, now, as_of, trials=trials),
            )
        ]

    in_force = [(False, day(103)), (True, day(101))]
    assert await shown(trials=False, as_of=day(50)) == [in_force, []]
    assert await shown(trials=False, as_of=day(102)) == [in_force, [(True, day(101))]]
    assert await shown(trials=True, as_of=day(50)) == [[*in_force, (True, day(1))], [(True, day(1))]]
    again = Version(4, rule(state="active", then=then), day(105))
    trial_again = Version(5, rule(state="shadow", then=then), day(107))
    for clock.now in (day(106), day(108)):
        states_now = await states(first, canary, retired, again, trial_again)
    assert states_now[0] == {"met": False}
    assert (await shown(trials=False, as_of=day(110)))[1] == []
    assert (await shown(trials=False, as_of=day(110)))[0][:2] == [(True, day(107)), (True, day(105))]


async def test_of_two_engines_at_once_one_writes(
    pool: asyncpg.Pool, engine: Engine, store_settings: StoreSettings, shipped: Versions,
    clickhouse: ClickHouseClient, clock: Clock,
) -> None:  # fmt: skip
    people = [Participant() for _ in range(20)]
    store(clickhouse, *(who.session(day(number)) for who in people for number in (1, 2, 3)))
    keys = [who.key for who in people]
    with closing(clickhouse_client(store_settings)) as client:
        other = Engine(pool, client, shipped, clock)
        await asyncio.gather(engine.evaluate(keys, way="test"), other.evaluate(keys, way="test"))
    for who in people:
        assert len(await history(pool, who, MENTOR)) == 1
        assert [one.type for one in await told(pool, who)].count("orchestration.flag.updated") == 1


async def test_what_came_by_a_file_is_swept_up_and_nothing_twice(
    pool: asyncpg.Pool, engine: Engine, store_settings: StoreSettings, clickhouse: ClickHouseClient
) -> None:
    who = Participant()
    sweep = Sweep(store_settings, pool, engine)
    await sweep.whole(clickhouse)  # people of other tests
    store(clickhouse, *(who.session(day(number)) for number in (1, 2, 3)))
    assert await sweep.lately(clickhouse) >= 1
    assert (await flags(pool, who))["mentor_ready"]
    assert await sweep.whole(clickhouse) == 0


async def test_history_written_bit_by_bit_is_what_is_computed_in_one_go(
    pool: asyncpg.Pool, engine: Engine, clickhouse: ClickHouseClient, clock: Clock
) -> None:
    """The same activities in order, shuffled, and all at once lead to the same belief."""
    one, two, three = (Participant() for _ in range(3))
    days = [1, 2, 5, 30, 31, 60]

    def does(who: Participant, number: int) -> Event:
        ratings = {5: 0.9, 31: 0.3}
        return who.rating(day(number), ratings[number]) if number in ratings else who.session(day(number))

    for who, order in ((one, days), (two, [30, 2, 60, 1, 31, 5])):
        store(clickhouse, who.enrolled(day(0)))
        for number in order:
            clock.now = max(clock.now if who is two else day(0), day(number + 0.5))
            store(clickhouse, does(who, number))
            await engine.evaluate([who.key], way="test")
    store(clickhouse, three.enrolled(day(0)), *(does(three, number) for number in days))
    clock.now = day(90)
    await engine.evaluate([one.key, two.key, three.key], way="test")
    for rule_id in (MENTOR, FOLLOWUP):
        beliefs = []
        for who in (one, two, three):
            rows = await history(pool, who, rule_id)
            beliefs.append(believed(Row(row["revision"], row["valid_from"], row["value"]) for row in rows))
        assert beliefs[0] == beliefs[1] == beliefs[2]
        assert beliefs[0]


def rule(**changes: Any) -> Rule:
    return Rule.model_validate({
        "id": "met_once_001", "state": "active", "name": "Met once", "description": "One session",
        "owner": "programmes",
        "facts": {"sessions": {"count": "kintell_sessions"}},
        "when": {"fact": "sessions", "op": ">=", "value": 1.0}, "then": {"set_flag": {"flag": "met"}},
        **changes,
    })  # fmt: skip
