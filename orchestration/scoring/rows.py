"""One classified text as a row of `nlp.text_scores` and as `q2q.scored` events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from ingest.contracts.ai import Q2qScored
from ingest.events import NIL, Event, new_event
from nlp.classifiers.base import Classified
from nlp.labels import CHANGES, COMFORTS, CUES, SIGNALS, Dimension, Labels, scores
from orchestration.scoring.texts import ClearedText

Method = Literal["ai_classifier", "rule_based", "manual"]
SOURCE = "/nlp/scoring"
# Which labels a dimension's score rests on: it is as sure as the least sure of them.
_RESTS_ON: dict[Dimension, tuple[str, ...]] = {
    "confidence": ("confidence_increase", "confidence_decrease"),
    "belonging": ("belonging_increase", "belonging_decrease"),
    "lang_level_proxy": tuple(f"language_comfort.{comfort}" for comfort in COMFORTS),
    "job_readiness": SIGNALS,
    "well_being": CUES,
}


@dataclass(frozen=True, slots=True)
class ScoredText:
    """A text, what a model said of it, and when."""

    text: ClearedText
    classified: Classified
    method: Method
    is_shadow: bool
    scored_at: datetime
    stands_in_for: str = ""  # the version in force that could not be asked

    @property
    def scores(self) -> dict[Dimension, float]:
        return scores(self.classified.labels)

    @property
    def confidences(self) -> dict[Dimension, float]:
        """How sure the classifier was of what each score rests on; 1 where it gives no certainty."""
        stated = self.classified.labels.probabilities
        # A label that is not there is as certain as it is improbable.
        certain = {label: round(max(share, 1 - share), 6) for label, share in stated.items()}
        return {
            dimension: min(
                (certain[label] for label in _RESTS_ON[dimension] if label in certain), default=1.0
            )
            for dimension in self.scores
        }

    def row(self) -> dict[str, Any]:
        """The row of `nlp.text_scores`. Evidence keeps its words, which are the redacted text's."""
        text, classified, labels = self.text, self.classified, self.classified.labels
        return {
            "text_id": text.text_id, "text_sha256": text.text_sha256, "company_id": text.company_id,
            "person_id": text.person_id, "text_type": text.text_type, "language": text.language,
            "written_at": text.written_at,
            "labels": labels_json(labels), "scores": self.scores, "confidences": self.confidences,
            "topics": sorted(labels.topics),
            "evidence": [
                {
                    "label": found.label, "start": found.start, "end": found.end,
                    "snippet": text.content[found.start : found.end], "reason": found.reason,
                }
                for found in labels.evidence
            ],
            "model_version": classified.model_version, "prompt_version": classified.prompt_version,
            "prompt_sha256": classified.prompt_sha256, "method": self.method,
            "input_tokens": classified.usage.input_tokens, "output_tokens": classified.usage.output_tokens,
            "cost_microdollars": classified.usage.cost_microdollars,
            "latency_ms": classified.usage.latency_ms, "is_shadow": self.is_shadow,
            "stands_in_for": self.stands_in_for, "scored_at": self.scored_at,
        }  # fmt: skip

    def events(self, run: str) -> Iterator[Event]:
        """One `q2q.scored` per dimension the labels decide. A text scored anew is a new version of each."""
        text, confidences = self.text, self.confidences
        for dimension, score in self.scores.items():
            yield new_event(
                Q2qScored(
                    text_id=text.text_id,
                    text_type=cast(Any, text.text_type),
                    user_id=None if text.person_id == NIL else text.person_id,
                    dimension=dimension,
                    score=score,
                    confidence=confidences[dimension],
                    method=self.method,
                    model_version=self.classified.model_version,
                    prompt_version=self.classified.prompt_version,
                    text_sha256=text.text_sha256,
                    language=text.language,
                    scored_at=self.scored_at,
                    written_at=text.written_at,
                ),
                subject=f"score/{text.text_id}/{dimension}",
                company_id=None if text.company_id == NIL else text.company_id,
                source=SOURCE,
                source_time=self.scored_at,
                origin=f"scoring:{run}",
            )


def labels_json(labels: Labels) -> str:
    """Labels as they are stored: null is undecided, sets are sorted."""
    found: Mapping[str, Any] = {
        **{name: getattr(labels, name) for name in CHANGES},
        "language_comfort": labels.language_comfort,
        "employability_signals": _sorted(labels.employability_signals),
        "risk_cues": _sorted(labels.risk_cues),
        "topics": sorted(labels.topics),
        "probabilities": {name: round(value, 6) for name, value in sorted(labels.probabilities.items())},
    }
    return json.dumps(found, separators=(",", ":"))


def _sorted(values: frozenset[Any] | None) -> list[str] | None:
    return None if values is None else sorted(values)
