"""A column that personal data feed has a class, or says why it has none.

Reads the compiled SQL of the dbt project's models. Each model is held against the declarations of what it
reads, so that a class travels from table to table: whoever takes it away says so where it ends, with
`declassify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import Pii, Relation
from orchestration.privacy.declarations.lineage import Columns, Feed, LineageError, Value, columns_of

_DIALECTS = {"clickhouse": "clickhouse", "postgres": "postgres"}
# Redaction and models make other words of words: of free text there may be derived text.
_BECOMES = {"free_text": {"free_text", "derived_text"}}


@dataclass(frozen=True)
class Leak:
    """A column that says more of a person than its declaration, and what feeds it."""

    column: str
    problem: str
    feeds: frozenset[Feed]

    def __str__(self) -> str:
        sources = ", ".join(f"{pii} from {source}" for pii, source in sorted(self.feeds))
        return f"{self.column}: {self.problem} ({sources})"


@dataclass(frozen=True)
class Traced:
    """The proof: how many models and columns were traced, what feeds the personal ones, and the leaks."""

    models: int
    columns: int
    feeds: Mapping[str, frozenset[Feed]]  # by column: those that personal data feed
    leaks: tuple[Leak, ...]


def traced(declarations: Declarations, compiled: Mapping[str, str], *, prefix: str = "") -> Traced:
    """Every column of the models whose compiled SQL is given by key, such as clickhouse:marts.fct_sessions.

    `prefix` is what DBT_SCHEMA_PREFIX has put before the schemas that the SQL names. Raises LineageError,
    naming the model, where the SQL cannot be traced.
    """
    tables = {store: tables_of(declarations, store, prefix) for store in _DIALECTS}
    feeds: dict[str, frozenset[Feed]] = {}
    leaks: list[Leak] = []
    columns = 0
    for key, sql in sorted(compiled.items()):
        relation = declarations[key]
        try:
            found = columns_of(sql, tables[relation.store], dialect=_DIALECTS[relation.store])
        except LineageError as error:
            raise LineageError(f"{key}: {error}") from error
        columns += len(found)
        feeds |= {f"{key}.{name}": value.feeds for name, value in found.items() if value.feeds}
        leaks += leaks_of(relation, found)
    return Traced(len(compiled), columns, feeds, tuple(leaks))


def compiled_models(declarations: Declarations, store: str, target: Path) -> dict[str, str]:
    """The SQL that dbt left in its target folder when it last built or compiled, by key of the model."""
    names = {relation.name.partition(".")[2]: relation.key for relation in declarations.of_store(store)}
    folder = target / "compiled" / "impact" / "models"
    return {
        names[path.stem]: path.read_text("utf-8")
        for path in sorted(folder.rglob("*.sql"))
        # Under a .yml lie the tests it declares, which go by the names of what they test.
        if path.stem in names and path.parent.suffix != ".yml"
    }


def tables_of(declarations: Declarations, store: str, prefix: str = "") -> dict[str, Columns]:
    """What feeds each column of every table, as declared."""
    return {f"{prefix}{relation.name}": dict(_values(relation)) for relation in declarations.of_store(store)}


def _values(relation: Relation) -> Iterator[tuple[str, Value]]:
    for name, column in relation.columns.items():
        place = f"{relation.key}.{name}"
        parts = column.fields or {}
        fields = {one: Value(_feeds(pii, f"{place}.{one}")) for one, pii in parts.items()}
        yield name, Value(_feeds(column.pii, place), fields or None)


def _feeds(pii: Pii, place: str) -> frozenset[Feed]:
    return frozenset() if pii == "none" else frozenset({(str(pii), place)})


def leaks_of(relation: Relation, found: Mapping[str, Value]) -> Iterator[Leak]:
    """Columns that say more than their declaration, or that it says too much of."""
    for name, value in found.items():
        place = f"{relation.key}.{name}"
        column = relation.columns.get(name)
        if column is None:
            if value.feeds:
                yield Leak(place, "is not declared", value.feeds)
            continue
        classes = {pii for pii, _ in value.feeds}
        allowed = set().union(*(_BECOMES.get(pii, {pii}) for pii in classes)) if classes else set()
        if classes and column.pii == "none" and column.declassify is None:
            yield Leak(place, "has no class; give it `pii`, or `declassify` with via and why", value.feeds)
        elif classes and column.pii != "none" and column.pii not in allowed:
            yield Leak(place, f"is declared {column.pii}, which does not feed it", value.feeds)
        elif column.fields is not None and (other := _fields_that_differ(column.fields, value)):
            yield Leak(place, f"declares other classes than feed its fields {', '.join(other)}", value.feeds)
        elif not classes and column.declassify is not None:
            yield Leak(place, "is declassified, but nothing personal feeds it; leave that out", value.feeds)


def _fields_that_differ(declared: Mapping[str, Pii], value: Value) -> list[str]:
    return sorted(
        name for name, part in (value.fields or {}).items()
        if part.feeds and declared.get(name, "none") not in {pii for pii, _ in part.feeds}
    )  # fmt: skip
