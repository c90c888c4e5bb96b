"""What a text can say: the labels, and the outcome scores that follow from them.

Labels are what a classifier finds; scores are arithmetic over labels, the same for every classifier. A label
that is `None` was not decided: the classifier abstained, and the dimension has no score.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Language = Literal["en", "uk", "no"]
Dimension = Literal["confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being"]
Comfort = Literal["low", "medium", "high"]
Signal = Literal[
    "job_search", "skills_gained", "networking", "resume_improvement", "interview_prep", "certification",
    "portfolio_building", "career_goal_setting",
]  # fmt: skip
Cue = Literal[
    "isolation", "frustration", "disengagement", "anxiety", "dropout_indication", "confusion",
    "negative_self_talk", "lack_of_support",
]  # fmt: skip
Topic = Literal["cv", "interview", "pm", "dev", "networking", "mentorship"]
Kind = Literal["language_comfort", "employability_signals", "risk_cues", "topics"]
Change = Literal["confidence_increase", "confidence_decrease", "belonging_increase", "belonging_decrease"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
COMFORTS: tuple[Comfort, ...] = get_args(Comfort)
SIGNALS: tuple[Signal, ...] = get_args(Signal)
CUES: tuple[Cue, ...] = get_args(Cue)
TOPICS: tuple[Topic, ...] = get_args(Topic)
CHANGES: tuple[Change, ...] = get_args(Change)
KINDS: tuple[Kind, ...] = get_args(Kind)  # labels that are answered together, or together left undecided

_COMFORT_SCORES: dict[Comfort, float] = {"low": 0.3, "medium": 0.6, "high": 0.9}


@dataclass(frozen=True)
class Evidence:
    """Words of the text that carry a label; `text[start:end]` is the snippet, in characters."""

    label: str  # a change, signal, cue or topic, or `language_comfort`
    start: int
    end: int
    reason: str  # rule id, or what the model said


@dataclass(frozen=True)
class Labels:
    """What one text says. Signals, cues and topics are sets: an empty one means that none was found."""

    confidence_increase: bool | None = None
    confidence_decrease: bool | None = None
    belonging_increase: bool | None = None
    belonging_decrease: bool | None = None
    language_comfort: Comfort | None = None
    employability_signals: frozenset[Signal] | None = None
    risk_cues: frozenset[Cue] | None = None
    topics: frozenset[Topic] = frozenset()
    probabilities: dict[str, float] = field(default_factory=dict)  # label to the classifier's own certainty
    evidence: tuple[Evidence, ...] = ()


def scores(labels: Labels) -> dict[Dimension, float]:
    """The outcome scores of a text, 0 to 1, for the dimensions its labels decide.

    A change for the better scores 0.8, for the worse 0.2, none 0.5; where both are claimed the worse one
    holds. Language comfort low, medium, high scores 0.3, 0.6, 0.9. Employability signals add 0.15 each to
    0.3, risk cues take 0.15 each from 0.9, kept within 1 and 0.1.
    """
    found: dict[Dimension, float] = {}
    if (score := _change_score(labels.confidence_increase, labels.confidence_decrease)) is not None:
        found["confidence"] = score
    if (score := _change_score(labels.belonging_increase, labels.belonging_decrease)) is not None:
        found["belonging"] = score
    if labels.language_comfort is not None:
        found["lang_level_proxy"] = _COMFORT_SCORES[labels.language_comfort]
    if labels.employability_signals is not None:
        found["job_readiness"] = round(min(0.3 + 0.15 * len(labels.employability_signals), 1.0), 2)
    if labels.risk_cues is not None:
        found["well_being"] = round(max(0.9 - 0.15 * len(labels.risk_cues), 0.1), 2)
    return found


def _change_score(increase: bool | None, decrease: bool | None) -> float | None:
    if decrease:
        return 0.2
    if increase and decrease is not None:
        return 0.8
    return None if increase is None or decrease is None else 0.5
