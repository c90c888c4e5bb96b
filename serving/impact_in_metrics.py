"""Deliveries as Prometheus sees them: read from their log, whichever process sent them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import asyncpg
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from orchestration.impact_in.totals import BUCKETS_S
from serving.queries import impact_in
from serving.queries.impact_in import Supervised


async def collector(pool: asyncpg.Pool) -> Collector:
    """What the log says now."""
    return _Log(await impact_in.supervised(pool))


class _Log(Collector):
    def __init__(self, supervised: Supervised) -> None:
        self._supervised = supervised

    def collect(self) -> Iterator[Metric]:
        yield from _now(self._supervised.deliveries)
        yield from _ever(self._supervised.totals)
        attempts = GaugeMetricFamily(
            "impact_in_attempts_last_hour", "Requests to partners.", labels=["platform", "decision"]
        )
        for row in self._supervised.attempts:
            attempts.add_metric([row["platform"], row["decision"]], row["attempts_count"])
        callbacks = GaugeMetricFamily(
            "impact_in_callbacks_unapplied", "Callbacks of the last 30 days that moved no delivery.",
            labels=["platform", "state"],
        )  # fmt: skip
        for row in self._supervised.callbacks:
            callbacks.add_metric([row["platform"], row["state"]], row["callbacks_count"])
        yield from (attempts, callbacks)


def _now(deliveries: Iterable[asyncpg.Record]) -> Iterator[Metric]:
    counts = GaugeMetricFamily(
        "impact_in_deliveries_current", "Deliveries; of those that arrived, the last 30 days'.",
        labels=["platform", "status"],
    )  # fmt: skip
    overdue = GaugeMetricFamily(
        "impact_in_overdue_seconds", "How long the longest due one waits.", labels=["platform"]
    )
    longest: dict[str, float] = {}
    for row in deliveries:
        counts.add_metric([row["platform"], row["status"]], row["deliveries_count"])
        if row["status"] in ("due", "retrying"):
            longest[row["platform"]] = max(longest.get(row["platform"], 0.0), row["overdue_s"])
    for platform, seconds in longest.items():
        overdue.add_metric([platform], seconds)
    yield from (counts, overdue)


def _ever(totals: Iterable[asyncpg.Record]) -> Iterator[Metric]:
    """Counters since the platform was set up. A delivery that is replayed ends again, and counts again."""
    ended: dict[tuple[str, str], int] = defaultdict(int)
    failures: dict[tuple[str, str], int] = defaultdict(int)
    arrived: dict[str, dict[float, int]] = defaultdict(lambda: defaultdict(int))
    seconds: dict[str, float] = defaultdict(float)
    for row in totals:
        platform, outcome, count = row["platform"], row["outcome"], row["tries_count"]
        if outcome == "delivered":
            arrived[platform][row["bucket_s"]] += count
            seconds[platform] += row["seconds"]
        else:
            failures[platform, row["error_class"]] += count
        if outcome != "retrying":
            ended[platform, outcome] += count
    deliveries = CounterMetricFamily(
        "impact_in_deliveries", "Deliveries that ended.", labels=["platform", "status"]
    )
    for labels, count in ended.items():
        deliveries.add_metric(labels, count)
    failed = CounterMetricFamily(
        "impact_in_failures", "Tries that ended without an acceptance.", labels=["platform", "error_class"]
    )
    for labels, count in failures.items():
        failed.add_metric(labels, count)
    duration = HistogramMetricFamily(
        "impact_in_delivery_duration_seconds", "From the time due to the acceptance.", labels=["platform"]
    )
    for platform, counts in arrived.items():
        upto = [
            (bound, sum(count for at, count in counts.items() if at <= float(bound)))
            for bound in (*map(str, BUCKETS_S), "+Inf")
        ]
        duration.add_metric([platform], buckets=upto, sum_value=seconds[platform])
    yield from (deliveries, failed, duration)
