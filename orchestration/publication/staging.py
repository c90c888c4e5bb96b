"""Brings a mart's rows into a temporary table of Postgres and finds those that differ from what is served.

Both stores format and parse CSV natively, so the rows pass through this process as bytes, a block at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql

from orchestration.publication.parts import Scope, selected_columns
from orchestration.publication.tables import ServedTable, columns_of

BLOCK_BYTES = 1 << 20
CSV_SETTINGS = {"format_csv_null_representation": "", "date_time_output_format": "iso"}


class StagedMart:
    """A mart's rows inside the caller's transaction, beside the served table. Gone when that ends."""

    def __init__(self, connection: psycopg.Connection, table: ServedTable) -> None:
        self.table = table
        self.columns = columns_of(connection, table)
        self.incoming = sql.Identifier(f"incoming_{table.name}")
        self.changed = sql.Identifier(f"changed_{table.name}")
        self.served = sql.Identifier(*table.served.split("."))
        self.row_count = 0
        self.changed_rows = 0
        self._is_first = False  # the served table has no row yet
        self._connection = connection

    @property
    def key(self) -> sql.Composed:
        return names(self.table.key)

    def load(self, clickhouse: ClickHouseClient, mart: str, scope: Scope | None = None) -> None:
        """Copy the mart's rows into the temporary table: all, or those in scope."""
        self._connection.execute(
            sql.SQL("create temporary table {} on commit drop as select {} from {} with no data").format(
                self.incoming, names(self.columns), self.served
            )
        )
        condition, parameters = scope.in_mart() if scope else ("true", {})
        query = f"select {selected_columns(self.columns)} from {mart} where {condition}"  # noqa: S608 - names from the catalog and our declaration
        # A file; declared as a union.
        stream: Any = clickhouse.raw_stream(query, parameters, fmt="CSV", settings=CSV_SETTINGS)
        statement = sql.SQL("copy {} ({}) from stdin with (format csv)").format(
            self.incoming, names(self.columns)
        )
        with stream, self._connection.cursor() as cursor:
            with cursor.copy(statement) as copy:
                while block := stream.read(BLOCK_BYTES):
                    copy.write(block)
            self.row_count = cursor.rowcount

    def find_changes(self, scope: Scope | None = None) -> None:
        """Fill the temporary table of changes: each differing key, and whether its row is gone.

        `scope` is what was loaded: a served row beside it is not missing.
        """
        self._is_first = not self._connection.execute(
            sql.SQL("select exists (select from {})").format(self.served)
        ).fetchall()[0][0]
        condition, parameters = scope.in_served() if scope else (sql.SQL("true"), {})
        # Without statistics a comparison of large tables would be planned as one of small ones.
        self._connection.execute(sql.SQL("analyze {} ({})").format(self.incoming, self.key))
        cursor = self._connection.execute(
            sql.SQL(
                "create temporary table {changed} on commit drop as"
                " select {key}, incoming.ctid is null as is_gone"
                " from {incoming} as incoming"
                " full join (select * from {served} where {condition}) as served using ({key})"
                " where row({new}) is distinct from row({old})"
            ).format(
                changed=self.changed,
                incoming=self.incoming,
                served=self.served,
                key=self.key,
                condition=condition,
                new=_qualified_names("incoming", self.columns),
                old=_qualified_names("served", self.columns),
            ),
            parameters,
        )
        self.changed_rows = cursor.rowcount

    def apply(self, data_version: int) -> None:
        """Write the differing rows, and only those, into the served table."""
        values = [name for name in self.columns if name not in self.table.key]
        parts = {
            "served": self.served,
            "changed": self.changed,
            "incoming": self.incoming,
            "key": self.key,
            "columns": names(self.columns),
            "incoming_columns": _qualified_names("incoming", self.columns),
            "same_key": sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("served", name), sql.Identifier("changed", name))
                for name in self.table.key
            ),
            "updates": sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
                for name in [*values, "data_version"]
            ),
        }
        if self._is_first:
            # Nothing to meet: without looking each row up, and in the order of the index it goes into.
            insert = (
                "insert into {served} ({columns}, data_version)"
                " select {columns}, %s from {incoming} order by {key}"
            )
        else:
            self._connection.execute(
                sql.SQL(
                    "delete from {served} as served using {changed} as changed"
                    " where changed.is_gone and {same_key}"
                ).format(**parts)
            )
            insert = (
                "insert into {served} ({columns}, data_version)"
                " select {incoming_columns}, %s from {incoming} as incoming inner join {changed} as changed"
                " using ({key}) on conflict ({key}) do update set {updates}"
            )
        self._connection.execute(sql.SQL(insert).format(**parts), (data_version,))


def names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def _qualified_names(relation: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(relation, name) for name in columns)
