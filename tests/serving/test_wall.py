"""The second wall: whatever a statement says, it sees the company it was asked for and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from ingest.stores import StoreSettings
from serving.app import POOL_OPTIONS
from serving.queries import evidence
from serving.queries.evidence import Evidence
from serving.wall import ROLE, CompanyPool, walled
from tests.serving import left_out, sight
from tests.serving.figures import DATABASE, Marts
from tests.serving.predicates import OF_NO_COMPANY, WITH_COMPANY, bare, statements
from tests.serving.running import OURS, THEIRS
from tests.serving.things import make, remove

SERVED = 14  # materialized views of figures


@pytest.fixture
def relations(postgres: psycopg.Connection) -> list[str]:
    return sight.relations(postgres)


@pytest.fixture
def things(postgres: psycopg.Connection) -> Iterator[None]:
    """Both companies have one of everything."""
    made = [make(postgres, company_id) for company_id in (OURS, THEIRS)]
    yield
    for one in made:
        remove(postgres, one)


@pytest.fixture
def reader(postgres: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A session as the API's are."""
    postgres.execute(f"set role {ROLE}")
    yield postgres
    postgres.execute("reset role")


def test_each_company_sees_itself(relations: list[str], postgres: psycopg.Connection, things: None) -> None:
    assert len([name for name in relations if name.startswith("served.")]) == SERVED
    assert {*WITH_COMPANY, *sight.BELONGS} <= set(relations)
    with postgres.transaction(force_rollback=True):
        sight.spend(postgres)
        for relation in relations:
            sight.check(postgres, relation)


@pytest.mark.parametrize("unset", ["", None])
def test_without_a_company_there_is_nothing(
    relations: list[str], reader: psycopg.Connection, unset: str | None
) -> None:
    if unset is None:
        reader.execute("reset app.company")
    else:
        sight.enter(reader, unset)
    for relation in relations:
        assert sight.seen(reader, relation) <= {None}, relation


def test_nothing_is_read_around_the_wall_and_nothing_written(
    relations: list[str], reader: psycopg.Connection
) -> None:
    sight.enter(reader, OURS)
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
    sight.enter(reader, OURS)
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
        sight.enter(postgres, OURS)
        assert sight.seen(postgres, "served.mv_sdg") == {OURS}


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
    asking = Evidence(store_settings, DATABASE)
    forgetful = (
        "select distinct company_id from {database:Identifier}.metric_evidence where metric = 'wall'"
        " and metric in (select metric from {database:Identifier}.metric_evidence)"
    )
    for company_id in (OURS, THEIRS):
        found = await asking._ask(company_id, forgetful, {})
        assert [row["company_id"] for row in found] == [company_id]
    assert len(await asking._ask(None, forgetful, {})) == 2


def test_every_statement_about_a_company_names_it_itself() -> None:
    """The wall is the second: each statement has the company's predicate of its own."""
    found = {name: tables for name, text in statements().items() if (tables := bare(text))}
    assert found.keys() == OF_NO_COMPANY.keys()
    assert len([name for name, text in statements().items() if "served." in text]) >= SERVED
    assert not [name for name, text in statements().items() if "serving.mv_" in text]


def test_every_question_to_the_warehouse_names_a_company() -> None:
    warehouse = {
        f"evidence.{name}": text
        for name, text in vars(evidence).items()
        if isinstance(text, str) and "{database:Identifier}" in text
    }
    nameless = {n for n, text in warehouse.items() if "where company_id = {company:UUID}" not in text}
    assert nameless == {
        "evidence._IS_KNOWN"
    }  # whether anybody has evidence of a metric: no secret of anybody's
    assert len(warehouse) > 3


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("select * from served.mv_vis where period = $2", ["mv_vis"]),
        ("select * from ingest.companies c left join served.mv_vis v on v.period = $2"
         " where c.company_id = $1", ["mv_vis"]),
        ("select (select max(period) from served.mv_vis) from served.mv_sroi where company_id = $1",
         ["mv_vis"]),
        ("update safety.review_items set assignee = $1 where item_id = $2", ["review_items"]),
        ("select * from impact_in.slots s join impact_in.scheduled_deliveries d on d.slot_id = s.slot_id",
         ["slots", "scheduled_deliveries"]),
        ("select * from impact_in.slots s join impact_in.scheduled_deliveries d on d.slot_id = s.slot_id"
         " where d.company_id = $1", []),
    ],
)  # fmt: skip
def test_a_statement_that_forgets_the_company_is_noticed(statement: str, tables: list[str]) -> None:
    assert bare(statement) == tables


def test_of_the_walls_none_can_be_left_out_unnoticed(postgres: psycopg.Connection, things: None) -> None:
    """A sample; `python -m tests.serving.left_out` leaves out each."""
    some = {"journey.flags", "safety.review_decisions", "impact_in.secrets", "served.mv_vis"}
    assert {
        one.name: one.is_noticed for one in left_out.policies(postgres) if one.name in some
    } == dict.fromkeys(some, True)
    predicates = [one for one in left_out.predicates() if one.name.startswith(("safety.", "privacy."))]
    assert len(predicates) > 5
    assert [one.name for one in predicates if not one.is_noticed] == []
