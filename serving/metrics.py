"""What Prometheus sees of the API process. Labels are bounded: route templates, known methods and events."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# From the millisecond of a cached read to the seconds of a store that is about to time out.
_LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class _Opened(Collector):
    """How many live streams were opened. A collector of its own: the library takes the name of the gauge of
    those that are open for the same as `…_total`, and Prometheus does not."""

    def __init__(self) -> None:
        self.count = 0

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("sse_connections", "Live streams that were opened.", value=self.count)


class Metrics:
    """One registry per application, so that two applications in one test process do not share counters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "http_requests_total", "Answered requests.", ["method", "route", "status"], registry=self.registry
        )
        self.latency = Histogram(
            "http_request_duration_seconds",
            "Seconds from the request to the first byte of its answer.",
            ["route"],
            buckets=_LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.deprecated_requests = Counter(
            "api_deprecated_requests_total",
            "Requests on paths without a version, which end on the day their `Sunset` header names.",
            ["caller", "route"],
            registry=self.registry,
        )
        self.safety_reviews = Counter(
            "safety_reviews_total", "Decisions about flagged texts.", ["decision"], registry=self.registry
        )
        self.safety_views = Counter(
            "safety_text_views_total", "Looks at a flagged text, each on record.", registry=self.registry
        )
        self.stream_clients = Gauge("sse_connections", "Open live streams.", registry=self.registry)
        self.streams_opened = _Opened()
        self.registry.register(self.streams_opened)
        self.stream_events = Counter(
            "sse_events_total", "Update events read from the log.", ["event"], registry=self.registry
        )
        self.stream_deliveries = Counter(
            "sse_deliveries_total", "Events written to clients.", registry=self.registry
        )
        self.stream_resumes = Counter(
            "sse_resumes_total", "Streams that asked to resume.", ["outcome"], registry=self.registry
        )
        self.stream_catch_ups = Counter(
            "sse_catch_ups_total",
            "Times a slow client fell behind memory and read the log.",
            registry=self.registry,
        )
        self.drift_series = Gauge(
            "q2q_drift_series",
            "Series per verdict in the newest checked window.",
            ["model", "grain", "verdict"],
            registry=self.registry,
        )
        self.drift_largest_psi = Gauge(
            "q2q_drift_largest_psi",
            "Largest population stability index of the newest checked window; above 0.2 is an alert.",
            ["model", "grain"],
            registry=self.registry,
        )
