"""What model calls may cost and have cost: a company's month, its days, and the totals for Prometheus."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from serving.wall import Asks

_BUDGET = """
select
    coalesce(ai.cap_of($1, $2), 0) as cap_microdollars,
    coalesce(max(spent_microdollars), 0)::bigint as spent_microdollars,
    coalesce(max(reserved_microdollars), 0)::bigint as reserved_microdollars,
    coalesce(max(refused_count), 0)::bigint as refused_count
from ai.months
where company_id = $1 and month = $3
"""

_COSTS = """
select
    day,
    provider,
    model,
    model_version,
    purpose,
    sum(calls_count)::bigint as calls_count,
    (sum(calls_count) filter (where outcome <> 'answered'))::bigint as failed_calls_count,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_microdollars)::bigint as cost_microdollars
from ai.daily_costs
where company_id = $1 and day between $2 and $3
group by day, provider, model, model_version, purpose
having sum(calls_count) > 0
order by day, provider, model, model_version, purpose
"""

# By when a company first paid for a call: who is among the first stays among them.
_TOTALS = """
with companies as (
    select company_id, row_number() over (order by min(day), company_id) <= $1 as is_named
    from ai.daily_costs
    group by company_id
)
select
    case when is_named then company_id::text else 'other' end as company_id,
    provider,
    model,
    outcome,
    sum(calls_count)::bigint as calls_count,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_microdollars)::bigint as cost_microdollars,
    sum(latency_ms)::double precision as latency_ms,
    coalesce(sum(calls_count) filter (where is_q2q), 0)::bigint as q2q_calls_count,
    coalesce(sum(input_tokens + output_tokens) filter (where is_q2q), 0)::bigint as q2q_tokens,
    coalesce(sum(cost_microdollars) filter (where is_q2q), 0)::bigint as q2q_cost_microdollars
from (select *, purpose = 'q2q_scoring' as is_q2q from ai.daily_costs) as costs
inner join companies using (company_id)
group by 1, 2, 3, 4
"""

_BUDGETS = """
with companies as (
    select company_id, row_number() over (order by min(day), company_id) <= $1 as is_named
    from ai.daily_costs
    group by company_id
)
select
    company_id::text,
    coalesce(ai.cap_of(company_id, $2), 0) as cap_microdollars,
    coalesce(spent_microdollars, 0) + coalesce(reserved_microdollars, 0) as committed_microdollars
from companies
left join (select * from ai.months where month = $3) as this_month using (company_id)
where is_named
"""

_ALERTS = """
select threshold, count(*) filter (
    where case when threshold = 100 then refused_count > 0 else warned_percent >= threshold end
)::bigint as alerts_count
from unnest(array[80, 90, 95, 100]) as threshold
left join ai.months on true
group by threshold
"""


async def budget(pool: Asks, company_id: UUID, today: date) -> dict[str, int]:
    """The company's cap of today and what its month has taken of it."""
    (row,) = await pool.fetch(_BUDGET, company_id, today, today.replace(day=1))
    return dict(row)


async def costs(pool: Asks, company_id: UUID, first: date, last: date) -> list[dict[str, Any]]:
    """A row per day, model and purpose with calls, both days included."""
    return [dict(row) for row in await pool.fetch(_COSTS, company_id, first, last)]


async def totals(pool: asyncpg.Pool, most_companies: int) -> list[dict[str, Any]]:
    """Everything in the ledger by company, model and outcome; companies beyond the first are added up."""
    return [dict(row) for row in await pool.fetch(_TOTALS, most_companies)]


async def budgets(pool: asyncpg.Pool, most_companies: int, today: date) -> list[dict[str, Any]]:
    """This month's budget of the companies that are named in `totals`."""
    return [dict(row) for row in await pool.fetch(_BUDGETS, most_companies, today, today.replace(day=1))]


async def alerts(pool: asyncpg.Pool) -> dict[int, int]:
    """Months of companies in which each threshold was reached, 100 being a call that was refused."""
    return {row["threshold"]: row["alerts_count"] for row in await pool.fetch(_ALERTS)}
