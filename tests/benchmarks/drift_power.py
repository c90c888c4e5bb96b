"""How often drift checks cry wolf and how much they see: `python -m tests.benchmarks.drift_power`.

A baseline of 1,000 texts against windows of n texts, three classes. Beside the agreed alert (PSI above 0.2)
stands the permutation test, alone at p < 0.01 and as the platform uses it: over five label series in three
languages and in all, corrected to a false discovery rate of 0.01. The shift moves a share from 0.30 to 0.45.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.drift.measures import benjamini_hochberg, permutation_p, population_stability
from nlp.evaluation.measures import wilson
from tests.benchmarks.reports import write

STEADY, SHIFTED = (0.5, 0.3, 0.2), (0.5 * 0.55 / 0.7, 0.45, 0.2 * 0.55 / 0.7)
BASELINE_COUNT = 1000
FAMILY = 20  # tests corrected together: five label series in three languages and in all
RULES = ("PSI > 0.2", "PSI > 0.1", "permutation p < 0.01", f"q <= 0.01 in a family of {FAMILY}")


@dataclass(frozen=True)
class Rates:
    """How often something was found, by rule, of `runs`."""

    texts: int
    runs: int
    false_alarms: tuple[int, ...]
    found: tuple[int, ...]


def simulate(texts: int, runs: int, *, permutations: int, seed: int = 7) -> Rates:
    """How often each rule fires without a shift, the last for any of its family, and with one."""
    random = np.random.default_rng((seed, texts))
    false_alarms, found = np.zeros(len(RULES), dtype=int), np.zeros(len(RULES), dtype=int)
    for number in range(runs):
        baselines = random.multinomial(BASELINE_COUNT, STEADY, size=FAMILY)
        steady = random.multinomial(texts, STEADY, size=FAMILY)
        shifted = random.multinomial(texts, SHIFTED)
        p_values = [
            permutation_p(baseline, window, (seed, number, place), permutations=permutations)
            for place, (baseline, window) in enumerate(zip(baselines, steady, strict=True))
        ]
        p_shifted = permutation_p(baselines[0], shifted, (seed, number, FAMILY), permutations=permutations)
        psi, psi_shifted = (population_stability(baselines[0], window) for window in (steady[0], shifted))
        q_steady = min(benjamini_hochberg(p_values))
        q_shifted = benjamini_hochberg([p_shifted, *p_values[1:]])[0]
        false_alarms += [psi > 0.2, psi > 0.1, p_values[0] < 0.01, q_steady <= 0.01]
        found += [psi_shifted > 0.2, psi_shifted > 0.1, p_shifted < 0.01, q_shifted <= 0.01]
    return Rates(texts, runs, tuple(map(int, false_alarms)), tuple(map(int, found)))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--permutations", type=int, default=5000)
    options = parser.parse_args(arguments)
    sizes = (30, 50, 100, 200, 400, 800)
    measured = [simulate(texts, options.runs, permutations=options.permutations) for texts in sizes]
    rows = [("rule", *(f"n={rates.texts}" for rates in measured))]
    for kind, name in (("false alarm", "false_alarms"), ("shift found", "found")):
        for index, rule in enumerate(RULES):
            cells = (share(getattr(rates, name)[index], rates.runs) for rates in measured)
            rows.append((f"{kind}, {rule}", *cells))
    notes = (
        f"{options.runs} runs per column, {options.permutations} permutations, {BASELINE_COUNT} texts before;"
        " 95 % intervals in brackets. A false alarm of the last rule is any one among the family."
    )
    print(
        write(
            "drift_power",
            "What drift checks see, and how often they cry wolf",
            rows,
            [vars(rates) for rates in measured],
            command="python -m tests.benchmarks.drift_power",
            notes=notes,
        )
    )


def share(count: int, runs: int) -> str:
    low, high = wilson(count, runs) or (0.0, 1.0)
    return f"{count / runs:.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
