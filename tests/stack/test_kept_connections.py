"""A statement finds the connection of the one before it, and never one that is broken or in a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg2
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from orchestration.stack.kept_connections import KEPT
from orchestration.stack.layout import Layout, dagster_storage_url


@pytest.fixture
def url(embedded_stores: Layout, request: pytest.FixtureRequest) -> str:
    # An address of its own for each test, so that it starts without kept connections.
    return f"{dagster_storage_url(embedded_stores.postgres_url)}&application_name={request.node.name[:60]}"


@pytest.fixture
def engine(url: str) -> Engine:
    return dagsters_engine(url)


@pytest.fixture
def outsider(embedded_stores: Layout) -> Iterator[psycopg2.extensions.connection]:
    connection = psycopg2.connect(embedded_stores.postgres_url)
    connection.autocommit = True
    yield connection
    connection.close()


def dagsters_engine(url: str) -> Engine:
    """As Dagster's storages make theirs."""
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def backend(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def test_statements_of_several_engines_share_one_connection(engine: Engine, url: str) -> None:
    first = backend(engine)
    assert {backend(engine), backend(dagsters_engine(url)), backend(dagsters_engine(url))} == {first}


def test_dagsters_schema_is_still_the_search_path(engine: Engine) -> None:
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.execute(text("show search_path")).scalar_one() == "dagster"


def test_connections_in_use_are_not_shared_and_only_a_few_are_kept(
    engine: Engine, outsider: psycopg2.extensions.connection, request: pytest.FixtureRequest
) -> None:
    with ExitStack() as stack:
        open_now = [stack.enter_context(engine.connect()) for _ in range(KEPT + 2)]
        pids = {c.execute(text("select pg_backend_pid()")).scalar_one() for c in open_now}
        assert len(pids) == KEPT + 2
    with outsider.cursor() as cursor:
        # A server process ends a moment after its client has left.
        for _ in range(100):
            cursor.execute(
                "select count(*) from pg_stat_activity where application_name = %s", (request.node.name[:60],)
            )
            if (left := cursor.fetchone()) == (KEPT,):
                break
            cursor.execute("select pg_sleep(0.05)")
        assert left == (KEPT,)


def test_a_connection_that_the_server_has_ended_is_replaced(
    engine: Engine, outsider: psycopg2.extensions.connection
) -> None:
    first = backend(engine)
    with outsider.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", (first,))
        assert cursor.fetchone() == (True,)
    assert backend(engine) != first


def test_a_connection_that_broke_in_use_is_not_kept(
    engine: Engine, outsider: psycopg2.extensions.connection
) -> None:
    with engine.connect() as connection:
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
        with outsider.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1"))
    assert backend(engine) != pid


def test_a_failed_transaction_leaves_nothing_behind_for_the_next_user(url: str, engine: Engine) -> None:
    transactional = create_engine(url, poolclass=NullPool)
    with transactional.connect() as connection:
        connection.execute(text("create table public.half_done (id int)"))
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1/0"))
    with engine.connect() as connection:
        assert connection.execute(text("select to_regclass('public.half_done')")).scalar_one() is None
        connection.execute(text("select 1"))


def test_threads_get_connections_of_their_own(engine: Engine) -> None:
    def ask(number: int) -> bool:
        with engine.connect() as connection:
            return bool(connection.execute(text("select :n"), {"n": number}).scalar_one() == number)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
