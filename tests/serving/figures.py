"""Publishes figures the way the platform does: the table, its data version, then the views."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import psycopg

_ROW = """
insert into serving.metrics_company_period
select
    %(company)s, grain, to_char(start, pattern), start::date, (start + length - interval '1 day')::date,
    20 + %(seed)s, 5 + %(seed)s, 30 + %(seed)s, 20 + %(seed)s, 10, 24.5 + %(seed)s,
    8, 6.0, 0.75, 3, 2, 1, %(version)s
from (
    select
        'month' as grain, 'YYYY-MM' as pattern, interval '1 month' as length,
        generate_series(timestamp '2025-10-01', timestamp '2026-09-01', interval '1 month') as start
    union all
    select
        'quarter', 'YYYY-"Q"Q', interval '3 months',
        generate_series(timestamp '2025-10-01', timestamp '2026-07-01', interval '3 months')
) as periods
on conflict (company_id, period_grain, period) do update set
    sessions_count = excluded.sessions_count, data_version = excluded.data_version
"""

_VIEWS = """
create materialized view if not exists serving.mv_company_at_a_glance as
select
    company_id, period_grain, period, period_start, period_end, volunteers_count as total_volunteers,
    volunteer_hours as total_hours, sessions_count as total_sessions,
    participants_count as active_participants, data_version
from serving.metrics_company_period;
create unique index if not exists mv_company_at_a_glance_key
    on serving.mv_company_at_a_glance (company_id, period_grain, period);
create materialized view if not exists serving.mv_company_metrics as
select * from serving.metrics_company_period;
create unique index if not exists mv_company_metrics_key
    on serving.mv_company_metrics (company_id, period_grain, period_start);
refresh materialized view concurrently serving.mv_company_at_a_glance;
refresh materialized view concurrently serving.mv_company_metrics;
"""


def publish(connection: psycopg.Connection, companies: Iterable[UUID], seed: int = 0) -> int:
    """Twelve months and four quarters per company, other counts per seed; returns the data version."""
    version: int
    (version,) = connection.execute(
        "insert into serving.data_versions (run_id) values ('test') returning data_version"
    ).fetchone()
    for company in companies:
        connection.execute(_ROW, {"company": company, "seed": seed, "version": version})
    connection.execute(_VIEWS)
    return version
