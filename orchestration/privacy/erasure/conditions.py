"""Which rows of a ClickHouse table are people's, which of them go, and what the others say afterwards.

Conditions and expressions of SQL, derived from the declarations. Names in them are the catalogue's; the
people are in a table of their own, so that none of them is part of a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ingest.contracts import CONTRACTS
from ingest.events import NIL
from orchestration.privacy.declarations import Column, Relation, Via, declared
from orchestration.privacy.erasure.sweeping import SweepError

_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_NIL = f"'{NIL}'"
_LENGTH = len(str(NIL))  # of an id as text: nothing shorter names anybody
# A million rows: 0.1 s of a core for one id, 2.8 s for 100; reading the JSON of all takes 0.5 s.
MOST_NEEDLES = 4
_LISTS = {
    name
    for contract in CONTRACTS.values()
    for name, field in zip(
        contract.data.__struct_encode_fields__, contract.data.__struct_fields__, strict=True
    )
    if field == "attendees"
}


@dataclass(frozen=True)
class Table:
    """A table as it is: columns that can be written, with their types."""

    name: str
    types: dict[str, str]
    uuid: UUID
    # Nothing is hidden in its parts: neither rows that were deleted without being taken out, nor old values.
    is_plain: bool


class Conditions:
    """Of one set of people, whose ids are in the table `people` (`id`, and `text` as text)."""

    def __init__(self, people: str, count: int, table_of: Callable[[str], Table | None]) -> None:
        self._people = people
        self._table_of = table_of
        # Few people are looked for as plain text before JSON is read, which costs a fifth.
        self.are_few = count <= MOST_NEEDLES

    def mine(self, relation: Relation, table: Table) -> str:
        """A condition: the row is about, or names, one of the people."""
        found = [self._is_one(column, table) for column in relation.subject_keys.values()]
        if isinstance(relation.reach, Via):
            found.append(self._reached(relation.reach))
        found += [
            f"({self._as_text(name)} and {self._among(named)})"
            for name in relation.mentions
            if name in table.types and (named := _named_in(name, relation.columns[name], table.types[name]))
        ]
        if not found:
            raise SweepError(f"{relation.key} says of nobody how to be found; see its declaration")
        return f"({' or '.join(found)})"

    def _as_text(self, name: str) -> str:
        """A condition that lets through whatever may name one of them, for far less than reading it costs."""
        long_enough = f"length(toString(`{name}`)) >= {_LENGTH}"
        if not self.are_few:
            return long_enough
        needles = f"(select groupArray(text) from {self._people})"  # noqa: S608
        return f"{long_enough} and multiSearchAny(toString(`{name}`), {needles})"

    def _among(self, ids: str) -> str:
        return f"arrayExists(one -> one in (select text from {self._people}), {ids})"  # noqa: S608 - names are the catalogue's

    def _is_one(self, column: str, table: Table) -> str:
        if column not in table.types:
            raise SweepError(f"{table.name} has no column {column}, which its declaration names")
        if "UUID" in table.types[column]:
            return f"assumeNotNull(`{column}`) in (select id from {self._people})"  # noqa: S608 - names are the catalogue's
        return f"toString(`{column}`) in (select text from {self._people})"  # noqa: S608 - names are the catalogue's

    def _reached(self, via: Via) -> str:
        store, _, name = via.via.partition(":")
        if store != "clickhouse":
            raise SweepError(f"{name} is in {store}: reach it by a column, or keep its ids here")
        table = self._table_of(name)
        if table is None:
            return "false"
        return (
            f"`{via.column}` in (select `{via.matches}` from {name}"  # noqa: S608
            f" where {self.mine(declared()[via.via], table)})"
        )

    def goes(self, relation: Relation, table: Table, mine: str) -> str:
        """A condition: the row is theirs and does not stay."""
        stays = self.stays(relation, table)
        return {"false": mine, "true": "false"}.get(stays, f"({mine} and not {stays})")

    def stays(self, relation: Relation, table: Table) -> str:
        """A condition on rows of theirs: redacted, it stays for the sake of somebody else in it."""
        if relation.erase == "delete":
            return "false"
        if relation.redacts == "always":
            return "true"
        others = [
            f"(assumeNotNull(`{column}`) != toUUID({_NIL}) and not ({self._is_one(column, table)}))"
            for column in relation.subject_keys.values()
            if "UUID" in table.types[column]
        ]
        others += [
            f"arrayExists(one -> one not in ('', {_NIL})"  # noqa: S608 - names are the catalogue's
            f" and one not in (select text from {self._people}), {named})"
            for name in relation.mentions
            if relation.columns[name].fields
            and (named := _named_in(name, relation.columns[name], table.types[name]))
        ]
        return f"({' or '.join(others)})" if others else "false"

    # What stands in the place of what a redacted row said

    def value(self, relation: Relation, table: Table, name: str, mine: str) -> str:
        declared = relation.columns.get(name)
        if relation.erase != "redact" or declared is None or not declared.is_personal:
            return f"`{name}`"
        type_ = table.types[name]
        if name in relation.subject_keys.values():
            kept = "NULL" if type_.startswith("Nullable") else f"toUUID({_NIL})" if "UUID" in type_ else "''"
            return f"if({self._is_one(name, table)}, {kept}, `{name}`)"
        if declared.fields:
            return f"if({mine}, {self._without_fields(name, declared)}, `{name}`)"
        if declared.mentions and declared.pii == "pseudonym":
            return f"if({mine}, {self._nameless(f'`{name}`')}, `{name}`)"
        if declared.erased_to == "keep":
            return f"`{name}`"
        kept = "NULL" if type_.startswith("Nullable") else f"defaultValueOfTypeName('{_quoted(type_)}')"
        return f"if({mine}, {kept}, `{name}`)"

    def _nameless(self, text: str) -> str:
        """A text in which nil stands in the place of the people's ids."""
        ids = f"arrayFilter(one -> one in (select text from {self._people}), extractAll({text}, '{_UUID}'))"  # noqa: S608 - names are the catalogue's
        return f"arrayFold((said, one) -> replaceAll(said, one, {_NIL}), {ids}, {text})"

    def _without_fields(self, name: str, column: Column) -> str:
        """JSON without its personal fields, and with nil in the place of the people's ids."""
        dropped = [field for field, pii in (column.fields or {}).items() if pii not in ("none", "pseudonym")]
        kept = (
            f"arrayFilter(pair -> pair.1 not in {_strings(dropped)}, JSONExtractKeysAndValuesRaw(`{name}`))"
        )
        joined = (
            f"arrayStringConcat(arrayMap(pair -> concat(toJSONString(pair.1), ':', pair.2), {kept}), ',')"
        )
        return self._nameless(f"concat('{{', {joined}, '}}')")


def _named_in(name: str, column: Column, type_: str) -> str:
    """Expression: the ids that a column's text or JSON names, as an array of strings."""
    if column.fields is None:
        return f"extractAll(toString(`{name}`), '{_UUID}')"
    people = [field for field, pii in column.fields.items() if pii == "pseudonym" and field not in _LISTS]
    if not people:
        return ""
    fields = ", ".join([f"{field} String" for field in people] + [f"{one} Array(String)" for one in _LISTS])
    single = ", ".join(f"said.{place}" for place in range(1, len(people) + 1))
    lists = ", ".join(f"said.{place}" for place in range(len(people) + 1, len(people) + 1 + len(_LISTS)))
    # A lambda over one JSON: where conditions are short-circuited, it is otherwise read anew for each field.
    every = f"arrayConcat([{single}], {lists})" if lists else f"[{single}]"
    return f"arrayFlatten(arrayMap(said -> {every}, [JSONExtract(`{name}`, 'Tuple({fields})')]))"


def _strings(values: Sequence[str]) -> str:
    return f"({', '.join(repr(value) for value in values)})" if values else "('')"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
