"""One automaton over every word, stem and anchor of a language's rules, asked once per distinct word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import ahocorasick

from nlp.safety.rules import PhraseRule, RuleFile, Word
from nlp.safety.words import forms, mask

_CACHED_WORDS = 65_536  # a language's running text has about as many; some 20 MB
_SHORTEST_DISGUISED = 3  # a disguised word of two letters is anything
_SHORTEST_JOINED = 4
_SHORTEST_SWAPPED, _LONGEST_SWAPPED = 4, 16


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
        self._literals = frozenset(literal for literal in literals if "*" not in literal)
        # What a mask may stand for: words of rules before words of phrases, so that the worse reading wins.
        self._plain = [word.text.rstrip("*") for word in self._words if word.text[0] != "*"]
        self._stems = [
            word.text[:-1]
            for word in self._words
            if word.text[-1] == "*" and word.text[0] != "*" and len(word.text) > _SHORTEST_JOINED
        ]
        by_length: dict[int, dict[str, None]] = {}
        for word_text in (*self._plain, *sorted(self._literals)):
            by_length.setdefault(len(word_text), {})[word_text] = None
        self._by_length = {length: tuple(found) for length, found in by_length.items()}
        self.known = lru_cache(maxsize=_CACHED_WORDS)(self._known)
        self.known_joined = lru_cache(maxsize=_CACHED_WORDS)(self._known_joined)

    def _known(self, token: str) -> Known:
        readings = forms(token)
        if token.replace("’", "'") in self._allowed_as_written:
            return Known(readings[0])
        found: Known | None = None
        for place, form in enumerate(readings):
            hits, phrases, is_literal, is_allowed = self._search(form)
            if is_allowed and place == 0:
                return Known(form, (), tuple(phrases))
            if is_allowed or (place and len(form) < _SHORTEST_DISGUISED):
                continue
            if hits:
                return Known(form, hits, tuple(phrases), place > 0)
            if (is_literal or phrases) and found is None:
                found = Known(form, (), tuple(phrases), place > 0)
        return found or self._repaired(token, readings[0]) or Known(readings[0])

    def _repaired(self, token: str, plain: str) -> Known | None:
        """A word that no rule knows, read as one with letters masked or two neighbours swapped."""
        pattern = mask(token)
        if pattern is not None:
            candidates = self._by_length.get(len(token), ())
            for word in (*candidates, *self._plain):
                if pattern.fullmatch(word):
                    hits, phrases, _, _ = self._search(word)
                    return Known(word, hits, tuple(phrases), True)
            for stem in self._stems:
                if _is_masked(token, stem):
                    hits, phrases, _, _ = self._search(stem + "e")
                    return Known(stem, hits, tuple(phrases), True)
            return None
        if not _SHORTEST_SWAPPED <= len(plain) <= _LONGEST_SWAPPED or not plain.isalpha():
            return None
        literal: Known | None = None
        for place in range(len(plain) - 1):
            swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
            if swapped == plain:
                continue
            hits, phrases, is_literal, is_allowed = self._search(swapped)
            whole = tuple(word for word in hits if _may_be_swapped(word.text))
            if whole and not is_allowed:
                return Known(swapped, whole, tuple(phrases), True)
            if is_literal and literal is None and swapped in self._literals:
                literal = Known(swapped, (), tuple(phrases), True)
        return literal

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

    def _known_joined(self, token: str) -> Known:
        """What is known of pieces put together. No parts of words: chance makes too many."""
        known = self._known(token)
        if len(token) < _SHORTEST_JOINED:
            return replace(known, words=())
        whole = (word for word in known.words if word.text[0] != "*" and len(word.text) >= _SHORTEST_JOINED)
        return replace(known, words=tuple(whole))

    def is_known_joined(self, token: str) -> bool:
        """Whether pieces put together are a word that a rule or phrase names."""
        if "*" not in token:
            return self.is_known(token)
        known = self.known_joined(token)
        return bool(known.words) or known.reading in self._literals

    def is_known(self, text: str) -> bool:
        """Whether a rule or a phrase names the word itself."""
        if text in self._literals:
            return True
        hits, _, is_literal, _ = self._search(text)
        return bool(is_literal or any(word.text[0] != "*" for word in hits))

    def segments(self, letters: str) -> list[str]:
        """Words that letters written one by one may have been: the longest known one first, at each place."""
        found: list[str] = []
        place = 0
        while place < len(letters):
            end = next(
                (
                    end
                    for end in range(min(len(letters), place + 14), place + 1, -1)
                    if self.is_known(letters[place:end])
                ),
                place + 1,
            )
            found.append(letters[place:end])
            place = end
        return found

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


def _may_be_swapped(text: str) -> bool:
    """Short stems with two letters swapped begin too many Ukrainian words: забезпечити, підрозділ."""
    stem = text.rstrip("*")
    shortest = _SHORTEST_SWAPPED if stem.isascii() or stem == text else _SHORTEST_SWAPPED + 2
    return text[0] != "*" and len(stem) >= shortest


def _is_masked(token: str, stem: str) -> bool:
    """Whether a word begins with the stem, some of whose letters are masked: `f*cking` with `fuck`."""
    if len(token) <= len(stem):
        return False
    signs = sum(sign in "*#" for sign in token[: len(stem)])
    return 0 < signs <= len(stem) - 2 and all(
        sign in (letter, "*", "#") for sign, letter in zip(token, stem, strict=False)
    )
