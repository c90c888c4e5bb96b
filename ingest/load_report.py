"""What a load did: counts, the range of stream sequences and the lag, to be summed and reported."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.tracing import MOST_LINKS


@dataclass(frozen=True)
class LoadReport:
    """`lag_s` is the greatest age an event had reached, since it was published, when it became queryable."""

    row_count: int = 0
    already_loaded_count: int = 0
    unreadable_count: int = 0
    first_sequence: int | None = None
    last_sequence: int | None = None
    lag_s: float = 0.0
    # Of events that are traced, the first few: what builds on the load links to them.
    traces: tuple[str, ...] = ()

    def __add__(self, other: LoadReport) -> LoadReport:
        firsts = [r.first_sequence for r in (self, other) if r.first_sequence is not None]
        lasts = [r.last_sequence for r in (self, other) if r.last_sequence is not None]
        return LoadReport(
            self.row_count + other.row_count,
            self.already_loaded_count + other.already_loaded_count,
            self.unreadable_count + other.unreadable_count,
            min(firsts, default=None),
            max(lasts, default=None),
            max(self.lag_s, other.lag_s),
            (*self.traces, *other.traces)[:MOST_LINKS],
        )
