"""How deliveries kept what was promised, month by month in UTC. A company of None is an administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from serving.wall import Asks

LATE_S = 300.0  # from due to accepted: what is promised
MOST_EXCEPTIONS = 500

# A delivery belongs to the month it finished in, a slot that nothing came of to the month it came due in.
_FINISHED = """
with finished as (
    select company_id, platform, delivery_id, finished_at, attempt_count,
        status = 'delivered' as is_delivered, date_trunc('month', finished_at, 'UTC')::date as month,
        extract(epoch from finished_at - due_at)::float8 as latency_s
    from impact_in.scheduled_deliveries
    where ($1::uuid is null or company_id = $1) and ($4::text is null or platform = $4)
        and finished_at >= $2 and finished_at < $3 and status in ('delivered', 'failed')
),
-- Failures in a row are those of one company between two of its deliveries that arrived, also over months.
runs as (
    select *, count(*) filter (where is_delivered) over (
        partition by company_id, platform order by finished_at, delivery_id
    ) as run from finished
),
counted as (
    select *, count(*) filter (where not is_delivered) over (
        partition by company_id, platform, run order by finished_at, delivery_id
    ) as failures_in_a_row from runs
)
select platform, month, count(*) as finished_count, count(*) filter (where is_delivered) as delivered_count,
    percentile_cont(0.95) within group (order by latency_s) filter (where is_delivered) as latency_p95_s,
    count(*) filter (where attempt_count > 1) as retried_count,
    count(*) filter (where attempt_count > 1 and is_delivered) as retried_delivered_count,
    max(failures_in_a_row) as consecutive_failures_count
from counted group by grouping sets ((platform, month), (platform))
"""
_NOTHING_CAME = """
select platform, date_trunc('month', due_at, 'UTC')::date as month,
    count(*) filter (where state = 'missed') as missed_count,
    count(*) filter (where state = 'no_data') as no_data_count
from impact_in.slots
where ($1::uuid is null or company_id = $1) and ($4::text is null or platform = $4)
    and due_at >= $2 and due_at < $3 and state in ('missed', 'no_data')
group by grouping sets ((platform, month), (platform))
"""
_EXCEPTIONS = """
select *, count(*) over () as all_count from (
    select finished_at as at, company_id, platform, period,
        case when status = 'failed' then 'failed' else 'late' end as kind, delivery_id, error_class,
        extract(epoch from finished_at - due_at)::float8 as latency_s
    from impact_in.scheduled_deliveries
    where ($1::uuid is null or company_id = $1) and ($4::text is null or platform = $4)
        and finished_at >= $2 and finished_at < $3
        and (status = 'failed' or status = 'delivered' and finished_at - due_at > make_interval(secs => $5))
    union all
    select due_at, company_id, platform, period, 'waiting', delivery_id, error_class,
        extract(epoch from now() - due_at)::float8
    from impact_in.scheduled_deliveries
    where ($1::uuid is null or company_id = $1) and ($4::text is null or platform = $4)
        and due_at >= $2 and due_at < $3 and status in ('due', 'sending', 'retrying')
        and now() - due_at > make_interval(secs => $5)
    union all
    select due_at, company_id, platform, period, state, null, null, null
    from impact_in.slots
    where ($1::uuid is null or company_id = $1) and ($4::text is null or platform = $4)
        and due_at >= $2 and due_at < $3 and state in ('missed', 'no_data')
) as exceptions
order by at, company_id, platform, period limit $6
"""


@dataclass(frozen=True)
class Window:
    """Whose deliveries, and from when to before when."""

    company_id: UUID | None
    start: datetime
    end: datetime
    platform: str | None

    @property
    def parameters(self) -> tuple[object, ...]:
        return self.company_id, self.start, self.end, self.platform


async def by_month(pool: Asks, window: Window) -> dict[tuple[str, date | None], dict[str, Any]]:
    """What finished and how, per platform and month; of a platform's whole window under no month."""
    found = {
        (row["platform"], row["month"]): dict(row) for row in await pool.fetch(_FINISHED, *window.parameters)
    }
    for row in await pool.fetch(_NOTHING_CAME, *window.parameters):
        empty = {
            "platform": row["platform"], "month": row["month"], "finished_count": 0, "delivered_count": 0,
            "latency_p95_s": None, "retried_count": 0, "retried_delivered_count": 0,
            "consecutive_failures_count": 0,
        }  # fmt: skip
        found.setdefault((row["platform"], row["month"]), empty).update(
            missed_count=row["missed_count"], no_data_count=row["no_data_count"]
        )
    return {key: {"missed_count": 0, "no_data_count": 0, **row} for key, row in found.items()}


async def exceptions(pool: Asks, window: Window) -> list[asyncpg.Record]:
    """What broke a promise or is about to, the oldest first; `all_count` of each says how many there are."""
    rows: list[asyncpg.Record] = await pool.fetch(_EXCEPTIONS, *window.parameters, LATE_S, MOST_EXCEPTIONS)
    return rows
