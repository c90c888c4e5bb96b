"""Where ClickHouse has tables that cannot be swept, nothing is begun: nobody is half erased."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.sweeping import UnsweepableError
from orchestration.privacy.requests import store
from tests.privacy.erasure.leaving_out import ask

TABLE = "marts.fct_sessions"


@pytest.fixture
def no_table_of_this_node(clickhouse: ClickHouseClient) -> Iterator[None]:
    """A table whose engine is no MergeTree: the embedded engine has no cluster for a Distributed one."""
    clickhouse.command("create database if not exists marts")
    is_there = clickhouse.command(f"exists table {TABLE}")
    if is_there:
        clickhouse.command(f"rename table {TABLE} to {TABLE}_kept")
    clickhouse.command(f"create table {TABLE} (participant_id UUID) engine = Memory")
    yield
    clickhouse.command(f"drop table {TABLE} sync")
    if is_there:
        clickhouse.command(f"rename table {TABLE}_kept to {TABLE}")


@pytest.mark.usefixtures("no_table_of_this_node")
def test_an_erasure_that_cannot_end_does_not_begin(place: Place, postgres: psycopg.Connection) -> None:
    person = uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s)", (person,))
    request = ask(postgres, person)
    with pytest.raises(UnsweepableError, match=rf"{TABLE} of ClickHouse cannot be rewritten.*Memory"):
        Erasure.of_due(place, [request], "run")
    told = store.get(postgres, request)
    assert (told.state, told.error, told.subject_id) == ("failed", "UnsweepableError", person)
    erasures = postgres.execute(
        "select count(*) from privacy.erasures where %s = any(request_ids)", (request,)
    )
    assert erasures.fetchone() == (0,)
