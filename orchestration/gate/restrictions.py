"""People whose data may be kept and not used: readers do not get their texts until the restriction is lifted.

A text of such a person still gets its verdict, for a cry for help is heard all the same; only its words are
kept back. The API writes a restriction and the gate carries it out, as it does with reviewers' decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.gate.texts import TEXT_TYPES, TextVersion, stored_version

BATCH = 100
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
_TYPES = ", ".join(f"'{event_type}'" for event_type in TEXT_TYPES)
_IN_FORCE = """
select distinct person_id, company_id from privacy.restrictions
where lifted_at is null and person_id = any($1::uuid[])
"""
_UNAPPLIED = """
select restriction_id, person_id, lifted_at is not null as is_lifted from privacy.restrictions
where applied_at is null or (lifted_at is not null and lift_applied_at is null)
order by restricted_at, restriction_id limit $1
"""
_APPLIED = """
update privacy.restrictions set applied_at = coalesce(applied_at, now()),
    lift_applied_at = case when $2 then now() else lift_applied_at end
where restriction_id = $1
"""
# The newest version per subject, as everywhere.
_TEXTS = (
    "select event_type, argMax(event_id, place), subject, argMax(company_id, place),"  # noqa: S608 - constants
    " argMax(person_id, place), argMax(event_time, place), max(source_time), argMax(data, place)"
    " from (select *, tuple(source_time, event_id, loaded_at) as place from raw.events"
    " where person_id = {person:UUID} and event_type in (" + _TYPES + ")) group by event_type, subject"
)


class Unapplied(NamedTuple):
    """A restriction, or the end of one, that readers do not know of yet."""

    restriction_id: UUID
    person_id: UUID
    is_lifted: bool


class Restricted:
    """Whose texts no reader may get, of those asked about."""

    def __init__(self, rows: Iterable[tuple[UUID, UUID | None]]) -> None:
        self._everywhere = {person for person, company in rows if company is None}
        self._of_company = {(person, company) for person, company in rows if company is not None}

    def covers(self, version: TextVersion) -> bool:
        person = version.person_id
        return person in self._everywhere or (person, version.company_id) in self._of_company


async def restricted(connection: Connection, people: Iterable[UUID]) -> Restricted:
    """The restrictions in force over these people."""
    rows = await connection.fetch(_IN_FORCE, sorted(set(people)))
    return Restricted([(UUID(bytes=row[0].bytes), row[1] and UUID(bytes=row[1].bytes)) for row in rows])


async def unapplied(pool: asyncpg.Pool) -> list[Unapplied]:
    return [Unapplied(*row) for row in await pool.fetch(_UNAPPLIED, BATCH)]


async def mark_applied(pool: asyncpg.Pool, one: Unapplied) -> None:
    await pool.execute(_APPLIED, one.restriction_id, one.is_lifted)


def texts_of(clickhouse: ClickHouseClient, person_id: UUID) -> Sequence[TextVersion]:
    """The newest version of every text that is about a person."""
    rows = clickhouse.query(_TEXTS, {"person": str(person_id)}).result_rows
    return [stored_version(*row) for row in rows]
