"""What the journey engine counts, for its `/metrics`. Labels are declared names, so few."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

EVALUATED = Counter(
    "journey_evaluated_people", "People evaluated, by what asked for it: events, arrivals, time …", ["way"]
)
CHANGES = Counter("journey_changes", "Rows of flag history written, by their cause", ["cause"])
EMITTED = Counter("journey_emitted_events", "Events left for the outbox", ["type"])
CONFLICTS = Counter("journey_conflicts", "People whom another writer changed meanwhile; they are taken again")
DELAY_SECONDS = Histogram(
    "journey_delay_seconds",
    "From an event's place in the stream to the flags that follow from it",
    buckets=(0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 30.0),
)
BATCH_SECONDS = Histogram(
    "journey_batch_seconds",
    "One evaluation: from the people to the commit",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0),
)
DUE = Gauge("journey_due_people", "People who are due and not evaluated yet")
FLAGS = Gauge("journey_flags_set", "Flags that hold now", ["flag"])
DRIFT = Gauge("journey_drift", "Flags that differed when all was last computed anew; -1: never was")
