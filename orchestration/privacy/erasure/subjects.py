"""Whom an erasure is about, and the words by which they are found where no column names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

# Shorter ids stand in other people's lines as counts, ages and days: they would take those with them.
SHORTEST_WORD = 6

# What words are made of in JSON, CSV, headers and addresses alike: whatever parts them there is left out.
_WORD = re.compile(rb"[^\s\"'<>(),;:\[\]{}\\|/=&?#]+")
_ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")

_WORDS = """
select person_id, array_agg(distinct lower(external_id)) from ingest.person_identities
where person_id = any(%s) group by person_id
"""


@dataclass(frozen=True)
class Subject:
    """One person to be erased. `request_id` is None for whoever came back with a restored backup."""

    person_id: UUID
    request_id: UUID | None
    words: tuple[str, ...]  # ids and emails, in lower case; the person's id among them


def words_of(connection: psycopg.Connection, person_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """By what these people may be named: their ids here and elsewhere, and their emails."""
    known: dict[UUID, list[str]] = dict(connection.execute(_WORDS, (list(person_ids),)).fetchall())
    return {one: (str(one), *sorted(known.get(one, ()))) for one in person_ids}


class Words:
    """Finds people in bytes of any form, as whole words: in 1,000 people's as quickly as in one's."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        said = {word for subject in subjects for word in subject.words}
        self.left_out = sorted(word for word in said if len(word) < SHORTEST_WORD)
        searched = {word.encode() for word in said if len(word) >= SHORTEST_WORD}
        self._words = frozenset(word for word in searched if _WORD.fullmatch(word))
        self._phrases = tuple(searched - self._words)  # ids with a blank or a slash in them

    def found_in(self, content: bytes) -> bool:
        """Whether anybody is named. Upper and lower case are one; JSON's escapes are read."""
        content = content.lower()
        if b"\\u" in content:
            content = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)).encode(errors="ignore"), content)
        if not self._words.isdisjoint(_WORD.findall(content)):
            return True
        return any(phrase in content for phrase in self._phrases)

    def found_in_any(self, cells: Sequence[object]) -> bool:
        """Whether a row names anybody, in whichever of its cells."""
        return any(self.found_in(as_bytes(cell)) for cell in cells if cell is not None)


def as_bytes(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode(errors="replace")
