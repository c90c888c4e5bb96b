"""A classifier held to the thresholds of its entry: what it claims with less certainty is left undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nlp.classifiers.base import Classified, Classifier, ClassifierError, Text
from nlp.labels import CHANGES, Labels

Thresholds = Mapping[str, Mapping[str, float]]  # by language


@dataclass
class AtThresholds:
    """Another classifier under the id of a registered version, and at its thresholds."""

    model_version: str
    classifier: Classifier
    thresholds: Thresholds

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        return [
            answer
            if isinstance(answer, ClassifierError)
            else replace(
                answer,
                model_version=self.model_version,
                labels=at_thresholds(answer.labels, self.thresholds.get(text.language, {})),
            )
            for text, answer in zip(texts, self.classifier.classify(texts), strict=True)
        ]


def at_thresholds(labels: Labels, thresholds: Mapping[str, float]) -> Labels:
    """Claims of a change below its threshold are undecided; fewer signals or cues than the least are none.

    A claim without a stated probability is below any threshold. Denials stay: thresholds are for claims. The
    two of language comfort are for classifiers that state it as a number; ours name a level.
    """
    withdrawn: dict[str, Any] = {
        change: None
        for change in CHANGES
        if getattr(labels, change)
        and change in thresholds
        and labels.probabilities.get(change, 0.0) < thresholds[change]
    }
    dropped = set(withdrawn)
    for name, least in (
        ("employability_signals", thresholds.get("employability_min_signals", 1)),
        ("risk_cues", thresholds.get("risk_min_cues", 1)),
    ):
        found = getattr(labels, name)
        if found and len(found) < least:
            withdrawn[name] = frozenset()
            dropped |= found
    dropped -= labels.topics  # a topic may share its name with a signal
    return replace(
        labels, **withdrawn, evidence=tuple(item for item in labels.evidence if item.label not in dropped)
    )
