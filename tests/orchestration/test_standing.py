"""A build is remembered as long as project, views and seeds are what they were; rules are asked per model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.dbt import DbtTarget
from orchestration.standing import Warehouse, broken_rows, forget, remember, what_stands


@pytest.fixture
def client(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture
def schema(client: ClickHouseClient) -> Iterator[str]:
    name = f"standing_{uuid4().hex[:8]}"
    client.command(f"create database {name}")
    client.command(f"create table {name}.numbers (n UInt8) engine = MergeTree order by n as select 1")
    client.command(f"create view {name}.doubled as select 2 * n as n from {name}.numbers")
    yield name
    client.command(f"drop database {name}")


@pytest.fixture
def manifest(schema: str) -> dict[str, Any]:
    def node(kind: str, alias: str, materialized: str) -> dict[str, Any]:
        return {
            "unique_id": f"{kind}.impact.{alias}", "resource_type": kind, "schema": schema, "alias": alias,
            "relation_name": f"`{schema}`.`{alias}`", "config": {"materialized": materialized},
        }  # fmt: skip

    nodes = [node("seed", "numbers", "seed"), node("model", "doubled", "view"), node("model", "t", "table")]
    rules = [
        {
            "unique_id": f"test.impact.{name}", "resource_type": "test", "attached_node": about,
            "config": {"severity": severity},
        }
        for name, about, severity in (
            ("even", "model.impact.doubled", "ERROR"),
            ("small", "model.impact.doubled", "warn"),
            ("some", "seed.impact.numbers", "ERROR"),
        )
    ]  # fmt: skip
    return {"nodes": {one["unique_id"]: one for one in nodes + rules}}


@pytest.fixture
def target(tmp_path: Path, schema: str) -> DbtTarget:
    """A target whose build by dbt has just ended."""
    target = DbtTarget("clickhouse", "warehouse", tmp_path)
    target.run_folder.mkdir(parents=True)
    results = [
        {"unique_id": "model.impact.doubled", "compiled_code": "select 1"},
        {"unique_id": "test.impact.even", "compiled_code": f"select n from {schema}.doubled where n % 2 = 1"},
        {
            "unique_id": "test.impact.small",
            "compiled_code": f"select n from {schema}.doubled where n > 1 -- !",
        },
        {"unique_id": "test.impact.some", "compiled_code": f"select n from {schema}.numbers where n > 9"},
    ]
    (target.run_folder / "run_results.json").write_text(json.dumps({"results": results}))
    return target


def test_a_build_stands_until_the_project_a_view_or_a_seed_changes(
    client: ClickHouseClient, schema: str, manifest: dict[str, Any], target: DbtTarget
) -> None:
    built = Warehouse(client)
    remember(target, manifest, built, "one")
    assert what_stands(target, manifest, built, "one")
    assert what_stands(target, manifest, built, "another") is None
    client.command(f"insert into {schema}.numbers values (2)")
    assert what_stands(target, manifest, built, "one") is None, "the seed has another row"
    remember(target, manifest, built, "one")
    client.command(f"create or replace view {schema}.doubled as select 3 * n as n from {schema}.numbers")
    assert what_stands(target, manifest, built, "one") is None, "the view says something else"
    client.command(f"drop view {schema}.doubled")
    assert what_stands(target, manifest, built, "one") is None, "the view is gone"
    remember(target, manifest, built, "one")
    assert what_stands(target, manifest, built, "one") is None, (
        "the view was not there when it was remembered"
    )


def test_what_is_forgotten_does_not_stand(
    client: ClickHouseClient, manifest: dict[str, Any], target: DbtTarget
) -> None:
    remember(target, manifest, Warehouse(client), "one")
    forget(target)
    assert what_stands(target, manifest, Warehouse(client), "one") is None


def test_rules_are_asked_per_model_and_each_is_answered_by_its_name(
    client: ClickHouseClient, manifest: dict[str, Any], target: DbtTarget
) -> None:
    built = Counting(client)
    remember(target, manifest, built, "one")
    standing = what_stands(target, manifest, built, "one")
    assert standing
    found = {rule.unique_id: (rows, rule.is_error) for rule, rows in broken_rows(built, standing.rules)}
    assert found == {
        "test.impact.even": (0, True),
        "test.impact.small": (1, False),
        "test.impact.some": (0, True),
    }
    assert built.asked == 2


class Counting(Warehouse):
    asked = 0

    def numbers(self, query: str) -> list[tuple[int, int]]:
        self.asked += 1
        return super().numbers(query)
