"""The linear model at work: numbers and additions, no library of machine learning, no pickle.

`model.npz` holds the weights as bytes with a scale per label; `model.json` the rest, readable, with the
hashes of the weights, of the texts they were learned from, and of the concepts that features are made of.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.safety.classifier.features import (
    CONCEPTS,
    SLOTS,
    concepts_in,
    slots_of_meeting,
    slots_of_neighbours,
    slots_of_word,
)

FOLDER = Path(__file__).with_name("artefact")
LABELS = (
    "self_harm", "abuse", "harassment", "sexual", "violence", "profanity", "spam", "prompt_injection"
)  # fmt: skip
TRAINING = "`python -m nlp.safety.classifier.train`"
_CACHED_WORDS = 32_768
_CACHED_MEETINGS = 8_192  # sets of concepts, some 200 bytes each

Vector = npt.NDArray[np.float32]


class ArtefactError(Exception):
    """The artefact is not the one its description names, or older than the concepts: train again."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a sentence's features are worth together, and how many there are."""

    worth: Vector
    count: int


class Model:
    """How likely a text is each of LABELS, in any language of ours."""

    def __init__(
        self,
        weights: Vector,
        intercepts: Vector,
        calibrations: Mapping[str, tuple[float, float]],
        thresholds: Mapping[str, float],
        version: str,
    ) -> None:
        self.thresholds = thresholds
        self.version = version
        self._weights = weights
        self._intercepts = intercepts
        slopes, offsets = zip(*(calibrations[label] for label in LABELS), strict=True)
        self._slopes = np.asarray(slopes, dtype=np.float32)
        self._offsets = np.asarray(offsets, dtype=np.float32)
        self._meeting = lru_cache(maxsize=_CACHED_MEETINGS)(self._of_meeting)
        self._word = lru_cache(maxsize=_CACHED_WORDS)(self._of_word)

    def likely(self, sentences: Sequence[Sequence[str]]) -> dict[str, float]:
        """The likelihood of each label in the text, in its sentences, or in two of them in a row."""
        logits = np.clip(self._slopes * self.scores(sentences) + self._offsets, -30, 30)
        return dict(zip(LABELS, (1 / (1 + np.exp(-logits))).tolist(), strict=True))

    def scores(self, sentences: Sequence[Sequence[str]]) -> Vector:
        """The highest score of each label: a cry at the end of a long text is not outweighed by the rest."""
        sums = [self._of_sentence(words) for words in sentences if words]
        if not sums:
            return self._intercepts
        windows = [*sums, *map(_together, sums, sums[1:])]
        if len(sums) > 2:
            windows.append(_together(*sums))
        worths = np.stack([one.worth / math.sqrt(one.count) for one in windows])
        return np.asarray(worths.max(axis=0) + self._intercepts)

    def _of_sentence(self, words: Sequence[str]) -> Sums:
        found = [self._word(word) for word in words]
        found.append(self._meeting(concepts_in(words)))
        neighbours = slots_of_neighbours(words)
        worths = np.array([one.worth for one in found])
        worth = np.add.reduce(worths)
        if neighbours:
            worth = worth + np.add.reduce(self._weights[neighbours])
        return Sums(worth, sum(one.count for one in found) + len(neighbours))

    def _of_meeting(self, concepts: frozenset[str]) -> Sums:
        slots = list(slots_of_meeting(concepts))
        return Sums(self._weights[slots].sum(axis=0), len(slots))

    def _of_word(self, word: str) -> Sums:
        slots = list(slots_of_word(word))
        return Sums(self._weights[slots].sum(axis=0), len(slots))


def _together(*sums: Sums) -> Sums:
    return Sums(np.add.reduce(np.array([one.worth for one in sums])), sum(one.count for one in sums))


@cache
def load_model(folder: Path = FOLDER) -> Model:
    """The artefact of a folder, read once per process and checked against its hashes."""
    described = (folder / "model.json").read_bytes()
    description: dict[str, Any] = json.loads(described)
    packed = (folder / "model.npz").read_bytes()
    if sha256(packed).hexdigest() != description["weights_sha256"]:
        raise ArtefactError(f"{folder / 'model.npz'} is not the file model.json names; run {TRAINING}")
    if concepts_sha256() != description["concepts_sha256"]:
        raise ArtefactError(f"concepts.yaml has changed since the model was trained; run {TRAINING}")
    weights = np.zeros((SLOTS, len(LABELS)), dtype=np.float32)
    with np.load(folder / "model.npz", allow_pickle=False) as arrays:
        weights[arrays["slots"]] = arrays["bytes"].astype(np.float32) * arrays["scales"]
        intercepts = arrays["intercepts"].astype(np.float32)
    return Model(
        weights,
        intercepts,
        {label: (one["slope"], one["offset"]) for label, one in description["calibrations"].items()},
        description["thresholds"],
        sha256(described).hexdigest()[:12],
    )


def packed(weights: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
    """Weights (SLOTS x labels) as they are stored: bytes, and a scale per label."""
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    rounded = np.rint(weights / scales).astype(np.int8)
    used = np.flatnonzero(rounded.any(axis=1)).astype(np.uint32)
    return {"slots": used, "bytes": rounded[used], "scales": scales.astype(np.float32)}


def concepts_sha256() -> str:
    return sha256(CONCEPTS.read_bytes()).hexdigest()
