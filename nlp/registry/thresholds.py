"""A classifier held to its entry: to its thresholds, and to what it abstains from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nlp.classifiers.base import Classified, Classifier, ClassifierError, Text
from nlp.labels import CHANGES, Labels

Thresholds = Mapping[str, Mapping[str, float]]  # by language
Abstentions = Mapping[str, Sequence[str]]  # changes and kinds of labels, by language
_COMFORT = "language_comfort"


@dataclass
class AtThresholds:
    """Another classifier under the id of a registered version, at its thresholds and with its abstentions."""

    model_version: str
    classifier: Classifier
    thresholds: Thresholds
    abstains: Abstentions = field(default_factory=dict)

    @property
    def content_sha256(self) -> str | None:
        return getattr(self.classifier, "content_sha256", None)

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        return [
            answer
            if isinstance(answer, ClassifierError)
            else replace(
                answer,
                model_version=self.model_version,
                labels=without(
                    at_thresholds(answer.labels, self.thresholds.get(text.language, {})),
                    self.abstains.get(text.language, ()),
                ),
            )
            for text, answer in zip(texts, self.classifier.classify(texts), strict=True)
        ]


def at_thresholds(labels: Labels, thresholds: Mapping[str, float]) -> Labels:
    """Claims of a change below its threshold are undecided; fewer signals or cues than the least are none.

    A claim without a stated probability is below any threshold. Denials stay: thresholds are for claims. A
    high or a low language comfort has to be as certain as `language_comfort_high` or `language_comfort_low`
    asks; the level between them has none, since nobody is helped or passed over by it.
    """
    withdrawn: dict[str, Any] = {
        change: None
        for change in CHANGES
        if getattr(labels, change)
        and change in thresholds
        and labels.probabilities.get(change, 0.0) < thresholds[change]
    }
    dropped = set(withdrawn)
    if _is_unsure_of_comfort(labels, thresholds):
        withdrawn[_COMFORT] = None
        dropped.add(_COMFORT)
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


def without(labels: Labels, names: Collection[str]) -> Labels:
    """The labels with these changes and kinds undecided, whatever was said of them."""
    if not names:
        return labels
    undecided: dict[str, Any] = {name: frozenset() if name == "topics" else None for name in names}
    dropped = set(names)
    for name in {"employability_signals", "risk_cues"} & dropped:
        dropped |= getattr(labels, name) or frozenset()
    # A topic may share its name with a signal: the words stay evidence of whichever is still said.
    dropped = dropped - labels.topics if "topics" not in names else dropped | labels.topics
    kept = tuple(item for item in labels.evidence if item.label not in dropped)
    return replace(labels, evidence=kept, **undecided)


def _is_unsure_of_comfort(labels: Labels, thresholds: Mapping[str, float]) -> bool:
    """Whether an end of the scale is named with less certainty than it takes.

    A classifier states its certainty of the level (`language_comfort.low`), or of what it named at all.
    """
    least = thresholds.get(f"{_COMFORT}_{labels.language_comfort}")
    if least is None:
        return False
    stated = labels.probabilities
    return stated.get(f"{_COMFORT}.{labels.language_comfort}", stated.get(_COMFORT, 0.0)) < least
