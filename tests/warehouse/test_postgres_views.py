"""Postgres' views show what was copied, are refreshed rather than rebuilt, and never make a reader wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg.rows import dict_row

from ingest.stores import StoreSettings, postgres_connection
from tests.warehouse.conftest import Warehouse
from tests.warehouse.history import COMPANIES

ROW = {
    "company_id": COMPANIES[0], "period_grain": "quarter", "period": "2026-Q3", "period_start": "2026-07-01",
    "period_end": "2026-09-30", "participants_count": 7, "volunteers_count": 3, "sessions_count": 9,
    "language_sessions_count": 5, "mentorship_sessions_count": 4, "volunteer_hours": 8.25, "ratings_count": 2,
    "rating_sum": 1.5, "avg_rating": 0.75, "enrollments_count": 6, "buddy_matches_count": 1,
    "courses_completed_count": 2, "data_version": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def postgres(warehouse: Warehouse, store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    """A connection that sees this module's schema first."""
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        connection.row_factory = dict_row
        connection.execute(f"set search_path to {warehouse.prefix}serving")
        yield connection


def oids(connection: psycopg.Connection) -> dict[str, int]:
    found = connection.execute(
        "select relname, pg_class.oid"
        " from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid"
        " where relkind = 'm' and nspname = current_schema()"
    )
    return {row["relname"]: row["oid"] for row in found}


def test_views_show_what_was_copied(warehouse: Warehouse, postgres: psycopg.Connection) -> None:
    columns = ", ".join(ROW)
    values = ", ".join(f"%({name})s" for name in ROW)
    postgres.execute(f"insert into metrics_company_period ({columns}) values ({values})", ROW)
    warehouse.dbt("build", target="postgres")
    glance = postgres.execute("select * from mv_company_at_a_glance").fetchone()
    assert glance is not None
    assert (glance["company_id"], glance["period"]) == (COMPANIES[0], "2026-Q3")
    inputs = ("total_volunteers", "total_hours", "total_sessions", "active_participants")
    assert {name: glance[name] for name in inputs} == dict(zip(inputs, (3, 8.25, 9, 7), strict=True))
    metrics = postgres.execute("select * from mv_company_metrics").fetchall()
    assert metrics == postgres.execute("select * from metrics_company_period").fetchall()


def test_a_second_run_refreshes_beside_readers(
    warehouse: Warehouse, postgres: psycopg.Connection, store_settings: StoreSettings
) -> None:
    before = oids(postgres)
    assert before.keys() == {"mv_company_at_a_glance", "mv_company_metrics"}
    postgres.execute("update metrics_company_period set sessions_count = 10, data_version = 2")
    with closing(postgres_connection(store_settings)) as reader:
        reader.execute("set transaction isolation level repeatable read")
        read = f"select total_sessions from {warehouse.prefix}serving.mv_company_at_a_glance"
        assert reader.execute(read).fetchone() == (9,)
        # The reader's transaction stays open. A plain refresh would wait for it and run into lock_timeout.
        warehouse.dbt("run", target="postgres")
        assert reader.execute(read).fetchone() == (9,)
    assert postgres.execute("select total_sessions from mv_company_at_a_glance").fetchone() == {
        "total_sessions": 10
    }
    assert oids(postgres) == before


def test_every_view_can_be_refreshed_concurrently(postgres: psycopg.Connection) -> None:
    found = postgres.execute(
        "select indrelid from pg_index where indisunique and indpred is null and indrelid = any(%s)",
        [list(oids(postgres).values())],
    )
    assert {row["indrelid"] for row in found} == set(oids(postgres).values())
