"""Who feeds the warehouse is known as long as its process lives, and the sensor of arrivals waits for it."""

from __future__ import annotations

import asyncio
import time

import dagster as dg
import psycopg

from ingest.stores import StoreSettings
from orchestration.automation import arrivals_sensor
from orchestration.feeding import feeding, feeding_patiently, somebody_feeds
from orchestration.freshness import Watch
from orchestration.resources import Stores

_FEEDERS = (
    "select pid from pg_locks where locktype = 'advisory' and mode = 'ShareLock'"
    " and (classid::bigint << 32) + objid::bigint = 7163202646"
)


def test_feeders_do_not_wait_for_each_other_and_are_known_until_the_last_has_ended(stores: Stores) -> None:
    with stores.postgres() as one, stores.postgres() as other, stores.postgres() as looks:
        assert not somebody_feeds(looks)
        with feeding(one):
            with feeding(other):
                assert somebody_feeds(looks)
            assert somebody_feeds(looks)
        assert not somebody_feeds(looks)


def test_a_feeder_whose_connection_is_gone_feeds_no_more(stores: Stores) -> None:
    with stores.postgres() as one, stores.postgres() as looks, feeding(one):
        one.close()
        wait_until(looks, feeds=False)


async def test_a_patient_feeder_is_known_again_after_its_connection_was_cut(
    stores: Stores, store_settings: StoreSettings
) -> None:
    with stores.postgres() as looks:
        async with feeding_patiently(store_settings.postgres_url.get_secret_value()):
            await asyncio.to_thread(wait_until, looks, feeds=True)
            [before] = looks.execute(_FEEDERS).fetchall()
            looks.execute("select pg_terminate_backend(%s)", before)
            await asyncio.to_thread(wait_until, looks, feeds=False)
            await asyncio.to_thread(wait_until, looks, feeds=True)
            assert looks.execute(_FEEDERS).fetchall() != [before]
        await asyncio.to_thread(wait_until, looks, feeds=False)  # Postgres sees a moment later who went


def test_the_sensor_waits_for_a_feeder_and_refreshes_after_it(stores: Stores) -> None:
    with dg.DagsterInstance.ephemeral() as instance, stores.postgres() as postgres:
        # No worker sends what other tests announced, and what waits for long asks for a refresh by itself.
        postgres.execute("delete from serving.announcements")
        cursor = None

        def look() -> bool:
            nonlocal cursor
            result = arrivals_sensor(
                dg.build_sensor_context(instance=instance, cursor=cursor, resources={"stores": stores})
            )
            cursor = result.cursor or cursor  # Dagster keeps the one before in place of an empty one
            return bool(result.run_requests)

        with feeding(postgres):
            assert [look() for _ in range(3)] == [False] * 3
        assert look()
    # What comes next is not taken for the rest of this burst.
    assert Watch.decode(cursor) is None


def wait_until(connection: psycopg.Connection, *, feeds: bool) -> None:
    until = time.monotonic() + 30
    while somebody_feeds(connection) is not feeds:
        assert time.monotonic() < until
        time.sleep(0.05)
