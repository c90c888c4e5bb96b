"""Which parts of a mart differ from what was last published: a digest of its rows per company and quarter.

A mart is compared with its served table by copying it into Postgres. Most of it is of the past, or of
companies of which nothing is new; their digests say so, and a publication copies the rest. Digests are kept
in Postgres, by the transaction that publishes what they are of: a store that is restored has those of what it
holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql

from orchestration.publication.tables import ServedTable

# Sums of floats differ in the last bits with the order ClickHouse adds them in. Nine decimals are far below
# anything a reader sees and far above that noise, so an unchanged number is recognised as unchanged.
FLOAT_DECIMALS = 9
NAMED_COMPANIES = 200  # of more, the quarters alone are asked for: a statement's parameters go in its address


class Part(NamedTuple):
    company_id: UUID
    quarter: date


class Digest(NamedTuple):
    row_count: int
    digest: str


@dataclass(frozen=True)
class Scope:
    """The rows to compare, in both stores alike: at least those of the parts that differ."""

    quarter_of: str  # the column of dates
    quarters: list[date]
    companies: list[UUID] | None  # None: all

    def in_mart(self) -> tuple[str, dict[str, object]]:
        """The condition for ClickHouse, with its parameters."""
        condition = f"toStartOfQuarter(`{self.quarter_of}`) in {{quarters:Array(Date)}}"
        if self.companies is None:
            return condition, {"quarters": self.quarters}
        companies = [str(company) for company in self.companies]
        return f"{condition} and company_id in {{companies:Array(UUID)}}", {
            "quarters": self.quarters, "companies": companies,
        }  # fmt: skip

    def in_served(self) -> tuple[sql.Composable, dict[str, object]]:
        """The condition for Postgres, with its parameters."""
        condition = sql.SQL(
            "date_trunc('quarter', {}::timestamp)::date = any(%(quarters)s)"
            " and (%(companies)s::uuid[] is null or company_id = any(%(companies)s))"
        ).format(sql.Identifier(self.quarter_of))
        return condition, {"quarters": self.quarters, "companies": self.companies}


@dataclass(frozen=True)
class Parts:
    """A mart as it is, beside what was last published of it."""

    table: ServedTable
    present: Mapping[Part, Digest]
    published: Mapping[Part, Digest]

    @property
    def row_count(self) -> int:
        return sum(digest.row_count for digest in self.present.values())

    @property
    def differing(self) -> set[Part]:
        return {
            part
            for part in self.present.keys() | self.published.keys()
            if self.present.get(part) != self.published.get(part)
        }

    def scope(self) -> Scope | None:
        """What has to be compared; None: all of it."""
        if not self.published:
            return None
        companies = sorted({part.company_id for part in self.differing})
        return Scope(
            self.table.quarter_of,
            sorted({part.quarter for part in self.differing}),
            companies if len(companies) <= NAMED_COMPANIES else None,
        )

    def note(self, connection: psycopg.Connection) -> None:
        """Keep what is there as published. For the transaction that publishes it."""
        if not self.published:
            forget_parts(connection, self.table)
        differing = sorted(self.differing)
        with connection.cursor() as cursor:
            cursor.executemany(
                "delete from serving.published_parts"
                " where served_table = %s and company_id = %s and quarter = %s",
                [(self.table.name, *part) for part in differing if part not in self.present],
            )
            cursor.executemany(
                "insert into serving.published_parts (served_table, company_id, quarter, row_count, digest)"
                " values (%s, %s, %s, %s, %s) on conflict (served_table, company_id, quarter)"
                " do update set row_count = excluded.row_count, digest = excluded.digest",
                [(self.table.name, *part, *self.present[part]) for part in differing if part in self.present],
            )


def parts_of(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    table: ServedTable,
    mart: str,
    columns: Mapping[str, str],
) -> Parts:
    """The digests of a mart's parts, now and as last published."""
    selected = selected_columns(columns)
    salt = hashlib.sha256(selected.encode()).hexdigest()[:8]  # another column is another digest
    rows = clickhouse.query(
        f"select company_id, toStartOfQuarter(`{table.quarter_of}`) as quarter, count(),"  # noqa: S608 - names from the catalog and our declaration
        f" toString(sum(reinterpretAsUInt128(sipHash128(tuple({selected})))))"
        f" from {mart} group by company_id, quarter"
    ).result_rows
    present = {Part(company, day): Digest(count, f"{salt} {total}") for company, day, count, total in rows}
    published = {
        Part(company, day): Digest(count, text)
        for company, day, count, text in connection.execute(
            "select company_id, quarter, row_count, digest from serving.published_parts"
            " where served_table = %s",
            (table.name,),
        )
    }
    [(served_rows,)] = connection.execute(
        sql.SQL("select count(*) from {}").format(sql.Identifier(*table.served.split(".")))
    ).fetchall()
    # A table that has lost rows, or was given some by others, is not what was published.
    is_as_published = served_rows == sum(digest.row_count for digest in published.values())
    return Parts(table, present, published if is_as_published else {})


def forget_parts(connection: psycopg.Connection, table: ServedTable) -> None:
    """Have the next publication compare all of the table."""
    connection.execute("delete from serving.published_parts where served_table = %s", (table.name,))


def selected_columns(columns: Mapping[str, str]) -> str:
    """The copied columns of a mart, by their names and types in Postgres."""
    return ", ".join(
        f"round(`{name}`, {FLOAT_DECIMALS})" if data_type == "double precision" else f"`{name}`"
        for name, data_type in columns.items()
    )
