"""A column that a mart renames turns red here, with the model and the route it ends in."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from serving.openapi import TAGS
from tests.api import chain


def test_every_field_of_the_figures_leads_to_a_promised_column() -> None:
    assert chain.findings() == []


def test_every_route_of_figures_is_in_the_chain() -> None:
    """New routes join it, or say here why they have no mart."""
    without_mart = {
        "reporting_listCohorts",  # definitions, which people write
        "reporting_getEvidence", "reporting_getQ2QFeed",  # single events and words, straight from ClickHouse
    }  # fmt: skip
    reporting = {name for name in chain.operations() if name.startswith("reporting_")}
    assert {link.operation for link in chain.LINKS} == reporting - without_mart
    assert {"companies", "value", "comparison"} <= {tag["name"] for tag in TAGS}


@pytest.mark.parametrize(
    ("mart", "column", "view", "shown"),
    [
        ("company_benchmarks", "companies_count", "mv_benchmarks.companies_count",
         "GET /v1/companies/{company_id}/benchmarks shows it as Benchmark.peers_count"),
        ("metrics_company_period", "vis_score", "mv_company_dashboard.vis_score",
         "GET /v1/companies/{company_id}/at-a-glance shows it as Value.vis_score"),
        ("sdg_tags_period", "activities_count", "mv_csrd.amount",
         "GET /v1/companies/{company_id}/export/csrd shows it as DataPoint.amount"),
    ],
)  # fmt: skip
def test_a_renamed_column_is_named_with_its_model_and_route(
    mart: str, column: str, view: str, shown: str
) -> None:
    marts = copy.deepcopy({name: dict(columns) for name, columns in chain.contracts().items()})
    marts[mart]["renamed"] = marts[mart].pop(column)
    found = chain.findings(marts=marts)
    assert f"the mart {mart} promises no column {column}; {view} reads it, and {shown}" in found


def test_another_type_is_told() -> None:
    marts = {name: dict(columns) for name, columns in chain.contracts().items()}
    marts["trend_metrics"]["value"] = "String"
    marts["sdg_tags_period"]["activities_count"] = "Nullable(UInt64)"
    assert sorted(chain.findings(marts=marts)) == [
        "Goal.activities_count of GET /v1/companies/{company_id}/sdg is never null,"
        " sdg_tags_period.activities_count is Nullable(UInt64)",
        "TrendPoint.value of GET /v1/companies/{company_id}/trends is null/number,"
        " trend_metrics.value is String",
    ]


def test_a_field_that_only_one_side_has_is_told() -> None:
    class Goal(BaseModel):
        period: str
        goal: int

    [link] = [one for one in chain.LINKS if one.operation == "reporting_getGoals"]
    found = chain.findings((replace(link, model=Goal),))
    assert "Goal.goal of GET /v1/companies/{company_id}/sdg is in the model and not in the query" in found
    assert "Goal.sdg_goal of GET /v1/companies/{company_id}/sdg is in the query and not in the model" in found


def test_a_client_that_was_not_generated_anew_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = chain.TYPESCRIPT.read_text("utf-8").replace("peers_count: ", "companies_count: ")
    (tmp_path / "serving.ts").write_text(old, "utf-8")
    monkeypatch.setattr(chain, "TYPESCRIPT", tmp_path / "serving.ts")
    monkeypatch.setattr(chain, "PYTHON", tmp_path)
    [link] = [one for one in chain.LINKS if one.operation == "reporting_getBenchmarks"]
    found = chain.findings((link,))
    route = "GET /v1/companies/{company_id}/benchmarks"
    for name in ("companies_count", "peers_count"):
        line = f"Benchmark.{name} of {route} is not the same in the TypeScript client: generate it anew"
        assert line in found
    assert f"Benchmark.p50 of {route} is not the same in the Python client: generate it anew" in found
