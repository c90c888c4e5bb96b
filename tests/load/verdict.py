"""Whether one version is slower than another, said of pairs of measurements on a noisy machine.

Both versions are measured again and again by turns, so what the machine does besides meets both. Each pair
gives one ratio; the middle of all ratios is resampled for its 95 % interval, and the interval decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

TOLERANCE = 0.02  # a version is called slower if even the interval's lower end is beyond this
DETECTABLE = 0.10  # and not slower only if the interval's upper end rules this out
RESAMPLES = 4000
CUT = 0.2  # of the ratios at either end: a slice in which something else ran says nothing of the version
FEWEST_PAIRS = 8
_SEED = 20261127  # the same pairs have the same verdict

Floats = npt.NDArray[np.float64]


class Verdict(Enum):
    NOT_SLOWER = "not slower"
    SLOWER = "slower"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Ratio:
    """The newer version's figure as a multiple of the older one's, with a 95 % interval."""

    middle: float
    low: float
    high: float
    pairs: int

    @property
    def verdict(self) -> Verdict:
        if self.low > 1 + TOLERANCE:
            return Verdict.SLOWER
        return Verdict.NOT_SLOWER if self.high < 1 + DETECTABLE else Verdict.UNDECIDED

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict.value}

    def __str__(self) -> str:
        return f"{self.middle:.3f} (95 %: {self.low:.3f} to {self.high:.3f}), {self.verdict.value}"


def compare(older: Sequence[float], newer: Sequence[float]) -> Ratio:
    """The ratio of paired measurements, of which less is better. Raises `ValueError` for too few pairs."""
    if len(older) != len(newer) or len(older) < FEWEST_PAIRS:
        raise ValueError(f"{len(older)} and {len(newer)} measurements are not {FEWEST_PAIRS} pairs or more")
    if min(*older, *newer) <= 0:
        raise ValueError("a measurement is not above nought, so it has no ratio")
    logs = np.log(np.asarray(newer, float)) - np.log(np.asarray(older, float))
    drawn = np.random.default_rng(_SEED).integers(0, len(logs), (RESAMPLES, len(logs)))
    middles = _middle(logs[drawn], axis=1)
    middle, few = float(_middle(logs, axis=0)), len(logs) - 1
    # A resampled interval of few pairs is too narrow, as one with the normal distribution would be.
    wider = float(stats.t.ppf(0.975, few) / stats.norm.ppf(0.975)) * math.sqrt(len(logs) / few)
    low, high = (middle + wider * (float(end) - middle) for end in np.quantile(middles, (0.025, 0.975)))
    return Ratio(math.exp(middle), math.exp(low), math.exp(high), len(logs))


def _middle(logs: Floats, *, axis: int) -> Any:
    return stats.trim_mean(logs, CUT, axis=axis)


@dataclass(frozen=True)
class Power:
    """How often the verdict is right, on noise that was recorded."""

    trials: int
    pairs: int
    slowdown: float
    detected: int  # of `trials` with the slowdown planted
    false_alarms: int  # of `trials` without
    undecided: int  # of `trials` without

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def power(
    older: Sequence[float], newer: Sequence[float], *, pairs: int, trials: int, slowdown: float = DETECTABLE
) -> Power:
    """Judge `pairs` drawn from those recorded of one version with itself, `trials` times, as they are and
    with the newer ones slowed down.

    What the recorded pairs differ in the middle is taken out first: of one version it is chance, and in every
    trial it would count as that trial's.
    """
    ratios = np.log(np.asarray(newer, float)) - np.log(np.asarray(older, float))
    ratios = ratios - _middle(ratios, axis=0)
    chance = np.random.default_rng(_SEED + 1)
    verdicts: dict[float, list[Verdict]] = {0.0: [], slowdown: []}
    for _ in range(trials):
        drawn = np.exp(chance.choice(ratios, pairs))
        for planted, found in verdicts.items():
            found.append(compare([1.0] * pairs, (drawn * (1 + planted)).tolist()).verdict)
    return Power(
        trials, pairs, slowdown,
        detected=verdicts[slowdown].count(Verdict.SLOWER),
        false_alarms=verdicts[0.0].count(Verdict.SLOWER),
        undecided=verdicts[0.0].count(Verdict.UNDECIDED),
    )  # fmt: skip
