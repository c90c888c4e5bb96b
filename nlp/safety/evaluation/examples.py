"""The labelled texts: one JSON object a line, a file per language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SETS = Path(__file__).parent / "sets"
LANGUAGES = ("en", "uk", "no")
ABUSE = ("profanity", "harassment", "sexual", "violence")
CRISIS = "self_harm"
NAMES = (*ABUSE, CRISIS, "spam", "gibberish", "prompt_injection")


@dataclass(frozen=True)
class Example:
    """A text, what it is, and where the words are that make it so. A harmless text has no label."""

    id: str
    language: str
    text: str
    labels: frozenset[str]
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def is_harmless(self) -> bool:
        return not self.labels

    @property
    def is_abuse(self) -> bool:
        return not self.labels.isdisjoint(ABUSE)


def examples(language: str) -> list[Example]:
    """All labelled texts of a language, in the order of the file."""
    lines = (SETS / f"{language}.jsonl").read_text("utf-8").splitlines()
    return [
        Example(
            row["id"],
            language,
            row["text"],
            frozenset(row["labels"]),
            tuple((start, end) for start, end in row.get("marks", ())),
        )
        for row in map(json.loads, lines)
    ]
