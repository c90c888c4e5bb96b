"""Takes people out of Postgres: their rows first, then what the rows leave behind in its files.

A deleted row stays in its table's file until something is written over it, an index keeps its keys, the
planner's statistics keep the commonest values, and the write-ahead log has all of it. So at the end the
tables that hold people are written anew, statistics are taken again, and the log is moved on. Materialized
views are refreshed as soon as their tables are swept, since the API reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ingest import leases
from ingest.events import NIL
from orchestration.privacy.declarations import Declarations, Relation, Via
from orchestration.privacy.erasure.subjects import Subject, Words
from orchestration.privacy.erasure.sweeping import SweepError, Swept

_COLUMNS = """
select attname, format_type(atttypid, null) as type, not attnotnull as is_nullable
from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
"""
_BATCH = 2_000
_READINGS = 5  # of a table in which rows move while it is read
# What a column of the people's rows in another store holds: a row here may be found by that.
Elsewhere = Callable[[Relation, str], list[str]]
_LONGEST_WAL = 64  # segments that are moved on, of 16 MiB each
# A table whose files have nothing but the page that an index begins with is as it was made.
_USED = """
select name from unnest(%s::text[]) as name inner join pg_class on pg_class.oid = to_regclass(name)
where pg_relation_size(pg_class.oid) > 0 or pg_relation_size(nullif(reltoastrelid, 0)) > 0
    or exists (
        select from pg_index
        where indrelid in (pg_class.oid, reltoastrelid) and pg_relation_size(indexrelid) > 8192
    )
order by name
"""
_VIEWS = """
select schemaname, matviewname from pg_matviews order by schemaname, matviewname
"""


class Database:
    """Sweeps tables for one set of people, each in a transaction. `connection` is in autocommit."""

    def __init__(
        self,
        connection: psycopg.Connection,
        declarations: Declarations,
        subjects: Sequence[Subject],
        elsewhere: Elsewhere = lambda relation, _: _nowhere(relation),
    ) -> None:
        self._connection = connection
        self._declarations = declarations
        self._words = Words(subjects)
        self._elsewhere = elsewhere
        ids = [one.person_id for one in subjects]
        self._values = {"ids": ids, "texts": [str(one) for one in ids]}

    def sweep(self, relation: Relation) -> Swept:
        """Delete or redact the people's rows of one table."""
        columns = self._columns(relation.name)
        if not columns:
            return Swept(0, detail={"absent": True})
        with self._connection.transaction():
            leases.write(self._connection)
            before = self._by_key(relation, columns) if relation.subject_keys or _via(relation) else 0
            if relation.mentions:
                before += self._by_words(relation, columns)
        return Swept(before)

    def refresh_views(self) -> Swept:
        """Have every materialized view follow its tables: what it held goes with its file."""
        views = self._connection.execute(_VIEWS).fetchall()
        for schema, name in views:
            self._connection.execute(
                sql.SQL("refresh materialized view {}").format(sql.Identifier(schema, name))
            )
        return Swept(0, detail={"views": len(views)})

    def write_anew(self, progress: Callable[[str], None] = lambda _: None) -> Swept:
        """Leave nothing of what was deleted, now or before, in Postgres' files."""
        tables = [
            one.name
            for one in self._declarations.of_store("postgres")
            # Kept ones too: whom an erasure is about stood in one of them until a moment ago.
            if one.is_about_people and one.kind == "table" and self._columns(one.name)
        ]
        used = [row[0] for row in self._connection.execute(_USED, (tables,))]
        for name in used:
            progress(name)
            self._connection.execute(sql.SQL("vacuum (full, analyze) {}").format(_name(name)))
        detail: dict[str, Any] = {"tables": len(tables), "written_anew": len(used)}
        try:
            self._connection.execute("vacuum full pg_catalog.pg_statistic")
            detail["log_segments"] = self._move_log_on()
        except psycopg.errors.InsufficientPrivilege:
            # A managed Postgres: its log, and its statistics' old rows, age out by themselves.
            detail["log_segments"] = "not permitted"
        return Swept(0, detail=detail)

    def _by_key(self, relation: Relation, columns: dict[str, dict[str, Any]]) -> int:
        condition = self._mine(relation, columns)
        table = _name(relation.name)
        if relation.erase == "delete":
            statement = sql.SQL("delete from {} where {}").format(table, condition)
        else:
            statement = self._redaction(relation, columns, condition)
        return self._connection.execute(statement, self._values).rowcount

    def _redaction(
        self, relation: Relation, columns: dict[str, dict[str, Any]], condition: sql.Composable
    ) -> sql.Composed:
        changes: list[sql.Composable] = []
        for name, column in relation.columns.items():
            if name not in columns or not column.is_personal or column.erased_to == "keep":
                continue
            kept = _stand_in(column.erased_to, columns[name])
            if name in relation.subject_keys.values():
                is_one = self._is_one(name, columns)
                changes.append(
                    sql.SQL("{0} = case when {1} then {2} else {0} end").format(
                        sql.Identifier(name), is_one, kept
                    )
                )
            else:
                changes.append(sql.SQL("{} = {}").format(sql.Identifier(name), kept))
        if not changes:
            raise SweepError(
                f"{relation.key} is to be redacted, but its declaration leaves nothing to redact"
            )
        return sql.SQL("update {} set {} where {}").format(
            _name(relation.name), sql.SQL(", ").join(changes), condition
        )

    def _mine(self, relation: Relation, columns: dict[str, dict[str, Any]]) -> sql.Composable:
        found = [self._is_one(name, columns) for name in relation.subject_keys.values()]
        if (via := _via(relation)) is not None:
            other = self._declarations[via.via]
            if other.store != "postgres":
                values = sql.Literal(self._elsewhere(other, via.matches))
                found.append(sql.SQL("{}::text = any({})").format(sql.Identifier(via.column), values))
                return sql.SQL("({})").format(sql.SQL(" or ").join(found))
            found.append(
                sql.SQL("{} in (select {} from {} where {})").format(
                    sql.Identifier(via.column), sql.Identifier(via.matches), _name(other.name),
                    self._mine(other, self._columns(other.name)),
                )
            )  # fmt: skip
        return sql.SQL("({})").format(sql.SQL(" or ").join(found))

    def _is_one(self, name: str, columns: dict[str, dict[str, Any]]) -> sql.Composable:
        if name not in columns:
            raise SweepError(f"a declaration names column {name}, which its table does not have")
        column = sql.Identifier(name)
        match columns[name]["type"]:
            case "uuid":
                return sql.SQL("{} = any(%(ids)s)").format(column)
            case "uuid[]":
                return sql.SQL("{} && %(ids)s::uuid[]").format(column)
            case _:
                return sql.SQL("{}::text = any(%(texts)s)").format(column)

    def _by_words(self, relation: Relation, columns: dict[str, dict[str, Any]]) -> int:
        """Rows that name one of the people inside a text, JSON or body: read, since no index finds them.

        Reading locks no row: nobody waits for a table to be read. Whoever changes one of these rows before it
        is changed here makes another of it, and the table is read again.
        """
        names = [name for name in relation.mentions if name in columns]
        if not names:
            return 0
        found = 0
        for _ in range(_READINGS):
            rows = self._naming(relation, columns, names)
            changed = sum(
                self._change(relation, columns, rows[start : start + _BATCH])
                for start in range(0, len(rows), _BATCH)
            )
            found += changed
            if changed == len(rows):
                return found
        raise SweepError(
            f"others changed rows of {relation.key} that name somebody, each of the {_READINGS} times that it"
            " was read; run the step again"
        )

    def _naming(
        self, relation: Relation, columns: dict[str, dict[str, Any]], names: Sequence[str]
    ) -> list[tuple[str, str]]:
        """Where the rows are that name somebody, and who wrote them: another row may get a place later."""
        with self._connection.cursor(name="erasure", withhold=False) as cursor:
            cursor.itersize = _BATCH
            cursor.execute(
                sql.SQL("select ctid::text, xmin::text, {} from {}").format(
                    sql.SQL(", ").join(map(_readable(columns), names)), _name(relation.name)
                )
            )
            return [(row[0], row[1]) for row in cursor if self._words.found_in_any(row[2:])]

    def _change(
        self, relation: Relation, columns: dict[str, dict[str, Any]], rows: Sequence[tuple[str, str]]
    ) -> int:
        condition = sql.SQL(
            "ctid = any(%(places)s::tid[])"
            " and (ctid, xmin::text) in (select * from unnest(%(places)s::tid[], %(writers)s::text[]))"
        )
        if relation.erase == "delete":
            statement = sql.SQL("delete from {} where {}").format(_name(relation.name), condition)
        else:
            statement = self._redaction(relation, columns, condition)
        places, writers = map(list, zip(*rows, strict=True))
        values = {**self._values, "places": places, "writers": writers}
        return self._connection.execute(statement, values).rowcount

    def _columns(self, name: str) -> dict[str, dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(_COLUMNS, (name,)).fetchall()
        return {row["attname"]: row for row in rows}

    def _move_log_on(self) -> int:
        """Every segment of the write-ahead log is removed or written over; returns how many there were."""
        segments = int(self._one("select count(*) from pg_ls_waldir()"))
        self._connection.execute("alter system set wal_recycle = off")
        try:
            self._connection.execute("select pg_reload_conf()")
            # Segments that lie ready for later still hold what they held before: each is begun and closed,
            # which fills it with zeros.
            for _ in range(min(segments + 1, _LONGEST_WAL)):
                self._connection.execute("select pg_logical_emit_message(false, 'erasure', '')")
                self._connection.execute("select pg_switch_wal()")
            self._connection.execute("checkpoint")
        finally:
            self._connection.execute("alter system reset wal_recycle")
            self._connection.execute("select pg_reload_conf()")
        return segments

    def _one(self, query: str) -> Any:
        row = self._connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def _nowhere(relation: Relation) -> list[str]:
    raise SweepError(f"{relation.key} is in another store, which was not opened")


def _via(relation: Relation) -> Via | None:
    return relation.reach if isinstance(relation.reach, Via) else None


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def _readable(columns: dict[str, dict[str, Any]]) -> Callable[[str], sql.Composable]:
    def of(name: str) -> sql.Composable:
        column = sql.Identifier(name)
        return column if columns[name]["type"] == "bytea" else sql.SQL("{}::text").format(column)

    return of


def _stand_in(kept: str, column: dict[str, Any]) -> sql.Composable:
    if kept == "nil":
        return sql.Literal(str(NIL)) + sql.SQL("::uuid") if column["type"] == "uuid" else sql.SQL("null")
    if kept == "null" and column["is_nullable"]:
        return sql.SQL("null")
    return {
        "jsonb": sql.SQL("'{}'::jsonb"), "bytea": sql.SQL("''::bytea"), "uuid": sql.SQL(f"'{NIL}'::uuid"),
    }.get(column["type"], sql.SQL("''"))  # fmt: skip
