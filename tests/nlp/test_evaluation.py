"""Figures are what the counts say, abstentions count as what they are, and the report shows both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, f1_score

from nlp.classifiers.base import ClassifierError
from nlp.classifiers.local.model import load_model
from nlp.evaluation import __main__ as command
from nlp.evaluation import comparison, measures
from nlp.evaluation.classifiers import ClassifierUnavailableError, classifier_of, registered_as
from nlp.evaluation.figures import fairness_severity, figures, run
from nlp.evaluation.labelled import load
from nlp.evaluation.measures import cell, wilson
from nlp.evaluation.page import html
from nlp.evaluation.report import markdown
from nlp.labels import CHANGES, KINDS, Evidence, Labels
from nlp.registry.gate import judge
from nlp.registry.models import ModelEntry, read_models
from nlp.registry.thresholds import at_thresholds
from tests.nlp.labelling import Answer, KnowingClassifier, blind_in, judged_on

POLICY = read_models().policy


def measured(answer: Answer) -> dict:
    return figures(run(KnowingClassifier(answer=answer), judged_on()))


def test_a_classifier_that_is_always_right_passes_the_gate_with_full_marks() -> None:
    found = measured(lambda _, right: right)
    assert found["error_count"] == 0
    for language in found["languages"].values():
        assert (language["macro_f1"], language["accuracy"], language["coverage"]) == (1.0, 1.0, 1.0)
        assert language["citations"]["coverage"] == 1.0
        assert language["latency_ms"] == (2.0, 2.0, 2.0)
        assert language["cost_microdollars_per_text"] == 40
        comfort = language["comfort"]["matrix"]
        assert all(comfort[true][said] == 0 for true in comfort for said in comfort if true != said)
    assert judge(found, POLICY) == ()


def test_f1_agrees_with_scikit_learn_where_nothing_is_abstained() -> None:
    random = np.random.default_rng(3)
    truth, said = random.random(300) < 0.2, random.random(300) < 0.3
    counted = cell([bool(t) for t in truth], [bool(s) for s in said])
    assert counted.f1 == pytest.approx(f1_score(truth, said), abs=1e-12)
    probabilities = random.random(300)
    assert measures.brier(list(truth), list(probabilities)) == pytest.approx(
        brier_score_loss(truth, probabilities), abs=1e-12
    )


def test_an_abstention_costs_coverage_and_recall_but_no_precision() -> None:
    counted = cell([True, True, True, False, False], [True, None, False, None, True])
    assert (counted.precision, counted.recall, counted.coverage) == (1 / 2, 1 / 3, 3 / 5)
    assert counted.f1 == pytest.approx(2 / 5)
    assert cell([False], [None]).f1 is None


@pytest.mark.parametrize(
    ("successes", "count", "expected"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (81, 263, (0.2553, 0.3662))],
)
def test_wilson_intervals_are_those_of_the_literature(
    successes: int, count: int, expected: tuple[float, float]
) -> None:
    assert wilson(successes, count) == pytest.approx(expected, abs=5e-5)
    assert wilson(0, 0) is None


def test_precision_at_coverage_keeps_the_most_certain_answers() -> None:
    truth = [True, False, True, False]
    points = measures.precision_at_coverage(truth, [0.95, 0.6, 0.9, None], (0.25, 0.5, 0.75, 1.0))
    assert [(point.coverage, point.precision, point.recall) for point in points] == [
        (0.25, 1.0, 0.5),
        (0.5, 1.0, 1.0),
        (0.75, pytest.approx(2 / 3), 1.0),
    ]  # one has no probability: all four cannot be kept


def test_calibration_error_is_the_distance_between_stated_and_observed() -> None:
    bins = measures.calibration([True] * 3 + [False] * 7 + [True] * 10, [0.25] * 10 + [0.85] * 10)
    assert [(one.count, one.stated, one.observed) for one in bins] == [
        (10, pytest.approx(0.25), pytest.approx(0.3)),
        (10, pytest.approx(0.85), 1.0),
    ]
    assert measures.expected_calibration_error(bins) == pytest.approx(0.1)


def test_a_language_that_is_served_worse_fails_the_gate_by_name() -> None:
    found = measured(blind_in("uk", "belonging_decrease"))
    assert found["fairness"]["macro_f1"]["gap"] == pytest.approx(0.25)
    assert found["fairness"]["macro_f1"]["severity"] == "high"
    failures = judge(found, POLICY)
    assert any(
        "uk: belonging_decrease was never claimed, and 27 texts carry it" in failure for failure in failures
    )
    assert any("between the best and the worst language lie 0.250" in failure for failure in failures)
    assert not any(failure.startswith(("en:", "no:")) for failure in failures)


@pytest.mark.parametrize(
    ("gap", "severity"), [(0.05, "ok"), (0.051, "low"), (0.1, "low"), (0.15, "medium"), (0.16, "high")]
)
def test_fairness_bands(gap: float, severity: str) -> None:
    assert fairness_severity(gap) == severity


def test_failures_claim_nothing_and_are_counted() -> None:
    def failing(language: str, right: Labels) -> Labels | ClassifierError:
        return ClassifierError("no answer", is_retryable=True) if language == "no" else right

    found = measured(failing)
    assert found["error_count"] == found["languages"]["no"]["item_count"]
    assert found["languages"]["no"]["coverage"] == 0
    assert any("the classifier failed on" in failure for failure in judge(found, POLICY))


def test_the_gate_wants_its_own_set_and_split() -> None:
    found = figures(run(KnowingClassifier(), load(split="calibration")))
    [failure, *_] = judge(found, POLICY)
    assert "evaluated on set v1, split calibration; the gate asks for set proof_v3, split all" in failure
    edited = measured(lambda _, right: right)
    edited["set"]["sha256"] = "0" * 64
    assert any("the texts that are judged on cef275acc5ac" in failure for failure in judge(edited, POLICY))


def test_what_is_right_by_chance_is_not_proven() -> None:
    found = measured(lambda _, right: right)
    label = found["languages"]["en"]["labels"]["belonging_increase"]
    assert judge(found, POLICY) == ()
    label["false_negative"], label["true_positive"] = label["true_positive"] - 11, 11
    for language in ("uk", "no"):
        silent = found["languages"][language]["labels"]["belonging_increase"]
        silent["false_negative"], silent["true_positive"] = silent["true_positive"], 0
    [failure] = [one for one in judge(found, POLICY) if "not proven" in one]
    # All of eleven claims are right, and yet three in ten could be wrong.
    assert "belonging_increase is not proven: 11 of 11 claims are right, which proves 0.741 where" in failure


def test_an_increase_is_not_answered_without_its_decrease() -> None:
    found = measured(lambda _, right: right)
    found["abstains"] = {language: ["confidence_increase"] for language in ("en", "uk", "no")}
    assert any("en: abstains from one of confidence_increase" in one for one in judge(found, POLICY))


def test_silence_alone_is_no_version() -> None:
    found = measured(lambda _, right: right)
    found["abstains"] = {language: [*CHANGES, *KINDS] for language in ("en", "uk", "no")}
    assert "it abstains from everything, so there is nothing to judge" in judge(found, POLICY)


def test_the_reports_show_every_label_and_what_the_gate_says() -> None:
    found = measured(blind_in("no", "confidence_increase"))
    failures = judge(found, POLICY)
    text, page = markdown(found, failures), html(found, failures)
    for name in ("confidence_increase", "signal:networking", "cue:isolation", "topic:networking"):
        assert text.count(f"| {name} | ") >= 3
        assert name in page
    assert "Not passed" in text
    assert all(failure in text for failure in failures)
    assert page.count("<svg") >= 4
    assert "http" not in page  # self-contained


def test_a_comparison_counts_what_became_right_and_wrong_and_shows_texts_of_the_set() -> None:
    labelled = load()
    before = run(KnowingClassifier("a", blind_in("en", "confidence_increase")), labelled)
    after = run(KnowingClassifier("b", blind_in("uk", "confidence_increase")), labelled)
    flips = comparison.flips(before, after)
    by_language = {
        language: sum(item.labels.confidence_increase is True for item in labelled.of(language))
        for language in ("en", "uk")
    }
    assert sum(flip.is_fixed for flip in flips) == by_language["en"]
    assert sum(flip.is_broken for flip in flips) == by_language["uk"]
    assert flips[0].item.item.content in comparison.markdown(before, after)
    with pytest.raises(comparison.NotComparableError, match="calibration"):
        comparison.flips(before, run(KnowingClassifier(), load(split="calibration")))


def test_the_command_writes_three_files_and_says_by_its_exit_code_whether_the_gate_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier = KnowingClassifier()
    monkeypatch.setattr(command, "classifier_of", lambda _: classifier)
    further = tmp_path / "further.md"
    further.write_text("# Languages\n\n```\n# a comment\n```\n")
    arguments: Sequence[str] = [
        "run", "--model", "q2q-local-v4", "--out", str(tmp_path / "e.md"), "--append", str(further)
    ]  # fmt: skip
    assert command.main(arguments) == 0
    assert "\n## Languages\n\n```\n# a comment\n```\n" in (tmp_path / "e.md").read_text()
    assert (tmp_path / "e.html").exists()
    assert json.loads((tmp_path / "e.json").read_text())["model_version"] == "q2q-local-v4"
    classifier.answer = lambda _, right: replace(right, confidence_increase=True)
    assert command.main(arguments) == 1
    assert "en: confidence_increase precision" in capsys.readouterr().out
    assert command.main(["run", "--model", "nobody"]) == 2
    assert "there are: q2q-local-v4" in capsys.readouterr().err


def unpinned(model_id: str) -> ModelEntry:
    """An entry that any artefact will do for, at no thresholds of its own and answering everything."""
    one = read_models().entry(model_id)
    return replace(one, definition={name: one.definition[name] for name in ("provider", "model")})


def test_the_entry_of_the_local_model_is_pinned_to_what_is_installed() -> None:
    one = read_models().entry("q2q-local-v4")
    assert one.definition["artifact_sha256"] == load_model().sha256


def test_a_classifier_that_is_not_the_one_registered_is_refused() -> None:
    one = unpinned("q2q-local-v4")
    with pytest.raises(ClassifierUnavailableError, match="installed is q2q-local-v9"):
        registered_as(one, KnowingClassifier("q2q-local-v9"))
    changed = replace(one, definition={**one.definition, "artifact_sha256": "a" * 64})
    with pytest.raises(ClassifierUnavailableError, match="a changed classifier needs an id of its own"):
        registered_as(changed, KnowingClassifier())
    with pytest.raises(ClassifierUnavailableError, match="whose classifier here is q2q-local-v9"):
        classifier_of(one, {"local": lambda _: KnowingClassifier("q2q-local-v9")})
    with pytest.raises(ClassifierUnavailableError, match="cannot be asked from here"):
        classifier_of(read_models().entry("q2q-claude-v1"))


def test_an_entry_with_thresholds_is_a_version_of_its_own_that_claims_less() -> None:
    one = unpinned("q2q-local-v4")
    strict = {"confidence_increase": 0.8, "employability_min_signals": 2}
    stricter = replace(
        one, model_id="q2q-local-v5", definition={**one.definition, "thresholds": {"en": strict}}
    )

    def stated(_: str, right: Labels) -> Labels:
        probabilities = {"confidence_increase": 0.7, "belonging_increase": 0.7}
        return replace(right, probabilities=probabilities)

    installed = KnowingClassifier(answer=stated)
    installed.content_sha256 = "b" * 64
    version = registered_as(stricter, installed)
    assert figures(run(version, load(split="calibration")))["classifier_sha256"] == "b" * 64
    assert registered_as(one, KnowingClassifier(answer=stated)).model_version == "q2q-local-v4"
    items = [item for item in load().items if item.labels.confidence_increase]
    for item, found in zip(items, version.classify([item.text() for item in items]), strict=True):
        assert not isinstance(found, ClassifierError)
        assert found.model_version == "q2q-local-v5"
        assert found.labels.confidence_increase is (None if item.language == "en" else True)
        assert found.labels.belonging_increase == item.labels.belonging_increase
        cited = {evidence.label for evidence in found.labels.evidence}
        assert ("confidence_increase" in cited) == (item.language != "en")
        if item.language == "en" and len(item.labels.employability_signals or ()) < 2:
            assert found.labels.employability_signals == frozenset()


def test_an_end_of_the_scale_of_comfort_needs_the_certainty_its_entry_asks_for() -> None:
    thresholds = {"language_comfort_high": 0.8, "language_comfort_low": 0.3}

    def kept(comfort: str, **stated: float) -> str | None:
        cited = (Evidence("language_comfort", 0, 4, "test"),)
        labels = Labels(language_comfort=comfort, probabilities=stated, evidence=cited)
        found = at_thresholds(labels, thresholds)
        assert bool(found.evidence) == (found.language_comfort is not None)
        return found.language_comfort

    assert kept("high", language_comfort=0.79) is None
    assert kept("high", language_comfort=0.8) == "high"
    assert kept("low", language_comfort=0.31) == "low"
    assert kept("low", language_comfort=0.29) is None
    assert kept("high") is None  # without a certainty nothing is certain
    assert kept("medium") == "medium"
    assert kept("high", **{"language_comfort.high": 0.9, "language_comfort": 0.1}) == "high"


def test_what_a_version_abstains_from_is_never_answered_and_the_gate_asks_for_the_rest() -> None:
    one = unpinned("q2q-local-v4")
    silent = ["confidence_decrease", "confidence_increase", "language_comfort", "risk_cues"]
    quiet = replace(one, definition={**one.definition, "abstains": {"uk": silent}})
    blind = KnowingClassifier(answer=blind_in("uk", "confidence_decrease"))
    policy = read_models().policy
    answering = figures(run(registered_as(one, blind), judged_on()))
    assert any("uk: confidence_decrease was never claimed" in failure for failure in judge(answering, policy))
    abstaining = figures(run(registered_as(quiet, blind), judged_on()))
    ukrainian = abstaining["languages"]["uk"]
    assert (ukrainian["labels"]["confidence_decrease"]["coverage"], abstaining["abstains"]) == (
        0,
        {"uk": silent},
    )
    assert ukrainian["labels"]["cue:isolation"]["coverage"] == 0
    assert (ukrainian["kinds"]["risk_cues"]["none_count"], ukrainian["comfort"]["precision"]) == (0, None)
    assert (
        ukrainian["citations"]["snippet_count"] < answering["languages"]["uk"]["citations"]["snippet_count"]
    )
    assert judge(abstaining, policy) == ()
