"""Phrases of the rule files, and where they stand in a text.

A phrase is written as words with a few signs, so that a linguist can read and add one:

    feel* ~2 (more|much more) confident

`*` ends a word any way; `(a|b)` is a choice, `(a )?` may be absent and `(a |b )*` come up to five times; `~2` lets
up to two words stand between; `<name>` is a list of the same file. A space is one or more spaces, never a comma: no phrase crosses one.

Each phrase is looked up by its rarest word. Only phrases whose word is in the text are tried, and what a word
leads to is remembered, so a text costs about as much as its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

WORD = re.compile(r"\w[\w'-]*")
_TAIL = r"[\w'-]*"
_GAP = re.compile(r" ~(\d) ")
_NAME = re.compile(r"<(\w+)>")
_SHORTEST_PREFIX = 3  # a word is looked up by its beginnings from this length on
_LONGEST_PREFIX = 12
_REMEMBERED_WORDS = 50_000


class PhraseError(ValueError):
    """A phrase that cannot be read, with what to write in its place."""


@dataclass(frozen=True)
class Hit:
    """A phrase's place in a text: `rule` is the index that was given with the phrase."""

    rule: int
    start: int
    end: int


class PhraseBook:
    """All phrases of one language, matched together."""

    def __init__(self, phrases: Iterable[tuple[int, str]], lists: Mapping[str, str]) -> None:
        self._patterns: list[tuple[int, re.Pattern[str]]] = []
        self._words: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[int]] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        for rule, phrase in phrases:
            whole = expand(phrase, lists)
            number = len(self._patterns)
            self._patterns.append((rule, to_pattern(whole)))
            for word, is_prefix in look_up_words(whole):
                place = self._prefixes if is_prefix else self._words
                place.setdefault(word, []).append(number)

    def hits(self, text: str, words: Iterable[str]) -> Iterator[Hit]:
        """Every hit of every phrase; `text` is normalised and `words` are its words."""
        wanted: set[int] = set()
        for word in words:
            known = self._known.get(word)
            wanted.update(self._look_up(word) if known is None else known)
        for number in sorted(wanted):
            rule, pattern = self._patterns[number]
            for match in pattern.finditer(text):
                yield Hit(rule, match.start(), match.end())

    def _look_up(self, word: str) -> tuple[int, ...]:
        found = set(self._words.get(word, ()))
        for length in range(_SHORTEST_PREFIX, min(len(word), _LONGEST_PREFIX) + 1):
            found.update(self._prefixes.get(word[:length], ()))
        if len(self._known) >= _REMEMBERED_WORDS:
            self._known.clear()
        self._known[word] = answer = tuple(found)
        return answer


def expand(phrase: str, lists: Mapping[str, str]) -> str:
    """The phrase with its lists written out."""

    def written_out(match: re.Match[str]) -> str:
        if match[1] not in lists:
            raise PhraseError(f"no list <{match[1]}> for the phrase {phrase!r}: name one of {sorted(lists)}")
        return f"({lists[match[1]]})"

    before = None
    while phrase != before:  # a list may use another one
        before, phrase = phrase, _NAME.sub(written_out, phrase)
    return phrase


def to_pattern(phrase: str) -> re.Pattern[str]:
    if re.search(r" ~\d$| \([^()]*\)\?$", phrase):
        raise PhraseError(f"the phrase {phrase!r} ends in what may be absent: leave it out")
    body = phrase.replace(" )*", " ){0,5}").replace("*", _TAIL).replace("(", "(?:")
    body = _GAP.sub(lambda match: rf"(?: +{_TAIL}){{0,{match[1]}}}? +", body)
    body = re.sub(r" (?![+?])", " +", body)
    try:
        return re.compile(rf"(?<![\w'-])(?:{body})(?![\w'])")
    except re.error as error:
        raise PhraseError(f"the phrase {phrase!r} cannot be read: {error}") from error


def look_up_words(phrase: str) -> list[tuple[str, bool]]:
    """The words one of which stands in every text the phrase matches; True with the beginning of a word."""
    best = _rarest(phrase)
    if not best:
        raise PhraseError(f"the phrase {phrase!r} has no word to look it up by: write one out in full")
    return [(word[:_LONGEST_PREFIX], True) if is_prefix else (word, False) for word, is_prefix in best]


def _rarest(phrase: str) -> list[tuple[str, bool]]:
    """Of the parts that have to be there the one with the longest words: those are the rarest."""
    best: list[tuple[str, bool]] = []
    best_length = 1
    for part in _split(phrase.strip(), " "):
        if part.endswith((")?", " )*")) or part.startswith("~"):
            continue
        words = _words_of(part)
        shortest = min((len(word) for word, _ in words), default=0)
        if shortest > best_length and all(
            len(word) >= _SHORTEST_PREFIX for word, is_prefix in words if is_prefix
        ):
            best, best_length = words, shortest
    return best


def _words_of(part: str) -> list[tuple[str, bool]]:
    group = re.fullmatch(r"\((.*)\)([*+]?)", part)
    if group and len(_split(part, " ")) == 1:
        words: list[tuple[str, bool]] = []
        for choice in _split(group[1], "|"):
            inner = _rarest(choice)
            if not inner:
                return []
            words += [(word, True) for word, _ in inner] if group[2] == "*" else inner
        return words
    word, star, rest = part.partition("*")
    if rest or re.search(r"[()|?\[\]\\]", word):
        # A choice inside a word: what stands before it is a beginning.
        word, star = re.split(r"[()|?*\[\]\\]", part)[0], "*"
        if part[len(word)] == "?":  # the letter before it may be absent
            word = word[:-1]
    return [(word, bool(star))] if word else []


def _split(text: str, separator: str) -> list[str]:
    """Cut at the separator outside brackets; a group before a word, as in "(very )?glad", is cut off as well."""
    parts, depth, current = [], 0, ""
    for character in text:
        ends_group = depth == 0 and current.endswith((")?", ")*", ")+")) and character != separator
        if separator == " " and (
            ends_group or (depth == 0 and current.endswith(" )") and character == "(")
        ):
            parts.append(current)
            current = ""
        depth += (character == "(") - (character == ")")
        if character == separator and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    return [part for part in (*parts, current) if part]
