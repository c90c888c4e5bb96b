"""A company can reckon with its own parameters, and with none that would leave a formula without sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.formulas import commands
from orchestration.formulas.overrides import OverrideRefusedError, in_force, read_overrides, set_overrides
from orchestration.formulas.registry import STANDARD, registry
from orchestration.formulas.rules import problems
from orchestration.reference_copy import copy_reference_data, reference_version

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
SHIFTED = {"weight_hours": 0.2, "weight_quality": 0.4}


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def company(postgres: psycopg.Connection) -> UUID:
    company = uuid4()
    postgres.execute(
        "insert into ingest.companies (company_id, name) values (%s, %s)", (company, f"{company}")
    )
    return company


@pytest.mark.parametrize(
    ("formula", "parameter_set"), [(f, s) for f in registry().formulas for s in registry().sets(f)]
)
def test_every_set_of_the_seed_makes_sense(formula: str, parameter_set: str) -> None:
    values = registry().values(formula, parameter_set, JANUARY)
    assert values.keys() == registry().parameters(formula).keys()
    assert problems(formula, values, registry().parameters(formula)) == []


@pytest.mark.parametrize(
    ("formula", "change", "reason"),
    [
        ("vis", {"weight_hours": 0.32}, "sum to 1.02"),
        ("vis", {"weight_hours": -0.1, "weight_quality": 0.7}, "between 0 and 1"),
        ("vis", {"band_good_to": 80}, "must not fall"),
        ("vis", {"full_hours": 0}, "above 0"),
        ("vis.volunteer", {"weight_impact": 0.5}, "sum to 1.1"),
        ("vis.volunteer", {"impact_from": 1}, "below 1"),
        ("integration", {"level_b1": 0.7}, "must not fall"),
        ("integration", {"social_match": 0.5}, "sum to 1.1"),
        ("sroi.cost", {"hourly_value": 0, "platform_cost_per_month": 0}, "needs a cost|divided by the cost"),
        ("sroi.cost", {"hourly_value": -1}, "not negative"),
        ("sroi.employment_npv", {"discount_rate": 3}, "3 % is 0.03"),
        ("sroi.employment_npv", {"horizon_years": 2.5}, "whole number"),
        ("sroi.outcome_value", {"unsure_factor": 0}, "above 0"),
    ],
)
def test_parameters_without_sense_are_named(formula: str, change: Mapping[str, float], reason: str) -> None:
    values = {**registry().values(formula, STANDARD, JANUARY), **change}
    found = problems(formula, values, registry().parameters(formula))
    assert len(found) == 1
    assert any(part in found[0] for part in reason.split("|"))


def test_what_was_set_holds_from_its_day_on(postgres: psycopg.Connection, company: UUID) -> None:
    set_overrides(postgres, registry(), company, "vis", MARCH, SHIFTED)
    set_overrides(postgres, registry(), company, "vis", MAY, dict.fromkeys(SHIFTED))
    stored = read_overrides(postgres, company)
    standard = registry().values("vis", STANDARD, JANUARY)
    assert in_force(stored, registry(), "vis", JANUARY) == (STANDARD, standard)
    assert in_force(stored, registry(), "vis", MARCH) == (STANDARD, standard | SHIFTED)
    assert in_force(stored, registry(), "vis", MAY) == (STANDARD, standard)


def test_a_chosen_set_is_reckoned_with_and_one_value_beside_it(
    postgres: psycopg.Connection, company: UUID
) -> None:
    lift = {"annual_lift": 21_000.0}
    set_overrides(postgres, registry(), company, "sroi.employment_npv", MARCH, {}, "us_west")
    values = set_overrides(postgres, registry(), company, "sroi.employment_npv", MAY, lift)
    stored = read_overrides(postgres, company)
    assert in_force(stored, registry(), "sroi.employment_npv", MARCH)[1]["annual_lift"] == 22_000
    assert values == registry().values("sroi.employment_npv", STANDARD, MAY) | lift


@pytest.mark.parametrize(
    ("formula", "values", "parameter_set", "reason"),
    [
        ("vis", {"weight_hours": 0.5}, None, "sum to 1.2 and must sum to 1"),
        ("vis", {"weight_luck": 0.5}, None, "vis has no parameter weight_luck; it has band_"),
        ("vis", {}, "best", "vis has no set best; it has employment"),
        ("vis", {}, None, "nothing to set"),
        ("luck", {"a": 1.0}, None, "there is no formula luck; there are integration"),
    ],
)
def test_a_refused_choice_leaves_nothing(
    postgres: psycopg.Connection,
    company: UUID,
    formula: str,
    values: Mapping[str, float],
    parameter_set: str | None,
    reason: str,
) -> None:
    with pytest.raises(OverrideRefusedError, match=reason):
        set_overrides(postgres, registry(), company, formula, MARCH, values, parameter_set)
    assert read_overrides(postgres, company) == []


def test_a_choice_that_would_break_a_later_one_is_refused(
    postgres: psycopg.Connection, company: UUID
) -> None:
    set_overrides(postgres, registry(), company, "vis", MAY, SHIFTED)
    with pytest.raises(OverrideRefusedError, match=f"vis from {MAY} on: .* sum to 0.9"):
        # Sums to 1 in March; from May on its weight of outcomes would meet the other weights of May.
        set_overrides(
            postgres, registry(), company, "vis", MARCH, {"weight_outcome": 0.15, "weight_hours": 0.4}
        )


def test_a_choice_of_the_same_day_is_replaced(postgres: psycopg.Connection, company: UUID) -> None:
    set_overrides(postgres, registry(), company, "sroi.cost", MARCH, {"hourly_value": 30.0})
    set_overrides(postgres, registry(), company, "sroi.cost", MARCH, {"hourly_value": 31.0})
    assert [override.value for override in read_overrides(postgres, company)] == [31.0]


def test_an_unknown_company_is_refused(postgres: psycopg.Connection) -> None:
    with pytest.raises(OverrideRefusedError, match="there is no company"):
        set_overrides(postgres, registry(), uuid4(), "vis", MARCH, SHIFTED)


def test_choices_reach_the_warehouse_with_what_their_nulls_mean(
    store_settings: StoreSettings, postgres: psycopg.Connection, company: UUID
) -> None:
    before = reference_version(postgres)
    set_overrides(postgres, registry(), company, "vis", MARCH, {"weight_hours": None}, "quality")
    assert reference_version(postgres) > before
    with closing(clickhouse_client(store_settings)) as clickhouse:
        copy_reference_data(postgres, clickhouse)
        rows = clickhouse.query(
            "select formula, parameter_set, parameter, value, effective_from from raw.formula_overrides"
            " where company_id = %(c)s order by parameter nulls first",
            parameters={"c": company},
        ).result_rows
    assert rows == [("vis", "quality", None, None, MARCH), ("vis", None, "weight_hours", None, MARCH)]


@pytest.fixture
def command(store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`impact formula-overrides` on the stores of these tests."""
    for name in ("postgres_url", "clickhouse_url", "nats_url"):
        monkeypatch.setenv(name.upper(), getattr(store_settings, name).get_secret_value())
    app = Typer()
    app.command("set")(commands.set_)
    app.command("list")(commands.list_)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_choice_made_on_the_command_line_is_listed(command: Callable[..., Result], company: UUID) -> None:
    made = command("set", company, "vis", "weight_hours=0.2", "weight_quality=0.4", "--from", "2026-03-01")
    assert made.exit_code == 0, made.output
    assert "weight_quality = 0.4" in made.output
    given_back = command(
        "set", company, "vis", "weight_hours=standard", "--set", "quality", "--from", "2026-05-01"
    )
    assert given_back.exit_code == 0, given_back.output
    listed = [line.split()[1:] for line in command("list", "--company", company).output.splitlines()[1:]]
    assert listed == [
        ["vis", "2026-03-01", "weight_hours", "0.2"],
        ["vis", "2026-03-01", "weight_quality", "0.4"],
        ["vis", "2026-05-01", "(set)", "quality"],
        ["vis", "2026-05-01", "weight_hours", "standard"],
    ]


@pytest.mark.parametrize(
    ("argument", "reason"), [("weight_hours=much", "NAME=NUMBER"), ("weight_hours=nan", "NAME=NUMBER")]
)
def test_the_command_line_says_what_it_expects(
    command: Callable[..., Result],
    postgres: psycopg.Connection,
    company: UUID,
    argument: str,
    reason: str,
) -> None:
    refused = command("set", company, "vis", argument)
    assert refused.exit_code != 0
    assert reason in refused.output
    assert read_overrides(postgres, company) == []
