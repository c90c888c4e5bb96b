"""Data points for a sustainability report."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from serving.wall import Asks

COLUMNS = ("datapoint", "disclosure", "title", "period", "unit", "amount", "missing_reason")

# One statement, so that points and version are of one publication.
CSRD = """
select
    versions.data_version, published.published_at,
    csrd.datapoint, csrd.disclosure, csrd.title, csrd.period, csrd.unit, csrd.amount, csrd.missing_reason
from ingest.companies as companies
left join serving.company_versions as versions on companies.company_id = versions.company_id
left join serving.data_versions as published on versions.data_version = published.data_version
left join served.mv_csrd as csrd
    on companies.company_id = csrd.company_id
    and csrd.period_grain = $2
    and ($3::text is null or csrd.period >= $3)
    and ($4::text is null or csrd.period <= $4)
where companies.company_id = $1
order by csrd.period, csrd.datapoint
"""


async def csrd(
    pool: Asks, company_id: UUID, grain: str, first: str | None, last: str | None
) -> list[asyncpg.Record]:
    """Every data point of the periods, each with the version; one row without a point if there is none."""
    return await pool.fetch(CSRD, company_id, grain, first, last)
