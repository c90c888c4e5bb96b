"""An erasure that is killed at any step goes on where it stopped, and completes."""

from __future__ import annotations

import asyncio
from contextlib import closing

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure.commands import erasures
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import POSTGRES_FILES, TOMBSTONES, plan_of
from orchestration.privacy.requests import store
from tests.privacy.erasure import killing
from tests.privacy.erasure.canary import Canary, of_the_other
from tests.privacy.erasure.killing import Death, deaths_in, killed_everywhere

# One of each kind. All there are: `python -m tests.privacy.erasure.killing`.
SOME = [
    Death(TOMBSTONES, killing.UNCOMMITTED),
    Death("postgres:ingest.people", killing.UNCOMMITTED),
    Death("clickhouse:raw.events", killing.UNEXCHANGED),
    Death("clickhouse:raw.events", killing.EXCHANGED),
    Death("jetstream:EVENTS", killing.DELETED),
    Death("folder:landing", killing.UNREPLACED),
    Death("clickhouse:marts.fct_sessions", killing.DONE),
    Death(killing.COUNT, killing.COUNTED),
    Death(POSTGRES_FILES, killing.HALF_ANEW),
    Death(killing.CERTIFICATE, killing.SIGNED),
]
_TEMPORARY = "select name from system.tables where name like '%__erasing' or name like 'people_of_erasure%'"


def test_it_goes_on_where_it_was_killed(
    place: Place, postgres: psycopg.Connection, clickhouse: ClickHouseClient,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with closing(Canary(place)) as canary:
        asyncio.run(canary.plant())
        tables = [one for one in canary.relations if one.store in ("postgres", "clickhouse")]
        before = {one.key: of_the_other(canary, one) for one in tables}
        assert set(SOME) <= set(deaths_in(plan_of(declared()), (one.key for one in canary.relations)))

        def told(death: Death) -> None:
            if death == SOME[0]:
                erasures()
            if death.step == killing.COUNT:  # as a process leaves it that is killed before its lane is over
                clickhouse.command("system stop merges raw.events")

        certificate = killed_everywhere(canary, SOME, told)
        assert f"waiting: {POSTGRES_FILES}" in capsys.readouterr().out
        assert certificate.said["rows_remaining"] == 0
        assert not [one.key for one in tables if canary.rows(one, canary.person)]
        assert {one.key: of_the_other(canary, one) for one in tables} == before
        assert canary.markers_on_disk() == set()
        assert canary.ids_on_disk() == []
    assert clickhouse.query(_TEMPORARY).result_rows == []
    clickhouse.command("optimize table raw.events final")
    [request] = certificate.said["requests"]
    assert store.get(postgres, request).state == "completed"
    assert postgres.execute("select count(*) from privacy.erasure_subjects").fetchone() == (0,)
