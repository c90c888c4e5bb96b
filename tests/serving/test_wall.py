"""The second wall: whatever a statement says, it sees the company it was asked for and no other."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import psycopg
import pytest
import sqlglot
from sqlglot import exp

import serving.queries
from ingest.stores import StoreSettings
from serving.app import POOL_OPTIONS
from serving.queries.evidence import Evidence
from serving.wall import ROLE, CompanyPool, walled
from tests.serving.figures import DATABASE, Marts
from tests.serving.running import OURS, THEIRS

BEHIND_THE_WALL = """
select tablename::text from (
    select schemaname || '.' || tablename as tablename from pg_policies where 'impact_reader' = any(roles)
    union all
    select schemaname || '.' || viewname from pg_views where schemaname = 'served'
) as walled order by 1
"""
SERVED = 14  # materialized views of figures


@pytest.fixture
def relations(postgres: psycopg.Connection) -> list[str]:
    return [name for (name,) in postgres.execute(BEHIND_THE_WALL)]


@pytest.fixture
def reader(postgres: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A session as the API's are."""
    postgres.execute(f"set role {ROLE}")
    yield postgres
    postgres.execute("reset role")


def enter(reader: psycopg.Connection, company_id: UUID | str) -> None:
    reader.execute("select set_config('app.company', %s, false)", (str(company_id),))


def companies_in(connection: psycopg.Connection, relation: str) -> set[UUID | None]:
    return {company for (company,) in connection.execute(f"select distinct company_id from {relation}")}


def test_each_company_sees_itself(
    relations: list[str], reader: psycopg.Connection, postgres: psycopg.Connection
) -> None:
    views = [name for name in relations if name.startswith("served.")]
    assert len(views) == SERVED
    for relation in relations:
        postgres.execute("reset role")
        source = relation.replace("served.", "serving.")
        there = companies_in(postgres, source)
        postgres.execute(f"set role {ROLE}")
        if relation in views:
            assert {OURS, THEIRS} <= there, f"{source} has rows of both, or this proves nothing"
        for company_id in (OURS, THEIRS):
            enter(reader, company_id)
            assert companies_in(reader, relation) - {None} == there & {company_id}, relation


@pytest.mark.parametrize("unset", ["", None])
def test_without_a_company_there_is_nothing(
    relations: list[str], reader: psycopg.Connection, unset: str | None
) -> None:
    if unset is None:
        reader.execute("reset app.company")
    else:
        enter(reader, unset)
    for relation in relations:
        assert companies_in(reader, relation) <= {None}, relation


def test_nothing_is_read_around_the_wall_and_nothing_written(
    relations: list[str], reader: psycopg.Connection
) -> None:
    enter(reader, OURS)
    around = [name.replace("served.", "serving.") for name in relations if name.startswith("served.")]
    for relation in (*around, "serving.metrics_company_period", "ingest.people", "ingest.api_keys"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(f"select from {relation}")
    no_way = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)
    for relation in relations:
        with pytest.raises(no_way):
            reader.execute(f"delete from {relation}")


def test_a_function_in_the_statement_is_not_shown_others(reader: psycopg.Connection) -> None:
    # As cheap as can be, so that the planner would ask it first if it might.
    reader.execute(
        f"create or replace function pg_temp.peek(company uuid) returns boolean language plpgsql cost 0.0001"
        f" as $$ begin if company <> '{OURS}' then raise exception 'saw another'; end if; return true; end $$"
    )
    enter(reader, OURS)
    assert reader.execute("select count(*) from served.mv_trends where pg_temp.peek(company_id)").fetchone()[
        0
    ]
    assert reader.execute("select count(*) from ingest.companies where pg_temp.peek(company_id)").fetchone()[
        0
    ]


def test_a_view_that_is_built_anew_gets_its_wall_back(postgres: psycopg.Connection) -> None:
    with postgres.transaction(force_rollback=True):
        postgres.execute("drop materialized view serving.mv_sdg cascade")
        postgres.execute(
            "create materialized view serving.mv_sdg as"
            " select company_id, sdg_goal from serving.sdg_tags_period"
        )
        postgres.execute("select served.raise_wall()")
        postgres.execute(f"set local role {ROLE}")
        enter(postgres, OURS)
        assert companies_in(postgres, "served.mv_sdg") == {OURS}


async def test_one_connection_changes_companies(store_settings: StoreSettings, figures: None) -> None:
    pool = await asyncpg.create_pool(
        store_settings.postgres_url.get_secret_value(), min_size=0, max_size=1, **walled(POOL_OPTIONS)
    )
    try:
        for company_id in (OURS, THEIRS, OURS, uuid4()):
            rows = await CompanyPool(pool, company_id).fetch("select distinct company_id from served.mv_vis")
            assert [row["company_id"] for row in rows] == [company_id][: len(rows)]
            assert bool(rows) == (company_id in (OURS, THEIRS))
    finally:
        await pool.close()


async def test_the_warehouse_is_asked_about_one_company(store_settings: StoreSettings, marts: Marts) -> None:
    marts.add_evidence(*[
        {
            "company_id": company_id, "metric": "wall", "occurred_at": datetime(2026, 1, 1, tzinfo=UTC),
            "event_id": uuid4(), "event_type": "x", "person_id": uuid4(),
        }
        for company_id in (OURS, THEIRS)
    ])  # fmt: skip
    evidence = Evidence(store_settings, DATABASE)
    forgetful = (
        "select distinct company_id from {database:Identifier}.metric_evidence where metric = 'wall'"
        " and metric in (select metric from {database:Identifier}.metric_evidence)"
    )
    for company_id in (OURS, THEIRS):
        found = await evidence._ask(company_id, forgetful, {})
        assert [row["company_id"] for row in found] == [company_id]
    assert len(await evidence._ask(None, forgetful, {})) == 2


STATEMENTS = {
    f"{module.name}.{name}": value
    for module in pkgutil.iter_modules(serving.queries.__path__)
    for name, value in vars(importlib.import_module(f"serving.queries.{module.name}")).items()
    if isinstance(value, str) and re.search(r"\bfrom\b", value, re.IGNORECASE)
}


def bare(statement: str) -> list[str]:
    """The walled relations that a statement of Postgres reads without saying of which company."""
    return [
        table.name
        for table in sqlglot.parse_one(statement, dialect="postgres").find_all(exp.Table)
        if table.db == "served" and not _names_a_company(table)
    ]


def _names_a_company(table: exp.Table) -> bool:
    select = table.find_ancestor(exp.Select)
    assert select is not None
    clauses = [select.args.get("where"), *(join.args.get("on") for join in select.args.get("joins") or ())]
    return any(
        isinstance(side, exp.Column) and side.name == "company_id" and side.table in ("", table.alias_or_name)
        for clause in clauses
        if clause is not None
        for equal in clause.find_all(exp.EQ)
        for side in (equal.left, equal.right)
    )


def test_every_statement_about_a_company_names_it_itself() -> None:
    """The wall is the second: each statement has the company's predicate of its own."""
    served = {name: text for name, text in STATEMENTS.items() if "served." in text}
    assert len(served) >= SERVED
    assert not {name: found for name, text in served.items() if (found := bare(text))}
    assert not [name for name, text in STATEMENTS.items() if "serving.mv_" in text]
    warehouse = {name: text for name, text in STATEMENTS.items() if "{database:Identifier}" in text}
    nameless = {n for n, text in warehouse.items() if "where company_id = {company:UUID}" not in text}
    assert nameless == {
        "evidence._IS_KNOWN"
    }  # whether anybody has evidence of a metric: no secret of anybody's
    assert len(warehouse) > 3


@pytest.mark.parametrize(
    "statement",
    [
        "select * from served.mv_vis where period = $2",
        "select * from ingest.companies c left join served.mv_vis v on v.period = $2 where c.company_id = $1",
        "select (select max(period) from served.mv_vis) from served.mv_sroi where company_id = $1",
    ],
)
def test_a_statement_that_forgets_the_company_is_noticed(statement: str) -> None:
    assert bare(statement) == ["mv_vis"]
