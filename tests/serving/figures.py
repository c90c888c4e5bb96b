"""Publishes figures the way the platform does: the table, its data version, then the views."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from jinja2 import Template

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

_MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "serving"


def create_views(connection: psycopg.Connection) -> None:
    """The materialized views with their indexes, from the SQL of the dbt models that build them."""
    for model in sorted(_MODELS.glob("mv_*.sql")):
        config: dict[str, Any] = {}
        select = Template(model.read_text()).render(
            config=lambda _config=config, **options: _config.update(options) or "",
            source=lambda schema, table: f"{schema}.{table}",
        )
        # Another test of the run may have built the platform's own.
        connection.execute(f"drop materialized view if exists serving.{model.stem}")
        connection.execute(f"create materialized view serving.{model.stem} as {select}")
        for index in config["indexes"]:
            kind = "unique index" if index["unique"] else "index"
            connection.execute(f"create {kind} on serving.{model.stem} ({', '.join(index['columns'])})")


def publish(connection: psycopg.Connection, companies: Iterable[UUID], seed: int = 0) -> int:
    """Twelve months and four quarters per company, other counts per seed; returns the data version."""
    version: int
    (version,) = connection.execute(
        "insert into serving.data_versions (run_id) values ('test') returning data_version"
    ).fetchone()
    for company in companies:
        connection.execute(_ROW, {"company": company, "seed": seed, "version": version})
    for model in sorted(_MODELS.glob("mv_*.sql")):
        connection.execute(f"refresh materialized view concurrently serving.{model.stem}")
    return version
