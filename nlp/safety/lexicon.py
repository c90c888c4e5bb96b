"""One automaton over every word, stem and anchor of a language's rules, asked once per distinct word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from nlp.safety.rules import PhraseRule, RuleFile, Word
from nlp.safety.words import forms, mask

_CACHED_WORDS = 65_536  # a language's running text has about as many; some 20 MB
_SHORTEST_DISGUISED = 3  # a disguised word of two letters is anything
_SHORTEST_JOINED = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules know of one word: which word rules it meets, which phrases it may be part of."""

    reading: str  # the word that phrases are searched with
    words: tuple[Word, ...] = ()
    phrases: tuple[int, ...] = ()
    is_disguised: bool = False


class Lexicon:
    """The words of some rule files. Answers are remembered, so frequent words cost a look-up."""

    def __init__(self, files: Iterable[RuleFile]) -> None:
        files = list(files)
        self.phrases: tuple[PhraseRule, ...] = tuple(rule for file in files for rule in file.phrases)
        self.idioms = tuple(idiom for file in files for idiom in file.idioms)
        self._words = [word for file in files for word in file.words]
        automaton = ahocorasick.Automaton()
        entries: dict[str, list[tuple[str, int]]] = {}
        for number, word in enumerate(self._words):
            entries.setdefault(_key(word.text), []).append(("word", number))
        for file in files:
            for allowed in file.allowed:
                if "'" in allowed and not allowed.replace("'", "").endswith("*") and allowed.isascii():
                    continue
                entries.setdefault(_key(allowed.replace("'", "")), []).append(("allowed", 0))
        literals: set[str] = set()
        for number, rule in enumerate(self.phrases):
            literals |= rule.phrase.literals
            for anchor in rule.phrase.anchors:
                entries.setdefault(_key(anchor), []).append(("phrase", number))
        for phrase, _ in self.idioms:
            literals |= phrase.literals
        for literal in literals:
            entries.setdefault(_key(literal), []).append(("literal", 0))
        for key, values in entries.items():
            automaton.add_word(key, (len(key), tuple(values)))
        automaton.make_automaton()
        self._automaton = automaton
        # As written, too: "who're" is allowed although it is an insult without its apostrophe.
        self._allowed_as_written = frozenset(word for file in files for word in file.allowed if "'" in word)
        self._ordinary = frozenset(word for file in files for word in file.ordinary)
        strong = [word.text for word in self._words if word.severity != "low" and word.text[0] != "*"]
        self._beginnings = frozenset(text[:_SHORTEST_JOINED].rstrip("*") for text in strong)
        self._plain = [word for word in self._words if "*" not in word.text.rstrip("*")]
        self.known = lru_cache(maxsize=_CACHED_WORDS)(self._known)
        self.known_joined = lru_cache(maxsize=_CACHED_WORDS)(self._known_joined)

    def _known(self, token: str) -> Known:
        readings = forms(token)
        if token.replace("’", "'") in self._allowed_as_written:
            return Known(readings[0])
        reading: str | None = None
        words: tuple[Word, ...] = ()
        phrases: dict[int, None] = {}
        is_disguised = False
        for place, form in enumerate(readings):
            hits, found, is_literal, is_allowed = self._search(form)
            if is_allowed and place == 0:
                return Known(form)
            if (is_literal or found) and reading is None:
                reading = form
            phrases.update(dict.fromkeys(found))
            if hits and not words and not is_allowed and (place == 0 or len(form) >= _SHORTEST_DISGUISED):
                words, is_disguised = hits, place > 0
        if not words and (pattern := mask(token)):
            words, is_disguised = self._masked(pattern), True
        return Known(readings[0] if reading is None else reading, words, tuple(phrases), is_disguised)

    def _search(self, form: str) -> tuple[tuple[Word, ...], list[int], bool, bool]:
        """Word rules met, phrases anchored; whether a phrase names the form, whether it is allowed."""
        hits: list[Word] = []
        phrases: list[int] = []
        is_literal = is_allowed = False
        for _, (_, values) in self._automaton.iter(f"^{form}$"):
            for kind, number in values:
                if kind == "word":
                    hits.append(self._words[number])
                elif kind == "phrase":
                    phrases.append(number)
                elif kind == "literal":
                    is_literal = True
                else:
                    is_allowed = True
        return tuple(hits), phrases, is_literal, is_allowed

    def _masked(self, pattern: re.Pattern[str]) -> tuple[Word, ...]:
        for word in self._plain:
            if pattern.fullmatch(word.text.rstrip("*")):
                return (word,)
        return ()

    def _known_joined(self, token: str) -> tuple[Word, ...]:
        """Word rules that pieces put together meet. No parts of words: chance makes too many."""
        if len(token) < _SHORTEST_JOINED:
            return ()
        for form in forms(token):
            hits, _, _, is_allowed = self._search(form)
            whole = tuple(word for word in hits if word.text[0] != "*" and len(word.text) >= _SHORTEST_JOINED)
            if whole and not is_allowed:
                return whole
        return ()

    def may_be_halves(self, left: str, right: str) -> bool:
        """Whether two neighbours may be one bad word taken apart: not where both are ordinary words."""
        together = left + right
        return (
            together[:_SHORTEST_JOINED] in self._beginnings
            and len(together) >= _SHORTEST_JOINED
            and not (left in self._ordinary and right in self._ordinary)
        )


def _key(text: str) -> str:
    """How an entry stands in the automaton, where `^` and `$` are the ends of a word."""
    key = text if text.startswith("*") else f"^{text}"
    key = key if text.endswith("*") else f"{key}$"
    return key.strip("*")
