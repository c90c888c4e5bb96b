"""Cohorts, retention, funnels and trends say what an independent count says, and show no group too small."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from ingest.cohorts import CohortFilters
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.stack.layout import Layout
from tests.warehouse import cohort_oracle
from tests.warehouse.cohort_oracle import Facts, Group
from tests.warehouse.conftest import Warehouse, raw_tables
from tests.warehouse.history import arrivals
from tests.warehouse.ids import COMPANIES, id_of

MARTS = ("cohort_members", "cohort_metrics", "cohort_retention", "funnels", "trend_metrics")
FACTS = (
    "marts.fct_sessions", "marts.fct_ratings", "marts.fct_bookings", "marts.fct_enrollments",
    "marts.fct_buddy_matches", "marts.fct_buddy_events", "marts.fct_buddy_attendances",
    "marts.fct_course_completions", "marts.fct_volunteering", "marts.fct_donations", "marts.fct_placements",
    "marts.fct_outcome_scores", "marts.integration_scores", "intermediate.int_activity",
)  # fmt: skip
DEFINITIONS = (
    CohortFilters(),
    CohortFilters(program_type="language_course"),
    CohortFilters(program_type="buddy_program"),
    CohortFilters(enrolled_from=date(2025, 11, 1), enrolled_until=date(2025, 12, 31)),
    CohortFilters(program_instance_id=id_of("instance", 3)),
    CohortFilters(language_level="B1"),
    CohortFilters(text_language="uk", min_sessions=4),
    CohortFilters(min_sessions=8),
)
COHORTS = {
    id_of(f"cohort of {company}", number): Group(company, filters)
    for company in COMPANIES
    for number, filters in enumerate(DEFINITIONS)
}


@pytest.fixture(scope="module")
def built(
    embedded_stores: Layout, store_settings: StoreSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A history of its own: larger, so that there are groups to show beside groups to withhold."""
    prefix = f"k{uuid4().hex[:8]}_"
    with closing(clickhouse_client(store_settings)) as client, raw_tables(client, prefix):
        work = tmp_path_factory.mktemp("cohorts")
        warehouse = Warehouse(embedded_stores, client, prefix, work, definitions_stand=True)
        warehouse.insert(arrivals(seed=5, deliveries=1, size=220)[0])
        client.insert(
            f"{prefix}raw.cohort_definitions",
            [
                [cohort, group.company, str(cohort), msgspec.json.encode(group.filters).decode()]
                for cohort, group in COHORTS.items()
            ],
            column_names=["cohort_id", "company_id", "name", "filters"],
        )
        wanted = [f"+{mart}" for mart in MARTS]
        warehouse.dbt("build", "--resource-type", "seed", "--resource-type", "model", "--select", *wanted)
        yield warehouse


@pytest.fixture(scope="module")
def facts(built: Warehouse) -> Facts:
    return {table.partition(".")[2]: rows_of(built, table) for table in FACTS}


def rows_of(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    return list(warehouse.client.query(f"select * from {warehouse.prefix}{table}").named_results())


def test_members_are_those_who_pass_every_filter(built: Warehouse, facts: Facts) -> None:
    expected = {
        (cohort, person): since
        for cohort, group in COHORTS.items()
        for person, since in cohort_oracle.members(facts, group).items()
    }
    rows = rows_of(built, "marts.cohort_members")
    assert {(row["cohort_id"], row["participant_id"]): row["joined_at"] for row in rows} == expected
    assert {row["company_id"] for row in rows} == set(COMPANIES)


def test_cohort_metrics_agree_with_an_independent_count(built: Warehouse, facts: Facts) -> None:
    expected = cohort_oracle.cohort_metrics(facts, COHORTS)
    rows = rows_of(built, "marts.cohort_metrics")
    actual = {(r["cohort_id"], r["metric"], r["period_grain"], r["period_start"]): r for r in rows}
    assert actual.keys() == expected.keys()
    for key, numbers in expected.items():
        assert {name: actual[key][name] for name in numbers} == pytest.approx(numbers, abs=1e-9), key
    # Each rule is at work in this history; a rule that never applies would be compared with nothing.
    assert {row["suppressed_reason"] for row in rows} == {
        None, "fewer_than_5_people", "others_would_be_recognised"
    }  # fmt: skip
    for row in rows:
        numbers = [
            row[name] for name in ("value_sum", "n", "avg", "p25", "p50", "p75", "p95", "min", "max", "std")
        ]
        assert all(number is None for number in numbers) == row["is_suppressed"]


def test_no_two_published_groups_differ_by_few_people(built: Warehouse, facts: Facts) -> None:
    """From the table that readers get: whoever subtracts one group from another learns of nobody."""
    members = {cohort: set(cohort_oracle.members(facts, group)) for cohort, group in COHORTS.items()}
    values = cohort_oracle.values(facts)
    shown: dict[tuple[UUID, str, str, date], list[set[UUID]]] = {}
    for row in rows_of(built, "marts.cohort_metrics"):
        if not row["is_suppressed"]:
            cell = (row["company_id"], row["metric"], row["period_grain"], row["period_start"])
            shown.setdefault(cell, [set(values[cell])]).append(
                members[row["cohort_id"]] & values[cell].keys()
            )
    assert shown
    for cell, groups in shown.items():
        for one, other in itertools.permutations(groups, 2):
            assert not (one < other and len(other - one) < cohort_oracle.FEWEST), cell


def test_retention_agrees_with_an_independent_count(built: Warehouse, facts: Facts) -> None:
    rows = rows_of(built, "marts.cohort_retention")
    actual = {
        (row["company_id"], row["program_type"], row["cohort_month"], row["months_since"]): (
            None if row["is_suppressed"] else (row["cohort_size"], row["active_count"])
        )
        for row in rows
    }
    assert actual == cohort_oracle.retention(facts)
    assert {row["suppressed_reason"] for row in rows} == {None, "fewer_than_5_people"}
    for row in rows:
        assert row["active_share"] == (
            row["active_count"] / row["cohort_size"] if row["cohort_size"] else None
        )


def test_funnels_agree_with_an_independent_count(built: Warehouse, facts: Facts) -> None:
    rows = rows_of(built, "marts.funnels")
    actual = {
        (r["company_id"], r["program_type"], r["cohort_quarter"], r["stage"]): r["people_count"] for r in rows
    }
    assert actual == cohort_oracle.funnels(facts)
    assert {row["suppressed_reason"] for row in rows} == {None, "fewer_than_5_people"}


def test_trends_agree_with_an_independent_count(built: Warehouse, facts: Facts) -> None:
    expected = cohort_oracle.trends(facts)
    rows = rows_of(built, "marts.trend_metrics")
    actual = {
        (row["company_id"], row["metric"], row["granularity"], row["period_start"]): (
            row["value"], row["value_sum"], row["value_count"],
        )
        for row in rows
    }  # fmt: skip
    assert actual.keys() == expected.keys()
    differing = {
        key: (actual[key], expected[key]) for key in expected if not _alike(actual[key], expected[key])
    }
    assert differing == {}
    assert {row["is_suppressed"] for row in rows} == {True, False}


def test_a_second_build_gives_the_same_rows(built: Warehouse) -> None:
    before = {mart: built.rows(f"marts.{mart}") for mart in MARTS}
    built.dbt("run", "--select", "int_cohort_values", *MARTS)
    assert {mart: built.rows(f"marts.{mart}") for mart in MARTS} == before


def _alike(actual: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    return all(
        (a is None and e is None) or (None not in (a, e) and abs(a - e) <= 1e-9)
        for a, e in zip(actual, expected, strict=True)
    )
