"""Which personal data feed each column of a query: compiled SQL, read without running it.

A value carries the classes of all columns it is computed from. It loses them where the result no longer
depends on which person or which words: a count, and a comparison's yes or no. Structures keep their classes
field by field, so that a rating read out of an event's JSON is not taken for the words beside it. What cannot
be resolved is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

Feed = tuple[
    str, str
]  # class, and the column it comes from: ("pseudonym", "clickhouse:raw.events.person_id")


class LineageError(Exception):
    """A query names what cannot be traced; declare the table it reads, or teach lineage the construct."""


@dataclass(frozen=True)
class Value:
    """What feeds one value, and each field of a tuple or JSON. An absent field is fed by nothing."""

    feeds: frozenset[Feed] = frozenset()
    fields: Mapping[str, Value] | None = field(default=None, hash=False)

    def part(self, name: str) -> Value:
        return self if self.fields is None else self.fields.get(name, Value())


Columns = Mapping[str, Value]

# Say how many, or whether: not who, and not what was written.
_COUNTING = (
    exp.Count,
    exp.ApproxDistinct,
    exp.CountIf,
    exp.Exists,
    exp.Length,
    exp.ArraySize,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
)
_COMPARING = (exp.Predicate, exp.In, exp.Not, exp.And, exp.Or, exp.Between, exp.Is)
_COUNTING_NAMES = frozenset(
    {"count", "countif", "uniq", "uniqexact", "uniqif", "uniqexactif", "countdistinct", "length",
     "lengthutf8", "empty", "notempty", "isnull", "isnotnull", "has", "hasany", "hasall", "startswith",
     "endswith", "position"}
)  # fmt: skip
_STRUCTURE = re.compile(r"(?:^|,\s*)(\w+) (?=\w)")  # of `kind String, names Array(String)`: the names
_CONSTANTS = frozenset({"inf", "nan"})
_FIRST_ARGUMENT = (exp.ArgMax, exp.ArgMin)  # the others only choose which row


def columns_of(sql: str, tables: Mapping[str, Columns], *, dialect: str) -> dict[str, Value]:
    """What feeds each column that the query returns, by name. `tables` are what it may read, by name."""
    try:
        query = sqlglot.parse_one(sql, dialect=dialect)
    except sqlglot.errors.ParseError as error:
        raise LineageError(f"cannot be read: {str(error).splitlines()[0]}") from error
    return _Query({}, tables).columns(query)


class _Query:
    """One query and the names it sees: its own WITH, and those of the queries around it."""

    def __init__(self, names: Mapping[str, Columns], tables: Mapping[str, Columns]) -> None:
        self.names, self.tables = dict(names), tables
        self.scalars: dict[str, Value] = {}
        self.expressions: dict[str, exp.Expr] = {}  # WITH … AS name, over the columns that the query reads

    def columns(self, query: exp.Expr) -> dict[str, Value]:
        if isinstance(query, exp.Subquery):
            return _Query(self.names, self.tables).columns(query.this)
        for cte in query.args["with_"].expressions if query.args.get("with_") else ():
            if cte.args.get("scalar") and not isinstance(cte.this, exp.Subquery | exp.Select):
                self.expressions[cte.alias] = cte.this
            elif cte.args.get("scalar"):
                self.scalars[cte.alias] = _Select(self, {}, exp.Select()).value(cte.this)
            else:
                self.names[cte.alias] = _Query(self.names, self.tables).columns(cte.this)
        if isinstance(query, exp.SetOperation):
            left, right = (self._side(query.args[side]) for side in ("this", "expression"))
            if len(left) != len(right):
                raise LineageError(f"a union of {len(left)} and {len(right)} columns")
            return {
                name: _merged([value, other])
                for (name, value), other in zip(left.items(), right.values(), strict=True)
            }
        if not isinstance(query, exp.Select):
            raise LineageError(f"{type(query).__name__} is no query that can be traced")
        select = _Select(self, self._sources(query), query)
        select.aliases = {**self.expressions, **select.aliases}
        return select.columns()

    def _side(self, query: exp.Expr) -> dict[str, Value]:
        inner = _Query(self.names, self.tables)
        inner.scalars, inner.expressions = dict(self.scalars), dict(self.expressions)
        return inner.columns(query)

    def _sources(self, select: exp.Select) -> dict[str, Columns]:
        sources: dict[str, Columns] = {}
        read = [select.args["from_"].this] if select.args.get("from_") else []
        read += [join.this for join in select.args.get("joins") or () if join.args.get("kind") != "ARRAY"]
        for source in read:
            if isinstance(source, exp.Lateral | exp.Values):
                # Rows written out: their values name columns of the sources before.
                sources[source.alias] = self._written_out(source, _Select(self, sources, exp.Select()))
                continue
            if isinstance(source, exp.Final):
                source = source.this
            sources[source.alias_or_name or f"#{len(sources)}"] = self._source(source)
        return sources

    def _written_out(self, source: exp.Expr, inside: _Select) -> Columns:
        values = source if isinstance(source, exp.Values) else source.this.find(exp.Values)
        names = [name.name for name in source.args["alias"].columns] if source.args.get("alias") else []
        rows_written = values.expressions if values else []
        if rows_written and not names and isinstance(rows_written[0].expressions[0], exp.Literal):
            # ClickHouse's function: its first argument writes names and types, the others are rows.
            structure, *rows_written = rows_written[0].expressions
            names = _STRUCTURE.findall(structure.name)
        if not rows_written or not names:
            raise LineageError(f"reads from {source.sql()[:80]}, whose columns have no names")
        rows = [[inside.value(one) for one in row.expressions] for row in rows_written]
        return {name: _merged(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}

    def _source(self, source: exp.Expr) -> Columns:
        if isinstance(source, exp.Subquery):
            return self._side(source.this)
        if not isinstance(source, exp.Table):
            raise LineageError(f"reads from {source.sql()[:80]}, which is no table")
        if not source.db and source.name in self.names:
            return self.names[source.name]
        if (name := f"{source.db}.{source.name}") in self.tables:
            return self.tables[name]
        if source.db in ("system", "information_schema"):
            return {}
        raise LineageError(f"reads {name}, of which nothing is declared")


class _Select:
    """The names inside one SELECT: columns of its sources, ARRAY JOIN, and aliases of its own expressions."""

    def __init__(self, query: _Query, sources: Mapping[str, Columns], select: exp.Select) -> None:
        self.query, self.sources, self.select = query, sources, select
        self.unfolded: dict[str, Value] = {}
        self.aliases = {
            one.alias: one.this
            for one in select.find_all(exp.Alias)
            if one.find_ancestor(exp.Select) is select
        }
        self.resolving: set[str] = set()
        self.bound: set[str] = (
            set()
        )  # arguments of lambdas: what they run over is traced where it is passed in
        for join in select.args.get("joins") or ():
            if join.args.get("kind") == "ARRAY":
                for one in (join.this, *join.expressions):
                    self.unfolded[one.alias_or_name] = self.value(
                        one.this if isinstance(one, exp.Alias) else one
                    )

    def columns(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for one in self.select.expressions:
            if isinstance(one, exp.Star):
                left_out = {column.name for column in one.args.get("except_") or ()}
                for columns in self.sources.values():
                    found |= {name: value for name, value in columns.items() if name not in left_out}
            elif isinstance(one, exp.Column) and isinstance(one.this, exp.Star):
                left_out = {column.name for column in one.this.args.get("except_") or ()}
                columns = self._source_named(one.table)
                found |= {name: value for name, value in columns.items() if name not in left_out}
            else:
                # A constant has no name, or that of another one: its place names it.
                name = one.alias_or_name if isinstance(one, exp.Alias | exp.Column | exp.Dot) else ""
                found[name or f"#{len(found)}"] = self.value(one)
        return found

    def _source_named(self, name: str) -> Columns:
        if name not in self.sources:
            raise LineageError(f"selects {name}.* but reads only {', '.join(self.sources)}")
        return self.sources[name]

    def value(self, node: exp.Expr) -> Value:
        if isinstance(node, exp.Alias | exp.Paren | exp.Cast | exp.CastToStrType | exp.Window):
            return self.value(node.this)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Subquery | exp.Select):
            return _merged(self.query._side(node).values())
        if isinstance(node, (*_COUNTING, *_COMPARING)) or _name(node) in _COUNTING_NAMES:
            return Value()
        if isinstance(node, _FIRST_ARGUMENT) or _name(node) in ("argmaxif", "argminif"):
            return self.value(node.this if isinstance(node, _FIRST_ARGUMENT) else node.expressions[0])
        if isinstance(node, exp.If):
            return _merged(self.value(node.args[arm]) for arm in ("true", "false") if node.args.get(arm))
        if isinstance(node, exp.Struct | exp.Tuple) or _name(node) == "tuple":
            parts = [self.value(part) for part in node.expressions]
            return _struct({str(number): part for number, part in enumerate(parts, 1)})
        if isinstance(node, exp.Dot):
            return self.value(node.this).part(node.expression.name)
        if _name(node) == "tupleelement":
            return self.value(node.expressions[0]).part(node.expressions[1].name)
        if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
            (path,) = [key.name for key in node.expression.find_all(exp.JSONPathKey)][:1] or [""]
            return self.value(node.this).part(path) if path else self.value(node.this)
        if _name(node).startswith("jsonextract"):
            return self._of_json(node.expressions)
        if _name(node).endswith("if") and isinstance(node, exp.AggFunc | exp.Anonymous):
            return _merged(self.value(part) for part in node.expressions[:-1])  # the last says which rows
        if isinstance(node, exp.Lambda):
            return self._lambda(node)
        return _merged(self.value(part) for part in _parts(node))

    def _of_json(self, arguments: list[exp.Expr]) -> Value:
        """`JSONExtract(data, 'Tuple(a T, …)')` is a structure, `JSONExtractString(data, 'a')` one field."""
        document = self.value(arguments[0])
        path = [one for one in arguments[1:] if isinstance(one, exp.Literal) and "(" not in one.name]
        return document.part(path[0].name) if path else document

    def _lambda(self, node: exp.Lambda) -> Value:
        names = {argument.name for argument in node.expressions} - self.bound
        self.bound |= names
        try:
            return self.value(node.this)
        finally:
            self.bound -= names

    def _column(self, column: exp.Column) -> Value:
        """`a`, `source.a`, `structure.field` or `source.structure.field`."""
        # sqlglot reads `newest.1.notes` as column `1.notes` of newest.
        parts = [name for part in column.parts for name in part.name.split(".")]
        if parts[0] in self.sources and len(parts) > 1:
            return self._field(self.sources[parts[0]], parts[1:], column)
        for known in (self.unfolded, *self.sources.values(), self.query.scalars):
            if parts[0] in known:
                return self._field(known, parts, column)
        if parts[0] in self.bound or parts[0] in _CONSTANTS:
            return Value()
        if parts[0] in self.aliases and parts[0] not in self.resolving:
            self.resolving.add(parts[0])
            try:
                return self._field({parts[0]: self.value(self.aliases[parts[0]])}, parts, column)
            finally:
                self.resolving.discard(parts[0])
        raise LineageError(f"nothing is known of {column.sql(dialect='clickhouse')}")

    def _field(self, columns: Columns, parts: list[str], column: exp.Column) -> Value:
        if parts[0] not in columns:
            raise LineageError(f"{column.sql(dialect='clickhouse')} is not among the declared columns")
        value = columns[parts[0]]
        for part in parts[1:]:
            value = value.part(part)
        return value


def _parts(node: exp.Expr) -> Iterable[exp.Expr]:
    for child in node.iter_expressions():
        if not isinstance(child, exp.Identifier | exp.DataType | exp.Order):
            yield child


def _name(node: exp.Expr) -> str:
    """A function's name as it is written, where the dialect has no class of its own for it."""
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc | exp.CombinedAggFunc):
        return str(node.this if isinstance(node.this, str) else node.name).lower()
    return ""


def _struct(parts: Mapping[str, Value]) -> Value:
    return Value(frozenset().union(*(part.feeds for part in parts.values())), parts)


def _merged(values: Iterable[Value]) -> Value:
    """Fed by all of them. Structures stay structures if all are; a constant changes none."""
    merged = [value for value in values if value.feeds or value.fields]
    if len(merged) == 1:
        return merged[0]
    feeds = frozenset[Feed]().union(*(value.feeds for value in merged))
    structures = [value.fields for value in merged if value.fields is not None]
    if not structures or len(structures) < len(merged):
        return Value(feeds)
    names = set[str]().union(*structures)
    return Value(feeds, {name: _merged(one.get(name, Value()) for one in structures) for name in names})
