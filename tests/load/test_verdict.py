"""A slowdown of ten percent is noticed on a noisy machine, and a version is not called slower than itself."""

from __future__ import annotations

import numpy as np
import pytest

from tests.load.compare import LOUD_SHARE, judge
from tests.load.verdict import Ratio, Verdict, compare, power

# CPU time for each delivery of one version in 20 pairs, with a noise of 4 % and two slices disturbed.
NOISE = np.random.default_rng(5).normal(0, 0.04, (2, 20))
NOISE[1, [3, 11]] = 0.6
OLDER, NEWER = (700 * np.exp(NOISE)).tolist()


def test_a_version_is_not_slower_than_itself() -> None:
    ratio = compare(OLDER, NEWER)
    assert ratio.verdict is Verdict.NOT_SLOWER
    assert ratio.low < 1 < ratio.high


def test_ten_percent_more_are_noticed() -> None:
    ratio = compare(OLDER, [1.10 * one for one in NEWER])
    assert ratio.verdict is Verdict.SLOWER
    assert ratio.low < 1.10 < ratio.high


def test_the_same_pairs_have_the_same_verdict() -> None:
    assert compare(OLDER, NEWER) == compare(OLDER, NEWER)


def test_pairs_that_differ_too_much_decide_nothing() -> None:
    loud = np.exp(np.random.default_rng(5).normal(0, 0.5, 8)).tolist()
    assert compare([1.0] * 8, loud).verdict is Verdict.UNDECIDED


def test_beside_too_much_else_nothing_is_decided() -> None:
    slower = Ratio(1.25, 1.05, 1.5, 20)
    ratios = {"cpu_us_each": slower, "p50_ms": slower}
    assert judge(ratios, LOUD_SHARE) is Verdict.SLOWER
    assert judge(ratios, LOUD_SHARE + 0.01) is Verdict.UNDECIDED


def test_a_latency_alone_can_say_slower_but_not_undecided() -> None:
    same, slower, wide = Ratio(1.0, 0.97, 1.03, 20), Ratio(1.2, 1.1, 1.3, 20), Ratio(1.0, 0.7, 1.4, 20)
    assert judge({"cpu_us_each": same, "p50_ms": slower}, 0.0) is Verdict.SLOWER
    assert judge({"cpu_us_each": same, "p50_ms": wide}, 0.0) is Verdict.NOT_SLOWER


def test_what_is_surely_faster_is_not_slower() -> None:
    assert Ratio(0.9, 0.88, 0.92, 20).verdict is Verdict.NOT_SLOWER


@pytest.mark.parametrize(
    ("older", "newer", "problem"),
    [
        ([1.0] * 7, [1.0] * 7, "not 8 pairs"),
        ([1.0] * 8, [1.0] * 9, "not 8 pairs"),
        ([1.0] * 8, [0.0] * 8, "nought"),
    ],
)
def test_too_little_is_no_verdict(older: list[float], newer: list[float], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        compare(older, newer)


def test_the_power_on_recorded_noise_is_told() -> None:
    found = power(OLDER, NEWER, pairs=20, trials=20)
    assert found.detected >= 19
    assert found.false_alarms <= 1
    hopeless = power(OLDER, NEWER, pairs=20, trials=5, slowdown=0.001)
    assert hopeless.detected == 0
