"""Requests about people's data, consents and retention as Prometheus sees them: read from their own records.

Those records are only added to, so what is counted in them only grows. Labels are rights, purposes and
declared relations; never people, and never companies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import asyncpg
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from serving.queries import privacy
from serving.queries.privacy import DURATIONS_S, Supervised


async def collector(pool: asyncpg.Pool) -> Collector:
    """What the records say now."""
    return _Records(await privacy.supervised(pool))


class _Records(Collector):
    def __init__(self, supervised: Supervised) -> None:
        self._supervised = supervised

    def collect(self) -> Iterator[Metric]:
        yield from self._requests()
        yield self._durations()
        consents = CounterMetricFamily(
            "consent_updates", "Consents given and withdrawn.", labels=["change", "purpose"]
        )
        for row in self._supervised.consents:
            consents.add_metric([row["change"], row["purpose"]], row["updates_count"])
        yield consents
        yield from self._retention()

    def _requests(self) -> Iterator[Metric]:
        asked = CounterMetricFamily("dsar_requests", "Requests received.", labels=["right"])
        now = GaugeMetricFamily(
            "dsar_requests_current", "Requests by where they stand.", labels=["right", "state"]
        )
        overdue = GaugeMetricFamily(
            "dsar_requests_overdue", "Open requests past the day they were due.", labels=["right"]
        )
        due = GaugeMetricFamily(
            "dsar_due_in_seconds", "Until the open request is due that is due first.", labels=["right"]
        )
        total: dict[str, int] = defaultdict(int)
        late: dict[str, int] = defaultdict(int)
        first: dict[str, float] = {}
        for row in self._supervised.requests:
            right = row["right_asked"]
            now.add_metric([right, row["state"]], row["requests_count"])
            total[right] += row["requests_count"]
            late[right] += row["overdue_count"]
            if row["due_in_s"] is not None:
                first[right] = min(first.get(right, row["due_in_s"]), row["due_in_s"])
        for right, count in total.items():
            asked.add_metric([right], count)
            overdue.add_metric([right], late[right])
        for right, seconds in first.items():
            due.add_metric([right], seconds)
        yield from (asked, now, overdue, due)

    def _durations(self) -> Metric:
        family = HistogramMetricFamily(
            "dsar_processing_duration_seconds",
            "From when a request might be carried out to its end: without an erasure's grace period.",
            labels=["right"],
        )
        counts: dict[str, dict[float, int]] = defaultdict(dict)
        sums: dict[str, float] = defaultdict(float)
        for row in self._supervised.durations:
            counts[row["right_asked"]][row["bucket_s"]] = row["requests_count"]
            sums[row["right_asked"]] += row["seconds"]
        for right, found in counts.items():
            upto = [
                (bound, sum(count for at, count in found.items() if at <= float(bound)))
                for bound in (*map(str, DURATIONS_S), "+Inf")
            ]
            family.add_metric([right], buckets=upto, sum_value=sums[right])
        return family

    def _retention(self) -> Iterator[Metric]:
        labels = ["relation"]
        removed = CounterMetricFamily(
            "retention_cleanup_removed", "Rows ended because their time was over.", labels=labels
        )
        left = GaugeMetricFamily(
            "retention_cleanup_left_rows", "Rows its last proof still found; none if it could not count.",
            labels=labels,
        )  # fmt: skip
        at = GaugeMetricFamily(
            "retention_cleanup_timestamp_seconds", "When a relation was last proven.", labels=labels
        )
        for row in self._supervised.retention:
            removed.add_metric([row["relation"]], row["removed_count"])
            at.add_metric([row["relation"]], row["proven_at"])
            if row["left_count"] is not None:
                left.add_metric([row["relation"]], row["left_count"])
        yield from (removed, left, at)
