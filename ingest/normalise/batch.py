"""A batch of drafts becomes events in one Postgres transaction, set by set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from ingest.attribution import attribute
from ingest.events import Event, new_event
from ingest.normalise.delivery import AcceptedDelivery
from ingest.normalise.draft import Draft
from ingest.normalise.lookup import look_up, remember_matches, source_time_of

Pool = asyncpg.Pool
Connection = asyncpg.pool.PoolConnectionProxy

_CLAIM = """
insert into ingest.event_ids (event_id, event_type, origin)
select * from unnest($1::uuid[], $2::text[], $3::text[]) as claim (event_id, event_type, origin)
order by event_id
on conflict do nothing
returning event_id
"""

# An event is published by the delivery that claimed it, and by no other copy of it: the claimer's message
# comes back until that is done. Rows claimed by a backfill are the backfill's to load.
_UNPUBLISHED = """
select event_id
from ingest.event_ids
inner join unnest($1::uuid[], $2::text[]) as claim (event_id, origin) using (event_id, origin)
where published_at is null
"""

_MARK_PUBLISHED = "update ingest.event_ids set published_at = now() where event_id = any($1::uuid[])"


class Claimed(NamedTuple):
    """An event to publish. `again` if an earlier attempt claimed it and perhaps published it too."""

    event: Event
    again: bool


async def events_of(pool: Pool, drafts: Sequence[tuple[AcceptedDelivery, Draft]]) -> list[Claimed]:
    """Resolve people and companies and claim the event ids; returns what is still to be published."""
    async with pool.acquire() as connection, connection.transaction():
        known = await look_up(connection, [draft for _, draft in drafts])
        asked = [(draft, draft.question(known)) for _, draft in drafts if draft.question]
        answers = await attribute(connection, [question for _, question in asked])
        await remember_matches(connection, known, [draft for draft, _ in asked], answers)
        company = {id(draft): answer for (draft, _), answer in zip(asked, answers, strict=True)}
        events = [
            new_event(
                draft.data(known),
                subject=draft.subject_of(known),
                company_id=company.get(id(draft)),
                source=draft.source,
                source_time=source_time_of(draft, delivery.sent_at),
                origin=delivery.origin,
                correlation_id=delivery.origin,
            )
            for delivery, draft in drafts
        ]
        return await _claim(connection, events)


async def mark_published(pool: Pool, event_ids: Sequence[UUID]) -> None:
    if event_ids:
        await pool.execute(_MARK_PUBLISHED, event_ids)


async def _claim(connection: Connection, events: Sequence[Event]) -> list[Claimed]:
    first_of_id: dict[UUID, Event] = {}
    for event in events:
        first_of_id.setdefault(event.id, event)
    ids = list(first_of_id)
    origins = [event.origin for event in first_of_id.values()]
    types = [event.type for event in first_of_id.values()]
    new = {row[0] for row in await connection.fetch(_CLAIM, ids, types, origins)}
    unpublished = new
    if len(new) < len(ids):
        # Any of the copies in this batch may be the one that claimed the event in an earlier attempt.
        copies = ([event.id for event in events], [event.origin for event in events])
        unpublished = new | {row[0] for row in await connection.fetch(_UNPUBLISHED, *copies)}
    return [Claimed(event, id_ not in new) for id_, event in first_of_id.items() if id_ in unpublished]
