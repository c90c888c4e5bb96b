"""Company figures, from the materialized views. No arithmetic here: the warehouse has done it."""

from __future__ import annotations

from uuid import UUID

import asyncpg

# From the company, not from the view: a known company without activity in a period has a row of nulls, an
# unknown company has none.
_AT_A_GLANCE = """
select glance.*, versions.published_at
from ingest.companies as companies
left join serving.mv_company_at_a_glance as glance
    on glance.company_id = companies.company_id and glance.period_grain = $2 and glance.period = $3
left join serving.data_versions as versions on versions.data_version = glance.data_version
where companies.company_id = $1
"""

_METRICS = """
select metrics.*, versions.published_at
from serving.mv_company_metrics as metrics
left join serving.data_versions as versions on versions.data_version = metrics.data_version
where metrics.company_id = $1
  and metrics.period_grain = $2
  and ($3::text is null or metrics.period >= $3)
  and ($4::text is null or metrics.period <= $4)
order by metrics.period_start
limit $5
"""


async def at_a_glance(pool: asyncpg.Pool, company_id: UUID, grain: str, period: str) -> asyncpg.Record | None:
    """The company's row of a period, its columns null without activity; None for an unknown company."""
    return await pool.fetchrow(_AT_A_GLANCE, company_id, grain, period)


async def metrics(
    pool: asyncpg.Pool, company_id: UUID, grain: str, first: str | None, last: str | None, limit: int
) -> list[asyncpg.Record]:
    """The company's rows of a grain from `first` to `last` (both included), oldest first."""
    return await pool.fetch(_METRICS, company_id, grain, first, last, limit)


async def exists(pool: asyncpg.Pool, company_id: UUID) -> bool:
    found: bool = await pool.fetchval(
        "select exists (select from ingest.companies where company_id = $1)", company_id
    )
    return found
