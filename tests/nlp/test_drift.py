"""Distances are those of other libraries; alarms are rare without a shift and come with one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from nlp.drift.checks import compare, severity
from nlp.drift.measures import (
    EmptyWindowError,
    benjamini_hochberg,
    jensen_shannon_divergence,
    permutation_p,
    population_stability,
    stability_noise,
)
from nlp.drift.series import ALL, SERIES, ScoredText, answers, distributions
from nlp.labels import DIMENSIONS
from orchestration.governance.drift_page import COLUMNS, evidently_report, evidently_values
from tests.benchmarks.drift_power import simulate

TABLE = [
    ((0.5, 0.5), (0.5, 0.5), 0.0, 0.0, 0.0),
    ((0.5, 0.5), (0.6, 0.4), 0.0405, 0.0051, 0.0073),
    ((0.5, 0.5), (0.7, 0.3), 0.1695, 0.0210, 0.0303),
    ((0.5, 0.5), (0.72, 0.28), 0.2078, 0.0257, 0.0371),
    ((0.5, 0.5), (0.8, 0.2), 0.4159, 0.0507, 0.0731),
    ((0.2, 0.5, 0.3), (0.1, 0.4, 0.5), 0.1938, 0.0239, 0.0345),
    ((0.2, 0.5, 0.3), (0.4, 0.4, 0.2), 0.2015, 0.0248, 0.0358),
    ((0.9, 0.1), (1.0, 0.0), 0.7006, 0.0360, 0.0519),
]


def counts(shares: tuple[float, ...], total: int = 10_000) -> np.ndarray:
    return np.array([round(share * total) for share in shares])


@pytest.mark.parametrize(("before", "now", "psi", "nats", "bits"), TABLE)
def test_distances_are_those_of_the_reference_table(
    before: tuple[float, ...], now: tuple[float, ...], psi: float, nats: float, bits: float
) -> None:
    one, other = counts(before), counts(now)
    assert population_stability(one, other) == pytest.approx(psi, abs=6e-5)
    assert jensen_shannon_divergence(one, other) == pytest.approx(nats, abs=6e-5)
    assert jensen_shannon_divergence(one, other) / math.log(2) == pytest.approx(bits, abs=6e-5)


def test_distances_agree_with_scipy() -> None:
    generator = np.random.default_rng(5)
    for _ in range(200):
        one, other = generator.multinomial(300, generator.dirichlet(np.ones(5)), size=2)
        other = generator.permutation(other)
        found = jensen_shannon_divergence(one, other)
        assert found == pytest.approx(jensenshannon(one, other) ** 2, abs=1e-12)
        # Of smoothed shares: both divergences of Kullback and Leibler added up are PSI.
        p, q = (np.where(side == 0, 1e-4, side / side.sum()) for side in (one, other))
        expected = float(np.sum(q * np.log(q / p)) + np.sum(p * np.log(p / q)))
        assert population_stability(one, other) == pytest.approx(expected, abs=1e-12)


def test_p_values_agree_with_fishers_exact_test_on_two_classes() -> None:
    for one, other in (((60, 40), (45, 55)), ((300, 700), (40, 60)), ((90, 10), (99, 1))):
        exact = stats.fisher_exact([one, other]).pvalue
        found = permutation_p(np.array(one), np.array(other), (1,), permutations=20_000)
        assert found == pytest.approx(exact, abs=0.02)


def test_adjusted_p_values_agree_with_scipy() -> None:
    p = list(np.random.default_rng(2).random(40) ** 3)
    assert benjamini_hochberg(p) == pytest.approx(list(stats.false_discovery_control(p)), abs=1e-12)
    assert benjamini_hochberg([]) == []


def test_an_empty_side_is_an_error_of_its_own() -> None:
    with pytest.raises(EmptyWindowError):
        population_stability(np.array([1, 2]), np.array([0, 0]))
    with pytest.raises(EmptyWindowError, match="0 and 3"):
        permutation_p(np.array([0, 0]), np.array([1, 2]), (1,))


def test_noise_is_what_psi_is_on_average_when_nothing_moves() -> None:
    generator = np.random.default_rng(11)
    shares = np.full(10, 0.1)
    found = [
        population_stability(*(generator.multinomial(size, shares) for size in (400, 300)))
        for _ in range(600)
    ]
    assert np.mean(found) == pytest.approx(stability_noise(400, 300, 10), rel=0.1)


def test_without_a_shift_alarms_are_rare_and_fifteen_points_are_seen_in_200_texts() -> None:
    rates = simulate(200, 150, permutations=1000)
    psi, _, permutation, _ = range(4)
    assert (
        rates.false_alarms[permutation] / rates.runs <= 0.03
    )  # 0.01 expected; the command measures it closely
    assert rates.found[permutation] / rates.runs >= 0.8
    assert rates.found[psi] / rates.runs <= 0.2  # the agreed alert sees hardly any of it


def text(language: str = "en", length: int | None = 100, **labels: object) -> ScoredText:
    said = {
        "confidence_increase": False,
        "employability_signals": [],
        "risk_cues": [],
        "topics": [],
        **labels,
    }
    return ScoredText(language, said, {"confidence": 0.5}, length)


def many(count: int, share: float, language: str = "en", seed: int = 1) -> list[ScoredText]:
    drawn = np.random.default_rng(seed).random(count) < share
    return [text(language, confidence_increase=bool(yes)) for yes in drawn]


def baseline_of(texts: list[ScoredText]) -> dict:
    return {(one.series.name, one.language): one.counts for one in distributions(texts)}


def checks_of(before: list[ScoredText], now: list[ScoredText]) -> dict:
    found = compare(baseline_of(before), distributions(now), permutations=5000)
    return {(check.series, check.language): check for check in found}


def test_a_shift_below_the_agreed_alert_is_shifted_and_named_by_label_and_language() -> None:
    before = many(1000, 0.3) + many(1000, 0.3, "uk", seed=2)
    now = many(400, 0.45, seed=3) + many(400, 0.3, "uk", seed=4)
    found = checks_of(before, now)
    moved = found["confidence_increase", "en"]
    assert (moved.verdict, moved.severity) == ("shifted", "low")
    assert moved.psi < 0.2
    assert moved.q_value <= 0.01 < found["confidence_increase", "uk"].q_value
    assert {key for key, check in found.items() if check.verdict not in ("ok", "monitor")} <= {
        ("confidence_increase", "en"),
        ("confidence_increase", ALL),
    }
    assert (moved.baseline_count, moved.window_count) == (1000, 400)
    assert moved.js_distance == pytest.approx(moved.js_divergence**0.5)


def test_a_large_shift_is_the_agreed_alert() -> None:
    found = checks_of(many(500, 0.1), many(200, 0.5, seed=2))
    alert = found["confidence_increase", "en"]
    assert alert.psi > 0.3
    assert (alert.verdict, alert.severity, alert.is_significant) == ("alert", "high", True)


def test_few_texts_are_insufficient_and_never_an_alarm() -> None:
    found = checks_of(many(500, 0.1), many(29, 0.9, seed=2))
    assert {(check.verdict, check.psi, check.q_value) for check in found.values()} == {
        ("insufficient", None, None)
    }
    assert checks_of(many(500, 0.1), [])["language", ALL].verdict == "insufficient"
    unknown = checks_of(many(500, 0.1), many(100, 0.1, "no"))["confidence_increase", "no"]
    assert (unknown.verdict, unknown.baseline_count, unknown.window_count) == ("insufficient", 0, 100)


def test_a_new_language_and_missing_answers_are_classes_of_their_own() -> None:
    found = checks_of(many(500, 0.2), many(100, 0.2) + [text("pl") for _ in range(100)])
    assert found["language", ALL].verdict == "alert"
    silent = [text(confidence_increase=None) for _ in range(100)]
    assert checks_of(many(500, 0.2), many(100, 0.2) + silent)["confidence_increase", "en"].verdict == "alert"


@pytest.mark.parametrize(
    ("psi", "divergence", "expected"),
    [(0.31, 0, "high"), (0.0, 0.16, "high"), (0.21, 0, "medium"), (0.1, 0.11, "medium"), (0.2, 0.1, "low")],
)
def test_severity_bands(psi: float, divergence: float, expected: str) -> None:
    assert severity(psi, divergence) == expected


def test_scores_and_lengths_fall_into_fixed_bins() -> None:
    scores = dict(zip(DIMENSIONS, (0.2, 0.5, 0.9, 1.0, 0.6), strict=True))
    found = answers(ScoredText("en", {}, scores, 40))
    assert [found[f"score:{name}"] for name in DIMENSIONS] == [
        "0.2-0.4",
        "0.4-0.6",
        "0.8-1",
        "0.8-1",
        "0.6-0.8",
    ]
    assert found["text_length"] == "40-80"
    assert answers(ScoredText("en", {}, {}, 5000))["text_length"] == "640-"
    assert answers(ScoredText("en", {}, {}, None))["text_length"] == "none"
    assert found["signal:networking"] == "none"
    assert set(found) | {"language"} == set(SERIES)


def test_the_same_window_gives_the_same_numbers() -> None:
    before, now = many(200, 0.3), many(100, 0.4, seed=2)
    assert checks_of(before, now) == checks_of(before, now)


def test_evidently_finds_the_same_on_categories_to_the_last_digit() -> None:
    """Its PSI is ours; its Jensen-Shannon is the distance, not the divergence."""
    before = many(400, 0.3) + [text("uk", length=20, language_comfort="low") for _ in range(200)]
    now = many(250, 0.5, seed=2) + [text("no", language_comfort="high") for _ in range(40)]
    ours = checks_of(before, now)
    psi = evidently_values(evidently_report(before, now, method="psi", threshold=0.2))
    distance = evidently_values(evidently_report(before, now, method="jensenshannon", threshold=0.1))
    assert set(psi) == set(COLUMNS)
    assert psi["language"] > 0.2  # a class on one side only: both put 0.0001 in place of nothing
    for name in COLUMNS:
        assert psi[name] == pytest.approx(ours[name, ALL].psi, abs=1e-12), name
        assert distance[name] == pytest.approx(ours[name, ALL].js_distance, abs=1e-12), name
