"""Does a number grow? Theil-Sen's slope of its medians over time, with the interval it lies in with 95 %.

Medians of stretches and not the samples: what a collector of garbage or a cache does for a minute shows in
many samples in a row, and an interval that takes them for independent is too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import theilslopes

STRETCHES = 40
FEWEST_STRETCHES = 8
SHORTEST_S = 240.0  # of what is looked at: below it a cache that fills looks like a leak
WARM_UP_SHARE = 1 / 3

Verdict = Literal["flat", "grows", "undecided", "too short"]


@dataclass(frozen=True)
class Trend:
    """Growth per hour, between `low` and `high` with 95 %, and what the medians began and ended at."""

    per_hour: float
    low: float
    high: float
    first: float
    last: float
    stretches: int

    def verdict(self, limit_per_hour: float) -> Verdict:
        """`flat`: certainly less than the limit. `grows`: certainly more. Else nobody can tell yet."""
        if self.high <= limit_per_hour:
            return "flat"
        return "grows" if self.low > limit_per_hour else "undecided"


def trend(seconds: Sequence[float], values: Sequence[float]) -> Trend | None:
    """The trend after the warm-up, the first third; None where too little is left to speak of one."""
    at, found = np.asarray(seconds, dtype=float), np.asarray(values, dtype=float)
    if not at.size:
        return None
    is_warm = at >= at[0] + WARM_UP_SHARE * (at[-1] - at[0])
    at, found = at[is_warm], found[is_warm]
    if at[-1] - at[0] < SHORTEST_S:
        return None
    edges = np.linspace(at[0], at[-1], STRETCHES + 1)[1:-1]
    parts = np.split(np.arange(at.size), np.searchsorted(at, edges))
    parts = [part for part in parts if part.size]
    if len(parts) < FEWEST_STRETCHES:
        return None
    x = np.array([at[part].mean() for part in parts]) / 3600
    y = np.array([np.median(found[part]) for part in parts])
    slope, _, low, high = theilslopes(y, x, 0.95)
    return Trend(float(slope), float(low), float(high), float(y[0]), float(y[-1]), len(parts))
