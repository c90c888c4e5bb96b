"""The words of a text that say something about its language, and when there are none.

Names, brands and abbreviations occur in every language; asked about them, a detector answers at random.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from nlp.language.features import Matrix
from nlp.language.normalise import words
from nlp.language.vocabulary import own_words

_SURNAMES = (
    "enko",
    "chuk",
    "ovych",
    "енко",
    "чук",
    "ський",
    "ська",
    "ович",
    "івна",
    "sen",
    "sson",
    "ová",
    "stad",
)
_RARE_ZIPF = 3.6  # a capitalised word that no language uses more often is taken for a name
_MOST_NAMES = 4
_DECIDED_BY_LETTERS = 30
_SCRIPTS = {
    "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "GEORGIAN": "ka", "ARMENIAN": "hy", "HANGUL": "ko",
    "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "DEVANAGARI": "hi", "ETHIOPIC": "am",
    "BENGALI": "bn", "TAMIL": "ta",
}  # fmt: skip
_TRANSLITERATED = [
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("ya", "я"),
    ("ia", "я"), ("ja", "я"), ("yu", "ю"), ("iu", "ю"), ("ju", "ю"), ("ye", "є"), ("ie", "є"),
    ("yi", "ї"), ("jo", "йо"),
]  # fmt: skip
_PLAIN = {
    "uk": str.maketrans("abvhgdezyijklmnoprstufc'", "абвггдезиійклмнопрстуфць"),
    "ru": str.maketrans("abvgdezijklmnoprstufcyh'", "абвгдезийклмнопрстуфцыхь"),
}


def telling_words(normalised: str) -> list[str]:
    """The words as written, without those every language borrows."""
    borrowed = _borrowed()
    return [word for word in words(normalised) if word.lower() not in borrowed]


def says_nothing(written: Sequence[str], zipf: Matrix) -> bool:
    """Whether these words are no evidence: none, or too few where no language knows any of them."""
    if zipf.any():
        return False
    return len(written) < 2 or sum(map(len, written)) < _DECIDED_BY_LETTERS


def only_names(written: Sequence[str], zipf: Matrix) -> bool:
    """Whether a few words are all names: listed ones, or capitalised ones that are rare in every language."""
    return 0 < len(written) <= _MOST_NAMES and all(
        _is_name(word, float(row.max())) for word, row in zip(written, zipf, strict=True)
    )


def language_of_script(text: str) -> str | None:
    """The language a script stands for, where most letters are neither Latin nor Cyrillic."""
    for letter in text:
        if letter.isalpha() and (
            code := _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0].split("-")[0])
        ):
            if code == "ar" and any(persian in text for persian in "پچژگ"):
                return "fa"
            return code
    return None


def as_cyrillic(written: Sequence[str], language: str) -> list[str]:
    """Latin-typed words spelled in the Cyrillic of Ukrainian or Russian."""
    spelled = []
    for word in written:
        lowered = word.lower()
        for latin, cyrillic in _TRANSLITERATED:
            lowered = lowered.replace(latin, "е" if cyrillic == "є" and language == "ru" else cyrillic)
        spelled.append(lowered.translate(_PLAIN[language]))
    return spelled


def _is_name(word: str, most_common: float) -> bool:
    lowered = word.lower()
    if lowered in _names():
        return True
    if not word[0].isupper():
        return False
    return most_common < _RARE_ZIPF or (len(word) > 5 and lowered.endswith(_SURNAMES) and most_common < 5.0)


@cache
def _borrowed() -> frozenset[str]:
    return frozenset(own_words("international"))


@cache
def _names() -> frozenset[str]:
    return frozenset(own_words("names"))
