"""On a cluster the same project makes Replicated tables behind Distributed ones, and the same rows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orchestration.stack.layout import HOST, Layout
from tests.warehouse.cluster_stand_in import CLUSTER, StandIn, cluster_stand_in
from tests.warehouse.conftest import Warehouse, raw_tables
from tests.warehouse.history import DELIVERIES

SNAPSHOT = Path(__file__).parent / "snapshots" / "cluster_ddl.sql"
# One of each kind: an incremental fact, a dimension, and a mart that is written anew each time.
SHOWN = ("watermarks", "fct_sessions", "dim_people", "metrics_company_period")
BUILT = ("--select", "path:models/staging", "path:models/intermediate", "path:models/marts")


@pytest.fixture(scope="module")
def stand_in(embedded_stores: Layout) -> Iterator[StandIn]:
    with cluster_stand_in(HOST, embedded_stores.ports.clickhouse) as server:
        yield server


@pytest.fixture(scope="module")
def clustered(
    filled_warehouse: Warehouse,
    stand_in: StandIn,
    embedded_stores: Layout,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    prefix = f"c{uuid4().hex[:8]}_"
    environment = {"CLICKHOUSE_PORT": str(stand_in.port), "CLICKHOUSE_CLUSTER": CLUSTER}
    with raw_tables(filled_warehouse.client, prefix):
        yield Warehouse(
            embedded_stores,
            filled_warehouse.client,
            prefix,
            tmp_path_factory.mktemp("clustered"),
            environment,
        )


def marts_of(warehouse: Warehouse) -> list[str]:
    tables = warehouse.client.query(
        "select name from system.tables where database = {database:String}",
        parameters={"database": f"{warehouse.prefix}marts"},
    )
    return [name for (name,) in tables.result_rows]


def test_a_cluster_holds_the_rows_that_one_node_does(
    clustered: Warehouse, filled_warehouse: Warehouse
) -> None:
    """In two builds, so that facts are created and then added to."""
    clustered.dbt("seed")
    events = [event for delivery in DELIVERIES for event in delivery]
    for some in (events[: len(events) // 2], events[len(events) // 2 :]):
        clustered.insert(some)
        clustered.dbt("run", *BUILT)
    marts = [name for name in marts_of(filled_warehouse) if filled_warehouse.rows(f"marts.{name}")]
    assert "metrics_company_period" in marts
    for mart in marts:
        # The two were filled at different times: when a row arrived is the one thing they may differ in.
        columns = ", ".join(c for c in filled_warehouse.columns(f"marts.{mart}") if c != "loaded_at")
        assert clustered.rows(f"marts.{mart}", columns) == filled_warehouse.rows(f"marts.{mart}", columns), (
            mart
        )


def test_tables_of_a_cluster_are_created_as_shown(clustered: Warehouse, stand_in: StandIn) -> None:
    ddl = cluster_ddl(stand_in.statements, clustered.prefix)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(ddl)
    assert ddl == SNAPSHOT.read_text(), "if this change is meant: UPDATE_SNAPSHOTS=1 pytest " + __file__


def cluster_ddl(statements: list[str], prefix: str) -> str:
    """The statements that created the shown tables, each once, in one spelling of white space and names."""
    shown = []
    created = re.compile(rf"create (or replace )?table (if not exists )?\S*\b({'|'.join(SHOWN)})(_local)?`? ")
    for statement in statements:
        text = re.sub(r"/\*.*?\*/", "", statement, flags=re.DOTALL).replace(prefix, "")
        text = re.sub(r"\s+", " ", text).strip()
        if created.match(text):
            shown.append(text + ";\n")
    return "\n".join(dict.fromkeys(shown))
