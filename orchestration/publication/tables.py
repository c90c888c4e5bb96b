"""Which marts are served, and how their rows are told apart."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

PERIOD = ("company_id", "period_grain", "period")


_PERIOD_TOLD = (("period_grain", "periodGrain"), ("period", "period"))


@dataclass(frozen=True)
class Announced:
    """How live streams hear of a served table's changes."""

    name: str  # of the update, in the catalogue of live updates
    number: str | None = None  # the column that is told; None: each one that is no label, with its name
    # Columns of the key, by the names they are told under.
    labels: tuple[tuple[str, str], ...] = _PERIOD_TOLD


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
    announced: Announced | None = None  # to live streams, each changed number
    quarter_of: str = "period_start"  # the date by whose quarters changes are found

    @property
    def served(self) -> str:
        return f"serving.{self.name}"


METRICS_COMPANY_PERIOD = ServedTable("metrics_company_period", PERIOD, announced=Announced("metric.updated"))

SERVED_TABLES = (
    METRICS_COMPANY_PERIOD,
    ServedTable(
        "sroi_company_period",
        (*PERIOD, "variant", "scenario"),
        announced=Announced(
            "sroi.updated", "ratio", (*_PERIOD_TOLD, ("variant", "variant"), ("scenario", "scenario"))
        ),
    ),
    ServedTable("vis_company_period", PERIOD, announced=Announced("vis.updated", "vis")),
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
        quarter_of="cohort_month",
    ),
    ServedTable(
        "funnels",
        ("company_id", "program_type", "cohort_quarter", "stage"),
        may_become_empty=True,
        quarter_of="cohort_quarter",
    ),
    ServedTable(
        "company_benchmarks", ("company_id", "metric", "period", "compare_with"), may_become_empty=True
    ),
)

# Columns that describe a row of an announced table and are no number of their own.
LABELS = frozenset(
    {
        *PERIOD, "period_start", "period_end", "rating_suppressed_reason", "integration_suppressed_reason",
        "job_readiness_suppressed_reason",
    }
)  # fmt: skip


def columns_of(connection: psycopg.Connection, table: ServedTable) -> dict[str, str]:
    """Columns that mart and served table share, in order, with their Postgres type."""
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'serving' and table_name = %s and column_name <> 'data_version'"
        " order by ordinal_position",
        (table.name,),
    ).fetchall()
    return dict(rows)
