"""What surrounds a hit: is it denied, wished for, asked, past, quoted, or said of somebody else?

"The trainer was confident" is not the participant's confidence, "if I were more confident" is none at all, and
"not lonely any more" is the opposite of lonely. The words that tell this are in the rule files, per language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.classifiers.local.phrases import expand, to_pattern
from nlp.classifiers.local.reading import Reading

_QUOTED = re.compile(r'"[^"]{2,}"|«[^»]*»|„[^“”"]*[“”"]|“[^”]*”')
_REACH = 5  # words a negation reaches over
_SOMEBODY_ELSE, _PARTICIPANT, _WRITER, _PRONOUN = "others", "participants", "writer", "pronouns"


@dataclass(frozen=True)
class Context:
    """How a hit is meant. All false: it is said of the writer or the participant, and it is so."""

    is_negated: bool = False
    is_wish: bool = False
    is_question: bool = False
    is_past: bool = False
    is_of_others: bool = False
    is_quoted: bool = False


class Grammar:
    """The words of one language that change what a phrase means."""

    def __init__(self, words: Mapping[str, list[str]], lists: Mapping[str, str]) -> None:
        def any_of(name: str) -> re.Pattern[str]:
            # The longest first: "the woman next to me" is not the woman and then me.
            choices = sorted((expand(word, lists) for word in words.get(name, [])), key=len, reverse=True)
            return to_pattern("(" + "|".join(choices) + ")") if choices else re.compile(r"(?!)")

        self._negators, self._no_negators = any_of("negators"), any_of("no_negators")
        self._wishes, self._no_wishes = any_of("wishes"), any_of("no_wishes")
        self._conditions = any_of("conditions")
        self._past, self._now = any_of("past"), any_of("now")
        self._boundaries = re.compile(
            rf"[,;:()—]| - |{any_of('boundaries').pattern}" if words.get("boundaries") else r"[,;:()—]| - "
        )
        self._soft_boundaries = any_of("soft_boundaries")
        self._people_words = {
            kind: any_of(kind) for kind in (_SOMEBODY_ELSE, _PARTICIPANT, _WRITER, _PRONOUN)
        }
        self._oblique = any_of("prepositions")
        self._needs = {"change": any_of("changes"), "skill": any_of("skills")}

    def has(self, need: str, reading: Reading, position: int) -> bool:
        """Whether the sentence holds a word of what a rule needs beside its phrase."""
        return bool(self._needs[need].search(reading.text, *reading.sentence(position)))

    def context(
        self, reading: Reading, start: int, end: int, *, denied_until: int, carries_on: bool
    ) -> Context:
        """How the words from `start` to `end` are meant.

        A negation counts up to `denied_until`; `carries_on` says that it reaches over an "and".
        """
        sentence_start, sentence_end = reading.sentence(start)
        clause_start = self._clause_start(reading.text, sentence_start, start)
        return Context(
            is_negated=self._is_negated(reading, clause_start, start, denied_until, carries_on),
            is_wish=self._is_wish(reading.text, sentence_start, clause_start, start),
            is_question=reading.is_question(start),
            is_past=self._is_past(reading.text, clause_start, start, end, sentence_end),
            is_of_others=self._is_of_others(reading, sentence_start, clause_start, start, end),
            is_quoted=any(match.start() < start < match.end() for match in _QUOTED.finditer(reading.text)),
        )

    def _clause_start(self, text: str, sentence_start: int, position: int) -> int:
        clause = sentence_start
        for match in self._boundaries.finditer(text, sentence_start, position):
            clause = match.end()
        return clause

    def _is_negated(self, reading: Reading, clause: int, start: int, end: int, carries_on: bool) -> bool:
        text = reading.text
        words = [s for s, e, _ in reading.words if clause <= s < start]
        reach = words[-_REACH] if len(words) >= _REACH else clause
        if not carries_on:
            for match in self._soft_boundaries.finditer(text, reach, start):
                reach = match.end()
        # A negation between the phrase's own words counts as well.
        return _alone(self._negators, self._no_negators, text, reach, end)

    def _is_wish(self, text: str, sentence: int, clause: int, start: int) -> bool:
        # "If I were braver, I would feel at home": a condition holds for the rest of the sentence.
        return _alone(self._wishes, self._no_wishes, text, clause, start) or _alone(
            self._conditions, self._no_wishes, text, sentence, start
        )

    def _is_past(self, text: str, clause: int, start: int, end: int, stop: int) -> bool:
        if self._now.search(text, clause, end):
            return False
        clause_end = self._boundaries.search(text, end, stop)
        return bool(self._past.search(text, clause, clause_end.start() if clause_end else stop))

    def _is_of_others(self, reading: Reading, sentence: int, clause: int, start: int, end: int) -> bool:
        """Whose it is: the last person named, the writer's "me" within the phrase included.

        A pronoun stands for whom came before it; a "she" nobody came before is not the writer.
        """
        people = self._people(reading.text, start, end)
        kinds = [kind for at, kind in people if at >= clause] or [
            kind for at, kind in people if sentence <= at < clause
        ]
        if not kinds:
            return False
        if kinds[-1] != _PRONOUN:
            return kinds[-1] == _SOMEBODY_ELSE
        named = [kind for _, kind in people if kind in (_SOMEBODY_ELSE, _PARTICIPANT)]
        return not named or named[-1] == _SOMEBODY_ELSE

    def _people(self, text: str, start: int, end: int) -> list[tuple[int, str]]:
        found = [
            (match.start(), match.end(), kind)
            for kind, pattern in self._people_words.items()
            for match in pattern.finditer(text, 0, end)
            # "Made friends" is about the maker, and "with my mentor's help" makes nobody the subject.
            if kind == _WRITER
            or (match.start() <= start and not (kind == _SOMEBODY_ELSE and self._is_oblique(text, match.start())))
        ]
        others = [(s, e) for s, e, kind in found if kind == _SOMEBODY_ELSE]
        return sorted(
            (s, kind)
            for s, e, kind in found
            # "A friend of mine" names the friend and not me.
            if kind == _SOMEBODY_ELSE or not any(first <= s and e <= last for first, last in others)
        )

    def _is_oblique(self, text: str, position: int) -> bool:
        before = text[max(0, position - 24) : position].split()
        return any(self._oblique.fullmatch(word) for word in before[-2:])


def _alone(wanted: re.Pattern[str], unless: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a word stands there that is not part of a saying that only looks like it."""
    excused = [match.span() for match in unless.finditer(text, start, end)]
    return any(
        not any(s <= match.start() < e for s, e in excused)
        for match in wanted.finditer(text, start, end)
    )
