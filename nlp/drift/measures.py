"""Distances between two distributions over the same bins, and how much of each is chance. Numpy only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SMALLEST_SHARE = 1e-4  # in place of an empty bin, whose logarithm would be infinite; Evidently's choice too
PERMUTATIONS = 20_000  # so that a p-value can be as small as the sharpest step of a family of 200 needs

Counts = npt.NDArray[np.int64]


class EmptyWindowError(ValueError):
    """There is nothing to compare on one of the sides."""


def population_stability(baseline: Counts, current: Counts) -> float:
    """Population stability index between counts of the same bins; 0 is no difference, above 0.2 an alert."""
    expected, actual = shares(baseline), shares(current)
    expected, actual = (
        np.where(expected == 0, SMALLEST_SHARE, expected),
        np.where(actual == 0, SMALLEST_SHARE, actual),
    )
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def stability_noise(baseline_count: int, current_count: int, bins: int) -> float:
    """What PSI is on average when nothing has moved: chance alone gives this much."""
    return (bins - 1) * (1 / baseline_count + 1 / current_count)


def jensen_shannon_divergence(baseline: Counts, current: Counts) -> float:
    """Jensen-Shannon divergence in nats, 0 to ln 2. Evidently reports its square root, the distance."""
    return float(_divergence(shares(baseline)[None, :], shares(current)[None, :])[0])


def permutation_p(
    baseline: Counts, current: Counts, seed: Sequence[int], *, permutations: int = PERMUTATIONS
) -> float:
    """How often a random split of all texts differs at least as much as this one, by their divergence.

    Shuffling texts between the windows only moves counts, so a shuffle is one draw without replacement from
    the counts of both. The same seed gives the same p; the smallest possible is 1 / (permutations + 1).
    """
    together, size = baseline + current, int(current.sum())
    if not size or not int(baseline.sum()):
        raise EmptyWindowError(
            f"a permutation needs texts on both sides: {baseline.sum()} and {current.sum()}"
        )
    seen = jensen_shannon_divergence(baseline, current)
    draws = np.random.default_rng(list(seed)).multivariate_hypergeometric(
        together, size, size=permutations, method="marginals"
    )
    found = _divergence((together - draws) / int(baseline.sum()), draws / size)
    # A tolerance: draws equal to what was seen must count, whatever the last bits of their sums.
    return float((1 + np.count_nonzero(found >= seen - 1e-12)) / (permutations + 1))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values: calling those at or below q a shift is wrong for a share of at most q of them."""
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(p)
    steps = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    found = np.empty_like(adjusted)
    found[order] = adjusted
    return [float(value) for value in found]


def shares(counts: Counts) -> npt.NDArray[np.float64]:
    total = int(counts.sum())
    if not total:
        raise EmptyWindowError("drift needs texts on both sides, and one has none")
    found: npt.NDArray[np.float64] = counts / total
    return found


def _divergence(p: npt.NDArray[np.float64], q: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Row by row; an empty bin contributes nothing, so none needs a stand-in."""
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(p > 0, p * np.log(p / middle), 0.0)
        right = np.where(q > 0, q * np.log(q / middle), 0.0)
    found: npt.NDArray[np.float64] = np.maximum((left.sum(axis=1) + right.sum(axis=1)) / 2, 0.0)
    return found
