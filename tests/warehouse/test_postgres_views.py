"""Postgres' views show what was copied, are refreshed rather than rebuilt, and never make a reader wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from ingest.stores import StoreSettings, postgres_connection
from tests.warehouse.conftest import DBT_PROJECT, Warehouse
from tests.warehouse.history import COMPANIES

VIEWS = sorted((DBT_PROJECT / "models" / "serving").glob("mv_*.sql"))

ROW = {
    "company_id": COMPANIES[0], "period_grain": "quarter", "period": "2026-Q3", "period_start": "2026-07-01",
    "period_end": "2026-09-30", "participants_count": 7, "volunteers_count": 3, "sessions_count": 9,
    "language_sessions_count": 5, "mentorship_sessions_count": 4, "volunteer_hours": 8.25, "ratings_count": 2,
    "rating_sum": 1.5, "avg_rating": 0.75, "enrollments_count": 6, "buddy_matches_count": 1,
    "courses_completed_count": 2, "sroi_ratio": 2.5, "data_version": 1,
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
    glance = postgres.execute("select * from mv_company_dashboard").fetchone()
    assert glance is not None
    assert (glance["company_id"], glance["period"]) == (COMPANIES[0], "2026-Q3")
    inputs = ("total_volunteers", "total_hours", "total_sessions", "active_participants")
    assert {name: glance[name] for name in inputs} == dict(zip(inputs, (3, 8.25, 9, 7), strict=True))
    metrics = postgres.execute("select * from mv_company_metrics").fetchall()
    (copied,) = postgres.execute("select * from metrics_company_period").fetchall()
    assert metrics == [copied]


def test_a_second_run_refreshes_beside_readers(
    warehouse: Warehouse, postgres: psycopg.Connection, store_settings: StoreSettings
) -> None:
    before = oids(postgres)
    assert before.keys() == {path.stem for path in VIEWS}
    postgres.execute("update metrics_company_period set sessions_count = 10, data_version = 2")
    with closing(postgres_connection(store_settings)) as reader:
        reader.execute("set transaction isolation level repeatable read")
        read = f"select total_sessions from {warehouse.prefix}serving.mv_company_dashboard"
        assert reader.execute(read).fetchone() == (9,)
        # The reader's transaction stays open. A plain refresh would wait for it and run into lock_timeout.
        warehouse.dbt("run", target="postgres")
        assert reader.execute(read).fetchone() == (9,)
    assert postgres.execute("select total_sessions from mv_company_dashboard").fetchone() == {
        "total_sessions": 10
    }
    assert oids(postgres) == before


def test_every_view_can_be_refreshed_concurrently(postgres: psycopg.Connection) -> None:
    found = postgres.execute(
        "select indrelid from pg_index where indisunique and indpred is null and indrelid = any(%s)",
        [list(oids(postgres).values())],
    )
    assert {row["indrelid"] for row in found} == set(oids(postgres).values())


def test_a_view_with_other_sql_is_replaced_and_the_others_are_refreshed(
    warehouse: Warehouse, postgres: psycopg.Connection
) -> None:
    """What an upgrade finds: a view that an older model built."""
    schema = f"{warehouse.prefix}serving"
    (comment,) = (
        postgres.execute("select obj_description('mv_company_dashboard'::regclass) as comment")
        .fetchone()
        .values()
    )
    postgres.execute("drop materialized view mv_company_dashboard")
    postgres.execute("create materialized view mv_company_dashboard as select 1 as old")
    older = comment[: comment.rindex("Built from ")] + "Built from something else."
    postgres.execute(sql.SQL("comment on materialized view mv_company_dashboard is {}").format(older))
    before = oids(postgres)
    warehouse.dbt("run", target="postgres")
    after = oids(postgres)
    assert {name for name in after if after[name] != before[name]} == {"mv_company_dashboard"}
    assert postgres.execute(f"select total_sessions from {schema}.mv_company_dashboard").fetchone()
    new = postgres.execute("select obj_description('mv_company_dashboard'::regclass) as comment").fetchone()
    assert new == {"comment": comment}


def test_the_platforms_runs_leave_refreshing_to_the_publication(
    warehouse: Warehouse, postgres: psycopg.Connection
) -> None:
    shown = "select total_sessions from mv_company_dashboard"
    before = postgres.execute(shown).fetchone()
    postgres.execute("update metrics_company_period set sessions_count = sessions_count + 1")
    warehouse.environment["DBT_VIEWS_ARE_FRESH"] = "true"
    try:
        warehouse.dbt("run", target="postgres")
    finally:
        del warehouse.environment["DBT_VIEWS_ARE_FRESH"]
    assert postgres.execute(shown).fetchone() == before
    warehouse.dbt("run", target="postgres")
    assert postgres.execute(shown).fetchone() != before
