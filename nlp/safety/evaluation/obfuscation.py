"""Ways in which people hide a word from a filter. Only the words that make a text abusive are changed.

The first six are the ones every filter knows of; the other four are there because a filter that folds known
tricks has not been told of them. Each is a function of the word and a seed: the same comes out each time.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from nlp.safety.evaluation.examples import Example

_LEET = str.maketrans("aeiostgb" + "аеіозчб", "43105798" + "@310346")
_LATIN, _CYRILLIC = "aeopcxyikmtbhAEOPCXKMTBHI", "аеорсхуікмтвнАЕОРСХКМТВНІ"
_LOOKALIKES = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)
_INVISIBLE = ("\u200b", "\u00ad", "\u2060", "\u200d")
_ACCENTS = ("\u0301", "\u0308", "\u0335", "\u0323")
_VOWELS = "aeiouyæøåаеєиіїоуюяэыё"
_SHORTEST = 3


def _leet(word: str, chance: random.Random) -> str:
    return word.lower().translate(_LEET)


def _spaced(word: str, chance: random.Random) -> str:
    return chance.choice((" ", ".", "-", "_", " . ")).join(word)


def _invisible(word: str, chance: random.Random) -> str:
    return "".join(letter + chance.choice(_INVISIBLE) for letter in word[:-1]) + word[-1:]


def _lookalikes(word: str, chance: random.Random) -> str:
    return word.translate(_LOOKALIKES)


def _stretched(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _accented(word: str, chance: random.Random) -> str:
    return "".join(letter + (chance.choice(_ACCENTS) if letter.isalpha() else "") for letter in word)


def _masked(word: str, chance: random.Random) -> str:
    places = [at for at in range(1, len(word)) if word[at].lower() in _VOWELS] or [len(word) // 2]
    at = chance.choice(places)
    return word[:at] + chance.choice("*#_•") + word[at + 1 :]


def _styled(word: str, chance: random.Random) -> str:
    # Alphabets for mathematics, which chats show as fancy letters. There are none for Cyrillic.
    start = chance.choice((0x1D5BA, 0x1D41A, 0x1D4EA, 0xFF41))
    return "".join(
        chr(start + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter for letter in word.lower()
    )


def _decorated(word: str, chance: random.Random) -> str:
    return chance.choice(("🔥", "❤", "~", "|", "♦")).join(word)


def _swapped(word: str, chance: random.Random) -> str:
    if len(word) <= _SHORTEST:
        return word
    at = chance.randrange(1, len(word) - 2) if len(word) > _SHORTEST + 1 else 1
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


FORESEEN: dict[str, Callable[[str, random.Random], str]] = {
    "leet": _leet,
    "spaced": _spaced,
    "invisible": _invisible,
    "lookalikes": _lookalikes,
    "stretched": _stretched,
    "accented": _accented,
}
UNFORESEEN: dict[str, Callable[[str, random.Random], str]] = {
    "masked": _masked,
    "styled": _styled,
    "decorated": _decorated,
    "swapped": _swapped,
}
OBFUSCATIONS = {**FORESEEN, **UNFORESEEN}


def obfuscated(example: Example, name: str) -> str:
    """The example's text with its marked words hidden in one of the OBFUSCATIONS."""
    hide = OBFUSCATIONS[name]
    chance = random.Random(f"{name}/{example.id}")  # noqa: S311 - repeatable, not secret
    parts, at = [], 0
    for start, end in example.marks:
        parts.append(example.text[at:start])
        words = example.text[start:end].split(" ")
        parts.append(" ".join(hide(word, chance) if len(word) >= _SHORTEST else word for word in words))
        at = end
    return unicodedata.normalize("NFC", "".join(parts)) + example.text[at:]
