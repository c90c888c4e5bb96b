"""Feedback as people write it: sentences from the data files beside this module, combined into texts.

A text keeps to one language, one written form and one writer, and never claims two opposite things.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "no", "uk")
TONES = ("positive", "mixed", "negative", "anxious", "neutral")

# Which tones a text of one tone is built from, sentence by sentence; the last one repeats.
_PLANS: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "positive": ((("positive",), ("positive", "positive", "neutral")), (("neutral",), ("positive",))),
    "mixed": ((("mixed",), ("positive", "neutral", "negative")),),
    "negative": ((("negative",), ("negative", "neutral")),),
    "anxious": ((("anxious",), ("anxious", "neutral", "positive", "negative")),),
    "neutral": ((("neutral",), ("neutral",)),),
}
_STEPS_TOLD = 5  # by somebody who looks back
_LANGUAGE_LEVELS = frozenset({"language_low", "language_medium", "language_high"})
_OPPOSITES = (
    {"confidence_increase", "confidence_decrease", "negative_self_talk"},
    {"belonging_increase", "belonging_decrease", "isolation"},
    _LANGUAGE_LEVELS,
    {"confidence_increase", "dropout_indication"},
)
_SENTENCES_PER_TEXT = (1, 2, 3, 4, 5, 6)
_LENGTH_WEIGHTS = (38, 30, 17, 9, 4, 2)
_DRAWS = 12  # tries to find a sentence that agrees with those before it
_OWN_CONTEXT_WEIGHT = 3  # people write about this session more often than in general
_OTHER_SIDE = ("volunteer", "local buddy")  # "any" is what participants say
_EMOJI = {"positive": "😊🙏💙", "anxious": "😔🥺", "negative": "😕", "mixed": "🙂", "neutral": "🙂👍"}


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    tone: str
    context: str
    form: str
    gender: str  # "f", "m", or "" where the sentence does not show it
    labels: frozenset[str]
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Voice:
    """How one person writes."""

    language: str
    gender: str = "f"
    form: str = ""  # "nynorsk", or the language's usual form
    drops_full_stop: bool = False
    writes_lower_case: bool = False
    likes_emoji: bool = False


@cache
def sentences(language: str) -> tuple[Sentence, ...]:
    """Every sentence of one language, in the file's order."""
    content = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
    feminine = re.compile(content["feminine"]) if "feminine" in content else None
    return tuple(
        Sentence(
            text=text,
            tone=group["tone"],
            context=group["context"],
            form=group.get("form", ""),
            gender=group.get("gender") or ("f" if feminine and feminine.search(text) else ""),
            labels=frozenset(group.get("labels", ())),
            topics=frozenset(group.get("topics", ())),
        )
        for group in content["group"]
        for text in group["sentences"]
    )


def compose(rng: random.Random, voice: Voice, context: str, tone: str, *, comfort: str = "") -> str:
    """A text of one to six sentences. `comfort` (low, medium, high) is what it may say of the language."""
    wanted = rng.choices(_SENTENCES_PER_TEXT, _LENGTH_WEIGHTS)[0]
    chosen: list[Sentence] = []
    plan = rng.choice(_PLANS[tone])
    for position in range(wanted):
        tones = plan[min(position, len(plan) - 1)]
        pool = _pool(voice.language, voice.form, voice.gender, context, rng.choice(tones))
        drawn = (rng.choice(pool) for _ in range(_DRAWS if pool else 0))
        if fitting := next((sentence for sentence in drawn if _fits(sentence, chosen, comfort)), None):
            chosen.append(fitting)
    return _written_by(voice, rng, chosen, tone)


def compose_review(rng: random.Random, voice: Voice) -> str:
    """What somebody writes who looks back on a mentorship: a sentence each on several steps towards work."""
    chosen: list[Sentence] = []
    steps = [
        s for s in sentences(voice.language) if s.context == "looking back" and s.gender in ("", voice.gender)
    ]
    for sentence in rng.sample(steps, len(steps)):
        if len(chosen) < _STEPS_TOLD and not any(sentence.labels & told.labels for told in chosen):
            chosen.append(sentence)
    return _written_by(voice, rng, chosen, "positive")


@cache
def _pool(language: str, form: str, gender: str, context: str, tone: str) -> tuple[Sentence, ...]:
    def usable(own: str) -> Iterable[Sentence]:
        return (
            s for s in sentences(language)
            if s.context == own and s.tone == tone and s.form == form and s.gender in ("", gender)
        )  # fmt: skip

    general = () if context in _OTHER_SIDE else usable("any")
    return tuple(usable(context)) * _OWN_CONTEXT_WEIGHT + tuple(general)


def _fits(candidate: Sentence, chosen: list[Sentence], comfort: str) -> bool:
    if candidate in chosen:
        return False
    said = frozenset().union(*(s.labels for s in chosen)) if chosen else frozenset()
    for opposites in _OPPOSITES:
        mine, theirs = candidate.labels & opposites, said & opposites
        if mine and theirs and mine != theirs:
            return False
    levels = candidate.labels & _LANGUAGE_LEVELS
    return not (levels and comfort and f"language_{comfort}" not in levels)


def _written_by(voice: Voice, rng: random.Random, chosen: list[Sentence], tone: str) -> str:
    separator = "\n" if len(chosen) > 2 and rng.random() < 0.1 else " "
    text = separator.join(s.text for s in chosen)
    if voice.drops_full_stop:
        text = text.removesuffix(".")
    if voice.writes_lower_case:
        text = text[:1].lower() + text[1:]
    if voice.likes_emoji and text and rng.random() < 0.5:
        text += " " + rng.choice(_EMOJI[tone])
    return text
