"""Screens texts: `screen(text, language)` says what is to be done with one, and which rules say so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.safety import rules
from nlp.safety.screening import Screener
from nlp.safety.verdicts import Action, Category, Finding, Mark, Severity, Verdict

__all__ = [
    "Action", "Category", "Finding", "Mark", "Severity", "Verdict", "screen", "screen_many", "version"
]  # fmt: skip


@lru_cache(maxsize=1)
def _screener() -> Screener:
    from nlp.safety.classifier.model import load_model  # numpy: not before a text is screened

    return Screener(rules.standard(), load_model())


def screen(text: str, language: str) -> Verdict:
    """The verdict of the rules in force. `language` is en, uk, no, or any other word if it is not known."""
    return _screener().screen(text, language)


def screen_many(texts: Sequence[str], languages: Sequence[str]) -> list[Verdict]:
    """A verdict for each text, in their order. ValueError where texts and languages are not as many."""
    screener = _screener()
    return [screener.screen(text, language) for text, language in zip(texts, languages, strict=True)]


def version() -> str:
    """The version of the rules in force, as every verdict names it."""
    return rules.standard().version
