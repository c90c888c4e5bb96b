"""What is read for an export, derived from the declarations: each relation with a question to its store.

A relation is left out only with a reason, and the reasons stand in the export. Tables that are not there yet
hold nothing; columns that are there and not declared are not handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.declarations import Column, Declarations, Relation, Via

SHARED = "its rows name no company, and another company knows the person too: ask the platform"
NOT_THERE = "nothing has been built or stored here yet"
HASHED = "its rows are kept under a hash of the person's id"
SEARCHED = "people are only named inside its rows; what they say was read where it is kept for good"

_CLICKHOUSE_COLUMNS = """
select columns.database || '.' || columns.table, columns.name, columns.type, tables.engine
from system.columns as columns
inner join system.tables as tables on columns.database = tables.database and columns.table = tables.name
where columns.default_kind not in ('ALIAS', 'EPHEMERAL') and columns.database || '.' || columns.table in
    {names:Array(String)}
order by columns.database, columns.table, columns.position
"""
_POSTGRES_COLUMNS = """
select space.nspname || '.' || class.relname, attribute.attname,
    format_type(attribute.atttypid, attribute.atttypmod), class.relkind::text
from pg_attribute as attribute
inner join pg_class as class on class.oid = attribute.attrelid
inner join pg_namespace as space on space.oid = class.relnamespace
where space.nspname || '.' || class.relname = any(%s) and attribute.attnum > 0 and not attribute.attisdropped
order by 1, attribute.attnum
"""


@dataclass(frozen=True)
class Field:
    """One column as it is handed over."""

    name: str
    type: str
    column: Column


@dataclass(frozen=True)
class Source:
    """One relation, its columns, and the statement that finds a person's rows in it."""

    relation: Relation
    fields: tuple[Field, ...]
    statement: str

    @property
    def key(self) -> str:
        return self.relation.key

    def parameters(self, person_id: UUID, company_id: UUID | None) -> dict[str, str | UUID | None]:
        if self.relation.store == "clickhouse":
            return {"person": str(person_id), "company": str(company_id)}
        return {"person": person_id, "company": company_id}


@dataclass(frozen=True)
class LeftOut:
    """A relation about people that is not in the export, and why."""

    relation: Relation
    reason: str


@dataclass(frozen=True)
class Plan:
    """All that is read, and all that is not."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]


Catalogue = Mapping[str, Mapping[str, str]]  # by key of a relation: type by column


def plan(
    declarations: Declarations,
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    *,
    of_company: bool = False,
) -> Plan:
    """What to read now. `of_company`: only rows of one company, for a person whom others know too."""
    wanted = [one for one in declarations.about_people() if one.export == "own"]
    types, engines = _catalogue(postgres, clickhouse, wanted)
    sources: list[Source] = []
    left_out: list[LeftOut] = []
    for relation in wanted:
        there = types.get(relation.key)
        fields = _fields(relation, there or {})
        reason = _reason(relation, there, of_company)
        if reason is not None:
            left_out.append(LeftOut(relation, reason))
        else:
            statement = _statement(declarations, relation, fields, engines, of_company)
            sources.append(Source(relation, fields, statement))
    return Plan(tuple(sources), tuple(left_out))


def _reason(relation: Relation, there: Mapping[str, str] | None, of_company: bool) -> str | None:
    if there is None:
        return NOT_THERE
    if relation.key_transform != "none":
        return HASHED
    if relation.reach == "scan" and not relation.subject_keys:
        return SEARCHED
    return SHARED if of_company and "company_id" not in there else None


def _fields(relation: Relation, there: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(name, type_, relation.columns[name])
        for name, type_ in there.items()
        if name in relation.columns and relation.columns[name].exported_as != "omit"
    )


def _statement(
    declarations: Declarations,
    relation: Relation,
    fields: Iterable[Field],
    engines: Mapping[str, str],
    of_company: bool,
) -> str:
    columns = ", ".join(_quoted(relation, field.name) for field in fields)
    final = " final" if "Replacing" in engines.get(relation.key, "") else ""
    company = "{company:UUID}" if relation.store == "clickhouse" else "%(company)s"
    scope = f" and {_quoted(relation, 'company_id')} = {company}" if of_company else ""
    where = _where(declarations, relation)
    return f"select {columns} from {_named(relation)}{final} where ({where}){scope}"  # noqa: S608 - declared names


def _where(declarations: Declarations, relation: Relation) -> str:
    """A condition on the rows of a relation: those of the person, however they are reached."""
    person = "{person:UUID}" if relation.store == "clickhouse" else "%(person)s"
    if isinstance(relation.reach, Via):
        via = declarations[relation.reach.via]
        inner = f"select {_quoted(via, relation.reach.matches)} from {_named(via)}"  # noqa: S608 - declared names
        return f"{_quoted(relation, relation.reach.column)} in ({inner} where {_where(declarations, via)})"
    found = [f"{_quoted(relation, column)} = {person}" for column in relation.subject_keys.values()]
    if relation.store == "clickhouse":
        # A volunteer's sessions are events of participants: the other side stands inside, in JSON.
        found += [
            f"position({_quoted(relation, name)}, concat('\"', toString({person}), '\"')) > 0"
            for name, column in relation.columns.items()
            if column.fields and column.mentions
        ]
    return " or ".join(found)


def _named(relation: Relation) -> str:
    schema, _, table = relation.name.partition(".")
    quote = "`" if relation.store == "clickhouse" else '"'
    return f"{quote}{schema}{quote}.{quote}{table}{quote}"


def _quoted(relation: Relation, column: str) -> str:
    quote = "`" if relation.store == "clickhouse" else '"'
    if quote in column or "%" in column:
        raise ValueError(f"{relation.key} declares a column that cannot be quoted: {column!r}")
    return f"{quote}{column}{quote}"


def _catalogue(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient, wanted: Iterable[Relation]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Types by column, and engines, of what is really there."""
    names: dict[str, list[str]] = {"clickhouse": [], "postgres": []}
    for relation in wanted:
        names.setdefault(relation.store, []).append(relation.name)
    types: dict[str, dict[str, str]] = {}
    engines: dict[str, str] = {}
    found = {
        "clickhouse": clickhouse.query(_CLICKHOUSE_COLUMNS, {"names": names["clickhouse"]}).result_rows,
        "postgres": postgres.execute(_POSTGRES_COLUMNS, (names["postgres"],)).fetchall(),
    }
    for store, rows in found.items():
        for name, column, type_, engine in rows:
            types.setdefault(f"{store}:{name}", {})[column] = type_
            engines[f"{store}:{name}"] = engine
    return types, engines
