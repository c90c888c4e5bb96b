"""Compares a window with its baseline, series by series, and says what follows from each difference."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nlp.drift.measures import (
    PERMUTATIONS,
    Counts,
    benjamini_hochberg,
    jensen_shannon_divergence,
    permutation_p,
    population_stability,
    stability_noise,
)
from nlp.drift.series import Distribution

SMALLEST_SAMPLE = 30  # below, PSI cries wolf one time in fourteen and no test has power
MONITOR_PSI, ALERT_PSI, HIGH_PSI = 0.1, 0.2, 0.3
MONITOR_JS, ALERT_JS, HIGH_JS = 0.05, 0.1, 0.15  # divergence in nats: far coarser than PSI
FALSE_DISCOVERY_RATE = 0.01

Verdict = Literal["insufficient", "ok", "monitor", "shifted", "alert"]
Severity = Literal["none", "low", "medium", "high"]
Baseline = Mapping[tuple[str, str], Counts]  # by series and language


@dataclass(frozen=True)
class DriftCheck:
    """One series in one language against the baseline.

    `alert`: PSI is above 0.2, which is what was agreed on. `shifted`: PSI is not, but chance does not explain
    the difference. `monitor`: PSI or divergence is in the band below the alert. An alert that chance would
    explain has a large `q_value`, and a `psi_noise` near its `psi`.
    """

    series: str
    family: str
    language: str
    baseline_count: int
    window_count: int
    psi: float | None = None
    psi_noise: float | None = None
    js_divergence: float | None = None
    js_distance: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    verdict: Verdict = "insufficient"
    severity: Severity = "none"

    @property
    def is_significant(self) -> bool:
        return self.q_value is not None and self.q_value <= FALSE_DISCOVERY_RATE


def compare(
    baseline: Baseline,
    window: Iterable[Distribution],
    *,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> list[DriftCheck]:
    """Check every distribution of a window. Fewer than 30 texts on a side is `insufficient`, never an alarm.

    The same data and seed give the same numbers. False discoveries are controlled over all series and
    languages of a family.
    """
    checks = [
        _check(baseline.get((one.series.name, one.language)), one, seed, permutations) for one in window
    ]
    families: defaultdict[str, list[int]] = defaultdict(list)
    for index, check in enumerate(checks):
        if check.p_value is not None:
            families[check.family].append(index)
    for members in families.values():
        adjusted = benjamini_hochberg([checks[index].p_value or 0.0 for index in members])
        for index, q_value in zip(members, adjusted, strict=True):
            checks[index] = _judged(replace(checks[index], q_value=q_value))
    return checks


def _check(reference: Counts | None, current: Distribution, seed: int, permutations: int) -> DriftCheck:
    counts = np.zeros_like(current.counts) if reference is None else reference
    check = DriftCheck(
        current.series.name,
        current.series.family,
        current.language,
        baseline_count=int(counts.sum()),
        window_count=int(current.counts.sum()),
    )
    if min(check.baseline_count, check.window_count) < SMALLEST_SAMPLE:
        return check
    used_bins = int(np.count_nonzero(counts + current.counts))
    divergence = jensen_shannon_divergence(counts, current.counts)
    place = zlib.crc32(f"{current.series.name}/{current.language}".encode())
    return replace(
        check,
        psi=population_stability(counts, current.counts),
        psi_noise=stability_noise(check.baseline_count, check.window_count, used_bins),
        js_divergence=divergence,
        js_distance=divergence**0.5,
        p_value=permutation_p(counts, current.counts, (seed, place), permutations=permutations),
    )


def _judged(check: DriftCheck) -> DriftCheck:
    psi, divergence = check.psi or 0.0, check.js_divergence or 0.0
    verdict: Verdict
    if psi > ALERT_PSI:
        verdict = "alert"
    elif check.is_significant:
        verdict = "shifted"
    elif psi >= MONITOR_PSI or divergence >= MONITOR_JS:
        verdict = "monitor"
    else:
        verdict = "ok"
    return replace(check, verdict=verdict, severity="none" if verdict == "ok" else severity(psi, divergence))


def severity(psi: float, js_divergence: float) -> Severity:
    if psi > HIGH_PSI or js_divergence > HIGH_JS:
        return "high"
    if psi > ALERT_PSI or js_divergence > ALERT_JS:
        return "medium"
    return "low"
