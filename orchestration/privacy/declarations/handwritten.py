"""Materialized views that migrations of ClickHouse write by hand: their SQL, for the lineage that dbt's have.

Such a view passes rows on as they arrive, so both it and the table it fills have to say what feeds their
columns. A view that a later migration writes anew or drops counts as that one leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from ingest.migrate import Migration, migrations_of
from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.lineage import Feed, LineageError, columns_of
from orchestration.privacy.declarations.taint import Leak, Traced, leaks_of, tables_of

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_VIEW = re.compile(
    r"create\s+materialized\s+view\s+(?:if\s+not\s+exists\s+)?(\w+\.\w+)\s+to\s+(\w+\.\w+)\s+as\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)
_ANY_VIEW = re.compile(r"create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\s", re.IGNORECASE)
_CHANGED = re.compile(r"alter\s+table\s+(\w+\.\w+)\s+modify\s+query\s+(.+)", re.IGNORECASE | re.DOTALL)
_DROPPED = re.compile(r"drop\s+(?:table|view)\s+(?:if\s+exists\s+)?(\w+\.\w+)", re.IGNORECASE)


class HandwrittenViewError(Exception):
    """A view is written in a way that is not read here; the message names the migration."""


@dataclass(frozen=True)
class View:
    """A materialized view: its key, that of the table it fills, and its SQL."""

    key: str
    fills: str
    sql: str


def handwritten_views(migrations: Iterable[Migration] | None = None) -> list[View]:
    """Every view as the last migration leaves it, those first that fill what others read.

    Raises HandwrittenViewError for one without `to`: what it keeps would be in a table that nobody declared.
    """
    views: dict[str, View] = {}
    for migration in migrations_of("clickhouse") if migrations is None else migrations:
        for statement in _COMMENT.sub("", migration.sql).split(";\n"):
            if found := _VIEW.match(statement.strip()):
                sql = found[3].strip().removesuffix(";")
                views[found[1]] = View(f"clickhouse:{found[1]}", f"clickhouse:{found[2]}", sql)
            elif _ANY_VIEW.match(statement.strip()):
                raise HandwrittenViewError(
                    f"{migration.name}: write `create materialized view NAME to TABLE as SELECT`,"
                    " with a table that is declared; what feeds a view's columns is traced from that"
                )
            elif (changed := _CHANGED.match(statement.strip())) and changed[1] in views:
                sql = changed[2].strip().removesuffix(";")
                views[changed[1]] = replace(views[changed[1]], sql=sql)
            elif dropped := _DROPPED.match(statement.strip()):
                views.pop(dropped[1], None)
    order: TopologicalSorter[str] = TopologicalSorter(
        {
            name: {other for other, one in views.items() if _reads(view.sql, one.fills)}
            for name, view in views.items()
        }
    )
    return [views[name] for name in order.static_order()]


def traced_views(declarations: Declarations, views: Iterable[View]) -> Traced:
    """What feeds each view and the table it fills, and where either does not say so. Raises LineageError."""
    tables = tables_of(declarations, "clickhouse")
    feeds: dict[str, frozenset[Feed]] = {}
    leaks: list[Leak] = []
    count = columns = 0
    for view in views:
        count += 1
        try:
            found = columns_of(view.sql, tables, dialect="clickhouse")
        except LineageError as error:
            raise LineageError(f"{view.key}: {error}") from error
        columns += len(found)
        for key in (view.key, view.fills):
            relation = declarations[key]
            feeds |= {f"{key}.{name}": value.feeds for name, value in found.items() if value.feeds}
            leaks += leaks_of(relation, found)
            if (
                relation.kind == "view"
            ):  # it keeps nothing: who reads it reads what was passed on, field by field
                tables[relation.name] = found
    return Traced(count, columns, feeds, tuple(leaks))


def _reads(sql: str, key: str) -> bool:
    return re.search(rf"\b{re.escape(key.partition(':')[2])}\b", sql) is not None
