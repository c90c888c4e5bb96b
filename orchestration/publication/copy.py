"""Copies a mart into its served table: all of it or nothing, and only what differs.

Both stores format and parse CSV natively, so the rows pass through this process as bytes, a block at a time.
Readers keep the old rows until the transaction commits; they are never blocked and never see half a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql

from orchestration.publication.tables import ServedTable, columns_of

BLOCK_BYTES = 1 << 20
# Sums of floats differ in the last bits with the order ClickHouse adds them in. Nine decimals are far below
# anything a reader sees and far above that noise, so an unchanged number is recognised as unchanged.
FLOAT_DECIMALS = 9
CSV_SETTINGS = {"format_csv_null_representation": "", "date_time_output_format": "iso"}


class EmptyMartError(Exception):
    """The mart has no rows while the served table has some: a lost warehouse rather than a quiet month."""


@dataclass(frozen=True)
class Publication:
    """What one copy did. `data_version` is None when mart and served table were equal already."""

    data_version: int | None
    row_count: int
    changed_rows: int
    changed_values: int


def publish_table(
    connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable, *, run_id: str
) -> Publication:
    """Make the served table equal to its mart in one transaction, and queue each changed value for streams.

    Raises EmptyMartError instead of emptying a served table.
    """
    with connection.transaction():
        # One publication at a time, from before it reads the mart: the later one must not put older numbers
        # back. Readers are not affected by this lock.
        connection.execute(
            sql.SQL("lock table {} in share row exclusive mode").format(_qualified(table.served))
        )
        row_count = _stage(connection, clickhouse, table)
        changed_rows = _find_changes(connection, table)
        if not changed_rows:
            return Publication(None, row_count, 0, 0)
        if not row_count:
            raise EmptyMartError(
                f"{table.mart} has no rows while {table.served} has {changed_rows}: not publishing nothing."
                " Rebuild the warehouse (job rebuild_warehouse); if the table is meant to be empty,"
                f" empty {table.served} by hand"
            )
        data_version = _new_version(connection, run_id)
        _apply_changes(connection, table, data_version)
        changed_values = _queue_updates(connection, table, data_version)
    return Publication(data_version, row_count, changed_rows, changed_values)


def count_differences(
    connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable
) -> tuple[int, int]:
    """Rows of the mart, and how many rows the served table has otherwise, lacks or has too many."""
    with connection.transaction(force_rollback=True):
        return _stage(connection, clickhouse, table), _find_changes(connection, table)


def _stage(connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable) -> int:
    """Load the mart into the temporary table `incoming`; returns its number of rows."""
    columns = columns_of(connection, table)
    connection.execute(
        sql.SQL("create temporary table incoming on commit drop as select {} from {} with no data").format(
            _names(columns), _qualified(table.served)
        )
    )
    selected = ", ".join(
        f"round(`{name}`, {FLOAT_DECIMALS})" if data_type == "double precision" else f"`{name}`"
        for name, data_type in columns.items()
    )
    query = f"select {selected} from {table.mart}"  # noqa: S608 - names from the catalog and our declaration
    stream: Any = clickhouse.raw_stream(
        query, fmt="CSV", settings=CSV_SETTINGS
    )  # a file; declared as a union
    statement = sql.SQL("copy incoming ({}) from stdin with (format csv)").format(_names(columns))
    with stream, connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := stream.read(BLOCK_BYTES):
            copy.write(block)
    return int(connection.execute("select count(*) from incoming").fetchall()[0][0])


def _find_changes(connection: psycopg.Connection, table: ServedTable) -> int:
    """Fill the temporary table `changed` with each differing row, before and after; returns how many."""
    cursor = connection.execute(
        sql.SQL(
            "create temporary table changed on commit drop as"
            " select {key}, to_jsonb(incoming) as new_row, to_jsonb(served) - 'data_version' as old_row"
            " from incoming full join {served} as served using ({key})"
            " where to_jsonb(incoming) is distinct from to_jsonb(served) - 'data_version'"
        ).format(key=_names(table.key), served=_qualified(table.served))
    )
    return cursor.rowcount


def _new_version(connection: psycopg.Connection, run_id: str) -> int:
    cursor = connection.execute(
        "insert into serving.data_versions (run_id) values (%s) returning data_version", (run_id,)
    )
    return int(cursor.fetchall()[0][0])


def _apply_changes(connection: psycopg.Connection, table: ServedTable, data_version: int) -> None:
    columns = columns_of(connection, table)
    values = [name for name in columns if name not in table.key]
    names = {
        "served": _qualified(table.served),
        "key": _names(table.key),
        "columns": _names(columns),
        "incoming_columns": sql.SQL(", ").join(sql.Identifier("incoming", name) for name in columns),
        "same_key": sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier("served", name), sql.Identifier("changed", name))
            for name in table.key
        ),
        "updates": sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in [*values, "data_version"]
        ),
    }
    connection.execute(
        sql.SQL(
            "delete from {served} as served using changed where changed.new_row is null and {same_key}"
        ).format(**names)
    )
    connection.execute(
        sql.SQL(
            "insert into {served} ({columns}, data_version)"
            " select {incoming_columns}, %s from incoming inner join changed using ({key})"
            " on conflict ({key}) do update set {updates}"
        ).format(**names),
        (data_version,),
    )


def _queue_updates(connection: psycopg.Connection, table: ServedTable, data_version: int) -> int:
    """One outbox row per changed number; returns how many."""
    metrics = [n for n in columns_of(connection, table) if n not in (*table.key, *table.labels)]
    cursor = connection.execute(
        sql.SQL(
            "insert into serving.update_outbox"
            " (data_version, company_id, period_grain, period, metric, value, previous_value)"
            " select %(version)s, company_id, period_grain, period, metric, value, previous_value"
            " from changed cross join unnest(%(metrics)s::text[]) as metric"
            # A missing row and a missing value both read as SQL's null.
            " cross join lateral (select nullif(new_row -> metric, 'null') as value,"
            "                            nullif(old_row -> metric, 'null') as previous_value) as change"
            " where value is distinct from previous_value"
            " order by company_id, period_grain, period, metric"
        ),
        {"version": data_version, "metrics": metrics},
    )
    return cursor.rowcount


def _qualified(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def _names(columns: dict[str, str] | tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)
