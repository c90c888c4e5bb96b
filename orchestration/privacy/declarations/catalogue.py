"""What the stores of a running platform really hold, held against what is declared.

Unknown is red: a table, view, stream or folder that is there and not declared is a finding, and so is a
column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js import JetStreamContext

from orchestration.privacy.declarations.declarations import Declarations

# dbt builds a table beside the one it replaces and renames; what is left of it goes by the model's
# declaration.
_DBT_BESIDE = re.compile(r"__dbt_(tmp|backup|new_data|distributed_new_data).*$")


@dataclass(frozen=True)
class Held:
    """Something that a store holds, by the key it has to be declared under."""

    key: str
    columns: frozenset[str] = frozenset()  # none: its columns are not looked at


@dataclass(frozen=True)
class Gap:
    """Where what is held and what is declared differ, and what to do about it."""

    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


def gaps(declarations: Declarations, held: Iterable[Held]) -> list[Gap]:
    """What is held without a declaration, and what is declared of a table that holds something else."""
    found: list[Gap] = []
    for one in held:
        if one.key not in declarations:
            if not _is_of_a_declared_whole(declarations, one.key):
                found.append(Gap(one.key, "is not declared; see docs/privacy-declarations.md"))
            continue
        declared = declarations[one.key].columns.keys()
        if one.columns and (undeclared := sorted(one.columns - declared)):
            found.append(Gap(one.key, f"holds columns that are not declared: {', '.join(undeclared)}"))
        if one.columns and (gone := sorted(declared - one.columns)):
            found.append(Gap(one.key, f"is declared with columns it does not have: {', '.join(gone)}"))
    return sorted(found, key=str)


def _is_of_a_declared_whole(declarations: Declarations, key: str) -> bool:
    """A schema that another program makes is declared as a whole: postgres:dagster.*"""
    schema, _, _ = key.rpartition(".")
    return bool(schema) and f"{schema}.*" in declarations


def in_clickhouse(client: ClickHouseClient, *, prefix: str = "") -> Iterator[Held]:
    """Tables and views of every database, those the server keeps logs in among them.

    With a prefix: of the databases that have it, without it in their names, as DBT_SCHEMA_PREFIX makes them.
    """
    rows = client.query(
        "select tables.database, tables.name, groupArray(columns.name)"
        " from system.tables left join system.columns"
        " on columns.database = tables.database and columns.table = tables.name"
        " where tables.database not in ('INFORMATION_SCHEMA', 'information_schema')"
        # Of its own database the server keeps tables on disk only for logs; the others are views of its
        # memory.
        " and (tables.database != 'system' or tables.engine like '%MergeTree')"
        " and startsWith(tables.database, {prefix:String}) and not tables.is_temporary"
        " group by tables.database, tables.name order by all",
        parameters={"prefix": prefix},
    ).result_rows
    for database, table, columns in rows:
        yield _held("clickhouse", database.removeprefix(prefix), table, columns)


def in_postgres(connection: psycopg.Connection, *, prefix: str = "") -> Iterator[Held]:
    """Tables, views and materialized views of every schema. A prefix as for ClickHouse."""
    rows = connection.execute(
        "select nspname, relname, array_agg(attname::text)"
        " from pg_class join pg_namespace on pg_namespace.oid = relnamespace"
        " join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped"
        " where relkind in ('r', 'p', 'v', 'm', 'f')"
        " and nspname !~ '^pg_' and nspname <> 'information_schema'"
        " and starts_with(nspname, %s) group by nspname, relname order by 1, 2",
        (prefix,),
    ).fetchall()
    for schema, table, columns in rows:
        yield _held("postgres", schema.removeprefix(prefix), table, columns)


async def in_jetstream(js: JetStreamContext) -> list[Held]:
    """Every stream of the broker; key-value buckets and object stores are streams, too."""
    return [Held(f"jetstream:{info.config.name}") for info in await js.streams_info()]


def in_folder(home: Path) -> Iterator[Held]:
    """What lies in the data folder, one level deep: a folder speaks for all that is in it."""
    for path in sorted(home.iterdir()):
        yield Held(f"folder:{path.name}")


def _held(store: str, schema: str, table: str, columns: Iterable[str]) -> Held:
    name = _DBT_BESIDE.sub("", table)
    return Held(f"{store}:{schema}.{name}", frozenset(columns) if name == table else frozenset())
