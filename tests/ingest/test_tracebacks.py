"""What logs say of an error: enough to find it, and nothing of what people wrote."""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import DatabaseError

from ingest.events import UnreadableEvent
from ingest.stores import StoreSettings, postgres_connection
from ingest.tracebacks import named, without_data

SAID = "oksana@example.org"
TABLE = "told"  # a temporary one
_MAKE = (
    f"create temp table {TABLE} (email text constraint once unique, age int constraint grown check (age > 0))"
)


def told(error: BaseException) -> str:
    return without_data((type(error), error, error.__traceback__))


async def known_already(connection: asyncpg.Connection) -> None:
    for _ in range(2):
        await connection.execute(f"insert into {TABLE} values ($1, 1)", SAID)


async def a_broken_rule(connection: asyncpg.Connection) -> None:
    await connection.execute(f"insert into {TABLE} values ($1, 0)", SAID)


async def no_number(connection: asyncpg.Connection) -> None:
    await connection.execute(f"insert into {TABLE} select $1, $2::text::int", SAID, SAID)


async def a_wrong_argument(connection: asyncpg.Connection) -> None:
    await connection.execute(f"insert into {TABLE} values ('', $1)", SAID)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (known_already, "asyncpg.exceptions.UniqueViolationError: SQLSTATE 23505, duplicate key value"),
        (a_broken_rule, "SQLSTATE 23514, new row for relation"),
        (no_number, "asyncpg.exceptions.InvalidTextRepresentationError: SQLSTATE 22P02"),
        (a_wrong_argument, "asyncpg.exceptions.DataError: SQLSTATE 22000"),
    ],
)
async def test_what_postgres_refuses_is_told_by_rule_and_place(
    store_settings: StoreSettings,
    act: Callable[[asyncpg.Connection], Coroutine[Any, Any, None]],
    expected: str,
) -> None:
    connection = await asyncpg.connect(store_settings.postgres_url.get_secret_value())
    try:
        await connection.execute(_MAKE)
        with pytest.raises(asyncpg.PostgresError) as caught:
            await act(connection)
    finally:
        await connection.close()
    assert SAID in str(caught.value)
    text = told(caught.value)
    assert SAID not in text
    assert expected in text
    assert f"in {act.__name__}" in text  # where it happened
    if act is known_already:
        assert text.endswith(f"table {TABLE}, constraint once")


def test_the_other_driver_is_told_alike(store_settings: StoreSettings) -> None:
    with psycopg.connect(store_settings.postgres_url.get_secret_value()) as connection:
        connection.execute(_MAKE)
        connection.execute(f"insert into {TABLE} values (%s, 1)", (SAID,))
        with pytest.raises(psycopg.errors.UniqueViolation) as caught:
            connection.execute(f"insert into {TABLE} values (%s, 1)", (SAID,))
    assert SAID in str(caught.value)
    assert SAID not in told(caught.value)
    assert named(caught.value).endswith(f"table {TABLE}, constraint once")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (f"insert into {TABLE} values (%(said)s, 1), (%(said)s, 2)", "SQLSTATE 23505, duplicate key value"),
        (f"insert into {TABLE} select '', %(said)s::text::int", "SQLSTATE 22P02"),
        (f"select from {TABLE} where emial = %(said)s", 'SQLSTATE 42703, column "emial" does not exist'),
    ],
)
def test_what_our_connections_raise_quotes_nothing_anywhere(
    store_settings: StoreSettings, statement: str, words: str
) -> None:
    """Not even where an error's own words are shown, as Dagster does."""
    with closing(postgres_connection(store_settings)) as connection:
        connection.execute(_MAKE)
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(statement.encode(), {"said": SAID})
    assert str(caught.value).startswith(words)
    assert SAID not in "".join(traceback.format_exception(caught.value))


def test_clickhouse_is_told_by_its_code(clickhouse: ClickHouseClient) -> None:
    with pytest.raises(DatabaseError) as caught:
        clickhouse.query("select toInt32({said:String})", {"said": SAID})
    assert SAID in str(caught.value)
    assert SAID not in told(caught.value)
    assert named(caught.value).endswith("DatabaseError: code 6")


def test_what_led_to_an_error_is_told_and_every_one_of_a_group() -> None:
    try:
        try:
            {}[SAID]
        except KeyError as error:
            raise ExceptionGroup(
                "several", [UnreadableEvent("event 17 has no time"), ValueError(SAID)]
            ) from error
    except ExceptionGroup as error:
        text = told(error)
    assert SAID not in text
    assert [line for line in text.splitlines() if not line.startswith((" ", "Traceback"))] == [
        "KeyError", "This led to:", "ExceptionGroup",
    ]  # fmt: skip
    assert "  | ingest.events.UnreadableEvent: event 17 has no time" in text
    assert "  | ValueError" in text


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (AttributeError("'NoneType' object has no attribute 'x'"), "'NoneType' object has no attribute 'x'"),
        (asyncpg.InterfaceError("connection is closed"), "connection is closed"),
    ],
)
def test_words_about_code_and_connections_are_kept(error: Exception, line: str) -> None:
    assert named(error).endswith(f"Error: {line}")


def test_no_process_logs_what_an_error_quotes() -> None:
    code = """
import logging, structlog, sys
from ingest import logs
logs.configure("test")
try:
    int(sys.argv[1])
except ValueError:
    structlog.get_logger("ours").exception("ours")
    logging.getLogger("theirs").exception("theirs")
"""
    command = [sys.executable, "-c", code, SAID]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in said.splitlines()]
    assert [one["event"] for one in lines] == ["ours", "theirs"]
    assert all(one["exception"].endswith("\nValueError") for one in lines)
    assert SAID not in said
