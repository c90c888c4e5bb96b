"""The phrase rules: what a text says in so many words, each with the words that say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from nlp.classifiers.local.context import Context, Grammar
from nlp.classifiers.local.phrases import PhraseBook
from nlp.classifiers.local.reading import Reading, read
from nlp.labels import CHANGES, COMFORTS, CUES, LANGUAGES, SIGNALS, Language

FOLDER = Path(__file__).parent / "rules"
COMFORT_LABELS = tuple(f"language_comfort.{comfort}" for comfort in COMFORTS)
RULE_LABELS: tuple[str, ...] = (*CHANGES, *COMFORT_LABELS, *SIGNALS, *CUES)

_BETTER = {"confidence_increase", "belonging_increase", "language_comfort.high", "language_comfort.medium"}
_WORSE = {"confidence_decrease", "belonging_decrease", "language_comfort.low", *CUES}
_CHANGED = {"confidence_increase", "confidence_decrease", "belonging_increase"}
_ALLOWANCES = {"wish", "question", "past", "others", "quoted"}


class RuleFileError(ValueError):
    """A rule file that cannot be used: which rule of which file, and what to write."""


@dataclass(frozen=True)
class Rule:
    """A rule of a file: the label its phrases carry, and which contexts leave it standing."""

    id: str  # language.label.name
    label: str
    negated: str | None  # the label when it is denied, `keep` for the same one, None for none
    denies_itself: bool  # its phrases hold their own negations: only one before them counts
    allow: frozenset[str]
    needs: str | None  # `change` or `skill`: a word of that list has to stand in the sentence


@dataclass(frozen=True)
class Said:
    """A label that a text carries, and the words that carry it."""

    label: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True)
class Findings:
    """What the rules found in a text: labels said, doubted and hinted at.

    Doubted: the words are there, but denied, wished for, asked, past, quoted or of somebody else. Hinted at: what
    would make them count (a change, a skill) is missing.
    """

    said: tuple[Said, ...] = ()
    doubted: frozenset[str] = field(default_factory=frozenset)
    hinted: frozenset[str] = field(default_factory=frozenset)


class RuleBook:
    """All rules of one language."""

    def __init__(self, source: dict[str, Any], name: str) -> None:
        self.language: Language = source["language"]
        lists = source["lists"]
        self.grammar = Grammar(source["grammar"], lists)
        self.rules = [
            _rule(f"{self.language}.{label}", label, entry, name)
            for label, entries in source["rules"].items()
            for entry in entries
        ]
        phrases = [entry["phrases"] for entries in source["rules"].values() for entry in entries]
        self._book = PhraseBook(
            ((number, phrase) for number, several in enumerate(phrases) for phrase in several), lists
        )
        topics = list(source["topics"].items())
        self._topic_rules = [f"{self.language}.topic.{topic}" for topic, _ in topics]
        self._topic_names = [topic for topic, _ in topics]
        self._topics = PhraseBook(
            ((number, phrase) for number, (_, several) in enumerate(topics) for phrase in several), lists
        )

    def find(self, text: str) -> Findings:
        """What the text says; places are those of the text as given."""
        reading = read(text)
        said: list[Said] = []
        doubted: set[str] = set()
        hinted: set[str] = set()
        contexts: dict[tuple[int, int, bool, bool], Context] = {}
        for hit in self._book.hits(reading.text, [word for _, _, word in reading.words]):
            rule = self.rules[hit.rule]
            carries_on = rule.label in _WORSE
            # With its own negations inside, only what stands before the phrase can deny it.
            denied_until = hit.start if rule.denies_itself else hit.end
            key = (hit.start, hit.end, carries_on, rule.denies_itself)
            if key not in contexts:
                contexts[key] = self.grammar.context(
                    reading, hit.start, hit.end, denied_until=denied_until, carries_on=carries_on
                )
            label = _meant(rule, contexts[key])
            if label is None:
                doubted.add(rule.label)
            elif any(not self.grammar.has(need, reading, hit.start) for need in _needs(rule, label)):
                hinted.add(label)
            else:
                said.append(Said(label, hit.start, hit.end, rule.id))
        return Findings(_in_the_text(_settled(said), reading), frozenset(doubted), frozenset(hinted))

    def topics(self, text: str) -> tuple[Said, ...]:
        """The topics a text names, whatever it says of them."""
        reading = read(text)
        hits = self._topics.hits(reading.text, [word for _, _, word in reading.words])
        said = [
            Said(self._topic_names[hit.rule], hit.start, hit.end, self._topic_rules[hit.rule]) for hit in hits
        ]
        return _in_the_text(_settled(said), reading)


def _meant(rule: Rule, context: Context) -> str | None:
    """The label a hit carries in its context, or None."""
    for name, holds in (
        ("wish", context.is_wish),
        ("question", context.is_question),
        ("past", context.is_past),
        ("others", context.is_of_others),
        ("quoted", context.is_quoted),
    ):
        if holds and name not in rule.allow:
            return None
    if not context.is_negated or rule.negated == "keep":
        return rule.label
    return rule.negated


def _needs(rule: Rule, label: str) -> Iterable[str]:
    """What the sentence has to hold beside the phrase: "not lonely" is better only if it was worse before."""
    if rule.needs:
        yield rule.needs
    if label != rule.label and label in _CHANGED:
        yield "change"


def _settled(said: Iterable[Said]) -> list[Said]:
    """Without what lies inside a longer hit of the same label, or of the opposite kind.

    "No longer afraid to speak" holds "afraid"; "lost the courage to speak" holds "courage to speak".
    """
    kept: list[Said] = []
    for hit in sorted(set(said), key=lambda one: (one.start - one.end, one.start, one.label, one.rule)):
        if not any(
            longer.start <= hit.start
            and hit.end <= longer.end
            and (longer.label == hit.label or _opposed(longer, hit))
            for longer in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda one: (one.start, one.end, one.label, one.rule))


def _opposed(longer: Said, hit: Said) -> bool:
    if longer.end - longer.start == hit.end - hit.start:
        return False
    return (longer.label in _BETTER and hit.label in _WORSE) or (
        longer.label in _WORSE and hit.label in _BETTER
    )


def _in_the_text(said: list[Said], reading: Reading) -> tuple[Said, ...]:
    return tuple(Said(one.label, *reading.span(one.start, one.end), one.rule) for one in said)


def _rule(prefix: str, label: str, entry: dict[str, Any], name: str) -> Rule:
    rule_id = f"{prefix}.{entry.get('id', '?')}"
    if label not in RULE_LABELS:
        raise RuleFileError(f"{name}: {rule_id} carries no label known: use one of {', '.join(RULE_LABELS)}")
    unknown = entry.keys() - {"id", "phrases", "negated", "reads", "allow", "needs"}
    allow = frozenset(entry.get("allow", ()))
    if unknown or not allow <= _ALLOWANCES or "id" not in entry:
        raise RuleFileError(
            f"{name}: {rule_id} needs an id and phrases, and may have negated, reads: own_negation, needs and"
            f" allow: {sorted(_ALLOWANCES)}; it has {sorted(entry)} and allows {sorted(allow)}"
        )
    negated = entry.get("negated")
    if negated not in (None, "keep", *RULE_LABELS):
        raise RuleFileError(f"{name}: {rule_id} becomes {negated!r} when denied, which is no label")
    return Rule(rule_id, label, negated, entry.get("reads") == "own_negation", allow, entry.get("needs"))


@cache
def rule_book(language: Language) -> RuleBook:
    """The rules of a language, read once per process."""
    path = FOLDER / f"{language}.yaml"
    source = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return RuleBook(source, path.name)


@cache
def rules_sha256() -> str:
    """One hash over all rule files: two processes with the same one say the same."""
    digest = sha256()
    for language in LANGUAGES:
        digest.update((FOLDER / f"{language}.yaml").read_bytes())
    return digest.hexdigest()
