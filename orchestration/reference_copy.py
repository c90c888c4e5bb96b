"""Copies reference data from Postgres into ClickHouse, ids only, each table replaced as a whole.

The new rows are loaded into a twin table that then trades places with the old one: a reader sees either.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

NULL = r"\N"  # ClickHouse's own way to write null in CSV


@dataclass(frozen=True)
class ReferenceTable:
    """A table of ClickHouse's database `raw` and the query on Postgres that fills it: ids, never an email."""

    name: str
    query: str
    columns: tuple[str, ...]


TABLES = (
    ReferenceTable(
        "companies",
        "select company_id, name, industry, coalesce(country, ''), coalesce(employee_size, ''), time_zone"
        " from ingest.companies",
        ("company_id", "name", "industry", "country", "employee_size", "time_zone"),
    ),
    ReferenceTable(
        "company_members",
        "select company_id, person_id, joined_on, left_on, is_primary from ingest.company_members",
        ("company_id", "person_id", "joined_on", "left_on", "is_primary"),
    ),
    ReferenceTable(
        "program_instances",
        "select program_instance_id, company_id, program_type, program_name, program_slug, start_date,"
        " end_date, status from ingest.program_instances",
        ("program_instance_id", "company_id", "program_type", "program_name", "program_slug", "start_date",
         "end_date", "status"),
    ),
    ReferenceTable(
        "formula_overrides",
        "select company_id, formula, parameter_set, parameter, value, effective_from"
        " from ingest.formula_overrides",
        ("company_id", "formula", "parameter_set", "parameter", "value", "effective_from"),
    ),
    ReferenceTable(
        "cohort_definitions",
        "select cohort_id, company_id, name, filters from ingest.cohort_definitions",
        ("cohort_id", "company_id", "name", "filters"),
    ),
    ReferenceTable(
        "benchmark_opt_ins",
        "select company_id, consent_scope, opted_in_on, opted_out_on from ingest.benchmark_opt_ins",
        ("company_id", "consent_scope", "opted_in_on", "opted_out_on"),
    ),
)  # fmt: skip


def copy_reference_data(connection: psycopg.Connection, clickhouse: ClickHouseClient) -> dict[str, int]:
    """Replace every reference table with Postgres' rows of one moment; returns the rows per table."""
    with connection.transaction():
        # One snapshot for all tables, so that no member belongs to a company that is not there.
        connection.execute("set transaction isolation level repeatable read, read only")
        return {table.name: _replace(connection, clickhouse, table) for table in TABLES}


def reference_version(connection: psycopg.Connection) -> int:
    """A number that is higher after every change of reference data."""
    return int(connection.execute("select version from ingest.reference_version").fetchall()[0][0])


def _replace(connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ReferenceTable) -> int:
    target, twin = f"raw.{table.name}", f"raw.{table.name}__incoming"
    clickhouse.command(f"drop table if exists {twin}")  # left behind by a copy that died
    clickhouse.command(f"create table {twin} as {target}")
    clickhouse.raw_insert(
        twin, column_names=table.columns, insert_block=_rows_as_csv(connection, table), fmt="CSV"
    )
    rows = int(clickhouse.query(f"select count() from {twin}").result_rows[0][0])  # noqa: S608 - our own names
    clickhouse.command(f"exchange tables {target} and {twin}")
    clickhouse.command(f"drop table {twin}")
    return rows


def _rows_as_csv(connection: psycopg.Connection, table: ReferenceTable) -> Generator[bytes, None, None]:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy ({table.query}) to stdout with (format csv, null '{NULL}')".encode()) as copy,
    ):
        yield from map(bytes, copy)
