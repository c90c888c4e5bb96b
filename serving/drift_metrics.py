"""Drift as Prometheus sees it, read from the registry when somebody looks."""

from __future__ import annotations

import asyncio

import structlog

from serving.dependencies import AppServices
from serving.queries.governance import drift_of_newest_windows

log = structlog.get_logger("serving")

_LOOK_S = 1.0  # a scrape of this process must not wait for a database that is away


async def refresh(services: AppServices) -> None:
    """Bring the gauges up to date; while Postgres is away they keep their last values."""
    try:
        async with asyncio.timeout(_LOOK_S):
            found = await drift_of_newest_windows(services.pool)
    except Exception as error:  # whatever it is, the other metrics are worth having
        log.warning("drift_metrics_not_read", error=type(error).__name__)
        return
    for row in found:
        place = (row["model_id"], row["grain"])
        services.metrics.drift_series.labels(*place, "alert").set(row["alert_count"])
        services.metrics.drift_series.labels(*place, "shifted").set(row["shifted_count"])
        services.metrics.drift_largest_psi.labels(*place).set(row["largest_psi"] or 0.0)
