"""The local classifier: rules, the linear model, and the courage to say nothing.

It needs no key, costs nothing but time, and decides the same for the same text in any batch and on any day.
Where neither rules nor model are certain it abstains: the label is None, and the dimension has no score.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast, get_args

import numpy as np

from nlp.classifiers.base import Classified, ClassifierError, Text, Usage
from nlp.classifiers.local.model import Model, load_model
from nlp.classifiers.local.reading import read
from nlp.classifiers.local.rules import COMFORT_LABELS, RULE_LABELS, Findings, Said, rule_book
from nlp.labels import CUES, LANGUAGES, SIGNALS, Comfort, Evidence, Labels, Language, Topic

MODEL_VERSION = "q2q-local-v4"
Member = TypeVar("Member", bound=str)
_BATCH = 512  # texts whose n-grams are held at once
_COLUMNS = {label: column for column, label in enumerate(RULE_LABELS)}


@dataclass(frozen=True)
class LocalClassifier:
    """Labels texts by rules and a linear model, in this process."""

    model: Model
    model_version: str = MODEL_VERSION

    @classmethod
    def load(cls) -> LocalClassifier:
        """The classifier with this release's artefact. ArtefactError if rules and artefact do not match."""
        return cls(load_model())

    @property
    def content_sha256(self) -> str:
        """Hash over rules, coefficients and thresholds: the same one decides the same."""
        return self.model.sha256

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        """Labels of each text, in the order given; a language it does not know is an error, never a guess."""
        started = time.perf_counter()
        labels: dict[int, Labels] = {}
        for language in LANGUAGES:
            places = [place for place, text in enumerate(texts) if text.language == language]
            for first in range(0, len(places), _BATCH):
                batch = places[first : first + _BATCH]
                answers = self.labels([texts[place].content for place in batch], language)
                labels.update(zip(batch, answers, strict=True))
        usage = Usage(latency_ms=(time.perf_counter() - started) * 1000 / max(len(texts), 1))
        return [
            Classified(text.text_id, labels[place], self.model_version, usage=usage)
            if place in labels
            else ClassifierError(
                f"text {text.text_id} is in {text.language!r}; the local classifier reads {LANGUAGES}",
                is_retryable=False,
            )
            for place, text in enumerate(texts)
        ]

    def labels(self, texts: Sequence[str], language: Language) -> list[Labels]:
        """What each text says, all of them in one language."""
        readings = [read(text) for text in texts]
        found = [rule_book(language).find(reading) for reading in readings]
        topics = [
            [Evidence(one.label, one.start, one.end, one.rule) for one in rule_book(language).topics(reading)]
            for reading in readings
        ]
        stated = self.model.probabilities(readings, language, found)
        return [
            self._decide(text, language, findings, about, row.tolist())
            for text, findings, about, row in zip(texts, found, topics, stated, strict=True)
        ]

    def _decide(
        self, text: str, language: Language, findings: Findings, topics: list[Evidence], stated: list[float]
    ) -> Labels:
        thresholds = self.model.thresholds[language]
        decided = {label: thresholds[label].decide(stated[column]) for label, column in _COLUMNS.items()}
        # An increase and a decrease exclude each other: where both are said, the worse one holds.
        for better, worse in (
            ("confidence_increase", "confidence_decrease"),
            ("belonging_increase", "belonging_decrease"),
        ):
            if decided[worse]:
                decided[better] = False
        comforts = [label for label in COMFORT_LABELS if decided[label]]
        comfort: Comfort | None = next(
            (name for name in get_args(Comfort) if comforts == [f"language_comfort.{name}"]), None
        )
        claimed = {label for label, answer in decided.items() if answer}
        if comfort is None:
            claimed -= set(COMFORT_LABELS)
        return Labels(
            confidence_increase=decided["confidence_increase"],
            confidence_decrease=decided["confidence_decrease"],
            belonging_increase=decided["belonging_increase"],
            belonging_decrease=decided["belonging_decrease"],
            language_comfort=comfort,
            employability_signals=_set_of(SIGNALS, decided),
            risk_cues=_set_of(CUES, decided),
            topics=frozenset(cast(Topic, one.label) for one in topics),
            probabilities={label: round(stated[column], 4) for label, column in _COLUMNS.items()},
            evidence=(*self._evidence(text, language, findings, claimed), *topics),
        )

    def _evidence(
        self, text: str, language: Language, findings: Findings, claimed: set[str]
    ) -> list[Evidence]:
        """The words behind every claim: the rules' own, or the sentence that spoke loudest to the model."""
        said = [one for one in findings.said if one.label in claimed]
        for label in sorted(claimed - {one.label for one in said}):
            start, end = self._loudest_sentence(text, language, label)
            said.append(Said(label, start, end, "linear model"))
        return [
            Evidence(one.label.split(".")[0], one.start, one.end, one.rule)
            for one in sorted(said, key=lambda one: (one.start, one.end, one.label, one.rule))
        ]

    def _loudest_sentence(self, text: str, language: Language, label: str) -> tuple[int, int]:
        sentences = _sentences(text)
        scores = self.model.linear_scores([text[start:end] for start, end in sentences], language)
        return sentences[int(np.argmax(scores[:, _COLUMNS[label]]))]


def _set_of(names: Sequence[Member], decided: dict[str, bool | None]) -> frozenset[Member] | None:
    """The members that are claimed. None if there is none and one of them could be."""
    members = frozenset(name for name in names if decided[name])
    return members if members or all(decided[name] is False for name in names) else None


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand, without the space around them; never empty for a text with words."""
    reading = read(text)
    spans = []
    start = 0
    for end in (*(end + 1 for end in reading.sentence_ends), len(reading.text)):
        first, last = reading.span(start, end)
        piece = text[first:last]
        if piece.strip():
            first += len(piece) - len(piece.lstrip())
            spans.append((first, first + len(piece.strip())))
        start = end
    return spans or [(0, len(text))]
