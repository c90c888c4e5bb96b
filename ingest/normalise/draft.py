"""A draft: an event that still names people as their source does, and whose company is to be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ingest.attribution import Question
from ingest.backfill.lookup import Match
from ingest.contracts import EventData
from ingest.people import Provider
from ingest.tombstones import ERASED


class Identity(NamedTuple):
    """A person as one system knows them."""

    provider: Provider
    external_id: str


# One person by every id a body gives: the first decides who it is, the others become further ids of theirs.
Person = tuple[Identity, ...]


@dataclass(frozen=True)
class Known:
    """What was looked up for a whole batch of drafts at once."""

    people: Mapping[Identity, UUID]
    matches: Mapping[UUID, Match]
    programs: Mapping[str, UUID]
    erased_matches: frozenset[UUID] = frozenset()

    def person(self, person: Person) -> UUID:
        return self.people[person[0]]

    def match(self, match_id: UUID | None) -> Match | None:
        return self.matches.get(match_id) if match_id else None

    def is_erased(self, draft: Draft) -> bool:
        """Whether it names anybody who was erased, or a match that one of them was in."""
        return draft.match_id in self.erased_matches or any(
            self.people.get(identity) == ERASED for person in draft.people for identity in person
        )


@dataclass(slots=True)  # not frozen: that makes an object four times as slow to build
class Draft:
    """What one delivery says, read and checked, before anything was looked up.

    `people`, `match_id` and `program_slug` have to be looked up; the functions then take what they need.
    """

    subject: str | Callable[[Known], str]
    source: str
    data: Callable[[Known], EventData]
    people: tuple[Person, ...] = ()
    question: Callable[[Known], Question] | None = None
    # When the source wrote this version of the fact, if the body says so.
    source_time: datetime | None = None
    match_id: UUID | None = None
    program_slug: str | None = None
    # A match this delivery tells of, for the check-ins and feedback that will name only its id.
    match: Callable[[Known], Match] | None = None

    def subject_of(self, known: Known) -> str:
        return self.subject if isinstance(self.subject, str) else self.subject(known)


def by_email(email: str | None, *others: Identity | None) -> Person:
    """A person by email, if there is one, and by other ids."""
    given = Identity("email", email) if email else None
    return tuple(identity for identity in (given, *others) if identity)
