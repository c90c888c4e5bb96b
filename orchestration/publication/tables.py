"""Which marts are served, and how their rows are told apart."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class ServedTable:
    """One mart in ClickHouse and the table of the same name and columns in Postgres' schema `serving`.

    The Postgres table has one column more, `data_version`: the publication in which the row last changed.
    """

    name: str
    key: tuple[str, ...]
    labels: tuple[str, ...]  # columns that describe the key and are no number of their own

    @property
    def mart(self) -> str:
        return f"marts.{self.name}"

    @property
    def served(self) -> str:
        return f"serving.{self.name}"


METRICS_COMPANY_PERIOD = ServedTable(
    name="metrics_company_period",
    key=("company_id", "period_grain", "period"),
    labels=("period_start", "period_end"),
)


def columns_of(connection: psycopg.Connection, table: ServedTable) -> dict[str, str]:
    """Columns that mart and served table share, in order, with their Postgres type."""
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'serving' and table_name = %s and column_name <> 'data_version'"
        " order by ordinal_position",
        (table.name,),
    ).fetchall()
    return dict(rows)
