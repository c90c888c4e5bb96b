"""An erasure waits for a refresh with nothing but the tables that the refresh builds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.erasing import Place, is_under_way
from orchestration.privacy.erasure.plan import ARRIVING, SWEEPING, plan_of
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from tests.privacy.erasure.planted import add_events, events_of, publish

_WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def test_what_arrived_goes_at_once_and_what_was_published_meanwhile_goes_too(
    place: Place, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    person, other = uuid4(), uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s), (%s)", (person, other))
    add_events(clickhouse, person, other)
    publish(postgres, other)
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    erasure = Erasure.of_due(place, [store.open_request(postgres, order)[0].request_id], "run")
    with closing(place.postgres()) as builder, ThreadPoolExecutor(1) as pool:
        with leases.building(builder):
            for lane in SWEEPING[:-1]:
                erasure.lane(lane)
            assert events_of(clickhouse, person) == 0
            waiting = pool.submit(erasure.lane, SWEEPING[-1])
            while postgres.execute(_WAITING).fetchone() != (1,):
                assert not waiting.done(), waiting.result()
                time.sleep(0.01)
            publish(postgres, person)  # as the refresh had read it before
        assert "postgres:served" in waiting.result(timeout=60)
    shown = {row[0] for row in postgres.execute("select volunteer_id from serving.mv_top_volunteers")}
    assert person not in shown
    assert other in shown
    certificate = erasure.certify()
    assert certificate.said["rows_remaining"] == 0
    [again] = [one for one in certificate.said["steps"] if one["step"] == "postgres:served"]
    assert again["before"] == 1


def test_everything_that_arrives_is_a_table_and_has_a_step() -> None:
    steps = {one.name: one.lane for one in plan_of(declared()).steps}
    assert {name for name, lane in steps.items() if lane == "arrivals"} == ARRIVING


def test_the_count_is_signed_that_was_made_after_the_last_sweep(
    place: Place, postgres: psycopg.Connection
) -> None:
    """Not one from before a relation was swept again."""
    person = uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s)", (person,))
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    erasure = Erasure.of_due(place, [store.open_request(postgres, order)[0].request_id], "run")
    assert is_under_way(postgres)  # and no refresh begins
    for lane in SWEEPING:
        erasure.lane(lane)
    assert not is_under_way(postgres)
    report = erasure.count_again()
    assert erasure._counted() == report
    postgres.execute(
        "update privacy.erasure_steps set finished_at = now()"
        " where erasure_id = %s and step = 'jetstream:EVENTS'",
        (erasure.erasure_id,),
    )
    assert erasure._counted() is None
    assert erasure.certify().said["rows_remaining"] == 0
