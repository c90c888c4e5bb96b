"""One row per person of a company in Postgres: what the person was evaluated from, and what it came to.

A row is written by whoever read its last version. Who comes second writes nothing and takes the person again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from orchestration.journey.states import State

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Key(NamedTuple):
    """A person as one company knows them."""

    company_id: UUID  # nil where no company is known
    person_id: UUID


class Standing(msgspec.Struct, array_like=True, frozen=True):
    """One rule's state, and whether the rule was in force for the company."""

    state: State
    is_in_force: bool


class Told(msgspec.Struct, array_like=True, frozen=True):
    """A flag that is set for others to see, and by which rule."""

    rule_id: str
    value: Any


class Reached(msgspec.Struct, array_like=True, frozen=True):
    rule_id: str
    reached_at: datetime


class States(msgspec.Struct, array_like=True, frozen=True):
    """What the next evaluation goes on from. Rules that have never held are left out."""

    rules: dict[str, Standing] = {}
    flags: dict[str, Told] = {}
    milestones: dict[str, Reached] = {}


class Arrivals(NamedTuple):
    """All versions of a person's activities there are, and the activity that happened last."""

    row_count: int = 0
    all_hash: int = 0
    last_at: datetime = BEGINNING
    last_hash: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A row of `journey.people`; `version` 0: not there yet."""

    key: Key
    version: int = 0
    arrival_count: int = 0
    arrival_hash: int = 0
    rules_hash: str = ""
    evaluated_through: datetime = BEGINNING
    next_change_at: datetime | None = None
    is_asked_for: bool = False
    states: States = field(default_factory=States)
    # What the rules have to answer for nothing to change: 1 or 0 each, _ whatever. Empty: not known.
    expects: str = ""
    deadline_at: datetime | None = None  # when something changes by itself while the answers stay


_READ = """
select company_id, person_id, version, arrival_count, arrival_hash, rules_hash, evaluated_through,
    next_change_at, is_asked_for, states
from journey.people
where (company_id, person_id) in (select * from unnest($1::uuid[], $2::uuid[]))
"""
# In the order of the key: two writers never wait for each other in a circle.
_WRITE = """
insert into journey.people as person (
    company_id, person_id, version, arrival_count, arrival_hash, rules_hash, evaluated_through,
    next_change_at, states, expects, deadline_at
)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[],
    $8::timestamptz[], $9::bytea[], $10::text[], $11::timestamptz[]
) as given (company_id, person_id) order by company_id, person_id
on conflict (company_id, person_id) do update set
    version = excluded.version, arrival_count = excluded.arrival_count, arrival_hash = excluded.arrival_hash,
    rules_hash = excluded.rules_hash, evaluated_through = excluded.evaluated_through,
    next_change_at = excluded.next_change_at, states = excluded.states, is_asked_for = false,
    expects = excluded.expects, deadline_at = excluded.deadline_at
where person.version = excluded.version - 1
returning company_id, person_id
"""
_DUE = """
select company_id, person_id from journey.people
where is_asked_for or next_change_at <= $1
order by next_change_at nulls first limit $2
"""
_NEXT = "select min(next_change_at) from journey.people"
_OTHER_RULES = """
select company_id, person_id from journey.people
where (company_id, person_id) > ($1, $2) and rules_hash <> $3
order by company_id, person_id limit $4
"""
_MISSED = """
select company_id, person_id
from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
    as arrived (company_id, person_id, row_count, hash)
left join journey.people as person using (company_id, person_id)
where person.version is null
    or (person.arrival_count, person.arrival_hash) <> (arrived.row_count, arrived.hash)
"""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(States)


async def read(connection: Connection, keys: Sequence[Key]) -> dict[Key, Person]:
    """The rows of these people; who has none gets an empty one."""
    found = {key: Person(key) for key in keys}
    for row in await connection.fetch(
        _READ, [one.company_id for one in keys], [one.person_id for one in keys]
    ):
        key = Key(row["company_id"], row["person_id"])
        kept = _DECODER.decode(row["states"]) if row["states"] else States()
        found[key] = replace(Person(key, *list(row)[2:9]), states=kept)
    return found


async def write(connection: Connection, people: Iterable[Person]) -> set[Key]:
    """Write rows whose last version was read; returns those that were. `version` is the one that was read."""
    rows = list(people)
    written = await connection.fetch(
        _WRITE,
        [one.key.company_id for one in rows],
        [one.key.person_id for one in rows],
        [one.version + 1 for one in rows],
        [one.arrival_count for one in rows],
        [one.arrival_hash for one in rows],
        [one.rules_hash for one in rows],
        [one.evaluated_through for one in rows],
        [one.next_change_at for one in rows],
        [_ENCODER.encode(one.states) for one in rows],
        [one.expects for one in rows],
        [one.deadline_at for one in rows],
    )
    return {Key(*row) for row in written}


async def missed(connection: Connection, arrived: Mapping[Key, Arrivals]) -> list[Key]:
    """Of whom something else was evaluated than has arrived."""
    rows = await connection.fetch(
        _MISSED,
        [one.company_id for one in arrived],
        [one.person_id for one in arrived],
        [one.row_count for one in arrived.values()],
        [one.all_hash for one in arrived.values()],
    )
    return [Key(*row) for row in rows]


async def due(connection: Connection, now: datetime, limit: int) -> list[Key]:
    """Whom time alone may have changed by now, and whom somebody asked for."""
    return [Key(*row) for row in await connection.fetch(_DUE, now, limit)]


async def next_due_at(connection: Connection) -> datetime | None:
    at: datetime | None = await connection.fetchval(_NEXT)
    return at


async def of_other_rules(connection: Connection, after: Key, rules_hash: str, limit: int) -> list[Key]:
    """Whom other rules than these were asked about last, in the order of their keys."""
    return [Key(*row) for row in await connection.fetch(_OTHER_RULES, *after, rules_hash, limit)]
