"""A text as the rules read it: normalised, and cut into words and sentences."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from nlp.classifiers.local.phrases import WORD

_SIGNS = str.maketrans(
    {
        "’": "'", "ʼ": "'", "`": "'", "´": "'", "‘": "'", "–": "—", "\u00a0": " ", "\t": " ",
        "\r": "\n", "\u200b": " ", "\u200c": " ", "\u200d": " ", "\ufeff": " ", "…": ".",
    }
)  # fmt: skip
# Latin letters typed inside Cyrillic words look the same and match nothing.
_LOOKALIKES = str.maketrans("ioaecpxyi", "іоаесрхуі")
_MIXED = re.compile(r"[а-яіїєґ'][a-z]|[a-z][а-яіїєґ']")
_CYRILLIC_WORD = re.compile(r"[\w'-]*[а-яіїєґ][\w'-]*")
# A comma before these is spelling in Ukrainian, not a pause, so phrases may run over it.
_SPELT_COMMA = re.compile(
    r",(?= (?:що|як|де|куди|який|яка|яке|які|яку|якої|чому|навіщо|хто|кого|чого|чи|кому|ніж|з чого)\b)"
)
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?\n]+")


@dataclass(frozen=True)
class Reading:
    """A text in lower case with one kind of apostrophe and space; places lead back to the text as given."""

    text: str
    words: tuple[tuple[int, int, str], ...]  # start, end, word
    sentence_ends: tuple[int, ...]  # where a sentence's last sign stands
    questions: frozenset[int]  # those sentence ends that are question marks
    places: tuple[int, ...] | None = None  # where each character began, if composing moved them

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as it was given."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])

    def sentence(self, position: int) -> tuple[int, int]:
        """Where the sentence at a position begins and ends."""
        index = bisect_right(self.sentence_ends, position)
        start = self.sentence_ends[index - 1] + 1 if index else 0
        return start, self.sentence_ends[index] if index < len(self.sentence_ends) else len(self.text)

    def parts(self) -> list[Reading]:
        """The words of each sentence that has any, as readings of their own; n-grams see no more of them."""
        ends = (*self.sentence_ends, len(self.text))
        parts: list[list[tuple[int, int, str]]] = [[] for _ in ends]
        for word in self.words:
            parts[bisect_right(ends, word[0])].append(word)
        return [Reading(self.text, tuple(words), (), frozenset()) for words in parts if words]

    def is_question(self, position: int) -> bool:
        return self.sentence(position)[1] in self.questions


def read(text: str | Reading) -> Reading:
    """The text as rules and n-grams see it; what was read already is given back."""
    if isinstance(text, Reading):
        return text
    composed, places = _composed(text)
    lowered = _lowered(composed)
    if _MIXED.search(lowered):
        lowered = _CYRILLIC_WORD.sub(lambda match: match[0].translate(_LOOKALIKES), lowered)
    lowered = _SPELT_COMMA.sub(" ", lowered)
    words = tuple((match.start(), match.end(), match[0]) for match in WORD.finditer(lowered))
    ends, questions = [], set()
    for match in _SENTENCE_END.finditer(lowered):
        last = match.end() - 1
        # "5.5" and "f.eks." end no sentence.
        if match[0] == "." and last + 1 < len(lowered) and not lowered[last + 1].isspace():
            continue
        ends.append(last)
        if "?" in match[0]:
            questions.add(last)
    return Reading(lowered, words, tuple(ends), frozenset(questions), places)


def _composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The text in NFC and, where that moved characters, where each one began."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces, places = [], []
    for match in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", match[0])
        pieces.append(piece)
        places += [match.start()] * len(piece)
    return "".join(pieces), (*places, len(text))


def _lowered(text: str) -> str:
    plain = text.translate(_SIGNS)
    lowered = plain.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := c.lower()) == 1 else c for c in plain)  # İ and its like grow
