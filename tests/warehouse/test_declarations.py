"""What the stores hold is what is declared, and no column says more of a person than its declaration."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.privacy.declarations import Column, Declarations, declared
from orchestration.privacy.declarations.catalogue import (
    Held,
    gaps,
    in_clickhouse,
    in_folder,
    in_jetstream,
    in_postgres,
)
from orchestration.privacy.declarations.masking import create_masked_views
from orchestration.privacy.declarations.plans import counting, reading, ttl_clauses
from orchestration.privacy.declarations.taint import compiled_models, traced
from orchestration.stack.layout import Layout
from tests.warehouse.conftest import Warehouse
from tests.warehouse.ids import MEMBERS

# Other tests' own sets of the warehouse in the same stores: t1a2b3c4d_marts and so on.
ANOTHER_SET = re.compile(r"^\w+:t[0-9a-f]{8}_")


@pytest.fixture(scope="module")
def held(filled_warehouse: Warehouse, store_settings: StoreSettings, embedded_stores: Layout) -> list[Held]:
    """Everything in the stores that migrations made, and in the databases of this built warehouse."""
    prefix = filled_warehouse.prefix
    with (
        closing(clickhouse_client(store_settings)) as client,
        closing(postgres_connection(store_settings)) as postgres,
    ):
        found = [
            *in_clickhouse(client),
            *in_clickhouse(client, prefix=prefix),
            *in_postgres(postgres),
            *in_postgres(postgres, prefix=prefix),
            *in_folder(embedded_stores.home),
        ]
    return [one for one in found if not ANOTHER_SET.match(one.key)]


def test_everything_that_is_held_is_declared(held: list[Held]) -> None:
    assert len(held) > 200
    assert [str(gap) for gap in gaps(declared(), held)] == []


async def test_every_stream_is_declared(store_settings: StoreSettings) -> None:
    nats = await nats_client(store_settings, name="tests")
    try:
        streams = await in_jetstream(nats.jetstream())
    finally:
        await nats.close()
    assert {one.key for one in streams} == {one.key for one in declared().of_store("jetstream")}


def test_what_is_declared_and_nowhere_held_is_named(held: list[Held]) -> None:
    """A declaration of what is not there is a mistyped name, or of a table that is gone."""
    keys = {one.key for one in held}
    unseen = {
        one.key for one in declared()
        if one.store in ("clickhouse", "postgres") and one.key not in keys and not one.name.endswith(".*")
    }  # fmt: skip
    assert unseen <= {"clickhouse:masking.keys"}  # made with the masked views


@pytest.mark.parametrize("store", ["clickhouse", "postgres"])
def test_leaving_any_declaration_out_is_noticed(held: list[Held], store: str) -> None:
    """Each relation's own declaration is what covers it: no other one does."""
    declarations = declared()
    present = {one.key for one in held}
    for relation in declarations.of_store(store):
        if relation.key in present:
            rest = _without(declarations, relation.key)
            assert {gap.key for gap in gaps(rest, held)} == {relation.key}


def _without(declarations: Declarations, key: str) -> Declarations:
    return Declarations(
        one.model_copy(
            update={
                "depends_on": tuple(name for name in one.depends_on if name != key),
                "reach": "direct" if getattr(one.reach, "via", None) == key else one.reach,
            }
        )
        for one in declarations
        if one.key != key
    )


@pytest.fixture(scope="module")
def compiled(filled_warehouse: Warehouse) -> dict[str, str]:
    return {
        key: sql
        for store in ("clickhouse", "postgres")
        for key, sql in compiled_models(declared(), store, filled_warehouse.target_path(store)).items()
    }


def test_every_column_that_personal_data_feed_has_a_class(
    filled_warehouse: Warehouse, compiled: dict[str, str]
) -> None:
    proof = traced(declared(), compiled, prefix=filled_warehouse.prefix)
    assert compiled.keys() == _models(filled_warehouse).keys()
    assert [str(leak) for leak in proof.leaks] == []
    # The trace sees what it should: an id out of an event's JSON, and words through three models.
    assert proof.feeds["clickhouse:staging.stg_kintell__sessions.participant_id"] == {
        ("pseudonym", "clickhouse:raw.events.data.participantId")
    }
    assert proof.feeds["clickhouse:marts.evidence_snippets.snippet"] == {
        ("derived_text", "clickhouse:staging.stg_nlp__evidence.evidence")
    }
    assert "clickhouse:marts.fct_sessions.duration_minutes" not in proof.feeds


def test_taking_a_class_away_is_noticed(filled_warehouse: Warehouse, compiled: dict[str, str]) -> None:
    """Of every model that personal data feed, one column is declared to say nothing: each is found again."""
    honest = traced(declared(), compiled, prefix=filled_warehouse.prefix)
    taken: dict[str, str] = {}
    for place in sorted(honest.feeds):
        relation, _, column = place.rpartition(".")
        if declared()[relation].columns[column].pii != "none":
            taken[relation] = column
    plain = Column()
    dishonest = Declarations(
        one.model_copy(update={"columns": {**one.columns, taken[one.key]: plain}})
        if one.key in taken
        else one
        for one in declared()
    )
    found = {leak.column for leak in traced(dishonest, compiled, prefix=filled_warehouse.prefix).leaks}
    # Where a column's only source was declared to say nothing as well, nothing feeds it any more.
    still_fed = {
        f"{relation}.{column}" for relation, column in taken.items()
        if any(
            taken.get(source.rpartition(".")[0]) != source.rpartition(".")[2]
            for _, source in honest.feeds[f"{relation}.{column}"]
        )
    }  # fmt: skip
    assert len(still_fed) > 20
    assert still_fed <= found


def test_the_files_say_what_dbt_says(filled_warehouse: Warehouse) -> None:
    """Names, kinds and dependencies, which declarations take from the project's files without asking dbt."""
    for key, (node, sources) in _models(filled_warehouse).items():
        relation = declared()[key]
        assert (relation.kind == "view") == (node["config"]["materialized"] == "view"), key
        assert sources <= _all_it_depends_on(relation.key), key


def _models(warehouse: Warehouse) -> dict[str, tuple[dict[str, Any], set[str]]]:
    """By key: every model as dbt's manifests have it, and the keys of what it reads."""
    found = {}
    for store in ("clickhouse", "postgres"):
        manifest = warehouse.artifact(store, "manifest")
        nodes = {**manifest["nodes"], **manifest["sources"]}
        keys = {
            unique_id: f"{store}:{node['schema'].removeprefix(warehouse.prefix)}.{node['name']}"
            for unique_id, node in nodes.items()
            if node["resource_type"] in ("model", "seed", "source")
        }
        found |= {
            keys[unique_id]: (node, {keys[one] for one in node["depends_on"]["nodes"]})
            for unique_id, node in manifest["nodes"].items()
            if node["resource_type"] == "model"
        }
    return found


def _all_it_depends_on(key: str) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        sources = set(declared()[waiting.pop()].depends_on) - found
        found |= sources
        waiting += sources
    return found


def test_every_question_can_be_asked_and_finds_who_is_there(
    filled_warehouse: Warehouse, store_settings: StoreSettings, held: list[Held]
) -> None:
    prefix, present = filled_warehouse.prefix, {one.key for one in held}
    somebody = next(iter(MEMBERS))
    built = {key for key in present if key.split(":")[1].startswith(("staging.", "intermediate.", "marts."))}
    counts: dict[str, int] = {}
    with (
        closing(clickhouse_client(store_settings)) as client,
        closing(postgres_connection(store_settings)) as postgres,
    ):
        for relation in declared().about_people():
            if relation.key not in present or relation.store not in ("clickhouse", "postgres"):
                continue
            prefixed = prefix if relation.key in built or relation.name.startswith("serving.mv_") else ""
            if relation.key in ("clickhouse:raw.events", "clickhouse:raw.company_members"):
                prefixed = prefix
            for asked in (counting, reading):
                question = asked(declared(), relation, prefix=prefixed)
                parameters = {"people": [somebody], "needles": [str(somebody)], "reached": []}
                if relation.store == "clickhouse":
                    rows = client.query(question.sql, parameters=parameters).result_rows
                else:
                    rows = postgres.execute(question.sql, parameters).fetchall()
                if asked is counting:
                    counts[relation.key] = rows[0][0]
                else:
                    assert len(rows) == counts[relation.key]
    assert counts["clickhouse:raw.company_members"] >= 1
    assert counts["clickhouse:marts.dim_people"] == 1


def test_analysts_see_no_person(filled_warehouse: Warehouse) -> None:
    prefix, client = filled_warehouse.prefix, filled_warehouse.client
    try:
        created = create_masked_views(client, declared(), prefix=prefix)
        assert "masked.marts__fct_sessions" in created
        rows = client.query(f"select distinct person_id from {prefix}raw.events").result_rows
        people = [str(row[0]) for row in rows if row[0].int]
        assert len(people) > 5
        for view in created:
            shown = client.query(
                "select countIf(multiSearchAny(toString(tuple(*)), {people:Array(String)}))"
                f" from {prefix}{view}",
                parameters={"people": people},
            ).result_rows
            assert shown == [(0,)], view
        # A mask is one and the same wherever the person is, so that people can be counted and joined.
        unmasked = (
            f"select uniqExact(participant_id), uniqExact(volunteer_id) from {prefix}marts.fct_sessions"
        )
        masked = unmasked.replace("marts.fct_sessions", "masked.marts__fct_sessions")
        assert client.query(unmasked).result_rows == client.query(masked).result_rows
        joined = (
            f"select count() from {prefix}masked.marts__fct_sessions as sessions"
            f" inner join {prefix}masked.marts__dim_people as people"
            " on sessions.participant_id = people.person_id"
        )
        assert client.query(joined).result_rows[0][0] > 0
        columns = client.query(f"select * from {prefix}masked.raw__events limit 0").column_names
        assert "data" not in columns
        assert "event_type" in columns
    finally:
        for database in ("masked", "masking"):
            client.command(f"drop database if exists {prefix}{database}")


def test_clickhouse_takes_every_ttl_clause(filled_warehouse: Warehouse) -> None:
    prefix, client = filled_warehouse.prefix, filled_warehouse.client
    tried = 0
    try:
        client.command(f"create database {prefix}ttl")
        for relation in declared().of_store("clickhouse"):
            for clause in ttl_clauses(relation):
                trial = f"{prefix}ttl.{relation.name.replace('.', '_')}"
                made_by_dbt = relation.name.startswith("intermediate.")
                origin = f"{prefix if made_by_dbt else ''}{relation.name}"
                client.command(f"create table if not exists {trial} as {origin}")
                client.command(clause.replace(relation.name, trial, 1))
                tried += 1
    finally:
        client.command(f"drop database if exists {prefix}ttl")
    assert tried > 5
