"""What a sweep of one relation tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient


class SweepError(Exception):
    """A relation could not be swept; the message says which and what to do. The step can be run again."""


class UnsweepableError(SweepError):
    """A table is none of this node alone, as on a cluster. Trying again does not help."""


@dataclass(frozen=True)
class Swept:
    """Rows, messages or files of the people: before and after. `detail` holds counts and ids of things."""

    before: int
    after: int = 0
    detail: dict[str, Any] = field(default_factory=dict)


def insert_all(
    clickhouse: ClickHouseClient, table: str, rows: Sequence[Sequence[object]], columns: Sequence[str]
) -> None:
    """Insert into a new table, and look whether all are there: else nobody is found, and all seems clean."""
    clickhouse.insert(table, rows, column_names=columns)
    there = clickhouse.query(f"select count() from {table}").result_rows[0][0]  # noqa: S608 - names are ours
    if there != len(rows):
        raise SweepError(f"{table} took {there} of {len(rows)} rows and said nothing; run the step again")
