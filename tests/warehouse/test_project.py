"""What the project says about itself is complete and true: columns, owners, contracts, docs.

What it says about people is read and tested in test_declarations.py.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from ingest.stores import StoreSettings, postgres_connection
from orchestration.publication.reports import NAME as REPORT
from orchestration.publication.tables import SERVED_TABLES, ServedTable
from tests.warehouse.conftest import Warehouse

TARGETS = ("clickhouse", "postgres")

Models = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def documented(filled_warehouse: Warehouse) -> Warehouse:
    """A warehouse that is built and whose docs are generated, as the platform publishes them."""
    for target in TARGETS:
        filled_warehouse.dbt("docs", "generate", "--static", "--no-compile", target=target)
    return filled_warehouse


@pytest.fixture(scope="module")
def models(documented: Warehouse) -> Models:
    nodes = [node for target in TARGETS for node in documented.artifact(target, "manifest")["nodes"].values()]
    return {node["unique_id"]: node for node in nodes if node["resource_type"] in ("model", "seed")}


@pytest.mark.parametrize("target", TARGETS)
def test_docs_are_one_static_page(documented: Warehouse, target: str) -> None:
    page = (documented.target_path(target) / "static_index.html").read_text()
    names = [node["metadata"]["name"] for node in documented.artifact(target, "catalog")["nodes"].values()]
    assert names
    assert [name for name in names if name not in page] == []


def test_descriptions_name_the_columns_that_are_there(documented: Warehouse, models: Models) -> None:
    for target in TARGETS:
        for unique_id, built in documented.artifact(target, "catalog")["nodes"].items():
            described = models[unique_id]["columns"]
            assert set(described) == set(built["columns"]), unique_id
            assert [name for name, column in described.items() if not column["description"].strip()] == []


def test_every_model_has_a_description_and_an_owner(models: Models) -> None:
    assert [name for name, model in models.items() if not model["description"].strip()] == []
    assert {model["config"]["meta"]["owner"] for model in models.values()} == {"impact-analytics"}


def test_no_free_text_leaves_the_raw_events(documented: Warehouse, models: Models) -> None:
    words = {"feedback_text", "notes", "description", "reason_details", "data"}
    # One table holds events for the time of a run: it is empty after it.
    assert [name for name, model in models.items() if words & set(model["columns"])] == [
        "model.impact.int_arrived_events"
    ]
    assert documented.rows("intermediate.int_arrived_events", "subject") == []


def test_every_mart_is_under_contract(models: Models) -> None:
    marts = {name: model for name, model in models.items() if model["path"].startswith("marts/")}
    assert marts
    for name, mart in marts.items():
        assert mart["config"]["contract"]["enforced"], name
        assert all(column["data_type"] for column in mart["columns"].values()), name


def test_every_mart_has_a_test_of_its_grain(documented: Warehouse, models: Models) -> None:
    nodes = documented.artifact("clickhouse", "manifest")["nodes"].values()
    tested = {
        node["attached_node"] for node in nodes
        if node["resource_type"] == "test" and node["test_metadata"]["name"] == "one_row_per"
    }  # fmt: skip
    assert {name for name, model in models.items() if model["path"].startswith("marts/")} <= tested


def test_every_view_and_every_live_update_is_read_by_an_exposure(documented: Warehouse) -> None:
    manifest = documented.artifact("postgres", "manifest")
    exposures = manifest["exposures"].values()
    views = {name for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    read = {name for exposure in exposures for name in exposure["depends_on"]["nodes"]}
    assert views - read == set()
    [live] = [exposure for exposure in exposures if exposure["name"] == "live_updates"]
    announced = {table.announced.name: table.name for table in SERVED_TABLES if table.announced}
    assert [topic for topic in (*announced, REPORT) if topic not in live["description"]] == []
    assert {f"source.impact.serving.{table}" for table in announced.values()} <= set(
        live["depends_on"]["nodes"]
    )
    marts = documented.artifact("clickhouse", "manifest")["exposures"]["exposure.impact.serving_tables"]
    assert set(marts["depends_on"]["nodes"]) == {f"model.impact.{table.name}" for table in SERVED_TABLES}


@pytest.mark.parametrize("target", TARGETS)
def test_every_rule_of_the_data_is_judged_by_the_rows_that_break_it(
    documented: Warehouse, target: str
) -> None:
    """A refresh counts these rows itself, and knows of no other way in which a test may be configured."""
    nodes = documented.artifact(target, "manifest")["nodes"].values()
    configured = [node["config"] for node in nodes if node["resource_type"] == "test"]
    assert configured
    usual = {
        "fail_calc": "count(*)",
        "warn_if": "!= 0",
        "error_if": "!= 0",
        "limit": None,
        "sql_header": None,
    }
    assert [one for one in configured if {name: one.get(name) for name in usual} != usual] == []
    assert {one["severity"].lower() for one in configured} <= {"error", "warn"}


def test_the_published_metrics_have_the_columns_of_their_copy(models: Models) -> None:
    mart = models["model.impact.metrics_company_period"]["columns"]
    view = models["model.impact.mv_company_metrics"]["columns"]
    assert [*mart, "data_version"] == list(view)


@pytest.mark.parametrize("table", SERVED_TABLES, ids=lambda table: table.name)
def test_a_copy_holds_what_its_mart_may_say(
    models: Models, store_settings: StoreSettings, table: ServedTable
) -> None:
    """A null of the mart finds a column that takes it, and no part of the key is one.

    A column that was added later is null in what was published before.
    """
    mart = models[f"model.impact.{table.name}"]["columns"]
    with closing(postgres_connection(store_settings)) as connection:
        copied = dict(
            connection.execute(
                "select column_name, is_nullable = 'YES' from information_schema.columns"
                " where table_schema = 'serving' and table_name = %s and column_name <> 'data_version'",
                (table.name,),
            ).fetchall()
        )
    assert copied.keys() <= mart.keys()
    nullable = {name for name in copied if mart[name]["data_type"].startswith("Nullable")}
    added = {"donors_count"} if table.name == "metrics_company_period" else set()
    assert nullable | added == {name for name, is_nullable in copied.items() if is_nullable}
    assert set(table.key) <= copied.keys() - nullable
