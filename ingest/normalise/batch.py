"""A batch of drafts becomes events in one Postgres transaction, set by set."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from ingest import leases
from ingest.attribution import attribute
from ingest.events import Event, new_event
from ingest.normalise.delivery import AcceptedDelivery
from ingest.normalise.draft import Draft
from ingest.normalise.lookup import look_up, remember_matches, source_time_of
from ingest.tombstones import Tombstones

Pool = asyncpg.Pool
Connection = asyncpg.pool.PoolConnectionProxy

# A content said again later is claimed again by who said it: a correction back to what was said first has to
# win over what was said in between. `xmax = 0` tells a row that was inserted from one that was taken over.
_CLAIM = """
insert into ingest.event_ids as known (event_id, event_type, origin, source_time)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
    as claim (event_id, event_type, origin, source_time)
order by event_id
on conflict (event_id) do update
set source_time = excluded.source_time, origin = excluded.origin, published_at = null
where known.source_time is null or known.source_time < excluded.source_time
returning event_id, xmax = 0 as is_first
"""

# An event is published by the delivery that claimed it, and by no other copy of it: the claimer's message
# comes back until that is done. Rows claimed by a backfill are the backfill's to load.
_UNPUBLISHED = """
select event_id, origin
from ingest.event_ids
inner join unnest($1::uuid[], $2::text[]) as claim (event_id, origin) using (event_id, origin)
where published_at is null
"""

# `origin` again: a later version may have taken the claim over meanwhile, and is not published yet.
_SETTLE = """
with published as (
    update ingest.event_ids as known set published_at = now()
    from unnest($1::uuid[], $2::text[]) as done (event_id, origin)
    where known.event_id = done.event_id and known.origin = done.origin
)
update ingest.deliveries as delivery
set settled_at = now(), event_id = done.event_id, retry_at = null,
    -- A message that comes again after its event was published finds the event known: its own.
    outcome = case when delivery.outcome = 'published' then 'published' else done.outcome end
from unnest($3::text[], $4::text[], $5::text[], $6::uuid[]) as done (source, delivery_id, outcome, event_id)
where delivery.source = done.source and delivery.delivery_id = done.delivery_id
"""


NOT_WAITING_FOR_DISK = "set local synchronous_commit = off"


class Claimed(NamedTuple):
    """An event to publish. `again` if it may be out already, in this version or an earlier one."""

    event: Event
    again: bool


class Normalised(NamedTuple):
    """What a batch comes to: the events still to be published, and the event of each delivery."""

    claimed: Sequence[Claimed]
    event_of: Mapping[str, UUID]  # by the delivery's origin; without those that name an erased person


async def events_of(
    pool: Pool, drafts: Sequence[tuple[AcceptedDelivery, Draft]], tombstones: Tombstones
) -> Normalised:
    """Resolve people and companies and claim the event ids, all or nothing. Who was erased gets no event."""
    async with pool.acquire() as connection, connection.transaction():
        await leases.write_async(connection)
        await tombstones.refresh_async(connection)
        known = await look_up(connection, [draft for _, draft in drafts], tombstones)
        drafts = [(delivery, draft) for delivery, draft in drafts if not known.is_erased(draft)]
        asked = [(draft, draft.question(known)) for _, draft in drafts if draft.question]
        answers = await attribute(connection, [question for _, question in asked]) if asked else []
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
                traceparent=delivery.traceparent,
            )
            for delivery, draft in drafts
        ]
        return Normalised(await _claim(connection, events), {event.origin: event.id for event in events})


async def settle(pool: Pool, deliveries: Sequence[AcceptedDelivery], normalised: Normalised) -> None:
    """Note that the claimed events are published, and what became of each delivery."""
    published = {claimed.event.origin for claimed in normalised.claimed}
    deliveries = sorted(deliveries, key=lambda one: (one.source, one.delivery_id))  # as every locker sorts
    settled = (
        [claimed.event.id for claimed in normalised.claimed],
        [claimed.event.origin for claimed in normalised.claimed],
        [delivery.source for delivery in deliveries],
        [delivery.delivery_id for delivery in deliveries],
        [_outcome(delivery.origin, published, normalised) for delivery in deliveries],
        [normalised.event_of.get(delivery.origin) for delivery in deliveries],
    )
    async with pool.acquire() as connection, connection.transaction():
        # Nothing waits for the disk: notes that a crash takes back are made again with their deliveries.
        await connection.execute(NOT_WAITING_FOR_DISK)
        await connection.execute(_SETTLE, *settled)


def _outcome(origin: str, published: Container[str], normalised: Normalised) -> str:
    if origin in published:
        return "published"
    return "known" if origin in normalised.event_of else "erased"


async def _claim(connection: Connection, events: Sequence[Event]) -> list[Claimed]:
    newest: dict[UUID, Event] = {}
    for event in events:
        if (other := newest.get(event.id)) is None or other.sourcetime < event.sourcetime:
            newest[event.id] = event
    rows = await connection.fetch(
        _CLAIM,
        list(newest),
        [event.type for event in newest.values()],
        [event.origin for event in newest.values()],
        [event.sourcetime for event in newest.values()],
    )
    is_first: dict[UUID, bool] = {row["event_id"]: row["is_first"] for row in rows}
    claimed = [Claimed(newest[id_], again=not first) for id_, first in is_first.items()]
    if len(is_first) < len(newest):
        # Any of the copies in this batch may be the one that claimed the event in an earlier attempt.
        copies = {(event.id, event.origin): event for event in events if event.id not in is_first}
        ids, origins = [id_ for id_, _ in copies], [origin for _, origin in copies]
        for id_, origin in await connection.fetch(_UNPUBLISHED, ids, origins):
            claimed.append(Claimed(copies[id_, origin], again=True))
    return claimed
