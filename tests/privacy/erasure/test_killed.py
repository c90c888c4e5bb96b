"""An erasure that is killed at any step goes on where it stopped, and completes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.clickhouse import Warehouse
from orchestration.privacy.erasure.commands import erasures
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from tests.privacy.erasure.planted import add_events, events_of, publish


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dies_after_the_exchange(_: Erasure) -> None:
    kept = Warehouse._drop_twin

    def drop(self: Warehouse, name: str) -> None:
        if self._number(f"exists table {name}__erasing"):
            _die()
        kept(self, name)

    Warehouse._drop_twin = drop  # type: ignore[method-assign]


def _dies_before_the_exchange(_: Erasure) -> None:
    kept = Warehouse._write_twin

    def write(*arguments: object) -> int:
        kept(*arguments)  # type: ignore[arg-type]
        _die()
        return 0

    Warehouse._write_twin = write  # type: ignore[assignment, method-assign]


def _in_a_process_that_dies(erasure: Erasure, prepare: Callable[[Erasure], None], at: str) -> None:
    child = os.fork()
    if child == 0:  # in there nothing may return to pytest
        try:
            prepare(erasure)
            erasure.run(lambda said: _die() if said.startswith(at) else None)
        finally:
            os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("prepare", "at"),
    [
        (lambda _: None, "tombstones"),
        (_dies_before_the_exchange, "-"),
        (_dies_after_the_exchange, "-"),
        (lambda _: None, "jetstream:EVENTS"),
    ],
    ids=["after the tombstones", "before an exchange", "after an exchange", "in the streams"],
)
def test_it_goes_on_where_it_was_killed(
    place: Place, postgres: psycopg.Connection, clickhouse: ClickHouseClient,
    prepare: Callable[[Erasure], None], at: str, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    person, other = uuid4(), uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s), (%s)", (person, other))
    add_events(clickhouse, person, other)
    publish(postgres, person, other)
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    request = store.open_request(postgres, order)[0].request_id
    erasure = Erasure.of_due(place, [request], "run-1")
    _in_a_process_that_dies(erasure, prepare, at)
    assert store.get(postgres, request).state == "running"
    erasures()
    assert "waiting: postgres:files" in capsys.readouterr().out

    again = Erasure.of_due(place, [request], "run-2")
    assert again.erasure_id == erasure.erasure_id
    certificate = again.run()
    assert certificate.said["rows_remaining"] == 0
    assert events_of(clickhouse, person) == 0
    shown = postgres.execute("select volunteer_id from serving.mv_top_volunteers").fetchall()
    assert (person,) not in shown
    assert (other,) in shown
    assert events_of(clickhouse, other) == 2  # the one that was shared names nobody else now
    assert clickhouse.query("select count() from system.tables where name like '%__erasing'").result_rows == [
        (0,)
    ]
    assert store.get(postgres, request).state == "completed"
    with closing(place.postgres()) as connection:
        assert connection.execute("select count(*) from privacy.erasure_subjects").fetchone() == (0,)
