"""The local classifier decides the same each time, cites its claims, and abstains when not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.classifiers.base import Classified, ClassifierError, Text
from nlp.classifiers.local import LocalClassifier
from nlp.classifiers.local import train as training
from nlp.classifiers.local.corpus import examples
from nlp.classifiers.local.features import SLOTS, features
from nlp.classifiers.local.model import (
    FOLDER,
    HELD_BACK,
    ArtefactError,
    load_model,
    loudest_scores,
    rule_features,
)
from nlp.classifiers.local.rules import RULE_LABELS, rule_book
from nlp.labels import LANGUAGES, Labels, Language, scores

COMPANY = UUID(int=1)
TRAILING = {
    "en": " We drank tea at four.",
    "uk": " О четвертій ми пили чай.",
    "no": " Vi drakk te klokka fire.",
}
CLAIMS: list[tuple[Language, str, str]] = [
    ("en", "I feel much more confident at work now.", "confidence_increase"),
    ("uk", "Тепер почуваюся значно впевненіше на роботі.", "confidence_increase"),
    ("no", "Jeg føler meg mye tryggere på jobb nå.", "confidence_increase"),
    ("en", "I finally feel at home here.", "belonging_increase"),
    ("uk", "У групі я почуваюся чужою.", "belonging_decrease"),
    ("no", "Jeg føler meg utenfor i gruppa.", "belonging_decrease"),
]
any_text = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda parts, join: join.join(parts),
        st.lists(st.sampled_from([one.text for one in examples()[::7]]), max_size=3),
        st.sampled_from([" ", ". ", "\n", ", "]),
    ),
)


@pytest.fixture(scope="module")
def classifier() -> LocalClassifier:
    return LocalClassifier.load()


def texts_of(contents: list[str], language: Language) -> list[Text]:
    return [Text(uuid4(), COMPANY, language, content) for content in contents]


def labels_of(classifier: LocalClassifier, content: str, language: Language) -> Labels:
    (answer,) = classifier.classify(texts_of([content], language))
    assert isinstance(answer, Classified)
    return answer.labels


@pytest.mark.parametrize(("language", "text", "label"), CLAIMS)
def test_a_plain_statement_is_claimed_with_its_words(
    classifier: LocalClassifier, language: Language, text: str, label: str
) -> None:
    labels = labels_of(classifier, text, language)
    assert getattr(labels, label) is True
    (cited, *_) = [one for one in labels.evidence if one.label == label]
    assert text[cited.start : cited.end]
    assert cited.reason.startswith(f"{language}.{label}.")


@pytest.mark.parametrize(("language", "text", "label"), CLAIMS)
def test_an_unrelated_sentence_at_the_end_changes_no_claim(
    classifier: LocalClassifier, language: Language, text: str, label: str
) -> None:
    assert getattr(labels_of(classifier, text + TRAILING[language], language), label) is True


@settings(max_examples=60, deadline=None)
@given(contents=st.lists(any_text, max_size=6), language=st.sampled_from(LANGUAGES))
def test_a_batch_decides_what_single_texts_decide(contents: list[str], language: Language) -> None:
    classifier = LocalClassifier.load()
    together = [one.labels for one in classifier.classify(texts_of(contents, language))]  # type: ignore[union-attr]
    assert together == [labels_of(classifier, content, language) for content in contents]


@settings(max_examples=60, deadline=None)
@given(content=any_text, language=st.sampled_from(LANGUAGES))
def test_every_claim_is_cited_from_the_text(content: str, language: Language) -> None:
    labels = labels_of(LocalClassifier.load(), content, language)
    claimed = {
        name
        for name in ("confidence_increase", "confidence_decrease", "belonging_increase", "belonging_decrease")
        if getattr(labels, name)
    }
    claimed |= {*(labels.employability_signals or ()), *(labels.risk_cues or ()), *labels.topics}
    claimed |= {"language_comfort"} if labels.language_comfort else set()
    assert claimed <= {one.label for one in labels.evidence}
    assert all(0 <= one.start < one.end <= len(content) for one in labels.evidence)


def test_an_increase_and_a_decrease_exclude_each_other(classifier: LocalClassifier) -> None:
    labels = labels_of(
        classifier,
        "I was more confident after the course now, but today I lost all my confidence again.",
        "en",
    )
    assert not (labels.confidence_increase and labels.confidence_decrease)


def test_what_lies_between_the_thresholds_is_not_decided(classifier: LocalClassifier) -> None:
    thresholds = {
        language: {label: replace(one, deny=-1.0, claim=2.0) for label, one in labels.items()}
        for language, labels in classifier.model.thresholds.items()
    }
    unsure = LocalClassifier(replace(classifier.model, thresholds=thresholds))
    labels = labels_of(unsure, "I feel much more confident now and updated my CV.", "en")
    assert labels.confidence_increase is None
    assert labels.employability_signals is None
    assert scores(labels) == {}


def test_another_language_is_an_error_that_trying_again_does_not_mend(classifier: LocalClassifier) -> None:
    wrong = Text(uuid4(), COMPANY, "de", "Ich bin da.")  # type: ignore[arg-type]
    right = Text(uuid4(), COMPANY, "en", "I am here.")
    error, answer = classifier.classify([wrong, right])
    assert isinstance(error, ClassifierError)
    assert not error.is_retryable
    assert str(wrong.text_id) in str(error)
    assert "Ich" not in str(error)
    assert isinstance(answer, Classified)


def test_features_of_a_text_are_the_same_in_any_company() -> None:
    alone = features(["I feel at home"])
    among = features(["x", "", "I feel at home", "Я вдома"])
    assert np.array_equal(alone.indices, among[2].indices)
    assert among.shape == (4, SLOTS)
    assert among[2].nnz > 20


def test_an_artefact_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes((FOLDER / "model.json").read_bytes())
    (tmp_path / "model.npz").write_bytes((FOLDER / "model.npz").read_bytes() + b" ")
    with pytest.raises(ArtefactError, match="not the file"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My cousin is looking for a job and sends applications every day."),
        ("uk", "Моя сестра шукає роботу і щодня розсилає заявки."),
        ("no", "Broren min leter etter jobb og sender søknader hver dag."),
    ],
)
def test_what_the_rules_doubt_is_not_claimed_by_its_words_alone(
    classifier: LocalClassifier, language: Language, text: str
) -> None:
    found = rule_book(language).find(text)
    assert "job_search" in found.doubted
    labels = labels_of(classifier, text, language)
    assert "job_search" not in (labels.employability_signals or ())
    (scores_,) = classifier.model.linear_scores([text], language)
    freely = classifier.model.calibrations["job_search"].logit(
        scores_[[RULE_LABELS.index("job_search")]],
        scores_[[RULE_LABELS.index("job_search")]],
        rule_features([found])[:, RULE_LABELS.index("job_search"), :],
    )
    assert freely[0] > HELD_BACK  # else nothing was held back


def test_a_sentence_is_not_outweighed_by_the_others(classifier: LocalClassifier) -> None:
    said, rest = "I no longer trust my own answers.", "We had tea. The bus was late. It rained."
    short, long = [classifier.model.linear_scores([text], "en") for text in (said, f"{said} {rest}")]
    column = RULE_LABELS.index("confidence_decrease")
    assert long[0, column] < short[0, column]
    heard = loudest_scores(
        [said, f"{said} {rest}"],
        np.concatenate([short, long]),
        lambda parts: classifier.model.linear_scores(parts, "en"),
    )
    assert heard[1, column] == pytest.approx(heard[0, column]) == pytest.approx(short[0, column])


def test_an_artefact_older_than_the_rules_is_refused(tmp_path: Path) -> None:
    description = json.loads((FOLDER / "model.json").read_text("utf-8")) | {"rules_sha256": "0" * 64}
    (tmp_path / "model.json").write_text(json.dumps(description), "utf-8")
    (tmp_path / "model.npz").write_bytes((FOLDER / "model.npz").read_bytes())
    with pytest.raises(ArtefactError, match="rules have changed"):
        load_model(tmp_path)


def test_training_again_makes_the_same_artefact(tmp_path: Path) -> None:
    """But for rounding: a sum over a thousand texts ends in other digits on another kind of processor."""
    trained = training.train(tmp_path)
    kept = json.loads((FOLDER / "model.json").read_text("utf-8"))
    for described in (trained, kept):
        del described["coefficients_sha256"]
    assert numbers(trained) == pytest.approx(numbers(kept), abs=1e-4), "run the training"
    with np.load(tmp_path / "model.npz") as again, np.load(FOLDER / "model.npz") as before:
        assert set(again.files) == set(before.files)
        for name in again.files:
            step = 1 if name.endswith("_bytes") else 1e-6  # of coefficients, one step of their scale
            np.testing.assert_allclose(
                again[name].astype(float), before[name].astype(float), rtol=0, atol=step,
                err_msg=f"{name}: run the training",
            )  # fmt: skip


def numbers(described: Any, path: str = "") -> dict[str, Any]:
    """The values of a description by their places; a number is compared as one, all else exactly."""
    if isinstance(described, dict):
        parts = [numbers(value, f"{path}/{key}") for key, value in described.items()]
    elif isinstance(described, list | tuple):
        parts = [numbers(value, f"{path}/{place}") for place, value in enumerate(described)]
    else:
        return {path: described}
    return {place: value for part in parts for place, value in part.items()}


def test_there_are_enough_texts_in_every_language() -> None:
    written = [one for one in examples() if one.is_written]
    assert len(examples()) >= 1500
    assert all(sum(one.language == language for one in written) >= 400 for language in LANGUAGES)
