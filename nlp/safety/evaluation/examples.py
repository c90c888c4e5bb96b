"""The labelled texts: one JSON object a line, a file per language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SETS = Path(__file__).parent / "sets"
# By other hands than rules and first corpus, never looked at while tuning. Of fresh_v3 the part `prove`;
# fresh_v2 and fresh_v4 have no other part.
INDEPENDENT = {
    version: Path(__file__).with_name(f"{version}.jsonl") for version in ("fresh_v2", "fresh_v3", "fresh_v4")
}
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
    return _read(SETS / f"{language}.jsonl", language)


def independent_examples(language: str, version: str, part: str = "prove") -> list[Example]:
    """The texts of a set that another hand wrote; `select` are those that thresholds may be chosen by."""
    return _read(INDEPENDENT[version], language, part)


def _read(path: Path, language: str, part: str = "prove") -> list[Example]:
    lines = path.read_text("utf-8").splitlines()
    return [
        Example(
            row["id"],
            language,
            row["text"],
            frozenset(row["labels"]),
            tuple((start, end) for start, end in row.get("marks", ())),
        )
        for row in map(json.loads, lines)
        if row.get("language", language) == language and row.get("split", "prove") == part
    ]
