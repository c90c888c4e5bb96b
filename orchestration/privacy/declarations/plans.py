"""What the declarations say is to be done: the erasure plan, the export plan, and questions that verify both.

A question counts or reads the rows of some people in one relation, and can be asked of its store as it is.
It is written from the declaration alone and shares nothing with what deletes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import DeclarationError, Export, Relation, Via, sql_interval


@dataclass(frozen=True)
class Step:
    """One relation's part of an erasure."""

    relation: str
    erase: str
    physically: str
    columns: dict[str, str]  # of a redacted row: what each column that changes becomes
    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """SQL with its parameters by name.

    `people`: ids of persons. `needles`: what is looked for inside of columns that mention people, ids as
    text and identities. `reached`: answers of `reached_by`, a question to another store that has to be
    asked first.
    """

    relation: str
    store: str
    sql: str
    reached_by: Question | None = None


def erasure_plan(declarations: Declarations) -> list[Step]:
    """What erasure does, in its order: what is derived before what it is made from."""
    return [
        Step(
            relation=relation.key,
            erase=relation.erase,
            physically=str(relation.physically),
            columns={
                name: column.erased_to for name, column in relation.columns.items()
                if column.erased_to != "keep"
            } if relation.erase == "redact" else {},
            mentions=relation.mentions,
        )
        for relation in declarations.in_erasure_order() if relation.is_erased_here
    ]  # fmt: skip


def export_plan(declarations: Declarations) -> dict[str, dict[str, Export]]:
    """By relation, the columns that a person's export holds and whether as they are or redacted."""
    return {
        relation.key: {
            name: column.exported_as
            for name, column in relation.columns.items() if column.exported_as != "omit"
        }
        for relation in sorted(declarations.about_people(), key=lambda one: one.key)
        if relation.export == "own"
    }  # fmt: skip


def counting(declarations: Declarations, relation: Relation, *, prefix: str = "") -> Question:
    """How many rows of the people are left. A prefix is DBT_SCHEMA_PREFIX."""
    return _question(declarations, relation, "count(*)", prefix)


def reading(declarations: Declarations, relation: Relation, *, prefix: str = "") -> Question:
    """The columns of the people's rows that an export holds."""
    columns = [name for name, column in relation.columns.items() if column.exported_as != "omit"]
    return _question(declarations, relation, ", ".join(f'"{name}"' for name in columns), prefix)


def ttl_clauses(relation: Relation) -> list[str]:
    """ALTER statements that let ClickHouse itself forget: rows after the longest legal age, and single
    columns.

    A company may set a shorter age within its bounds; that is no property of a table and is enforced by row.
    """
    retention = relation.retention
    if relation.store != "clickhouse" or relation.kind != "table" or retention is None or not retention.clock:
        return []
    # Without a date it is not over: a membership that has not ended.
    clock = f"toDateTime(ifNull({retention.clock}, toDate32('2100-01-01')))"
    clauses = []
    longest = retention.bounds[1] if retention.bounds else retention.max_age
    if longest:
        clauses.append(f"alter table {relation.name} modify ttl {clock} + {sql_interval(longest)}")
    clauses += [
        f"alter table {relation.name} modify column {name} ttl {clock} + {sql_interval(column.ttl)}"
        for name, column in relation.columns.items()
        if column.ttl
    ]
    return clauses


def _question(declarations: Declarations, relation: Relation, what: str, prefix: str) -> Question:
    if relation.store not in _WHERE:
        raise DeclarationError(f"{relation.key} is no table and is not asked by SQL")
    if not relation.is_about_people:
        raise DeclarationError(f"{relation.key} holds nothing of a person")
    reached_by = None
    if isinstance(relation.reach, Via):
        via = declarations[relation.reach.via]
        if via.store != relation.store:
            reached_by = _question(declarations, via, f"distinct {relation.reach.matches}", prefix)
    condition = _condition(declarations, relation, prefix)
    return Question(
        relation.key,
        relation.store,
        f"select {what} from {prefix}{relation.name} where {condition}",  # noqa: S608 - declared names
        reached_by,
    )


def _condition(declarations: Declarations, relation: Relation, prefix: str) -> str:
    words: dict[str, Any] = _WHERE[relation.store]
    parts = [words["is"].format(column=column) for column in relation.subject_keys.values()]
    parts += [words["mentions"].format(column=column) for column in relation.mentions]
    if isinstance(relation.reach, Via):
        via = declarations[relation.reach.via]
        if via.store == relation.store:
            theirs = _condition(declarations, via, prefix)
            inner = f"select {relation.reach.matches} from {prefix}{via.name} where {theirs}"  # noqa: S608
            parts.append(f"{relation.reach.column} in ({inner})")
        else:
            parts.append(words["reached"].format(column=relation.reach.column))
    return " or ".join(parts) if parts else "false"


# A needle is text; a column of bytes shows them in hexadecimal, so it is looked for in both ways.
_WHERE: dict[str, dict[str, str]] = {
    "clickhouse": {
        "is": "has({{people:Array(UUID)}}, {column})",
        "mentions": "multiSearchAny(toString({column}), {{needles:Array(String)}})",
        "reached": "has({{reached:Array(UUID)}}, {column})",
    },
    "postgres": {
        "is": "{column} = any(%(people)s)",
        "mentions": (
            "exists (select from unnest(%(needles)s::text[]) as needle"
            " where strpos({column}::text, needle) > 0"
            " or strpos({column}::text, encode(convert_to(needle, 'UTF8'), 'hex')) > 0)"
        ),
        "reached": "{column} = any(%(reached)s)",
    },
}
