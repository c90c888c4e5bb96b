"""Dagster's runs and daemons, and how far published figures are behind what has arrived."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from prometheus_client.core import GaugeMetricFamily, Metric

from orchestration.arrivals import RUN_TAG, event_blocks
from orchestration.monitoring.looks import gauge, gauges

# What Dagster keeps of its runs; `orchestration/stack/lost_runs.py` reads the same table. Times are in UTC.
_HOUR = """
select pipeline_name as job, lower(status) as status, count(*) as runs_count from dagster.runs
where create_timestamp > (now() at time zone 'utc') - interval '1 hour' group by 1, 2
"""
_NEWEST = """
select distinct on (pipeline_name) pipeline_name as job, end_time, end_time - start_time as took_s
from dagster.runs
where status = 'SUCCESS' and create_timestamp > (now() at time zone 'utc') - interval '3 days'
order by pipeline_name, end_time desc
"""
_WAITING = """
select coalesce(extract(epoch from (now() at time zone 'utc') - min(create_timestamp)), 0)::float8 as oldest_s
from dagster.runs where status in ('QUEUED', 'NOT_STARTED', 'STARTING')
"""
_DAEMONS = """
select lower(daemon_type) as daemon,
    extract(epoch from (now() at time zone 'utc') - "timestamp")::float8 as silent_s
from dagster.daemon_heartbeats
"""
_COVERED = """
select run_tags.value from dagster.run_tags inner join dagster.runs using (run_id)
where run_tags.key = $1 and runs.status = 'SUCCESS' order by runs.id desc limit 1
"""
_PUBLISHED = """
select data_version, extract(epoch from published_at)::float8 as published_at
from serving.data_versions order by data_version desc limit 1
"""


async def look_at_runs(pool: asyncpg.Pool) -> Sequence[Metric]:
    """Runs of the last hour by job and how they ended, and whether the daemons are alive."""
    hour = GaugeMetricFamily(
        "dagster_runs_last_hour", "Runs asked for in the last hour.", labels=["dagster_job", "status"]
    )
    for row in await pool.fetch(_HOUR):
        hour.add_metric([row["job"], row["status"]], row["runs_count"])
    newest = await pool.fetch(_NEWEST)
    return [
        hour,
        gauges(
            "dagster_job_success_timestamp_seconds", "When a job last succeeded, of the last three days.",
            "dagster_job", {row["job"]: row["end_time"] for row in newest},
        ),
        gauges(
            "dagster_job_duration_seconds", "How long its last success took.", "dagster_job",
            {row["job"]: row["took_s"] for row in newest if row["took_s"] is not None},
        ),
        gauge(
            "dagster_waiting_seconds", "How long the run has waited that waits longest for its start.",
            await pool.fetchval(_WAITING),
        ),
        gauges(
            "dagster_daemon_silent_seconds", "Since a daemon's last sign of life; one is due every 30 s.",
            "daemon", {row["daemon"]: row["silent_s"] for row in await pool.fetch(_DAEMONS)},
        ),
    ]  # fmt: skip


class Freshness:
    """How long what arrived has waited for a refresh that takes it in, as seen from look to look."""

    def __init__(self, pool: asyncpg.Pool, *, clock: Callable[[], float] = time.time) -> None:
        self._pool = pool
        self._clock = clock
        self._seen: list[tuple[int, float]] = []  # blocks of events, and when so many were first seen

    async def look(self, clickhouse: ClickHouseClient) -> Sequence[Metric]:
        covered = covered_blocks(await self._pool.fetchval(_COVERED, RUN_TAG))
        present = await asyncio.to_thread(event_blocks, clickhouse)
        published = await self._pool.fetchrow(_PUBLISHED)
        return [
            gauge(
                "warehouse_lag_seconds",
                "How long the oldest event waits that no refresh of the marts has taken in; 0 if none does.",
                self.lag_s(present, covered),
            ),
            gauge(
                "publication_timestamp_seconds", "When served figures last changed.",
                published["published_at"] if published else None,
            ),
            gauge(
                "publication_data_version", "Version of the served figures.",
                published["data_version"] if published else None,
            ),
        ]  # fmt: skip

    def lag_s(self, present: int, covered: int) -> float:
        """Note that `present` blocks have arrived, of which refreshes have taken in `covered`."""
        now = self._clock()
        if not self._seen or self._seen[-1][0] < present:
            self._seen.append((present, now))
        self._seen = [(blocks, at) for blocks, at in self._seen if blocks > covered]
        return now - self._seen[0][1] if self._seen else 0.0


def covered_blocks(token: str | None) -> int:
    """Blocks of events in the token that a refresh carries; 0 where none has succeeded yet."""
    return int(token.partition(".")[0]) if token else 0
