"""Measures of a classifier, with the intervals that say how much of them is luck. Numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z_95 = 1.959963984540054
Interval = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """One label in one language: how the answers compare with the truth.

    An abstention claims nothing: it lowers coverage, and recall if the label was there.
    """

    true_positive: int = 0
    false_positive: int = 0
    true_negative: int = 0
    false_negative: int = 0  # answered no, wrongly
    abstained_positive: int = 0
    abstained_negative: int = 0

    @property
    def item_count(self) -> int:
        return self.decided_count + self.abstained_positive + self.abstained_negative

    @property
    def decided_count(self) -> int:
        return self.true_positive + self.false_positive + self.true_negative + self.false_negative

    @property
    def support(self) -> int:
        """How many items carry the label."""
        return self.true_positive + self.false_negative + self.abstained_positive

    @property
    def claimed_count(self) -> int:
        return self.true_positive + self.false_positive

    @property
    def coverage(self) -> float | None:
        return ratio(self.decided_count, self.item_count)

    @property
    def precision(self) -> float | None:
        return ratio(self.true_positive, self.claimed_count)

    @property
    def recall(self) -> float | None:
        return ratio(self.true_positive, self.support)

    @property
    def f1(self) -> float | None:
        """None if the label neither occurs nor is claimed."""
        return ratio(2 * self.true_positive, self.claimed_count + self.support)

    @property
    def accuracy(self) -> float | None:
        """Of what was decided."""
        return ratio(self.true_positive + self.true_negative, self.decided_count)


def cell(truth: Sequence[bool], answered: Sequence[bool | None]) -> Cell:
    pairs = list(zip(truth, answered, strict=True))
    return Cell(
        true_positive=sum(t and a is True for t, a in pairs),
        false_positive=sum(not t and a is True for t, a in pairs),
        true_negative=sum(not t and a is False for t, a in pairs),
        false_negative=sum(t and a is False for t, a in pairs),
        abstained_positive=sum(t and a is None for t, a in pairs),
        abstained_negative=sum(not t and a is None for t, a in pairs),
    )


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def wilson(successes: int, count: int) -> Interval | None:
    """The 95 % interval of a share; unlike the normal one it holds near 0 and 1 and for small counts."""
    if not count:
        return None
    share = successes / count
    centre = share + Z_95**2 / (2 * count)
    reach = Z_95 * math.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2))
    scale = 1 + Z_95**2 / count
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)


def percentile_interval(samples: Sequence[float]) -> Interval | None:
    """The middle 95 % of bootstrap samples."""
    if not len(samples):
        return None
    low, high = np.percentile(np.asarray(samples), (2.5, 97.5))
    return float(low), float(high)


def brier(truth: Sequence[bool], probabilities: Sequence[float]) -> float | None:
    """Mean squared distance between stated probability and what was true; 0 is best."""
    if not truth:
        return None
    return float(np.mean((np.asarray(probabilities) - np.asarray(truth, dtype=float)) ** 2))


@dataclass(frozen=True)
class CalibrationBin:
    """Answers whose stated probability fell between `low` and `high`."""

    low: float
    high: float
    count: int
    stated: float  # mean probability
    observed: float  # share that was true


def calibration(
    truth: Sequence[bool], probabilities: Sequence[float], *, bins: int = 10
) -> tuple[CalibrationBin, ...]:
    """What was stated beside what was true; empty bins are left out."""
    true, stated = np.asarray(truth, dtype=float), np.asarray(probabilities, dtype=float)
    place = np.minimum((stated * bins).astype(int), bins - 1)
    return tuple(
        CalibrationBin(
            index / bins,
            (index + 1) / bins,
            int(here.sum()),
            float(stated[here].mean()),
            float(true[here].mean()),
        )
        for index in range(bins)
        if (here := place == index).any()
    )


def expected_calibration_error(bins: Sequence[CalibrationBin]) -> float | None:
    """Mean distance between stated and observed, weighted by count; 0 is best."""
    count = sum(one.count for one in bins)
    return sum(one.count * abs(one.stated - one.observed) for one in bins) / count if count else None


@dataclass(frozen=True)
class OperatingPoint:
    """How precise the claims are if only the most certain answers are kept."""

    coverage: float
    precision: float | None
    recall: float | None
    claimed_count: int


def precision_at_coverage(
    truth: Sequence[bool], probabilities: Sequence[float | None], shares: Sequence[float]
) -> tuple[OperatingPoint, ...]:
    """Precision and recall of claims when the least certain answers are withheld, at each share kept.

    A text without a probability is withheld first. Certainty is the distance from one half; shares that the
    classifier does not reach are left out.
    """
    stated = [
        (abs(probability - 0.5), probability >= 0.5, true)
        for true, probability in zip(truth, probabilities, strict=True)
        if probability is not None
    ]
    stated.sort(key=lambda answer: -answer[0])
    support = sum(truth)
    points = []
    for share in shares:
        kept = round(share * len(truth))
        if not 0 < kept <= len(stated):
            continue
        claims = [true for _, is_claimed, true in stated[:kept] if is_claimed]
        points.append(
            OperatingPoint(share, ratio(sum(claims), len(claims)), ratio(sum(claims), support), len(claims))
        )
    return tuple(points)


def percentiles(values: Sequence[float], shares: Sequence[float] = (50, 95, 99)) -> tuple[float, ...] | None:
    if not values:
        return None
    return tuple(float(value) for value in np.percentile(np.asarray(values), shares))
