"""Who is who: external ids and emails become person ids, which is all that leaves Postgres.

Run these outside a longer transaction, or once in it: rows are locked in the order of their ids within one
call, so two calls never wait for each other in a circle, while several calls in one transaction might.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple
from uuid import UUID

import asyncpg
import psycopg

from ingest.tombstones import ERASED, Tombstones

# Loose on purpose: what matters is that two systems write one address alike, not that it can be delivered to.
EMAIL = r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$"

Provider = Literal["email", "kintell", "buddy", "discord", "upskilling"]

RESOLVE = """
select external_id, person_id
from ingest.person_identities
where provider = $1 and external_id = any($2::text[])
"""

# The same with one text each way, lines of ids in and of an id and its person out: no object per row.
RESOLVE_AS_TEXT = """
select string_agg(external_id || E'\\n' || person_id, E'\\n')
from ingest.person_identities
where provider = $1 and external_id = any(string_to_array($2, E'\\n'))
"""

# The identity is claimed before the person is made (its foreign key is checked when the statement ends), so
# that whoever loses the race leaves no orphan. Ids are random: a hash of an email could be guessed. An id
# that comes with a person is one more name of that person.
CREATE_MISSING = """
with candidate as (
    select external_id, coalesce(person_id, gen_random_uuid()) as person_id, person_id is null as is_unknown
    from unnest($2::text[], $3::uuid[]) as wanted (external_id, person_id)
    where not exists (
        select from ingest.person_identities as known
        where known.provider = $1 and known.external_id = wanted.external_id
    )
),
claimed as (
    insert into ingest.person_identities (provider, external_id, person_id)
    select $1, external_id, person_id from candidate order by external_id
    on conflict (provider, external_id) do nothing
    returning external_id
)
insert into ingest.people (person_id)
select person_id from claimed inner join candidate using (external_id) where is_unknown
"""

INTRODUCE = """
update ingest.people as person
set status = 'known', first_name = coalesce(given.first_name, person.first_name),
    last_name = coalesce(given.last_name, person.last_name)
from (
    select person.person_id, given.first_name, given.last_name
    from unnest($1::uuid[], $2::text[], $3::text[]) as given (person_id, first_name, last_name)
    inner join ingest.people as person using (person_id)
    order by person.person_id
    for update of person
) as given
where person.person_id = given.person_id
"""


class Introduction(NamedTuple):
    """What a directory says about a person; None leaves a name as it is."""

    first_name: str | None
    last_name: str | None


def normalise_email(email: str) -> str:
    return email.strip().lower()


def normalise_external_id(provider: Provider, external_id: str) -> str:
    return normalise_email(external_id) if provider == "email" else external_id.strip()


async def resolve_people(
    connection: asyncpg.Connection | asyncpg.pool.PoolConnectionProxy,
    provider: Provider,
    external_ids: Iterable[str],
    same_as: Mapping[str, UUID] = MappingProxyType({}),
    *,
    tombstones: Tombstones | None = None,
) -> dict[str, UUID]:
    """The person of each id as given; unknown ones become pending people. Safe while others do the same.

    An unknown id in `same_as` becomes one more id of the person given there. A known one stays whose it is.
    With `tombstones`, an erased person's id becomes `ERASED` and nobody is made.
    """
    wanted = _wanted(provider, external_ids)
    found = {
        row[0]: row[1] for row in await connection.fetch(RESOLVE, provider, sorted(set(wanted.values())))
    }
    if missing := _missing(wanted, found):
        people = {normalise_external_id(provider, given): person for given, person in same_as.items()}
        if erased := _erased(provider, missing, people, tombstones):
            found.update(dict.fromkeys(erased, ERASED))
            missing = [one for one in missing if one not in erased]
    if missing:
        await connection.execute(CREATE_MISSING, provider, missing, [people.get(one) for one in missing])
        # A second look, since another transaction may have made some of them in between.
        found.update((row[0], row[1]) for row in await connection.fetch(RESOLVE, provider, missing))
    return _as_given(wanted, found)


def resolve_people_blocking(
    connection: psycopg.Connection,
    provider: Provider,
    external_ids: Iterable[str],
    *,
    tombstones: Tombstones | None = None,
) -> dict[str, UUID]:
    """`resolve_people` over psycopg."""
    wanted = _wanted(provider, external_ids)
    with psycopg.RawCursor(connection) as cursor:
        found: dict[str, UUID] = dict(
            cursor.execute(RESOLVE, (provider, sorted(set(wanted.values())))).fetchall()
        )
        missing = _missing(wanted, found)
        if erased := _erased(provider, missing, {}, tombstones):
            found.update(dict.fromkeys(erased, ERASED))
            missing = [one for one in missing if one not in erased]
        if missing:
            create_people_blocking(connection, provider, missing)
            found.update(cursor.execute(RESOLVE, (provider, missing)).fetchall())
    return _as_given(wanted, found)


def known_people_blocking(
    connection: psycopg.Connection, provider: Provider, external_ids: Iterable[str]
) -> dict[str, UUID]:
    """The person of each id that somebody has; makes nobody."""
    wanted = _wanted(provider, external_ids)
    if not wanted:
        return {}
    with psycopg.RawCursor(connection) as cursor:
        rows = cursor.execute(RESOLVE, (provider, sorted(set(wanted.values())))).fetchall()
    found: dict[str, UUID] = dict(rows)
    return {given: found[normalised] for given, normalised in wanted.items() if normalised in found}


def known_people_as_text(connection: psycopg.Connection, provider: Provider, external_ids: str) -> str:
    """`known_people_blocking` for very many: normalised ids in lines; lines of an id and its person out."""
    with psycopg.RawCursor(connection) as cursor:
        row = cursor.execute(RESOLVE_AS_TEXT, (provider, external_ids)).fetchone()
    return str(row[0]) if row and row[0] else ""


def create_people_blocking(
    connection: psycopg.Connection, provider: Provider, external_ids: Sequence[str]
) -> None:
    """A pending person for each normalised id that nobody has. Safe while others do the same."""
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(CREATE_MISSING, (provider, external_ids, [None] * len(external_ids)))


def introduce_people(connection: psycopg.Connection, people: Mapping[UUID, Introduction]) -> None:
    """Mark people as known and keep the names a directory gives."""
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(
            INTRODUCE,
            (
                list(people),
                [person.first_name for person in people.values()],
                [person.last_name for person in people.values()],
            ),
        )


def _wanted(provider: Provider, external_ids: Iterable[str]) -> dict[str, str]:
    return {given: normalise_external_id(provider, given) for given in external_ids}


def _missing(wanted: Mapping[str, str], found: Collection[str]) -> Sequence[str]:
    return sorted(set(wanted.values()).difference(found))


def _erased(
    provider: Provider,
    missing: Sequence[str],
    same_as: Mapping[str, UUID],
    tombstones: Tombstones | None,
) -> set[str]:
    """Of ids that nobody has, those that an erased person had: their rows went with the person."""
    if not tombstones:
        return set()
    return tombstones.among(provider, missing) | {one for one in missing if same_as.get(one) == ERASED}


def _as_given(wanted: Mapping[str, str], found: Mapping[str, UUID]) -> dict[str, UUID]:
    return {given: found[normalised] for given, normalised in wanted.items()}
