"""How many queries a company has made: rows per day, added up in batches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import asyncpg

_READ = """
select
    company_id,
    coalesce(sum(queries_count) filter (where day = $2), 0)::bigint as day_count,
    sum(queries_count)::bigint as month_count
from serving.query_usage
where company_id = any($1) and day between date_trunc('month', $2::date)::date and $2
group by company_id
"""

_ADD = """
insert into serving.query_usage (company_id, day, queries_count)
select * from unnest($1::uuid[], $2::date[], $3::bigint[])
order by 1, 2  -- the same order in every process, so that two of them never wait for each other in a circle
on conflict (company_id, day) do update set queries_count = query_usage.queries_count + excluded.queries_count
"""


async def read(pool: asyncpg.Pool, companies: Collection[UUID], day: date) -> dict[UUID, tuple[int, int]]:
    """Queries of each company on the day, and in its month up to then; a company without any is left out."""
    rows = await pool.fetch(_READ, companies, day)
    return {row["company_id"]: (row["day_count"], row["month_count"]) for row in rows}


async def add(pool: asyncpg.Pool, counts: Mapping[tuple[UUID, date], int]) -> None:
    """Add to the counts of companies and days, all in one statement."""
    await pool.execute(
        _ADD, [company for company, _ in counts], [day for _, day in counts], list(counts.values())
    )
