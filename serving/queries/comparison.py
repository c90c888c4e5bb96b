"""Figures over time, between groups of people, and beside a company's peers."""

from __future__ import annotations

from uuid import UUID

from serving.queries.figures import listing
from serving.wall import Asks

# $4 metric, $5 granularity, $6 first and $7 last day.
TRENDS = listing(
    fields="period_start, value, value_sum, value_count, is_suppressed, suppressed_reason",
    source="""
    from served.mv_trends
    where company_id = $1
      and metric = $4
      and granularity = $5
      and ($6::date is null or period_start >= $6)
      and ($7::date is null or period_start <= $7)
""",
    order="period_start",
)

# The definitions themselves: a cohort is listed from when it is made, its figures follow with the next
# publication.
COHORTS = listing(
    fields="cohort_id, name, filters, created_at",
    source="from ingest.cohort_definitions as definitions where definitions.company_id = $1",
    order="created_at, cohort_id",
)

_COHORT_FIGURES = """
    metric, period, period_start, value_sum, n, avg, p25, p50, p75, p95, min, max, std,
    is_suppressed, suppressed_reason
"""

# $4 grain, $5 first and $6 last period, $7 cohort, $8 metric or null.
COHORT_METRICS = listing(
    fields=_COHORT_FIGURES,
    source="""
    from served.mv_cohorts
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
      and cohort_id = $7
      and ($8::text is null or metric = $8)
""",
    order="metric, period_start",
)

# $4 grain, $5 first and $6 last period, $7 cohorts, $8 metric.
COHORT_COMPARISON = listing(
    fields=f"cohort_id, {_COHORT_FIGURES}",
    source="""
    from served.mv_cohorts
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
      and cohort_id = any($7)
      and metric = $8
""",
    order="period_start, cohort_id",
)

# $4 programme or null.
RETENTION = listing(
    fields="""
    program_type, cohort_month, months_since, cohort_size, active_count, active_share, is_suppressed,
    suppressed_reason
""",
    source="""
    from served.mv_retention where company_id = $1 and ($4::text is null or program_type = $4)
""",
    order="program_type, cohort_month, months_since",
)

# $4 programme or null, $5 quarter or null.
FUNNELS = listing(
    fields="""
    program_type, cohort_quarter, stage, stage_order, people_count, conversion_from_start,
    conversion_from_previous, is_suppressed, suppressed_reason
""",
    source="""
    from served.mv_funnels
    where company_id = $1
      and ($4::text is null or program_type = $4)
      and ($5::text is null or cohort_quarter = $5)
""",
    order="program_type, cohort_quarter, stage_order",
)

# $4 kind of peer group, $5 metric or null, $6 quarter or null.
BENCHMARKS = listing(
    fields="""
    metric, period, compare_with, peer_group_kind, peer_group, widened_from, own_value, p25, p50, p75, p90,
    companies_count as peers_count, people_count, standing, is_suppressed, suppressed_reason
""",
    source="""
    from served.mv_benchmarks
    where company_id = $1
      and compare_with = $4
      and ($5::text is null or metric = $5)
      and ($6::text is null or period = $6)
""",
    order="metric, period",
)

_UNKNOWN_COHORTS = """
select asked.cohort_id
from unnest($2::uuid[]) as asked (cohort_id)
where not exists (
    select from ingest.cohort_definitions as definitions
    where definitions.cohort_id = asked.cohort_id and definitions.company_id = $1
)
"""


async def unknown_cohorts(pool: Asks, company_id: UUID, cohorts: list[UUID]) -> list[UUID]:
    """Those of the cohorts that are not the company's: of another company and of nobody look alike."""
    return [row["cohort_id"] for row in await pool.fetch(_UNKNOWN_COHORTS, company_id, cohorts)]
