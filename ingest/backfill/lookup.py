"""What rows refer to and Postgres knows: people, matches, programmes, and the company of an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from ingest.attribution import ProgramType, Question, attribute_blocking
from ingest.people import resolve_people_blocking


class Match(NamedTuple):
    """Who was matched: check-ins, events and feedback name only the match."""

    match_id: UUID
    participant_id: UUID
    buddy_id: UUID
    company_id: UUID | None
    matched_at: datetime


class Program(NamedTuple):
    """A programme instance."""

    instance_id: UUID
    program_type: ProgramType
    program_name: str


class Lookup:
    """Answers for one chunk at a time, each kind in one statement."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def people(self, ids: Iterable[str]) -> dict[str, UUID]:
        """The person of each email and each id of the buddy system; unknown ones become pending people."""
        given = set(ids)
        emails = {one for one in given if "@" in one}
        return {
            **resolve_people_blocking(self._connection, "email", emails),
            **resolve_people_blocking(self._connection, "buddy", given - emails),
        }

    def companies(self, questions: Sequence[Question]) -> list[UUID | None]:
        return attribute_blocking(self._connection, questions)

    def matches(self, match_ids: Iterable[UUID]) -> dict[UUID, Match]:
        rows = self._connection.execute(
            "select match_id, participant_id, buddy_id, company_id, matched_at"
            " from ingest.buddy_matches where match_id = any(%s)",
            (list(set(match_ids)),),
        )
        return {row[0]: Match(*row) for row in rows}

    def programs(self, slugs: Iterable[str]) -> dict[str, Program]:
        rows = self._connection.execute(
            "select program_slug, program_instance_id, program_type, program_name"
            " from ingest.program_instances where program_slug = any(%s)",
            (list(set(slugs)),),
        )
        return {row[0]: Program(*row[1:]) for row in rows}


class EnrollmentRow(NamedTuple):
    """A row of `ingest.program_enrollments`."""

    person_id: UUID
    program_instance_id: UUID
    status: str
    enrolled_on: date
    completed_on: date | None


# Rows of one file are unique by key, as repeated ids are rejected. Ordered: two imports never deadlock.
UPSERT_ENROLLMENTS = """
insert into ingest.program_enrollments (person_id, program_instance_id, status, enrolled_on, completed_on)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[])
    as given (person_id, program_instance_id, status, enrolled_on, completed_on)
order by person_id, program_instance_id
on conflict (person_id, program_instance_id) do update
set status = excluded.status, enrolled_on = excluded.enrolled_on, completed_on = excluded.completed_on
"""

UPSERT_MATCHES = """
insert into ingest.buddy_matches (match_id, participant_id, buddy_id, company_id, matched_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    as given (match_id, participant_id, buddy_id, company_id, matched_at)
order by match_id
on conflict (match_id) do update
set participant_id = excluded.participant_id, buddy_id = excluded.buddy_id, company_id = excluded.company_id,
    matched_at = excluded.matched_at
"""


def upsert_enrollments(connection: psycopg.Connection, rows: Sequence[EnrollmentRow]) -> None:
    _upsert(connection, UPSERT_ENROLLMENTS, rows)


def upsert_matches(connection: psycopg.Connection, rows: Sequence[Match]) -> None:
    _upsert(connection, UPSERT_MATCHES, rows)


def _upsert(connection: psycopg.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with psycopg.RawCursor(connection) as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
