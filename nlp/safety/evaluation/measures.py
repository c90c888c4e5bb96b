"""Precision, recall and F1 with what chance could have made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

ROUNDS = 2000
SEED = 20_261_127


@dataclass(frozen=True)
class Share:
    """A share of a count, with its 95 % interval (Wilson)."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        return self.hits / self.count if self.count else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        if not self.count:
            return (0.0, 1.0)
        found = binomtest(self.hits, self.count).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Agreement:
    """How what was found agrees with what is there, text by text."""

    precision: Share
    recall: Share
    f1: float
    f1_interval: tuple[float, float]


def agreement(expected: Sequence[bool], found: Sequence[bool]) -> Agreement:
    """Compare two answers per text. The interval of F1 is what 95 % of 2,000 samples of the texts give."""
    truth, answer = np.asarray(expected, dtype=bool), np.asarray(found, dtype=bool)
    hits = truth & answer
    samples = np.random.default_rng(SEED).integers(0, len(truth), size=(ROUNDS, len(truth)))
    sampled = _f1(hits[samples].sum(axis=1), truth[samples].sum(axis=1), answer[samples].sum(axis=1))
    low, high = np.percentile(sampled, [2.5, 97.5])
    count = int(hits.sum())
    return Agreement(
        Share(count, int(answer.sum())),
        Share(count, int(truth.sum())),
        float(_f1(np.array([count]), np.array([truth.sum()]), np.array([answer.sum()]))[0]),
        (float(low), float(high)),
    )


def _f1(
    hits: np.ndarray[tuple[int], np.dtype[np.int64]],
    truth: np.ndarray[tuple[int], np.dtype[np.int64]],
    answer: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    total = truth + answer
    return np.where(total > 0, 2 * hits / np.maximum(total, 1), 1.0)
