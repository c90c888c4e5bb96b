"""A text in plain small letters: without accents, odd widths, invisible characters and decorated alphabets.

Every folded character knows the place it came from, so a finding names characters of the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Letters that a language of ours tells apart: never folded into their plain neighbours, or Norwegian "høre"
# (to hear) would become an insult.
_OWN_LETTERS = frozenset("æøåйїієґў")
# Greek, Armenian, Cherokee and other letters that stand in for Latin ones without saying so in their names.
_STRANGERS = {
    "α": "a", "β": "b", "ϲ": "c", "ς": "c", "δ": "d", "ε": "e", "έ": "e", "γ": "y", "η": "n", "ι": "i",
    "κ": "k", "μ": "u", "ν": "v", "ο": "o", "σ": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "π": "n", "λ": "l", "ζ": "z", "θ": "o", "φ": "o", "ϳ": "j", "ա": "w", "ց": "g", "հ": "h", "ո": "n",
    "օ": "o", "ս": "u", "ռ": "n", "զ": "q", "ք": "p", "յ": "j", "ɑ": "a", "ɡ": "g", "ı": "i", "ȷ": "j",
    "ʟ": "l", "ⅼ": "l", "ⅰ": "i", "ⅽ": "c", "ⅾ": "d", "ⅿ": "m", "ⅴ": "v", "ⅹ": "x", "ß": "s", "ð": "d",
    "þ": "p", "ⲟ": "o", "ⲣ": "p", "ⲥ": "c", "Ꭺ": "a", "ꭺ": "a", "ꮯ": "c", "ꭼ": "e", "ꮋ": "h", "ꭻ": "j",
    "ꮶ": "k", "ꮮ": "l", "ꮇ": "m", "ꮲ": "p", "ꮪ": "s", "ꭲ": "t", "ꮃ": "w", "ꮓ": "z", "ƒ": "f", "©": "c",
    "®": "r", "€": "e", "£": "l", "¥": "y", "₴": "s", "¢": "c", "¡": "!", "＠": "@", "∂": "d", "∪": "u",
    "ʀ": "r", "ʏ": "y",
}  # fmt: skip
_NAMED_LETTER = re.compile(
    r"\b(?:LETTER|CAPITAL|SMALL)(?: SMALL| CAPITAL| TURNED| REVERSED| OPEN)* ([A-Z])(?: WITH .*)?$"
)


class _Folds(dict[int, str]):
    """One folded character per character, or none for what is not seen; made on first sight."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    lowered = character.lower()
    if lowered in _OWN_LETTERS:
        return lowered
    if lowered in _STRANGERS:
        return _STRANGERS[lowered]
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in "\u3164\u115f\u1160\u2800\ufe0f\u00ad":
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if character.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered)[:1].lower()
    if plain.isalnum() and (plain.isascii() or "Ѐ" <= plain <= "ӿ"):
        return plain
    named = _NAMED_LETTER.search(unicodedata.name(character, ""))
    if named and not "Ѐ" <= character <= "ӿ":
        return named[1].lower()
    return _STRANGERS.get(plain, lowered[:1])


_FOLDS = _Folds()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in small plain letters. `places[i]` is where character i came from; None: from i."""

    text: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that `text[start:end]` came from."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)


def fold(text: str) -> Folded:
    """The text in small letters without accents, invisible characters and foreign lookalikes."""
    if text.isascii():
        return Folded(text.lower(), None)
    if unicodedata.is_normalized("NFC", text):
        folded = text.translate(_FOLDS)
        if len(folded) == len(text):
            return Folded(folded, None)
    letters: list[str] = []
    places: list[int] = []
    for place, cluster in _clusters(text):
        letter = (
            _FOLDS[ord(cluster)]
            if len(cluster) == 1
            else _FOLDS[ord(unicodedata.normalize("NFC", cluster)[0])]
        )
        if letter:
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), places)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """A character with the marks that stand on it, and where it starts."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, text[start:place]
            start = place
