"""What the gate counts, for its `/metrics`. Labels are declared names, so few."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SCREENED = Counter(
    "safety_screened_texts", "Versions of texts with a verdict, by the way they came", ["way", "action"]
)
FLAGGED = Counter("safety_flagged_texts", "Review items raised", ["category", "severity"])
DELAY_SECONDS = Histogram(
    "safety_screening_delay_seconds",
    "From an event's place in the stream to its verdict",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0),
)
DECISIONS_APPLIED = Counter("safety_decisions_applied", "Reviewers' decisions carried out", ["decision"])
OPEN_ITEMS = Gauge("safety_review_open_items", "Items that wait for a decision", ["severity"])
OVERDUE_ITEMS = Gauge("safety_review_overdue_items", "Of these, past the time they were due", ["severity"])
OLDEST_OVERDUE_SECONDS = Gauge(
    "safety_review_oldest_overdue_seconds", "How long the item overdue longest has been so; 0 if none is"
)
UNAPPLIED = Gauge("safety_decisions_waiting", "Decisions that the gate has not carried out")
FAILING = Gauge(
    "safety_decisions_failing", "Of these, tried at least once: approved texts that cannot be redacted"
)
