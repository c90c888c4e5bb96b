"""The linear model and what was learned of how far to trust it and the rules: a small versioned artefact.

`model.npz` holds the coefficients as bytes with a scale per label; `model.json` the rest, readable, with
the hash of the coefficients and of the rules they were calibrated with. No pickle: loading runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.classifiers.local.features import SLOTS, features
from nlp.classifiers.local.reading import Reading, read
from nlp.classifiers.local.rules import RULE_LABELS, Findings, rules_sha256
from nlp.labels import LANGUAGES, Language

FOLDER = Path(__file__).parent / "artefact"
OPPOSITES = {
    "confidence_increase": "confidence_decrease",
    "confidence_decrease": "confidence_increase",
    "belonging_increase": "belonging_decrease",
    "belonging_decrease": "belonging_increase",
}
RULE_FEATURES = ("said", "hinted", "doubted", "opposite said")
# Labels that a phrase has to say: what n-grams alone take for little language is often just talk of it.
NEEDS_WORDS = {"language_comfort.low"}
HELD_BACK = -0.6  # a logit below every claim, and above most denials

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]


class ArtefactError(Exception):
    """The artefact is not the one its description names, or older than the rules: train again."""


@dataclass(frozen=True)
class Threshold:
    """A label is claimed from `claim` on, denied up to `deny`, and undecided between."""

    deny: float
    claim: float

    def decide(self, probability: float) -> bool | None:
        if probability >= self.claim:
            return True
        return False if probability <= self.deny else None


@dataclass(frozen=True)
class Calibration:
    """How a label's linear score and what the rules found become a probability."""

    intercept: float
    linear: float
    loudest: float  # of the sentence that speaks loudest
    rules: tuple[float, ...]  # as RULE_FEATURES

    def logit(self, linear: Floats, loudest: Floats, rules: Floats) -> Floats:
        scores = self.linear * linear + self.loudest * loudest
        return np.asarray(self.intercept + scores + rules @ np.asarray(self.rules))


def held_back(label: str, logits: Floats, rules: Floats) -> Floats:
    """The logits, none of them a claim where the rules doubt one, or miss the words that it takes.

    N-grams see "looking for a job" and not whose it is, or that it is denied.
    """
    said, doubted = rules[:, 0] > 0, rules[:, 2] > 0
    is_held = doubted | (~said if label in NEEDS_WORDS else False)
    return np.where(is_held, np.minimum(logits, HELD_BACK), logits)


@dataclass(frozen=True)
class Model:
    """Coefficients per language, calibration per label, thresholds per label and language."""

    coefficients: Mapping[Language, npt.NDArray[np.float32]]  # SLOTS x labels
    intercepts: Mapping[Language, Floats]
    calibrations: Mapping[str, Calibration]
    thresholds: Mapping[Language, Mapping[str, Threshold]]
    sha256: str

    def linear_scores(self, texts: Sequence[str | Reading], language: Language) -> Floats:
        """Texts x labels; above 0 the n-grams speak for the label."""
        grams = features(texts)
        lengths = np.sqrt(np.maximum(np.diff(grams.indptr), 1))
        return np.asarray(
            (grams @ self.coefficients[language]) / lengths[:, None] + self.intercepts[language], dtype=float
        )

    def probabilities(
        self, texts: Sequence[str | Reading], language: Language, found: Sequence[Findings]
    ) -> Floats:
        linear = self.linear_scores(texts, language)
        loudest = loudest_scores(texts, linear, lambda parts: self.linear_scores(parts, language))
        rules = rule_features(found)
        logits = np.stack(
            [
                held_back(
                    label,
                    self.calibrations[label].logit(
                        linear[:, column], loudest[:, column], rules[:, column, :]
                    ),
                    rules[:, column, :],
                )
                for column, label in enumerate(RULE_LABELS)
            ],
            axis=1,
        )
        return np.asarray(1 / (1 + np.exp(-logits)))


def loudest_scores(
    texts: Sequence[str | Reading], whole: Floats, score: Callable[[Sequence[Reading]], Floats]
) -> Floats:
    """Texts x labels: the highest score of a text's sentences, so that the others do not outweigh it.

    `whole` holds the scores of the texts, which are those of their only sentence where they have one.
    """
    highest = whole.copy()
    parts = [
        (row, part) for row, text in enumerate(texts) if len(of := read(text).parts()) > 1 for part in of
    ]
    if parts:
        rows = np.array([row for row, _ in parts])
        highest[rows] = -np.inf
        np.maximum.at(highest, rows, score([part for _, part in parts]))
    return highest


def rule_features(found: Sequence[Findings]) -> Floats:
    """Texts x labels x RULE_FEATURES, each 0 or 1."""
    rows = np.zeros((len(found), len(RULE_LABELS), len(RULE_FEATURES)))
    columns = {label: column for column, label in enumerate(RULE_LABELS)}
    for row, findings in enumerate(found):
        for one in findings.said:
            rows[row, columns[one.label], 0] = 1
            if one.label in OPPOSITES:
                rows[row, columns[OPPOSITES[one.label]], 3] = 1
        for label in findings.hinted:
            rows[row, columns[label], 1] = 1
        for label in findings.doubted:
            rows[row, columns[label], 2] = 1
    # What is said outright is not doubted because of another place.
    rows[:, :, 1:3] *= 1 - rows[:, :, :1]
    return rows


@cache
def load_model(folder: Path = FOLDER) -> Model:
    """The artefact of a folder, read once per process and checked against its hashes."""
    described = (folder / "model.json").read_bytes()
    description = json.loads(described)
    coefficients = (folder / "model.npz").read_bytes()
    if sha256(coefficients).hexdigest() != description["coefficients_sha256"]:
        raise ArtefactError(f"{folder / 'model.npz'} is not the file model.json names; run {TRAINING}")
    if rules_sha256() != description["rules_sha256"]:
        raise ArtefactError(
            f"the rules have changed since the model was calibrated with them; run {TRAINING}"
        )
    with np.load(folder / "model.npz", allow_pickle=False) as arrays:
        weights = {language: _dense(arrays, language) for language in LANGUAGES}
        intercepts = {language: arrays[f"{language}_intercepts"].astype(float) for language in LANGUAGES}
    return Model(
        coefficients=weights,
        intercepts=intercepts,
        calibrations={
            label: Calibration(one["intercept"], one["linear"], one["loudest"], tuple(one["rules"]))
            for label, one in description["calibrations"].items()
        },
        thresholds={
            language: {label: Threshold(**one) for label, one in labels.items()}
            for language, labels in description["thresholds"].items()
        },
        sha256=sha256(described + rules_sha256().encode()).hexdigest(),
    )


TRAINING = "`python -m nlp.classifiers.local.train`"


def packed(coefficients: Floats, language: Language) -> dict[str, Array]:
    """A language's coefficients (labels x SLOTS) as they are stored: bytes, and a scale per label."""
    scales = np.maximum(np.abs(coefficients).max(axis=1), 1e-9) / 127
    rounded = np.rint(coefficients / scales[:, None]).astype(np.int8)
    used = np.flatnonzero(rounded.any(axis=0)).astype(np.uint32)
    return {
        f"{language}_slots": used,
        f"{language}_bytes": rounded[:, used],
        f"{language}_scales": scales.astype(np.float32),
    }


def _dense(arrays: Mapping[str, Array], language: Language) -> npt.NDArray[np.float32]:
    dense = np.zeros((SLOTS, len(RULE_LABELS)), dtype=np.float32)
    scaled = arrays[f"{language}_bytes"].astype(np.float32) * arrays[f"{language}_scales"][:, None]
    dense[arrays[f"{language}_slots"]] = scaled.T
    return dense
