"""Which marts are served, and how their rows are told apart."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

PERIOD = ("company_id", "period_grain", "period")


@dataclass(frozen=True)
class ServedTable:
    """One mart in ClickHouse and the table of the same name in Postgres' schema `serving`.

    The Postgres table names the columns that are copied, and has one more, `data_version`: the publication in
    which the row last changed.
    """

    name: str
    key: tuple[str, ...]
    # Whether it may lose its last row by itself: cohorts are deleted and companies opt out, but figures stay.
    may_become_empty: bool = False
    # Whether each changed number is announced to live streams. Needs a key of company, grain and period.
    is_announced: bool = False

    @property
    def served(self) -> str:
        return f"serving.{self.name}"


METRICS_COMPANY_PERIOD = ServedTable("metrics_company_period", PERIOD, is_announced=True)

SERVED_TABLES = (
    METRICS_COMPANY_PERIOD,
    ServedTable("sroi_company_period", (*PERIOD, "variant", "scenario")),
    ServedTable("vis_company_period", PERIOD),
    ServedTable("vis_volunteer_period", (*PERIOD, "volunteer_id"), may_become_empty=True),
    ServedTable("program_tiles", (*PERIOD, "tile", "metric")),
    ServedTable("outcome_dimensions_period", (*PERIOD, "dimension"), may_become_empty=True),
    ServedTable("sdg_tags_period", (*PERIOD, "sdg_goal"), may_become_empty=True),
    ServedTable("trend_metrics", ("company_id", "metric", "granularity", "period_start")),
    ServedTable("cohort_metrics", ("cohort_id", "metric", *PERIOD), may_become_empty=True),
    ServedTable(
        "cohort_retention",
        ("company_id", "program_type", "cohort_month", "months_since"),
        may_become_empty=True,
    ),
    ServedTable("funnels", ("company_id", "program_type", "cohort_quarter", "stage"), may_become_empty=True),
    ServedTable(
        "company_benchmarks", ("company_id", "metric", "period", "compare_with"), may_become_empty=True
    ),
)

# Columns that describe a row of an announced table and are no number of their own.
LABELS = frozenset({*PERIOD, "period_start", "period_end"})


def columns_of(connection: psycopg.Connection, table: ServedTable) -> dict[str, str]:
    """Columns that mart and served table share, in order, with their Postgres type."""
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'serving' and table_name = %s and column_name <> 'data_version'"
        " order by ordinal_position",
        (table.name,),
    ).fetchall()
    return dict(rows)
