"""metrics.*: numbers that were computed, and numbers that changed."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ingest.contracts.base import Count, EventData, Name, Period, UtcTime, event


@event(
    "metrics.calculated",
    subject="metric/<company id>/<metric name>/<period start>",
    time="calculated_at",
    company="company_id",
    sent_by="Warehouse refresh",
)
class MetricsCalculated(EventData, kw_only=True, frozen=True):
    """A company's metric was computed for a period."""

    company_id: UUID
    metric_name: Name
    value: float
    period_start: date
    dimensions: dict[str, str] | None = None
    formula_version: Name | None = None
    calculated_at: UtcTime


@event(
    "metrics.updated",
    subject="metric/<company id>/<metric>/<period>",
    time="updated_at",
    company="company_id",
    sent_by="Warehouse refresh, when a published value changed",
)
class MetricsUpdated(EventData, kw_only=True, frozen=True):
    """A published number changed: what live dashboards listen for."""

    company_id: UUID
    metric: Name
    period_grain: Literal["month", "quarter"]
    period: Period
    value: float | None
    previous_value: float | None = None
    data_version: Count
    updated_at: UtcTime


@event(
    "analytics.synced",
    subject="analytics/<run id>",
    time="synced_at",
    sent_by="Warehouse refresh",
)
class AnalyticsSynced(EventData, kw_only=True, frozen=True):
    """A refresh of the serving tables finished."""

    run_id: Name
    data_version: Count
    row_count: Count
    synced_at: UtcTime
