"""What is stored is what follows from events and rules; where it is not, it is found and put right."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import asyncpg
import dagster as dg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.assets.journey import every_flag_follows_from_events
from orchestration.journey import proof, versions
from orchestration.journey.engine import Engine
from orchestration.journey.people import BEGINNING
from orchestration.journey.rules.loading import load_rules
from orchestration.journey.rules.model import Rule
from orchestration.journey.sweep import Due, Sweep
from orchestration.resources import Stores
from tests.journey.conftest import Clock
from tests.journey.people import Participant, flags, store
from tests.journey.test_engine import rule

NOW = datetime.now(UTC)


@pytest.fixture
def stores(store_settings: StoreSettings) -> Stores:
    return Stores(
        postgres_url=store_settings.postgres_url.get_secret_value(),
        clickhouse_url=store_settings.clickhouse_url.get_secret_value(),
        nats_url=store_settings.nats_url.get_secret_value(),
    )


async def test_drift_is_found_and_put_right(
    store_settings: StoreSettings, pool: asyncpg.Pool, engine_client: ClickHouseClient,
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, stores: Stores, clock: Clock,
) -> None:  # fmt: skip
    clock.now = NOW
    async with pool.acquire() as connection:
        known = await versions.record(connection, [*load_rules(), remembering()], NOW - timedelta(hours=1))
    engine = Engine(pool, engine_client, known, clock)
    people = [Participant() for _ in range(3)]
    store(clickhouse, *(event for who in people for event in sessions(who)))
    await Sweep(store_settings, pool, engine).whole(clickhouse)
    await Due(pool, engine).of_other_rules()
    await Due(pool, engine).all_due()

    assert [str(one) for one in proof.prove(postgres, clickhouse, NOW).differences] == []
    for who, flag in zip(people, ("mentor_ready", "stays", "mentor_ready"), strict=True):
        assert (await flags(pool, who))[flag]
        postgres.execute(
            "update journey.flags set is_set = false where person_id = %s and flag = %s",
            (who.person_id, flag),
        )
    found = proof.prove(postgres, clickhouse, NOW)
    assert {(one.key, one.flag, one.is_set) for one in found.differences} == {
        (people[0].key, "mentor_ready", False), (people[1].key, "stays", False),
        (people[2].key, "mentor_ready", False),
    }  # fmt: skip
    check = every_flag_follows_from_events(stores)
    assert isinstance(check, dg.AssetCheckResult)
    assert (check.passed, check.metadata["drift_count"].value) == (False, 3)

    assert proof.repair(postgres, found) == 3
    await Due(pool, engine).all_due()
    assert proof.prove(postgres, clickhouse, NOW).differences == []


async def test_an_event_the_rules_do_not_see_is_missed(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, store_settings: StoreSettings
) -> None:
    who = Participant()
    session = who.session(NOW - timedelta(days=1))
    store(clickhouse, session)
    with closing(clickhouse_client(store_settings)) as client:
        before = proof.prove(postgres, client, NOW).missing_event_count
        clickhouse.command("delete from journey.events where event_id = {id:UUID}", {"id": str(session.id)})
        assert proof.prove(postgres, client, NOW).missing_event_count == before + 1
        clickhouse.command("delete from raw.events where event_id = {id:UUID}", {"id": str(session.id)})
        assert proof.prove(postgres, client, NOW).missing_event_count == before


async def test_a_changed_rule_counts_from_the_day_it_names_or_from_now(pool: asyncpg.Pool) -> None:
    first, now = rule(id="counted_001"), NOW - timedelta(minutes=30)
    async with pool.acquire() as connection:
        others = [one for one in await _files(connection) if one.id != first.id]

        async def recorded(*rules: Rule) -> list[tuple[str, datetime]]:
            known = await versions.record(connection, [*others, *rules], now)
            return [(one.rule.state, one.effective_from) for one in known.of(first.id)]

        assert await recorded(first) == [("active", BEGINNING)]
        assert await recorded(first) == [("active", BEGINNING)]  # nothing has changed
        later = first.model_copy(update={"effective_from": date(2030, 1, 1), "priority": 3})
        assert (await recorded(later))[-1] == ("active", datetime(2030, 1, 1, tzinfo=UTC))
        assert (await recorded(first.model_copy(update={"priority": 4})))[-1] == ("active", now)
        assert (await recorded())[-1] == ("retired", now)  # its file is gone
        known = await versions.read(connection)
    assert (known.at(first.id, NOW - timedelta(days=1)) or pytest.fail("no version")).rule == first
    assert known.next_change_after(NOW) == datetime(2030, 1, 1, tzinfo=UTC)


async def _files(connection: asyncpg.pool.PoolConnectionProxy) -> list[Rule]:
    """The rules other tests of this run have recorded: they are not to be retired here."""
    known = await versions.read(connection)
    return [known.of(rule_id)[-1].rule for rule_id in known.rule_ids]


def remembering() -> Rule:
    """A flag that outlives its conditions, so that the proof has to go through the whole past."""
    return rule(
        id="stays_001", sticky=True, then={"set_flag": {"flag": "stays"}},
        facts={"sessions": {"count": "kintell_sessions", "within": "3 days"}},
    )  # fmt: skip


def sessions(who: Participant) -> list[Event]:
    return [who.session(NOW - timedelta(days=days)) for days in (30, 20, 10)]
