"""Classifiers for tests: real ones in what they promise, with answers that a test decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nlp.classifiers.base import Classified, ClassifierError, Text, Usage
from nlp.evaluation.labelled import LabelledSet, load
from nlp.labels import CHANGES, Evidence, Labels
from nlp.registry.models import read_models


def judged_on() -> LabelledSet:
    """The texts the gate judges on."""
    policy = read_models().policy
    return load(policy["set_version"], policy["split"])


Answer = Callable[[str, Labels], Labels | ClassifierError]


@dataclass
class KnowingClassifier:
    """Knows the right labels of the labelled sets, and answers what `answer` makes of them."""

    model_version: str = "q2q-local-v4"
    answer: Answer = lambda _, right: right
    content_sha256: str | None = None

    def __post_init__(self) -> None:
        items = (*load(split="all").items, *judged_on().items)
        self._right = {(item.language, item.content): cited(item.labels) for item in items}

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        found: list[Classified | ClassifierError] = []
        for text in texts:
            answered = self.answer(text.language, self._right[text.language, text.content])
            if isinstance(answered, ClassifierError):
                found.append(answered)
            else:
                usage = Usage(input_tokens=10, output_tokens=5, cost_microdollars=40, latency_ms=2.0)
                found.append(Classified(text.text_id, answered, self.model_version, usage=usage))
        return found


def cited(labels: Labels) -> Labels:
    """The labels with the first word of the text as the evidence of each."""
    names = [name for name in CHANGES if getattr(labels, name)]
    names += ["language_comfort"] if labels.language_comfort else []
    names += sorted((labels.employability_signals or frozenset()) | (labels.risk_cues or frozenset()))
    names += sorted(labels.topics)
    return replace(labels, evidence=tuple(Evidence(name, 0, 1, "test") for name in names))


def blind_in(language: str, label: str) -> Answer:
    """Never sees one label in one language."""
    return lambda text_language, right: (
        replace(right, **{label: False}) if text_language == language else right
    )
