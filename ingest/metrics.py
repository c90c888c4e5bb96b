"""What the pipeline counts, for the worker's `/metrics`. Labels are declared names, so few."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from typing import Protocol

from prometheus_client import Counter, Gauge

RELAYED = Counter("webhook_relayed", "Deliveries settled and taken out of the inbox")
PROCESSED = Counter("webhook_processed", "Deliveries whose events are published", ["source", "kind"])
RETRIED = Counter("webhook_retried", "Tries that failed and are repeated", ["source", "kind", "error_class"])
DEAD_LETTERED = Counter(
    "webhook_dead_lettered",
    "Messages given up and kept as dead letters",
    ["source", "stage", "error_class"],
)
EVENTS_PUBLISHED = Counter("events_published", "Events published to the EVENTS stream")
EVENTS_LOADED = Counter("events_loaded", "Events inserted into raw.events")
EVENTS_SKIPPED = Counter("events_already_loaded", "Events that came again and were in raw.events already")
LEFT_OUT_ERASED = Counter(
    "erased_left_out", "What named an erased person and was not taken in, by the door it came to", ["door"]
)
LOAD_LAG_SECONDS = Gauge(
    "events_load_lag_seconds", "Age of the oldest event of the last load when it was queryable"
)
LAST_SEQUENCE = Gauge("events_last_loaded_sequence", "Highest stream sequence in raw.events")
OUTBOX_SENT = Counter("outbox_sent", "Messages sent from the outboxes", ["outbox"])
UPDATES_FORWARDED = Counter("updates_forwarded", "Events that became live updates", ["update"])
FAILURES = Counter("worker_part_failures", "Times a part of the worker stopped with an error", ["part"])
WAITING = Gauge("webhook_waiting", "Deliveries and events that wait, by the step they wait for", ["step"])
OLDEST_SECONDS = Gauge("webhook_inbox_oldest_seconds", "Age of the oldest delivery that waits for the relay")
DEAD_LETTERS_WAITING = Gauge("webhook_dead_letters_waiting", "Dead letters nobody has acted on")


class OfAKind(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def kind(self) -> str: ...


def count_by_kind(counter: Counter, deliveries: Iterable[OfAKind]) -> None:
    """Count deliveries under their source and kind, one step per kind rather than per delivery."""
    for (source, kind), count in Tally((one.source, one.kind) for one in deliveries).items():
        counter.labels(source, kind).inc(count)
