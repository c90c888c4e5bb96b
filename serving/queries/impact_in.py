"""Deliveries to CSR suites and their schedules. A company of None is an administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from serving.wall import Asks

_SHOWN = """
    deliveries.delivery_id, slots.schedule_id, deliveries.company_id, deliveries.platform,
    deliveries.connector, deliveries.period, deliveries.period_start, deliveries.period_end,
    deliveries.revision, deliveries.corrects, deliveries.status, deliveries.is_unknown,
    deliveries.mapping_version, deliveries.data_version, deliveries.idempotency_key, deliveries.withheld,
    encode(deliveries.payload_sha256, 'hex') as payload_sha256,
    deliveries.due_at, deliveries.next_attempt_at, deliveries.failure_count, deliveries.attempt_count,
    deliveries.http_status, deliveries.error_class, deliveries.error, deliveries.provider_reference,
    deliveries.partner_state, deliveries.partner_state_at, deliveries.approved_by, deliveries.replayed_by,
    deliveries.created_at, deliveries.finished_at
"""
_FROM = """
from impact_in.scheduled_deliveries as deliveries
inner join impact_in.slots as slots on deliveries.slot_id = slots.slot_id
where ($1::uuid is null or deliveries.company_id = $1)
"""
_FIND = f"""
select {_SHOWN} {_FROM}
    and ($2::text is null or deliveries.platform = $2) and ($3::text[] is null or deliveries.status = any($3))
    and ($4::text is null or deliveries.period = $4)
    and ($5::timestamptz is null or deliveries.created_at >= $5)
    and ($6::timestamptz is null or deliveries.created_at < $6)
    and ($7::timestamptz is null or (deliveries.created_at, deliveries.delivery_id) < ($7, $8))
order by deliveries.created_at desc, deliveries.delivery_id desc limit $9
"""
_GET = f"""
select {_SHOWN}, deliveries.body, deliveries.content_type, deliveries.changes::text as changes
{_FROM} and deliveries.delivery_id = $2
"""
_ATTEMPTS = """
select attempt_id, number, kind, started_at, finished_at, encode(payload_sha256, 'hex') as payload_sha256,
    http_status, latency_ms, error_class, error, provider_reference,
    coalesce(decision, 'under_way') as decision
from impact_in.attempts where delivery_id = $1 order by number
"""
_CALLBACKS = """
select event_id, provider_event, outcome, error_code, occurred_at, received_at
from impact_in.callbacks where delivery_id = $1 order by occurred_at, event_id
"""
_STATS = f"""
select deliveries.platform, count(*) as deliveries_count,
    count(*) filter (where deliveries.status = 'delivered') as delivered_count,
    count(*) filter (where deliveries.status = 'failed') as failed_count,
    count(*) filter (where deliveries.status in ('due', 'sending', 'retrying')) as waiting_count,
    count(*) filter (where deliveries.status = 'awaiting_approval') as awaiting_approval_count,
    count(*) filter (where deliveries.is_unknown and deliveries.status <> 'delivered') as unknown_count,
    count(*) filter (where deliveries.revision > 0) as corrections_count,
    sum(deliveries.attempt_count) as attempts_count
{_FROM} and deliveries.created_at >= $2 group by deliveries.platform order by deliveries.platform
"""
_TIMELINE = f"""
select date_trunc('day', deliveries.finished_at, 'UTC')::date as day, deliveries.platform,
    count(*) filter (where deliveries.status = 'delivered') as delivered_count,
    count(*) filter (where deliveries.status = 'failed') as failed_count,
    percentile_cont(0.95)
        within group (order by extract(epoch from deliveries.finished_at - deliveries.due_at))
        filter (where deliveries.status = 'delivered') as latency_p95_s
{_FROM} and deliveries.finished_at >= $2 and ($3::text is null or deliveries.platform = $3)
group by day, deliveries.platform order by day, deliveries.platform
"""  # noqa: S608 - constants of this module
_SLA = f"""
with finished as (
    select deliveries.platform, deliveries.status = 'delivered' as is_delivered, deliveries.finished_at,
        deliveries.attempt_count, extract(epoch from deliveries.finished_at - deliveries.due_at) as latency_s
    {_FROM} and deliveries.finished_at >= $2 and deliveries.status in ('delivered', 'failed')
),
numbered as (
    select *, row_number() over (partition by platform order by finished_at desc) as place from finished
)
select platform, count(*) as finished_count, count(*) filter (where is_delivered) as delivered_count,
    percentile_cont(0.95) within group (order by latency_s) filter (where is_delivered) as latency_p95_s,
    count(*) filter (where attempt_count > 1) as retried_count,
    count(*) filter (where attempt_count > 1 and is_delivered) as retried_delivered_count,
    coalesce(min(place) filter (where is_delivered) - 1, count(*)) as consecutive_failures_count
from numbered group by platform order by platform
"""  # noqa: S608 - constants of this module
_MISSED = """
select platform, count(*) filter (where state = 'missed') as missed_count,
    count(*) filter (where state = 'no_data') as no_data_count
from impact_in.slots
where ($1::uuid is null or company_id = $1) and due_at >= $2 and state in ('missed', 'no_data')
group by platform
"""
_SCHEDULES = """
select schedule_id, company_id, platform, cadence, cron, grain, hour, time_zone, missed, requires_approval,
    sends_corrections, is_active, version, next_due_at, created_at, created_by
from impact_in.schedules where ($1::uuid is null or company_id = $1) and deleted_at is null
"""
_CONNECTIONS = """
select connections.company_id, connections.platform, connections.connector, connections.base_url,
    connections.options::text as options, connections.mapping_version, connections.updated_at,
    array(select secrets.name from impact_in.secrets as secrets
        where secrets.company_id = connections.company_id and secrets.platform = connections.platform
        order by secrets.name) as secrets
from impact_in.connections as connections where ($1::uuid is null or connections.company_id = $1)
order by connections.company_id, connections.platform limit 1000
"""
_CONNECT = """
insert into impact_in.connections (company_id, platform, connector, base_url, options, mapping_version,
    updated_by)
values ($1, $2, $3, $4, $5::jsonb, $6, $7) on conflict (company_id, platform) do update
set connector = excluded.connector, base_url = excluded.base_url, options = excluded.options,
    mapping_version = excluded.mapping_version, updated_at = now(), updated_by = excluded.updated_by
"""
_SUPERVISED = """
select platform, status, count(*) as deliveries_count,
    coalesce(
        extract(epoch from now() - min(next_attempt_at) filter (where next_attempt_at < now())), 0
    )::float8 as overdue_s
from impact_in.scheduled_deliveries
where status <> 'delivered' or finished_at > now() - interval '30 days'
group by platform, status
"""
_RECENT_ATTEMPTS = """
select deliveries.platform, coalesce(attempts.decision, 'under_way') as decision, count(*) as attempts_count
from impact_in.attempts as attempts
inner join impact_in.scheduled_deliveries as deliveries on attempts.delivery_id = deliveries.delivery_id
where attempts.started_at > now() - interval '1 hour' group by 1, 2
"""
_TOTALS = "select platform, outcome, error_class, bucket_s, tries_count, seconds from impact_in.totals"
_UNAPPLIED = """
select platform, state, count(*) as callbacks_count from impact_in.callbacks
where state <> 'applied' and received_at > now() - interval '30 days' group by platform, state
"""


@dataclass(frozen=True)
class Supervised:
    """What metrics are made of."""

    deliveries: list[asyncpg.Record]  # by platform and status
    attempts: list[asyncpg.Record]  # of the last hour
    totals: list[asyncpg.Record]
    callbacks: list[asyncpg.Record]  # that moved nothing, of the last 30 days


@dataclass(frozen=True)
class DeliveryFilter:
    company_id: UUID | None
    platform: str | None
    statuses: list[str] | None
    period: str | None
    since: datetime | None
    until: datetime | None
    before: tuple[datetime, UUID] | None


async def find(pool: Asks, wanted: DeliveryFilter, limit: int) -> list[asyncpg.Record]:
    """Deliveries, newest first."""
    created_at, delivery_id = wanted.before or (None, None)
    rows: list[asyncpg.Record] = await pool.fetch(
        _FIND, wanted.company_id, wanted.platform, wanted.statuses, wanted.period, wanted.since, wanted.until,
        created_at, delivery_id, limit,
    )  # fmt: skip
    return rows


async def get(pool: Asks, delivery_id: UUID, company_id: UUID | None) -> asyncpg.Record | None:
    """One delivery with its bytes and, of a correction, what it changed."""
    return await pool.fetchrow(_GET, company_id, delivery_id)


async def attempts(pool: Asks, delivery_id: UUID) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(_ATTEMPTS, delivery_id)
    return rows


async def callbacks(pool: Asks, delivery_id: UUID) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(_CALLBACKS, delivery_id)
    return rows


async def stats(pool: Asks, company_id: UUID | None, since: datetime) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(_STATS, company_id, since)
    return rows


async def timeline(
    pool: Asks, company_id: UUID | None, since: datetime, platform: str | None
) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(_TIMELINE, company_id, since, platform)
    return rows


async def sla(pool: Asks, company_id: UUID | None, since: datetime) -> list[dict[str, Any]]:
    """Per platform: what finished since then and how, with the slots that nothing came of."""
    found = {row["platform"]: dict(row) for row in await pool.fetch(_SLA, company_id, since)}
    for row in await pool.fetch(_MISSED, company_id, since):
        empty = {
            "platform": row["platform"], "finished_count": 0, "delivered_count": 0, "latency_p95_s": None,
            "retried_count": 0, "retried_delivered_count": 0, "consecutive_failures_count": 0,
        }  # fmt: skip
        found.setdefault(row["platform"], empty).update(
            missed_count=row["missed_count"], no_data_count=row["no_data_count"]
        )
    return [{"missed_count": 0, "no_data_count": 0, **found[platform]} for platform in sorted(found)]


async def schedules(pool: Asks, company_id: UUID | None) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(
        f"{_SCHEDULES} order by company_id, platform, created_at limit 1000", company_id
    )
    return rows


async def schedule(pool: Asks, schedule_id: UUID, company_id: UUID | None) -> asyncpg.Record | None:
    return await pool.fetchrow(f"{_SCHEDULES} and schedule_id = $2", company_id, schedule_id)


async def connections(pool: Asks, company_id: UUID | None) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pool.fetch(_CONNECTIONS, company_id)
    return rows


async def connect(pool: asyncpg.Pool, *values: object) -> None:
    await pool.execute(_CONNECT, *values)


async def supervised(pool: asyncpg.Pool) -> Supervised:
    """What metrics are made of, read now."""
    questions = (_SUPERVISED, _RECENT_ATTEMPTS, _TOTALS, _UNAPPLIED)
    return Supervised(*[await pool.fetch(question) for question in questions])
