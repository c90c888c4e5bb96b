"""What Postgres refuses is in its log by the rule that it breaks, and never with what it says."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from ingest.stores import StoreSettings, postgres_connection
from orchestration.stack.layout import Layout

EMAIL = "oksana-of-the-log@example.org"


def by_insert(connection: psycopg.Connection) -> None:
    connection.execute("insert into emails values (%s)", (EMAIL,))


def by_copy(connection: psycopg.Connection) -> None:
    with connection.cursor().copy("copy emails from stdin") as copy:
        copy.write_row([EMAIL])


@pytest.mark.parametrize("write", [by_insert, by_copy])
def test_the_log_names_the_rule_and_quotes_no_row(
    embedded_stores: Layout, store_settings: StoreSettings, write: Callable[[psycopg.Connection], None]
) -> None:
    rule = f"known_once_{uuid4().hex}"
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        connection.execute(f"create temp table emails (email text constraint {rule} unique)")
        by_insert(connection)
        with pytest.raises(psycopg.errors.UniqueViolation, match=rule) as caught:
            write(connection)
    assert EMAIL in (caught.value.diag.message_detail or "")  # the client is told
    assert EMAIL not in str(caught.value)
    log, until = embedded_stores.home / "logs" / "postgres.log", time.monotonic() + 30
    while rule not in (said := log.read_text("utf-8", errors="replace")):
        assert time.monotonic() < until, "the error is not in the log"
        time.sleep(0.05)
    assert EMAIL not in said
