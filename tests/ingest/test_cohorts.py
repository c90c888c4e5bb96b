"""A cohort is stored as it will be compiled, or refused by name; consent has one stretch at a time."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from typer import Typer
from typer.testing import CliRunner

from ingest import benchmark_commands, cohort_commands
from ingest.benchmark_opt_ins import OptInError, opt_in, opt_out
from ingest.cohorts import CohortError, CohortFilters, add_cohort, list_cohorts, read_filters
from ingest.stores import StoreSettings


@pytest.fixture
def company(postgres: psycopg.Connection) -> UUID:
    company_id = uuid4()
    postgres.execute(
        "insert into ingest.companies (company_id, name) values (%s, %s)", (company_id, str(company_id))
    )
    return company_id


@pytest.fixture
def typed(store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a command prints and how it ends."""
    monkeypatch.setenv("POSTGRES_URL", store_settings.postgres_url.get_secret_value())
    monkeypatch.setenv("CLICKHOUSE_URL", store_settings.clickhouse_url.get_secret_value())
    monkeypatch.setenv("NATS_URL", store_settings.nats_url.get_secret_value())
    app = Typer()
    app.command("add")(cohort_commands.add)
    app.command("list")(cohort_commands.list_cohorts)
    app.command("opt-in")(benchmark_commands.opt_in)
    app.command("opt-out")(benchmark_commands.opt_out)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def test_filters_are_read_as_they_are_meant() -> None:
    filters = read_filters(
        {"program_type": "buddy_program", "enrolled_from": "2026-01-01", "min_sessions": 3}
    )
    assert filters == CohortFilters(
        program_type="buddy_program", enrolled_from=date(2026, 1, 1), min_sessions=3
    )
    assert read_filters({}) == CohortFilters()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"program": "buddy"}, "unknown filter program; a cohort is defined by program_type, "),
        ({"program_type": "language"}, "filter program_type: .*(language_course, upskilling_course"),
        ({"language_level": "D1"}, "filter language_level: .*(A1, A2, B1, B2, C1, C2)"),
        ({"enrolled_from": "1 May"}, "filter enrolled_from: Invalid RFC3339"),
        ({"min_sessions": 0}, "filter min_sessions: Expected `int` >= 1"),
        ({"program_instance_id": "autumn"}, "filter program_instance_id: Invalid UUID"),
        (
            {"enrolled_from": "2026-02-01", "enrolled_until": "2026-01-31"},
            "enrolled_until: 2026-01-31 is before enrolled_from 2026-02-01: nobody could belong",
        ),
    ],
)
def test_a_wrong_filter_is_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(CohortError, match=told.replace("(", r"\(").replace(")", r"\)")):
        read_filters(given)


def test_a_stored_cohort_is_listed(postgres: psycopg.Connection, company: UUID) -> None:
    stored = add_cohort(
        postgres, company, " Autumn, B1 ", {"language_level": "B1", "enrolled_from": "2026-08-01"}
    )
    assert list_cohorts(postgres, company) == [stored]
    assert stored.name == "Autumn, B1"
    assert stored in list_cohorts(postgres)


def test_a_cohort_needs_a_company_a_name_of_its_own_and_a_round_of_its_company(
    postgres: psycopg.Connection, company: UUID
) -> None:
    add_cohort(postgres, company, "Everybody", {})
    with pytest.raises(CohortError, match="has a cohort of this name already"):
        add_cohort(postgres, company, "Everybody", {"min_sessions": 2})
    with pytest.raises(CohortError, match="it needs 1 to 120"):
        add_cohort(postgres, company, "  ", {})
    with pytest.raises(CohortError, match="import it first"):
        add_cohort(postgres, uuid4(), "Everybody", {})
    with pytest.raises(CohortError, match="takes part in no round"):
        add_cohort(postgres, company, "A round", {"program_instance_id": str(uuid4())})
    assert len(list_cohorts(postgres, company)) == 1


def test_the_database_refuses_filters_that_the_warehouse_does_not_know(
    postgres: psycopg.Connection, company: UUID
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        postgres.execute(
            "insert into ingest.cohort_definitions (company_id, name, filters) values (%s, 'x', %s::jsonb)",
            (company, '{"programme_type": "buddy_program"}'),
        )


def test_consent_has_one_stretch_at_a_time(postgres: psycopg.Connection, company: UUID) -> None:
    with pytest.raises(OptInError, match="nothing to opt out of"):
        opt_out(postgres, company, date(2026, 1, 1))
    opt_in(postgres, company, "industry_only", date(2026, 1, 10))
    with pytest.raises(
        OptInError, match="since 2026-01-10 with scope industry_only; to change it, opt out first"
    ):
        opt_in(postgres, company, "all", date(2026, 2, 1))
    with pytest.raises(OptInError, match="opted in on 2026-01-10, after 2026-01-09"):
        opt_out(postgres, company, date(2026, 1, 9))
    opt_out(postgres, company, date(2026, 3, 1))
    with pytest.raises(OptInError, match="opted out on 2026-03-01; opt in on a later day"):
        opt_in(postgres, company, "all", date(2026, 3, 1))
    opt_in(postgres, company, "all", date(2026, 3, 2))
    rows = postgres.execute(
        "select consent_scope, opted_in_on::text, opted_out_on::text from ingest.benchmark_opt_ins"
        " where company_id = %s order by opted_in_on",
        (company,),
    ).fetchall()
    assert rows == [("industry_only", "2026-01-10", "2026-03-01"), ("all", "2026-03-02", None)]
    with pytest.raises(OptInError, match="import it first"):
        opt_in(postgres, uuid4(), "all", date(2026, 1, 1))


def test_cohorts_and_consent_are_commands(typed: Any, company: UUID) -> None:
    added = typed(
        "add", "Writes Ukrainian", "--company", company, "--text-language", "uk", "--min-sessions", 2
    )
    assert added.exit_code == 0, added.output
    listed = typed("list", "--company", company).output
    assert added.output.strip() in listed
    assert "text_language uk, min_sessions 2" in listed
    wrong = typed("add", "Wrong", "--company", company, "--text-language", "sv")
    assert wrong.exit_code == 2
    assert "(en, uk, no)" in wrong.output
    assert (
        "is in benchmarks (all) from 2026-01-01 on"
        in typed("opt-in", "--company", company, "--on", "2026-01-01").output
    )
    again = typed("opt-in", "--company", company)
    assert again.exit_code == 2
    assert "opt out first" in again.output
    assert typed("opt-out", "--company", company, "--on", "2026-02-01").exit_code == 0
    assert typed("opt-out", "--company", company).exit_code == 2
