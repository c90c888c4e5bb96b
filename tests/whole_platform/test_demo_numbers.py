"""The demo ends with the ledger's numbers in the API, and an independent count agrees with every mart.

The module's tests follow one platform, in their order: the demo, its marts, and what one event changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.stack.layout import PROJECT, Layout
from orchestration.stack.preparation import store_settings
from tests.demo.simulated import Simulated
from tests.warehouse.conftest import Warehouse
from tests.warehouse.fact_rows import Row, latest
from tests.whole_platform.built_marts import copied_inputs, marts_of
from tests.whole_platform.demo_changes import corrected_session, enter_calls, wait_for_calls
from tests.whole_platform.demos import assert_a_demo_left_in_peace_is_exact
from tests.whole_platform.judges import JUDGES, differences
from tests.whole_platform.recorded import Recorded

# The demo has nothing of these: no attendances and milestones of buddies, and nobody who opted in. Each is
# judged to be empty here; tests/warehouse has histories with some.
EMPTY = {"fct_ai_costs", "ai_costs_daily", "fct_buddy_attendances", "fct_buddy_milestones", "benchmark_cells"}
SHOWN = 20
Marts = dict[str, list[Row]]


@pytest.fixture(scope="module")
def client(platform: Layout) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings(platform))) as client:
        yield client


@pytest.fixture(scope="module")
def recorded(client: ClickHouseClient) -> Recorded:
    return Recorded.of(client)


@pytest.fixture(scope="module")
def marts(client: ClickHouseClient) -> Marts:
    return marts_of(client)


def test_every_mart_of_the_project_has_a_judge() -> None:
    """Without a demo: a new mart fails here first. No exceptions; one would be named with its reason."""
    models = {path.stem for path in (PROJECT / "dbt_project" / "models" / "marts").rglob("*.sql")}
    assert models == JUDGES.keys()


def test_a_demo_ends_with_the_ledgers_numbers(platform: Layout, simulated: Simulated) -> None:
    assert_a_demo_left_in_peace_is_exact(platform, simulated)


def test_what_is_recorded_is_what_the_simulator_made(recorded: Recorded, simulated: Simulated) -> None:
    """So that the judges below, who start from recorded events, start from the ledger's facts."""
    made = simulated.ledger.subjects
    told = Counter({kind: len(latest(recorded.events, kind)) for kind in made})
    assert told == +made


def test_an_independent_count_agrees_with_every_mart(recorded: Recorded, marts: Marts) -> None:
    assert marts.keys() == JUDGES.keys()
    assert differences(recorded, marts)[:SHOWN] == []
    assert {mart for mart, rows in marts.items() if not rows} <= EMPTY, "an empty mart compares nothing"
    # Of outcomes and of what they are worth there are numbers, and not only reasons why there are none.
    assert any(row["avg_score"] is not None for row in marts["outcome_dimensions_period"])
    assert any(row["variant"] == "outcome_value" and row["ratio"] for row in marts["sroi_company_period"])


def test_companies_with_different_events_have_different_numbers(recorded: Recorded, marts: Marts) -> None:
    first, second, third = ({
        (mart, *map(str, row.values()))
        for mart in ("metrics_company_period", "sroi_company_period", "outcome_dimensions_period")
        for row in ({**row, "company_id": None} for row in marts[mart] if row["company_id"] == company)
    } for company in (row["company_id"] for row in recorded.companies))  # fmt: skip
    assert first != second != third != first


def test_one_event_and_the_costs_of_calls_change_what_they_should_and_nothing_else(
    platform: Layout, client: ClickHouseClient, recorded: Recorded, marts: Marts, tmp_path: Path
) -> None:
    """Built from a copy of the demo's inputs in which one session of one company is half an hour longer."""
    changed, *others = (row["company_id"] for row in recorded.companies)
    with closing(postgres_connection(store_settings(platform))) as postgres:
        calls = enter_calls(postgres, [changed, others[0]])
    wait_for_calls(client, len(calls))
    prefix = f"d{uuid4().hex[:8]}_"
    with copied_inputs(client, prefix):
        warehouse = Warehouse(platform, client, prefix, tmp_path, definitions_stand=True)
        warehouse.insert([corrected_session(recorded.events, changed)])
        warehouse.dbt("build", "--resource-type", "seed", "--resource-type", "model")
        again, after = Recorded.of(client, prefix), marts_of(client, prefix)
    assert differences(again, after)[:SHOWN] == []
    costs = [{name: row[name] for name in calls[0]} for row in after["fct_ai_costs"]]
    assert sorted(costs, key=str) == sorted(calls, key=str)
    for company in others:
        differing = {mart for mart in marts if of(company, after[mart]) != of(company, marts[mart])}
        assert differing <= {"fct_ai_costs", "ai_costs_daily"}
    changes = {mart for mart in marts if of(changed, after[mart]) != of(changed, marts[mart])}
    assert {"fct_sessions", "metrics_company_period", "sroi_company_period", "vis_company_period",
            "vis_volunteer_period", "trend_metrics", "ai_costs_daily"} <= changes  # fmt: skip
    assert changes <= {
        "fct_sessions", "metrics_company_period", "sroi_company_period", "vis_company_period",
        "vis_volunteer_period", "trend_metrics", "ai_costs_daily", "fct_ai_costs", "program_tiles",
        "cohort_metrics", "company_benchmarks", "metric_evidence",
    }  # fmt: skip


def of(company: UUID, rows: list[Row]) -> list[str]:
    """A company's rows, without when they were loaded or published."""
    later = ("loaded_at", "published_at")
    return sorted(
        str({name: value for name, value in row.items() if name not in later})
        for row in rows
        if row.get("company_id") == company
    )
