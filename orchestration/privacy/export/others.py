"""Other people in a person's rows: their ids, their addresses and their words are taken out.

The person's own words stay as they were written. Whose words a text is follows from the row: a rating says
from which side it came; any other text is of whom the row is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from ingest.events import NIL
from orchestration.privacy.declarations import Relation
from orchestration.privacy.export.rows import Row

REDACTED = "[redacted: another person's]"
ADDRESS = "[another person's address]"
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;:<>\"'()\[\]]{1,64}@[^\s@,;:<>\"'()\[\]]+\.[^\s@,;:<>\"'()\[\].]{2,}")
_PEOPLE = "select person_id from ingest.people where person_id = any(%s)"
_ADDRESSES = """
select external_id from ingest.person_identities
where provider = 'email' and external_id = any(%s) and person_id <> %s
"""
# By which name a row says from which side its words came, and which side the person it is about is on.
_SIDE, _OWN_SIDE = "fromRole", "participant"


@dataclass
class Others:
    """Who else is in the rows of an export. One name per person, so that it can be told who is who."""

    person_id: UUID
    ids: frozenset[str]
    addresses: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)

    def name_of(self, other: str) -> str:
        return self.names.setdefault(other.lower(), f"[another person, no. {len(self.names) + 1}]")

    def without(self, relation: Relation, row: Row) -> Row:
        """The row with nothing of anybody else."""
        is_own = self._is_about_the_person(relation, row)
        return {name: self._column(relation, name, value, row, is_own) for name, value in row.items()}

    def _is_about_the_person(self, relation: Relation, row: Row) -> bool:
        """False where the row is another person's, and this one only takes part in it."""
        keys = [row[column] for column in relation.subject_keys.values() if column in row]
        return not keys or str(self.person_id) in keys

    def _column(self, relation: Relation, name: str, value: Any, row: Row, is_own: bool) -> Any:
        column = relation.columns[name]
        if value is None:
            return None
        if column.exported_as == "redact" or column.pii == "third_party":
            return REDACTED
        if column.fields and isinstance(value, dict):
            return self._json(value, column.fields, self._words_are_own(value, is_own), is_own)
        if not is_own and column.pii in ("free_text", "identifier", "contact", "derived_text", "special"):
            return REDACTED
        return self._scrubbed(value)

    @staticmethod
    def _words_are_own(data: Mapping[str, Any], is_own: bool) -> bool:
        side = data.get(_SIDE)
        return is_own if side is None else is_own == (side == _OWN_SIDE)

    def _json(
        self, value: Mapping[str, Any], classes: Mapping[str, str], words_are_own: bool, is_own: bool
    ) -> dict[str, Any]:
        def one(name: str, inner: Any) -> Any:
            kind = classes.get(name)
            if kind == "third_party" or (kind == "free_text" and not words_are_own):
                return REDACTED
            if kind in ("identifier", "contact", "special", "derived_text") and not is_own:
                return REDACTED
            if isinstance(inner, dict):
                return self._json(inner, classes, words_are_own, is_own)
            return self._scrubbed(inner)

        return {name: one(name, inner) for name, inner in value.items()}

    def _scrubbed(self, value: Any) -> Any:
        """The value without ids and addresses of others, however deep they stand."""
        if isinstance(value, str):
            text = _UUID.sub(
                lambda found: self.name_of(found[0]) if found[0].lower() in self.ids else found[0], value
            )
            return _EMAIL.sub(
                lambda found: ADDRESS if found[0].strip().lower() in self.addresses else found[0], text
            )
        if isinstance(value, dict):
            return {key: self._scrubbed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._scrubbed(inner) for inner in value]
        return value


def others_in(
    rows: Iterable[tuple[Relation, Sequence[Row]]], person_id: UUID, postgres: psycopg.Connection
) -> Others:
    """Who else is named in these rows: ids that are people's, and addresses that are somebody's.

    An id under a name that is declared a person's is one also where nobody is known by it.
    """
    ids: set[str] = set()
    declared: set[str] = set()
    addresses: set[str] = set()
    for relation, some in rows:
        for row in some:
            for name, value in row.items():
                column = relation.columns[name]
                _collect(value, ids, addresses)
                said = value.items() if column.fields and isinstance(value, dict) else ()
                named = [one for key, one in said if (column.fields or {}).get(key) == "pseudonym"]
                if column.pii == "pseudonym":
                    named.append(value)
                # The whole value: an event's subject has a person's class and may name a session.
                declared.update(one.lower() for one in named if isinstance(one, str) and _UUID.fullmatch(one))
    people = {str(row[0]) for row in postgres.execute(_PEOPLE, (sorted(map(UUID, ids)),))}
    of_others = {row[0] for row in postgres.execute(_ADDRESSES, (sorted(addresses), person_id))}
    return Others(
        person_id, frozenset((people | declared) - {str(person_id), str(NIL)}), frozenset(of_others)
    )


def _collect(value: Any, ids: set[str], addresses: set[str]) -> None:
    if isinstance(value, str):
        ids.update(found.lower() for found in _UUID.findall(value))
        addresses.update(found.strip().lower() for found in _EMAIL.findall(value))
    elif isinstance(value, dict):
        for inner in value.values():
            _collect(inner, ids, addresses)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, ids, addresses)
