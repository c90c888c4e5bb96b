"""What the pipeline counts, for the worker's `/metrics`. Labels are declared names, so few."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

RELAYED = Counter("webhook_relayed", "Deliveries moved from the inbox to JetStream")
PROCESSED = Counter("webhook_processed", "Deliveries whose events are published", ["source", "kind"])
RETRIED = Counter("webhook_retried", "Deliveries that failed and wait to be tried again", ["source", "kind"])
DEAD_LETTERED = Counter(
    "webhook_dead_lettered", "Messages given up and kept as dead letters", ["source", "stage"]
)
EVENTS_PUBLISHED = Counter("events_published", "Events published to the EVENTS stream")
EVENTS_LOADED = Counter("events_loaded", "Events inserted into raw.events")
EVENTS_SKIPPED = Counter("events_already_loaded", "Events that came again and were in raw.events already")
LOAD_LAG_SECONDS = Gauge(
    "events_load_lag_seconds", "Age of the oldest event of the last load when it was queryable"
)
LAST_SEQUENCE = Gauge("events_last_loaded_sequence", "Highest stream sequence in raw.events")
FAILURES = Counter("worker_part_failures", "Times a part of the worker stopped with an error", ["part"])
