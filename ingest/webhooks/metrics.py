"""What the receiver counts. Labels are declared sources, kinds and reasons, so their number is bounded.

`webhook_processed_total`, `webhook_retried_total` and `webhook_dead_lettered_total` are the worker's.
"""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

RECEIVED = Counter("webhook_received", "Requests on a webhook path", ["source", "kind"])
ACCEPTED = Counter("webhook_accepted", "Deliveries put on disk and answered 202", ["source", "kind"])
DUPLICATE = Counter("webhook_duplicate", "Deliveries known from before and answered 202", ["source", "kind"])
FAILED = Counter("webhook_failed", "Requests answered 4xx or 5xx", ["source", "kind", "reason"])

DEPRECATED = Counter("webhook_deprecated_requests", "Requests on a path without a version", ["source"])


@cache  # finding a counter by its labels takes microseconds, on every request
def on_the_way(source: str, kind: str) -> tuple[Counter, Counter]:
    """The counters every accepted delivery passes: received and accepted."""
    return RECEIVED.labels(source, kind), ACCEPTED.labels(source, kind)


PENDING = Gauge("webhook_inbox_pending", "Deliveries waiting for their commit")
COMMIT_SECONDS = Histogram(
    "webhook_inbox_commit_seconds", "Duration of one group commit",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5),
)  # fmt: skip
COMMIT_DELIVERIES = Histogram(
    "webhook_inbox_commit_deliveries", "Deliveries in one group commit", buckets=(1, 2, 5, 10, 50, 100, 500)
)
