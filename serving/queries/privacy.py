"""Requests about people's data as the API shows them: SQL over `privacy.*`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from serving.wall import Asks

_REQUEST = """
request.request_id, request.right_asked as right, request.state, request.step, request.progress,
request.company_id, request.subject_id, request.is_immediate, request.received_at, request.run_after,
request.due_at, request.finished_at, request.error, request.priority, request.extended_at,
request.extension_reason, request.region,
request.due_at < now() and request.finished_at is null as is_overdue,
download.file_name, download.file_bytes, download.file_sha256, download.expires_at, download.removed_at
"""
_FROM = """
from privacy.requests as request left join privacy.downloads as download using (request_id)
"""
# $2: the officer's company, null for the platform's; $3: the person who asks for themselves.
_MINE = """
(case when $3::uuid is not null then request.subject_id = $3
    else $2::uuid is null or request.company_id = $2 end)
"""
_GET = f"select {_REQUEST} {_FROM} where request.request_id = $1 and {_MINE}"
_BY_LINK = f"select {_REQUEST} {_FROM} where request.request_id = $1"
_LIST = f"""
select {_REQUEST} {_FROM}
where request.state = any($1::text[]) and {_MINE} and ($4::text is null or request.right_asked = $4)
order by request.due_at, request.request_id limit $5
"""
_STEPS = """
select state, step, progress, detail, recorded_at from privacy.request_events
where request_id = $1 order by request_event_id
"""
_RESTRICTIONS = """
select restriction_id, company_id, ground, request_id, restricted_at, lifted_at,
    applied_at is not null as is_applied
from privacy.restrictions where person_id = $1 and ($2::uuid is null or company_id = $2)
order by restricted_at desc, restriction_id
"""

# Seconds; the longest is the month that the law gives.
DURATIONS_S = (1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0, 21_600.0, 86_400.0, 259_200.0, 2_678_400.0)
_STANDING = """
select right_asked, state, count(*) as requests_count,
    count(*) filter (where finished_at is null and due_at < now()) as overdue_count,
    extract(epoch from min(due_at) filter (where finished_at is null) - now())::float8 as due_in_s
from privacy.requests group by right_asked, state
"""
_DURATIONS = """
select right_asked,
    coalesce(
        (select min(bound) from unnest($1::float8[]) as bound where bound >= took_s), 'Infinity'
    ) as bucket_s,
    count(*) as requests_count, sum(took_s) as seconds
from (
    select right_asked, greatest(0, extract(epoch from finished_at - run_after))::float8 as took_s
    from privacy.requests where finished_at is not null and state in ('completed', 'partial')
) as timed
group by 1, 2
"""
_CONSENT_UPDATES = """
select split_part(action, '.', 2) as change, coalesce(detail ->> 'purpose', 'unknown') as purpose,
    count(*) as updates_count
from privacy.audit where action in ('consent.granted', 'consent.withdrawn') group by 1, 2
"""
_RETENTION = """
select relation, sum(removed_count)::bigint as removed_count,
    extract(epoch from max(proven_at))::float8 as proven_at,
    (array_agg(left_count order by proof_id desc))[1] as left_count
from privacy.retention_proofs group by relation
"""


@dataclass(frozen=True)
class Supervised:
    """Where requests stand and how long they took, what became of consents, and the proofs of retention."""

    requests: Sequence[asyncpg.Record]
    durations: Sequence[asyncpg.Record]
    consents: Sequence[asyncpg.Record]
    retention: Sequence[asyncpg.Record]


async def get(
    pool: Asks, request_id: UUID, company_id: UUID | None, own_id: UUID | None
) -> asyncpg.Record | None:
    """The request, if it is of this company or about this person; an administrator's company is None."""
    return await pool.fetchrow(_GET, request_id, company_id, own_id)


async def by_link(pool: asyncpg.Pool, request_id: UUID) -> asyncpg.Record | None:
    """The request behind a link that has proved itself."""
    return await pool.fetchrow(_BY_LINK, request_id)


async def find(
    pool: Asks,
    states: Sequence[str],
    company_id: UUID | None,
    own_id: UUID | None,
    right: str | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Requests by the time they are due."""
    return await pool.fetch(_LIST, list(states), company_id, own_id, right, limit)


async def steps(pool: Asks, request_id: UUID) -> list[asyncpg.Record]:
    return await pool.fetch(_STEPS, request_id)


async def restrictions(pool: Asks, person_id: UUID, company_id: UUID | None) -> list[asyncpg.Record]:
    """A person's restrictions of one company; of all for None."""
    return await pool.fetch(_RESTRICTIONS, person_id, company_id)


async def supervised(pool: asyncpg.Pool) -> Supervised:
    """What metrics are made of, read now."""
    return Supervised(
        requests=await pool.fetch(_STANDING),
        durations=await pool.fetch(_DURATIONS, DURATIONS_S),
        consents=await pool.fetch(_CONSENT_UPDATES),
        retention=await pool.fetch(_RETENTION),
    )
