"""Publishes the marts: every served table and view changes in one transaction, or none does.

Readers keep the old rows until it commits; they are never blocked, and no two of their reads inside one
statement come from different publications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql

from orchestration.publication.parts import Parts, forget_parts, parts_of
from orchestration.publication.reports import REPORTS, announce_report
from orchestration.publication.staging import StagedMart
from orchestration.publication.tables import LABELS, SERVED_TABLES, ServedTable, columns_of

MARTS = "marts"  # the database of the marts in ClickHouse
_WORK_MEMORY = "256MB"  # comparing a large table with its copy in memory takes seconds less than on disk

# Materialized views that read a served table, directly or through each other, in an order that can be
# refreshed.
_DEPENDENT_VIEWS = """
with recursive edges as (
    select distinct pg_rewrite.ev_class as view, pg_depend.refobjid as reads
    from pg_depend
    inner join pg_rewrite on pg_depend.objid = pg_rewrite.oid
    where pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.refclassid = 'pg_class'::regclass
      and pg_depend.refobjid <> pg_rewrite.ev_class
), dependent as (
    select view, 1 as depth from edges where reads = any(%s::regclass[])
    union
    select edges.view, dependent.depth + 1 from edges inner join dependent on edges.reads = dependent.view
)
select pg_namespace.nspname, pg_class.relname
from dependent
inner join pg_class on dependent.view = pg_class.oid and pg_class.relkind = 'm' and pg_class.relispopulated
inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
group by pg_namespace.nspname, pg_class.relname
order by max(dependent.depth), pg_class.relname
"""


class EmptyMartError(Exception):
    """The mart has no rows while the served table has some: a lost warehouse rather than a quiet month."""


@dataclass(frozen=True)
class Publication:
    """What one publication did. Without a `data_version`, every table was equal to its mart already."""

    data_version: int | None
    row_counts: Mapping[str, int]  # per served table: rows of its mart
    changed_rows: Mapping[str, int]  # per served table: rows written or deleted
    changed_values: int = 0  # announced to live streams
    reports: int = 0  # announced to live streams: made anew, one per company
    refreshed_views: Sequence[str] = field(default_factory=tuple)


def publish(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    *,
    run_id: str,
    tables: Sequence[ServedTable] = SERVED_TABLES,
    marts: str = MARTS,
    reports: Mapping[str, str] = REPORTS,
) -> Publication:
    """Make every served table equal to its mart, refresh the views that read one, and queue announcements.

    Raises EmptyMartError instead of emptying a served table that does not become empty by itself.
    """
    with connection.transaction():
        # One publication at a time, from before it reads the marts: the later one must not put older numbers
        # back. Readers are not affected by this lock.
        connection.execute("lock table serving.data_versions in share row exclusive mode")
        parts = {table: _parts(connection, clickhouse, table, marts) for table in tables}
        row_counts = {table.name: found.row_count for table, found in parts.items()}
        changed_rows = dict.fromkeys(row_counts, 0)
        staged = [
            _staged(connection, clickhouse, table, marts, found)
            for table, found in parts.items()
            if found.differing
        ]
        changed_rows |= {mart.table.name: mart.changed_rows for mart in staged}
        changed = [mart for mart in staged if mart.changed_rows]
        _refuse_to_empty(changed, row_counts, marts)
        for found in parts.values():
            found.note(connection)
        if not changed:
            return Publication(None, row_counts, changed_rows)
        data_version = _new_version(connection, run_id)
        changed_values = sum(_announce_changes(connection, mart, data_version) for mart in changed)
        for mart in changed:
            mart.apply(data_version)
            _move_company_versions(connection, mart, data_version)
        views = refresh_views(connection, [mart.table for mart in changed])
        made = sum(
            announce_report(connection, report, _changes_under(connection, view, changed), data_version)
            for view, report in reports.items()
            if view in views
        )
    return Publication(data_version, row_counts, changed_rows, changed_values, made, views)


def count_differences(
    connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable, *, marts: str = MARTS
) -> tuple[int, int]:
    """Rows of the mart, and how many rows the served table has otherwise, lacks or has too many.

    Where there are any, the next publication compares all of the table, and mends them.
    """
    with connection.transaction(force_rollback=True):
        mart = _staged(connection, clickhouse, table, marts)
    if mart.changed_rows:
        forget_parts(connection, table)
    return mart.row_count, mart.changed_rows


def _parts(
    connection: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable, marts: str
) -> Parts:
    return parts_of(connection, clickhouse, table, f"{marts}.{table.name}", columns_of(connection, table))


def _staged(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    table: ServedTable,
    marts: str,
    parts: Parts | None = None,
) -> StagedMart:
    """The mart beside what is served: what is new of its `parts`, or without them all of it."""
    connection.execute(sql.SQL("set local work_mem = {}").format(sql.Literal(_WORK_MEMORY)))
    mart, scope = StagedMart(connection, table), parts.scope() if parts else None
    mart.load(clickhouse, f"{marts}.{table.name}", scope)
    mart.find_changes(scope)
    return mart


def _refuse_to_empty(changed: Sequence[StagedMart], row_counts: Mapping[str, int], marts: str) -> None:
    for mart in changed:
        if not row_counts[mart.table.name] and not mart.table.may_become_empty:
            raise EmptyMartError(
                f"{marts}.{mart.table.name} has no rows while {mart.table.served} has {mart.changed_rows}:"
                " not publishing nothing. Rebuild the warehouse (job rebuild_warehouse); if it is meant to be"
                f" empty, empty {mart.table.served} by hand"
            )


def _new_version(connection: psycopg.Connection, run_id: str) -> int:
    row = connection.execute(
        "insert into serving.data_versions (run_id) values (%s) returning data_version", (run_id,)
    ).fetchall()[0]
    return int(row[0])


def _move_company_versions(connection: psycopg.Connection, mart: StagedMart, data_version: int) -> None:
    """Every company with a changed row is at this version now, and no other is."""
    connection.execute(
        sql.SQL(
            "insert into serving.company_versions (company_id, data_version)"
            " select distinct company_id, %s::bigint from {}"
            " on conflict (company_id) do update set data_version = excluded.data_version"
        ).format(mart.changed),
        (data_version,),
    )


def _announce_changes(connection: psycopg.Connection, mart: StagedMart, data_version: int) -> int:
    """Announce each changed number, before the change is applied; returns how many.

    They leave with the transaction's commit, when the views show the new numbers.
    """
    announced = mart.table.announced
    if announced is None:
        return 0
    cursor = connection.execute(
        sql.SQL(
            # Each row becomes json once, not once per number.
            "with rows as materialized ("
            " select {key}, to_jsonb(incoming) as new_row, to_jsonb(served) as old_row"
            " from {changed} as changed left join {incoming} as incoming using ({key})"
            " left join {served} as served using ({key}))"
            " insert into serving.announcements (company_id, name, message_id, data)"
            " select company_id, %(name)s::text,"
            "  concat_ws(':', %(name)s::text, %(version)s::text, company_id, {labels}, number.name),"
            "  jsonb_build_object({told}, 'value', value, 'previousValue', previous_value,"
            "                     'dataVersion', %(version)s::bigint)"
            "  || case when %(is_one)s::boolean then '{{}}'"
            "     else jsonb_build_object('metric', number.name) end"
            " from rows cross join unnest(%(numbers)s::text[]) as number (name)"
            # A missing row and a missing value both read as SQL's null.
            " cross join lateral (select nullif(new_row -> number.name, 'null') as value,"
            "                            nullif(old_row -> number.name, 'null') as previous_value) as change"
            " where value is distinct from previous_value"
            " order by company_id, {labels}, number.name"
            " on conflict do nothing"
        ).format(
            changed=mart.changed,
            incoming=mart.incoming,
            served=mart.served,
            key=mart.key,
            labels=sql.SQL(", ").join(sql.Identifier(column) for column, _ in announced.labels),
            told=sql.SQL(", ").join(
                part
                for label, told in announced.labels
                for part in (sql.Literal(told), sql.Identifier(label))
            ),
        ),
        {
            "name": announced.name,
            "version": data_version,
            "is_one": announced.number is not None,
            "numbers": [announced.number]
            if announced.number
            else [name for name in mart.columns if name not in LABELS],
        },
    )
    return cursor.rowcount


def _changes_under(
    connection: psycopg.Connection, view: str, changed: Sequence[StagedMart]
) -> list[sql.Composable]:
    """The changed rows of the tables that a view is made of."""
    return [
        mart.changed
        for mart in changed
        if view in {name for _, name in _dependent_views(connection, [mart.table])}
    ]


def _dependent_views(connection: psycopg.Connection, tables: Sequence[ServedTable]) -> list[tuple[str, str]]:
    """Schema and name of each materialized view that reads one of the tables, in an order to refresh them."""
    return connection.execute(_DEPENDENT_VIEWS, ([table.served for table in tables],)).fetchall()


def refresh_views(connection: psycopg.Connection, changed: Sequence[ServedTable]) -> list[str]:
    """Refresh what reads a changed table, inside the transaction: views and tables appear together."""
    views = _dependent_views(connection, changed)
    for schema, view in views:
        connection.execute(
            sql.SQL("refresh materialized view concurrently {}").format(sql.Identifier(schema, view))
        )
    return [view for _, view in views]
