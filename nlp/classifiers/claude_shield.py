"""Finds text that talks to the model instead of telling about the programme.

Weighted patterns in the three languages, from claude_shield.yaml. From a score of 0.8 on a text is not sent.
Below that it is, and what the patterns found in it is no evidence for any label. No list of patterns is
complete; what it misses, the shape of the request has to bear (docs/q2q.md says how far that goes).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

BLOCK_FROM = 0.8


@dataclass(frozen=True)
class Span:
    """A place that talks to the model; the weight says how surely."""

    start: int
    end: int
    weight: float
    rule: str


_RULES = Path(__file__).with_name("claude_shield.yaml")
_LATIN_LOOKALIKES = str.maketrans("аеорсухіАЕОРСХІМТКНВ", "aeopcyxiAEOPCXIMTKHB")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")


def injection_score(content: str) -> float:
    """How surely a text talks to the model, 0 to 1. Signs of different kinds add up, repeated ones do not."""
    heaviest: dict[str, float] = {}
    for span in suspicious_spans(content):
        heaviest[span.rule] = max(heaviest.get(span.rule, 0.0), span.weight)
    return min(1.0, sum(heaviest.values()))


def suspicious_spans(content: str) -> list[Span]:
    """Every place that talks to the model, in characters of the text as it is."""
    found: dict[tuple[int, int, str], Span] = {}
    for text, places in _readings(content):
        for rule, weight, pattern in _patterns():
            for match in pattern.finditer(text):
                span = Span(places[match.start()], places[match.end() - 1] + 1, weight, rule)
                found[span.start, span.end, rule] = span
    return sorted(found.values(), key=lambda span: (span.start, span.end, span.rule))


@cache
def _patterns() -> list[tuple[str, float, re.Pattern[str]]]:
    document = yaml.safe_load(_RULES.read_text())
    parts = {"{sentence}": document["sentence"], "{label}": document["label"]}
    found = []
    for entry in document["rules"]:
        source = entry["pattern"]
        for name, part in parts.items():
            source = source.replace(name, part)
        found.append((entry["rule"], float(entry["weight"]), re.compile(source, re.IGNORECASE)))
    return found


def _readings(content: str) -> list[tuple[str, list[int]]]:
    """The text as it is, and as it reads once disguises are taken off, each with places in the original."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(content):
        if _INVISIBLE.match(character):
            continue
        for part in unicodedata.normalize("NFKC", character):
            plain.append(part)
            places.append(place)
    undisguised = "".join(plain)
    readings = [(content, list(range(len(content))))]
    if undisguised != content:
        readings.append((undisguised, places))
    # Cyrillic letters that look Latin inside an English order; a Ukrainian text as a whole reads as before.
    latin = undisguised.translate(_LATIN_LOOKALIKES)
    if latin != undisguised and any(
        a.isascii() != b.isascii() for a, b in pairwise(undisguised) if (a + b).isalpha()
    ):
        readings.append((latin, places))
    return readings


def _mixes_alphabets(text: str) -> bool:
    return any(a.isascii() != b.isascii() for a, b in pairwise(text) if a.isalpha() and b.isalpha())
