"""What is watched of scored texts, and in which bins. Bins are frozen with the baseline and never move.

A series is one question about a text with few possible answers. An answer the baseline has no bin for is
counted as `other`, a missing one as `none`, so that neither can hide.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nlp.drift.measures import Counts
from nlp.labels import CHANGES, COMFORTS, CUES, DIMENSIONS, SIGNALS, TOPICS

NONE, OTHER = "none", "other"
YES_NO = ("yes", "no")
ALL = "all"

# Five equal steps of 0 to 1, as scores take few values; ten would leave bins that no score can reach.
SCORE_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
LENGTH_EDGES = (0, 40, 80, 160, 320, 640)  # characters, the last bin without an end


@dataclass(frozen=True)
class ScoredText:
    """What a model said of one text; its words stay where they are."""

    language: str
    labels: Mapping[
        str, Any
    ]  # as stored: changes, language_comfort, employability_signals, risk_cues, topics
    scores: Mapping[str, float]
    character_count: int | None


@dataclass(frozen=True)
class Series:
    name: str
    family: str  # tests of one family are corrected together
    bins: tuple[str, ...]


CHANGE_SERIES = tuple(Series(name, "labels", (*YES_NO, NONE, OTHER)) for name in CHANGES)
LABEL_SERIES = (*CHANGE_SERIES, Series("language_comfort", "labels", (*COMFORTS, NONE, OTHER)))
SIGNAL_SERIES = tuple(Series(f"signal:{name}", "signals", (*YES_NO, NONE)) for name in SIGNALS)
CUE_SERIES = tuple(Series(f"cue:{name}", "cues", (*YES_NO, NONE)) for name in CUES)
TOPIC_SERIES = tuple(Series(f"topic:{name}", "topics", (*YES_NO, NONE)) for name in TOPICS)
_STEPS = tuple(f"{low:g}-{high:g}" for low, high in pairwise(SCORE_EDGES))
SCORE_SERIES = tuple(Series(f"score:{name}", "scores", (*_STEPS, NONE)) for name in DIMENSIONS)
_LENGTHS = (*(f"{low}-{high}" for low, high in pairwise(LENGTH_EDGES)), "640-")
LENGTH_SERIES = Series("text_length", "inputs", (*_LENGTHS, NONE))
LANGUAGE_SERIES = Series("language", "inputs", ("en", "uk", "no", "unknown", OTHER))

PER_LANGUAGE = (*LABEL_SERIES, *SIGNAL_SERIES, *CUE_SERIES, *TOPIC_SERIES, *SCORE_SERIES, LENGTH_SERIES)
SERIES = {series.name: series for series in (*PER_LANGUAGE, LANGUAGE_SERIES)}


@dataclass(frozen=True)
class Distribution:
    """How often each answer of a series was given, in one language or in all."""

    series: Series
    language: str
    counts: Counts


def answers(text: ScoredText) -> dict[str, str]:
    """A text's answer to every series but its language."""
    return _answers(text)


def distributions(texts: Sequence[ScoredText]) -> list[Distribution]:
    """Every series in every language that occurs, and over all languages together."""
    found = [_counted(LANGUAGE_SERIES, ALL, [text.language for text in texts])]
    languages = sorted({text.language for text in texts})
    answers = [_answers(text) for text in texts]
    for language in (ALL, *languages):
        here = [
            answer for text, answer in zip(texts, answers, strict=True) if language in (ALL, text.language)
        ]
        found += [
            _counted(series, language, [answer[series.name] for answer in here]) for series in PER_LANGUAGE
        ]
    return found


def read_labels(stored: str) -> dict[str, Any]:
    """Labels as the scoring stores them, in JSON."""
    labels: dict[str, Any] = json.loads(stored)
    return labels


def _counted(series: Series, language: str, answers: Iterable[str]) -> Distribution:
    counter = Counter(answer if answer in series.bins else OTHER for answer in answers)
    return Distribution(series, language, np.array([counter[name] for name in series.bins], dtype=np.int64))


def _answers(text: ScoredText) -> dict[str, str]:
    labels = text.labels
    found: dict[str, str] = {name: _yes_no(labels.get(name)) for name in CHANGES}
    found["language_comfort"] = labels.get("language_comfort") or NONE
    sets: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("signal", "employability_signals", SIGNALS),
        ("cue", "risk_cues", CUES),
        ("topic", "topics", TOPICS),
    )
    for prefix, key, names in sets:
        chosen = labels.get(key)
        for name in names:
            found[f"{prefix}:{name}"] = _yes_no(None if chosen is None else name in chosen)
    for dimension in DIMENSIONS:
        score = text.scores.get(dimension)
        found[f"score:{dimension}"] = NONE if score is None else _STEPS[_bin(score, SCORE_EDGES)]
    length = text.character_count
    found["text_length"] = NONE if length is None else _LENGTHS[_bin(length, (*LENGTH_EDGES, np.inf))]
    return found


def _yes_no(answer: bool | None) -> str:
    return NONE if answer is None else YES_NO[0 if answer else 1]


def _bin(value: float, edges: Sequence[float]) -> int:
    """The bin that holds a value; an edge belongs to the bin above it, the last edge to the last bin."""
    return int(np.clip(np.searchsorted(edges, value, side="right") - 1, 0, len(edges) - 2))
