"""Figures for tests of the API, published as the platform does it: marts in ClickHouse, one publication,
views.

The marts are in a database of these tests' own, so that no test's build of the warehouse meets them. Every
number of a company depends on its seed, so a number tells whose it is and of which publication.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from jinja2 import Template

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.publication.publish import Publication, publish
from orchestration.publication.tables import SERVED_TABLES

DATABASE = "serving_test"
DAYS = 600  # of daily trend points: more than a page holds
VOLUNTEERS = 12
DIMENSIONS = ("belonging", "confidence", "job_readiness")
MONTHS = [date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(10, 22)]
QUARTERS = MONTHS[::3]

_MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "serving"
_TYPES = {
    "uuid": "UUID",
    "text": "String",
    "date": "Date",
    "bigint": "Int64",
    "integer": "Int32",
    "smallint": "UInt8",
    "double precision": "Float64",
    "boolean": "Bool",
    "jsonb": "String",
}

Row = dict[str, Any]


def cohort_of(company: UUID) -> UUID:
    return uuid5(company, "cohort")


class Marts:
    """The marts and the served tables of a test run."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._seeds: dict[UUID, int] = {}
        with (
            closing(clickhouse_client(settings)) as clickhouse,
            closing(postgres_connection(settings, autocommit=True)) as postgres,
        ):
            clickhouse.command(f"create database if not exists {DATABASE}")
            for table in SERVED_TABLES:
                create_mart(clickhouse, postgres, DATABASE, table.name)
            create_views(postgres)
            clickhouse.command(
                f"create or replace table {DATABASE}.evidence_snippets (company_id UUID, text_id UUID,"
                " dimension String, event_id UUID, text_type String, language String, score Float64,"
                " confidence Float64, label String, model_version String, text_sha256 String,"
                " written_at DateTime64(3, 'UTC'), expires_at DateTime64(3, 'UTC'),"
                " suppressed_reason Nullable(String), snippet Nullable(String))"
                " engine = MergeTree order by (company_id, written_at)"
            )
            clickhouse.command(
                f"create or replace table {DATABASE}.metric_evidence (company_id UUID, metric String,"
                " occurred_at DateTime64(3, 'UTC'), event_id UUID, event_type String, person_id UUID)"
                " engine = MergeTree order by (company_id, metric)"
            )

    def publish(self, seeds: dict[UUID, int]) -> Publication:
        """Publish the companies' figures anew; those of companies not named stay as they are."""
        self._seeds |= seeds
        with (
            closing(clickhouse_client(self._settings)) as clickhouse,
            closing(postgres_connection(self._settings, autocommit=True)) as postgres,
        ):
            for table in SERVED_TABLES:
                rows = [
                    row for company, seed in self._seeds.items() for row in rows_of(table.name, company, seed)
                ]
                clickhouse.command(f"truncate table {DATABASE}.{table.name}")
                insert(clickhouse, f"{DATABASE}.{table.name}", rows)
            return publish(postgres, clickhouse, run_id="test", marts=DATABASE)

    def add_snippets(self, *rows: Row) -> None:
        with closing(clickhouse_client(self._settings)) as clickhouse:
            insert(clickhouse, f"{DATABASE}.evidence_snippets", list(rows))

    def add_evidence(self, *rows: Row) -> None:
        with closing(clickhouse_client(self._settings)) as clickhouse:
            insert(clickhouse, f"{DATABASE}.metric_evidence", list(rows))


def create_mart(clickhouse: ClickHouseClient, postgres: psycopg.Connection, database: str, name: str) -> None:
    """An empty mart with the columns of its served table."""
    columns = postgres.execute(
        "select column_name, data_type, is_nullable from information_schema.columns"
        " where table_schema = 'serving' and table_name = %s and column_name <> 'data_version'",
        (name,),
    ).fetchall()
    described = ", ".join(
        f"`{column}` {f'Nullable({_TYPES[kind]})' if nullable == 'YES' else _TYPES[kind]}"
        for column, kind, nullable in columns
    )
    clickhouse.command(
        f"create or replace table {database}.{name} ({described}) engine = MergeTree order by tuple()"
    )


def insert(clickhouse: ClickHouseClient, table: str, rows: list[Row]) -> None:
    if rows:
        clickhouse.insert(table, [list(row.values()) for row in rows], column_names=list(rows[0]))


def create_views(connection: psycopg.Connection) -> None:
    """The materialized views with their indexes, from the SQL of the dbt models that build them."""
    for model in sorted(_MODELS.glob("mv_*.sql")):
        config: dict[str, Any] = {}
        select = Template(model.read_text()).render(
            config=lambda _config=config, **options: _config.update(options) or "",
            source=lambda schema, table: f"{schema}.{table}",
        )
        # Another test of the run may have built the platform's own.
        connection.execute(f"drop materialized view if exists serving.{model.stem} cascade")
        connection.execute(f"create materialized view serving.{model.stem} as {select}")
        for index in config["indexes"]:
            kind = "unique index" if index["unique"] else "index"
            connection.execute(f"create {kind} on serving.{model.stem} ({', '.join(index['columns'])})")
    connection.execute("select served.raise_wall()")


def rows_of(table: str, company: UUID, seed: int) -> Iterator[Row]:
    """The rows of one company in one mart."""
    make = globals()[f"_{table}"]
    for row in make(company, seed):
        yield {"company_id": company, **row}


def _periods() -> Iterator[Row]:
    for start in MONTHS:
        yield {"period_grain": "month", "period": f"{start:%Y-%m}", "period_start": start}
    yield from _quarters()


def _quarters() -> Iterator[Row]:
    for start in QUARTERS:
        period = f"{start.year}-Q{(start.month + 2) // 3}"
        yield {"period_grain": "quarter", "period": period, "period_start": start}


def _metrics_company_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _periods():
        months = 1 if period["period_grain"] == "month" else 3
        end = (period["period_start"].replace(day=1) + timedelta(days=31 * months)).replace(day=1)
        yield {
            **period,
            "period_end": end - timedelta(days=1),
            "participants_count": 20 + seed,
            "volunteers_count": 5 + seed,
            "sessions_count": 30 + seed,
            "language_sessions_count": 20 + seed,
            "mentorship_sessions_count": 10,
            "volunteer_hours": 24.5 + seed,
            "ratings_count": 8,
            "rating_sum": 6.0,
            "avg_rating": 0.75,
            "enrollments_count": 3,
            "buddy_matches_count": 2,
            "courses_completed_count": 1,
            "integration_score_sum": 9 * (50.25 + seed),
            "integration_scores_count": 9,
            "avg_integration_score": 50.25 + seed,
            "language_level_sum": 4.5,
            "avg_language_level": 0.5,
            "job_readiness_sum": 0.0,
            "job_readiness_count": 0,
            "avg_job_readiness": None,
            "sroi_ratio": 2.5 + seed,
            "sroi_outcome_ratio": 0.5 + seed,
            "vis_score": 40.5 + seed,
            "volunteering_hours": 12.0 + seed,
            "donations_usd": 100.0 + seed,
            "donations_count": 4,
            "donations_without_usd_count": 1,
            "placements_count": seed,
        }


def _sroi_company_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        for variant in ("employment_npv", "outcome_value"):
            for place, scenario in enumerate(("low", "base", "high")):
                unknown = variant == "outcome_value" and scenario == "low"
                yield {
                    **period,
                    "variant": variant,
                    "scenario": scenario,
                    "ratio": None if unknown else 2.5 + seed + place,
                    "value": 1000.0 + seed,
                    "cost": 400.0 + seed,
                    "currency": "USD",
                    "unit": "net",
                    "formula_version": "1.0",
                    "parameter_set": "standard",
                    "inputs": json.dumps({"participants": 20 + seed}),
                    "missing_reason": "no scores in the period" if unknown else None,
                }


def _vis_company_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        yield {
            **period,
            "hours": 150.0 + seed,
            "hours_part": 15.0,
            "quality_part": 75.0,
            "outcome_part": 65.0,
            "placement_part": None,
            "vis": None,
            "band": None,
            "weights": json.dumps({"hours": 0.3, "outcome": 0.25, "placement": 0.15, "quality": 0.3}),
            "formula_version": "1.0",
            "parameter_set": "standard",
            "inputs": json.dumps({"hours": 150 + seed}),
            "missing_reason": "nobody was ready for a job",
        }


def _vis_volunteer_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        for number in range(VOLUNTEERS):
            yield {
                **period,
                "volunteer_id": uuid5(company, f"volunteer {number}"),
                "hours": 10.0 * number + seed,
                "sessions_count": 6,
                "sessions_per_month": 2.0,
                "consistency_part": 50.0,
                "impact": 0.5,
                # Two without a score come last; the others score higher the higher their number.
                "vis_score": None if number < 2 else 4.0 * number + seed / 100,
                "band": None,
                "missing_reason": "no_participant_compared" if number < 2 else None,
            }


def _program_tiles(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        for tile in ("language", "mentorship"):
            yield {
                **period,
                "tile": tile,
                "metric": f"{tile}.attendance",
                "value": 0.5,
                "numerator": 10.0 + seed,
                "denominator": 20.0 + 2 * seed,
                "unit": "share",
            }


def _outcome_dimensions_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        for dimension in DIMENSIONS:
            yield {
                **period,
                "dimension": dimension,
                "score_sum": 6.0,
                "scores_count": 8 + seed,
                "avg_score": 0.75,
                "confidence_sum": 7.2,
                "confidence_avg": 0.9,
                "people_count": 7 + seed,
            }


def _sdg_tags_period(company: UUID, seed: int) -> Iterator[Row]:
    for period in _quarters():
        for goal in (4, 10):
            yield {**period, "sdg_goal": goal, "activities_count": 11 + seed}


def _trend_metrics(company: UUID, seed: int) -> Iterator[Row]:
    for day in range(DAYS):
        yield {
            "metric": "sessions_count",
            "granularity": "day",
            "period_start": date(2025, 1, 1) + timedelta(day),
            "value": float(day + seed),
            "value_sum": float(day + seed),
            "value_count": day + seed,
            "is_suppressed": False,
            "suppressed_reason": None,
        }


def _cohort_metrics(company: UUID, seed: int) -> Iterator[Row]:
    numbers = ("value_sum", "n", "avg", "p25", "p50", "p75", "p95", "min", "max", "std")
    for place, period in enumerate(_quarters()):
        known = place > 0  # the first quarter has too few people
        yield {
            "cohort_id": cohort_of(company),
            "metric": "integration_score",
            **period,
            **dict.fromkeys(numbers, 10 + seed if known else None),
            "is_suppressed": not known,
            "suppressed_reason": None if known else "fewer than 5 people",
        }


def _cohort_retention(company: UUID, seed: int) -> Iterator[Row]:
    for months in range(3):
        yield {
            "program_type": "language",
            "cohort_month": MONTHS[0],
            "months_since": months,
            "cohort_size": 20 + seed,
            "active_count": 20 + seed - months,
            "active_share": 0.9,
            "is_suppressed": False,
            "suppressed_reason": None,
        }


def _funnels(company: UUID, seed: int) -> Iterator[Row]:
    for place, stage in enumerate(("enrolled", "matched", "session_completed", "program_completed")):
        yield {
            "program_type": "mentorship",
            "cohort_quarter": date(2026, 4, 1),
            "stage": stage,
            "stage_order": place + 1,
            "people_count": 40 + seed - place,
            "conversion_from_start": 0.9,
            "conversion_from_previous": 0.95,
            "is_suppressed": False,
            "suppressed_reason": None,
        }


def _company_benchmarks(company: UUID, seed: int) -> Iterator[Row]:
    for kind in ("industry", "all"):
        hidden = kind == "industry"
        peers = dict.fromkeys(("p25", "p50", "p75", "p90"), None if hidden else 40.0)
        yield {
            "metric": "vis_score",
            "period": "2026-Q2",
            "period_start": date(2026, 4, 1),
            "compare_with": kind,
            "peer_group_kind": kind,
            "peer_group": "technology" if hidden else "all",
            "widened_from": None,
            "own_value": 40.5 + seed,
            **peers,
            "companies_count": None if hidden else 12,
            "people_count": None if hidden else 300,
            "standing": None if hidden else "p50_to_p75",
            "is_suppressed": hidden,
            "suppressed_reason": "fewer than 6 companies" if hidden else None,
        }
