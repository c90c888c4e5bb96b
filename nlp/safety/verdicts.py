"""What screening says of a text: findings, and the one action that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["allow", "warn", "hold", "block", "escalate"]
Category = Literal[
    "profanity", "harassment", "sexual", "violence", "self_harm", "spam", "gibberish", "prompt_injection"
]  # fmt: skip
Severity = Literal["low", "medium", "high", "critical"]
Mark = Literal["negated", "third_person"]

ACTIONS: tuple[Action, ...] = get_args(Action)  # from the mildest on; where several apply the last holds
CATEGORIES: tuple[Category, ...] = get_args(Category)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
ABUSE: frozenset[Category] = frozenset({"profanity", "harassment", "sexual", "violence"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that applies to `text[start:end]`, in characters of the text as it was given."""

    category: Category
    severity: Severity
    rule: str  # id in the rule files, such as en.self_harm.end_life
    start: int
    end: int
    confidence: float
    marks: tuple[Mark, ...] = ()  # who is spoken of; a mark never lowers severity or action


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a text, and why. It holds no words of the text."""

    action: Action
    findings: tuple[Finding, ...]
    confidence: float  # of the surest finding; 1 where there is none
    version: str  # changes with every change of the rule files

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories found, each once, in the order of CATEGORIES."""
        found = {finding.category for finding in self.findings}
        return tuple(category for category in CATEGORIES if category in found)

    @property
    def severity(self) -> Severity | None:
        """The highest severity among the findings."""
        return max((finding.severity for finding in self.findings), key=SEVERITIES.index, default=None)
