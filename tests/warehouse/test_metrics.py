"""Every formula agrees with an independent one, and no company's numbers depend on another's events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.contracts.ai import Q2qScored
from ingest.events import Event
from orchestration.stack.layout import Layout
from tests.warehouse import tile_oracle
from tests.warehouse.conftest import Warehouse, raw_tables
from tests.warehouse.history import History, arrivals
from tests.warehouse.ids import COMPANIES, id_of
from tests.warehouse.metric_oracle import Choices, Company, Period, last_day
from tests.warehouse.tile_oracle import Facts

BUILT = ("build", "--resource-type", "seed", "--resource-type", "model")
DIMENSIONS = ("confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being")
MARTS = (
    "integration_scores", "outcome_dimensions_period", "sroi_company_period", "vis_company_period",
    "vis_volunteer_period", "program_tiles", "sdg_tags_period", "metrics_company_period", "metric_evidence",
)  # fmt: skip
CHOSEN_FROM = date(2026, 1, 1)
CHOICES = Choices(
    vis_weights={COMPANIES[0]: (CHOSEN_FROM, (0.20, 0.40, 0.25, 0.15))},
    lifts={COMPANIES[1]: (CHOSEN_FROM, 20_000.0)},
)


def scores(seed: int, companies: list[UUID], texts: int) -> list[Event]:
    """What a model made of many texts, every dimension of each."""
    history = History(Random(seed))  # noqa: S311
    events = []
    for number in range(texts):
        company, person, moment = history.random.choice(companies), history.participant(), history.moment()
        for dimension in DIMENSIONS:
            text = id_of(f"text of {seed}", number)
            data = Q2qScored(
                text_id=text, text_type="buddy_feedback", user_id=person, dimension=dimension,
                score=history.random.choice([0.2, 0.45, 0.6, 0.75, 0.9]),
                confidence=history.random.choice([0.5, 0.6, 0.95]), method="ai_classifier",
                model_version="rules-1", text_sha256="ab" * 32, language="uk", scored_at=moment,
            )  # fmt: skip
            events.append(history.event(data, f"score/{text}/{dimension}", company))
    return events


@pytest.fixture(scope="module")
def measured(
    warehouse: Warehouse, embedded_stores: Layout, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A warehouse of its own with enough of everything for every formula to have numbers."""
    prefix = f"m{uuid4().hex[:8]}_"
    with raw_tables(warehouse.client, prefix):
        work = tmp_path_factory.mktemp("measured")
        measured = Warehouse(embedded_stores, warehouse.client, prefix, work, definitions_stand=True)
        measured.command(
            f"insert into {prefix}raw.formula_overrides"
            f" (company_id, formula, parameter_set, parameter, value, effective_from) values"
            f" ('{COMPANIES[0]}', 'vis', 'quality', null, null, '{CHOSEN_FROM}'),"
            f" ('{COMPANIES[1]}', 'sroi.employment_npv', null, 'annual_lift', 20000, '{CHOSEN_FROM}')"
        )
        stages = ("U:LEARN", "U:START", "U:GROW", "U:LEAD")
        measured.client.insert(
            f"{prefix}raw.program_instances",
            [[id_of("instance", n), "weei", stages[n % 4], f"round-{n}", CHOSEN_FROM] for n in range(60)],
            column_names=[
                "program_instance_id",
                "program_type",
                "program_name",
                "program_slug",
                "start_date",
            ],
        )
        measured.insert(arrivals(20262, deliveries=1, size=90)[0] + scores(20263, COMPANIES, texts=400))
        measured.dbt(*BUILT)
        yield measured


@pytest.fixture(scope="module")
def facts(measured: Warehouse) -> Facts:
    tables = {
        name: f"marts.{name}"
        for (name,) in measured.client.query(
            "select name from system.tables where database = {d:String} and startsWith(name, 'fct_')",
            {"d": f"{measured.prefix}marts"},
        ).result_rows
    } | {
        "activity": "intermediate.int_activity",
        "dim_company_members": "marts.dim_company_members",
        "dim_program_instances": "marts.dim_program_instances",
    }
    return {name: named_rows(measured, table) for name, table in tables.items()}


@pytest.fixture(scope="module")
def companies(facts: Facts) -> list[Company]:
    return [Company(company, facts, CHOICES) for company in COMPANIES]


def named_rows(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    return list(warehouse.client.query(f"select * from {warehouse.prefix}{table}").named_results())


def rows_of(warehouse: Warehouse, mart: str, company: Company) -> list[tuple[Period, dict[str, Any]]]:
    rows = [row for row in named_rows(warehouse, f"marts.{mart}") if row["company_id"] == company.id]
    assert rows, f"{mart} says nothing of {company.id}"
    return [((row["period_grain"], row["period_start"]), row) for row in rows]


def test_integration_scores_agree(measured: Warehouse, companies: list[Company]) -> None:
    for company in companies:
        rows = rows_of(measured, "integration_scores", company)
        assert {(period, row["person_id"]) for period, row in rows} == {
            (period, person) for period, people in company.active.items() for person in people
        }
        for period, row in rows:
            before, now = company.states(period)[row["person_id"]]
            assert (row["cefr_level"], row["is_employed"]) == (now.level, now.is_employed)
            assert [row["score"], row["social_part"], row["job_part"], row["score_before"]] == pytest.approx(
                [now.score, now.social, now.job, before.score], abs=1e-9
            )


def test_returns_agree(measured: Warehouse, companies: list[Company]) -> None:
    seen = set()
    for company in companies:
        for period, row in rows_of(measured, "sroi_company_period", company):
            ratio, value, cost = company.sroi(period, row["scenario"])[row["variant"]]
            assert [row["ratio"], row["cost"]] == pytest.approx([ratio, cost], abs=1e-6)
            assert (row["value"] is None) == (value is None)
            assert (row["value"] or 0.0) == pytest.approx(value or 0.0, rel=1e-9, abs=1e-6)
            assert (row["ratio"] is None) == (row["missing_reason"] is not None)
            seen.add((row["variant"], row["scenario"], row["ratio"] is None, (row["ratio"] or 0) > 0))
    assert {(variant, scenario) for variant, scenario, is_missing, is_gain in seen if is_gain} == {
        (variant, scenario)
        for variant in ("employment_npv", "outcome_value")
        for scenario in ("low", "base", "high")
    }


def test_impact_scores_of_companies_agree(measured: Warehouse, companies: list[Company]) -> None:
    known = 0
    for company in companies:
        for period, row in rows_of(measured, "vis_company_period", company):
            parts = ("hours_part", "quality_part", "outcome_part", "placement_part", "vis")
            assert [row[part] for part in parts] == pytest.approx(list(company.vis(period)), abs=1e-9)
            has_chosen = company.id == COMPANIES[0] and last_day(period) >= CHOSEN_FROM
            assert row["parameter_set"] == ("quality" if has_chosen else "standard")
            known += row["vis"] is not None
    assert known > len(companies)


def test_impact_scores_of_volunteers_agree(measured: Warehouse, companies: list[Company]) -> None:
    known = 0
    for company in companies:
        rows = rows_of(measured, "vis_volunteer_period", company)
        for period in {period for period, _ in rows}:
            found = {
                row["volunteer_id"]: [row[n] for n in ("hours", "sessions_per_month", "impact", "vis_score")]
                for of, row in rows if of == period
            }  # fmt: skip
            expected = company.volunteers(period)
            assert found.keys() == expected.keys()
            for volunteer, numbers in expected.items():
                assert found[volunteer] == pytest.approx(list(numbers), abs=1e-9)
                known += numbers[-1] is not None
    assert known > len(companies)


def test_average_outcomes_agree(measured: Warehouse, companies: list[Company]) -> None:
    for company in companies:
        rows = rows_of(measured, "outcome_dimensions_period", company)
        assert {row["dimension"] for _, row in rows} == set(DIMENSIONS)
        for period, row in rows:
            expected = company.shown_score(period, row["dimension"])
            assert row["avg_score"] == pytest.approx(expected, abs=1e-9)
            assert (row["suppressed_reason"] is None) == (expected is not None)
            if expected is not None:
                assert row["avg_score"] == row["score_sum"] / row["scores_count"]


def test_the_dashboard_shows_what_the_formulas_say(measured: Warehouse, companies: list[Company]) -> None:
    for company in companies:
        for period, row in rows_of(measured, "metrics_company_period", company):
            scored = [now.score for _, now in company.states(period).values() if now.score is not None]
            net, gross = (ratio for ratio, _, _ in company.sroi(period, "base").values())
            few = company.is_of_few(company.scored_people(), period)
            assert (row["integration_suppressed_reason"] is not None) == few
            expected = [
                len(scored), None if few else sum(scored), net, gross, company.vis(period)[-1],
                company.shown_score(period, "job_readiness"),
            ]  # fmt: skip
            names = (
                "integration_scores_count", "integration_score_sum", "sroi_ratio", "sroi_outcome_ratio",
                "vis_score", "avg_job_readiness",
            )  # fmt: skip
            assert [row[name] for name in names] == pytest.approx(expected, abs=1e-7)


def test_tiles_agree(measured: Warehouse, companies: list[Company], facts: Facts) -> None:
    seen = set()
    for company in companies:
        expected = tile_oracle.tiles(facts, company.id)
        shown = {
            ((row["tile"], row["metric"]), period): row["value"]
            for period, row in rows_of(measured, "program_tiles", company)
        }
        assert shown == pytest.approx(expected, abs=1e-9)
        seen |= {tile for ((tile, _), _), value in shown.items() if value}
    assert seen == {"language", "mentorship", "upskilling", "weei"}


def test_goals_agree(measured: Warehouse, companies: list[Company], facts: Facts) -> None:
    for company in companies:
        shown = {
            (period, row["sdg_goal"]): row["activities_count"]
            for period, row in rows_of(measured, "sdg_tags_period", company)
        }
        assert shown == tile_oracle.goals(facts, company.id)


def test_costs_of_models_agree(measured: Warehouse, facts: Facts) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for call in facts["fct_ai_costs"]:
        day = (call["company_id"], call["called_at"].date(), call["model_version"], call["purpose"])
        expected[*day, "calls"] += 1
        expected[*day, "tokens"] += call["input_tokens"] + call["output_tokens"]
        expected[*day, "microdollars"] += round(call["cost_usd"] * 1_000_000)
    shown = {}
    for row in named_rows(measured, "marts.ai_costs_daily"):
        day = (row["company_id"], row["day"], row["model_version"], row["purpose"])
        shown[*day, "calls"] = row["calls_count"]
        shown[*day, "tokens"] = row["total_input_tokens"] + row["total_output_tokens"]
        shown[*day, "microdollars"] = row["cost_microdollars"]
    assert shown == expected


def test_counts_have_their_events(measured: Warehouse, companies: list[Company]) -> None:
    evidence = named_rows(measured, "marts.metric_evidence")
    counted = ("sessions_count", "ratings_count", "enrollments_count", "buddy_matches_count",
               "courses_completed_count", "placements_count", "donations_count")  # fmt: skip
    for company in companies:
        months = [r for p, r in rows_of(measured, "metrics_company_period", company) if p[0] == "month"]
        for metric in counted:
            events = {
                e["event_id"] for e in evidence if (e["company_id"], e["metric"]) == (company.id, metric)
            }
            assert len(events) == sum(row[metric] for row in months), metric


def test_another_companys_events_change_nothing(measured: Warehouse) -> None:
    """More happens at the second company, with people whom the others know: it alone has other numbers."""
    first, second, third = COMPANIES
    before = {company: numbers_of(measured, company) for company in COMPANIES}
    measured.insert(
        event
        for event in arrivals(20264, deliveries=1, size=30, first=1000)[0] + scores(20265, [second], texts=30)
        # A rating belongs to its session, and these are about sessions of everybody.
        if event.companyid == second and event.type != "kintell.rating.created"
    )
    measured.dbt("run", "--select", "path:models/intermediate", "path:models/marts")
    after = {company: numbers_of(measured, company) for company in COMPANIES}
    assert [mart for mart in MARTS if after[second][mart] == before[second][mart]] == []
    for company in (first, third):
        assert [mart for mart in MARTS if after[company][mart] != before[company][mart]] == []


def numbers_of(warehouse: Warehouse, company: UUID) -> dict[str, list[tuple[Any, ...]]]:
    return {
        mart: warehouse.client.query(
            f"select * from {warehouse.prefix}marts.{mart} where company_id = %(c)s order by all",
            parameters={"c": company},
        ).result_rows
        for mart in MARTS
    }
