"""Deliveries as Prometheus sees them: read from their log, whichever process sent them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import asyncpg
import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from serving.queries import impact_in

log = structlog.get_logger("serving")
_SCRAPE_S = 2.0


async def exposition(pool: asyncpg.Pool) -> bytes:
    """Prometheus text; nothing while Postgres is away."""
    try:
        async with asyncio.timeout(_SCRAPE_S):
            deliveries, attempts = await impact_in.supervised(pool)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("delivery_metrics_not_read", error=type(error).__name__)
        return b""
    registry = CollectorRegistry()
    registry.register(_Log([dict(row) for row in deliveries], [dict(row) for row in attempts]))
    return generate_latest(registry)


class _Log(Collector):
    def __init__(
        self, deliveries: Iterable[Mapping[str, Any]], attempts: Iterable[Mapping[str, Any]]
    ) -> None:
        self._deliveries, self._attempts = deliveries, attempts

    def collect(self) -> Iterator[Metric]:
        labels = ["platform", "status"]
        counts = GaugeMetricFamily(
            "impact_in_deliveries", "Deliveries; of those that arrived, the last 30 days'.", labels=labels
        )
        overdue = GaugeMetricFamily(
            "impact_in_overdue_seconds", "How long the longest due one waits.", labels=["platform"]
        )
        longest: dict[str, float] = {}
        for row in self._deliveries:
            counts.add_metric([row["platform"], row["status"]], row["deliveries_count"])
            if row["status"] in ("due", "retrying"):
                longest[row["platform"]] = max(longest.get(row["platform"], 0.0), row["overdue_s"])
        for platform, seconds in longest.items():
            overdue.add_metric([platform], seconds)
        attempts = GaugeMetricFamily(
            "impact_in_attempts_last_hour", "Requests to partners.", labels=["platform", "decision"]
        )
        for row in self._attempts:
            attempts.add_metric([row["platform"], row["decision"]], row["attempts_count"])
        yield from (counts, overdue, attempts)
