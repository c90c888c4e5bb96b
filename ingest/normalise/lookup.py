"""What a batch of drafts refers to, looked up set by set; and the matches it tells of, remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import asyncpg

from ingest.backfill.lookup import UPSERT_MATCHES, Match
from ingest.normalise.draft import Draft, Identity, Known
from ingest.people import Provider, resolve_people
from ingest.tombstones import Tombstones

Connection = asyncpg.pool.PoolConnectionProxy

# A body's time that is this much after its signature's comes from a wrong clock, and would win for ever.
MOST_AHEAD = timedelta(minutes=5)

_PROGRAMS = (
    "select program_slug, program_instance_id from ingest.program_instances where program_slug = any($1)"
)
_MATCHES = """
select match_id, participant_id, buddy_id, company_id, matched_at
from ingest.buddy_matches
where match_id = any($1::uuid[])
"""


async def look_up(connection: Connection, drafts: Sequence[Draft], tombstones: Tombstones) -> Known:
    """The people, matches and programmes that the drafts name; unknown people become pending ones.

    Erased ones become nobody, and what names them is not looked up further.
    """
    people = await _people(connection, drafts, tombstones)
    erased = tombstones.among("match", {str(one.match_id) for one in drafts if one.match_id})
    known = Known(people, {}, {}, frozenset(map(UUID, erased)))
    drafts = [draft for draft in drafts if not known.is_erased(draft)]
    slugs = sorted({draft.program_slug for draft in drafts if draft.program_slug})
    programs = dict(map(tuple, await connection.fetch(_PROGRAMS, slugs))) if slugs else {}
    known = replace(known, programs=programs)
    told = {match.match_id: match for draft in drafts if draft.match for match in [draft.match(known)]}
    asked = {draft.match_id for draft in drafts if draft.match_id}.difference(told)
    rows = await connection.fetch(_MATCHES, sorted(asked)) if asked else []
    return replace(known, matches={**{row[0]: Match(*row) for row in rows}, **told})


async def remember_matches(
    connection: Connection, known: Known, drafts: Iterable[Draft], companies: Iterable[UUID | None]
) -> None:
    """Keep the matches that the drafts tell of, each with the company its event went to."""
    matches = {
        match.match_id: match._replace(company_id=company_id)
        for draft, company_id in zip(drafts, companies, strict=True)
        if draft.match
        for match in [draft.match(known)]
    }
    if matches:
        columns = [list(column) for column in zip(*matches.values(), strict=True)]
        await connection.execute(UPSERT_MATCHES, *columns)


def source_time_of(draft: Draft, signed_at: datetime) -> datetime:
    """When the source said what the draft says: by the body if it gives a time, else by the signature.

    What is sent again is signed again, so only a time in the body tells an old version from a new one.
    """
    if draft.source_time is None or draft.source_time > signed_at + MOST_AHEAD:
        return signed_at
    return draft.source_time


async def _people(
    connection: Connection, drafts: Sequence[Draft], tombstones: Tombstones
) -> dict[Identity, UUID]:
    named = {person for draft in drafts for person in draft.people}
    wanted: dict[Provider, set[str]] = {provider: set() for provider in get_args(Provider)}
    for person in named:
        for provider, external_id in person:
            wanted[provider].add(external_id)
    of_several = [person for person in named if len(person) > 1]
    people: dict[Identity, UUID] = {}
    # Providers in one order for all: so two batches never wait for each other in a circle.
    for provider, external_ids in wanted.items():
        if external_ids:
            same_as = {
                identity.external_id: people[person[0]]
                for person in of_several
                if person[0] in people
                for identity in person
                if identity.provider == provider
            }
            found = await resolve_people(connection, provider, external_ids, same_as, tombstones=tombstones)
            people.update({Identity(provider, external_id): id_ for external_id, id_ in found.items()})
    return people
