"""What a text's shape says: links, contacts, repetition, capitals and keyboard mash.

Signals of solicitation add up; one of them alone is how people write. The weights are in policy.yaml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp.safety.words import Token

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|info|shop|xyz|top|club|online|site|store|"
    r"biz|ru|ua|no|io|me|ly|gl|cc)(?:/\S*)?\b",
    re.IGNORECASE,
)
_CHAT_LINK = re.compile(
    r"\b(?:t\.me|wa\.me|bit\.ly|tinyurl\.com|goo\.gl|discord\.gg|chat\.whatsapp\.com|cutt\.ly|"
    r"is\.gd|viber\.me)/\S+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.\w+")
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z][\w.]{3,}")
_PHONE = re.compile(r"(?<![\w])\+?\d[\d ()-]{6,}\d")
_SHOUTS = re.compile(r"[!?]{3,}")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_MONEY = re.compile(
    r"[$€£₴]\s?\d|\d\s?[$€£₴%]|\b\d[\d .,]*\s?(?:kr|nok|uah|usd|eur|грн|доларів|гривень|kroner)\b",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.{3,60}?)\1{3,}", re.DOTALL)
_TEMPLATE = re.compile(
    r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<<SYS>>|^\s*#{2,}\s*(?:system|instruction)s?\b|</?(?:system|"
    r"assistant)>|^\s*(?:system|assistant)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_CACHED_WORDS = 32_768
_VOWELS = frozenset("aeiouyæøåаеиіїоуюяєыэё")
_STUTTER = re.compile(r"(\w{1,4}?)\1{3,}\w{0,3}$")  # dfgdfgdfgdfg, jjjjjjjj
_LAUGHTER = re.compile(r"[ahiejoxmхаеиіолмnu]+$")
# A letter that its writer hides (`sh•t`, `f***`): not bold type, a list, "C#", nor Ukrainian "учасник_ця".
_MASKED = re.compile(
    r"(?<![\w*#•_])(?:[^\W\d_]+(?:[*#•∗✱]{1,3}(?!(?:к[аиіу]|ц[яі]|innen)\b)[^\W\d_]+)+[*#•]?|[^\W\d_]{1,3}\*{2,}"
    r"|[^\W\d_]{2,}[#•]|[^\W\d_]{1,2}_[^\W\d_]{1,2})(?![\w*#•_])"
)
_MARKS = re.compile(r"[^\w\s]{6,}")


@dataclass(frozen=True, slots=True)
class Signal:
    """A feature of the text, worth `weight` towards its category."""

    name: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mash:
    """What betrays keys hit at random: neighbours on the keyboard, pairs of letters that no language has."""

    rows: tuple[str, ...]
    rare_pairs: frozenset[str]


def solicitation(text: str, weights: Mapping[str, float]) -> Iterator[Signal]:
    """Where a text looks like an advertisement."""
    if "." in text or "/" in text:
        if found := _CHAT_LINK.search(text):
            yield Signal("chat_link", weights["chat_link"], *found.span())
        elif (found := _LINK.search(text)) and not _EMAIL.search(text):
            yield Signal("link", weights["link"], *found.span())
    for name, pattern in (("email", _EMAIL), ("handle", _HANDLE), ("phone", _PHONE), ("shouting", _SHOUTS), ("money", _MONEY)):  # fmt: skip  # noqa: E501
        if found := pattern.search(text):
            yield Signal(name, weights[name], *found.span())
    letters = [character for character in text if character.isalpha()]
    if len(letters) > 10 and sum(map(str.isupper, letters)) > 0.7 * len(letters):
        yield Signal("capitals", weights["capitals"], 0, len(text))
    if not text.isascii() and len(_EMOJI.findall(text)) > 10:
        yield Signal("emoji", weights["emoji"], 0, len(text))


def masked(text: str) -> Iterator[Signal]:
    """Words some of whose letters are hidden. Which word it was may be unknown; that it is hidden is not."""
    if any(sign in text for sign in "*#•∗✱_"):
        for found in _MASKED.finditer(text):
            yield Signal("masked_word", 0.8, *found.span())


def repetition(text: str, tokens: Sequence[Token], weights: Mapping[str, float]) -> Iterator[Signal]:
    """Where a text says the same again and again: a string four times in a row, or mostly one word."""
    found = _REPEATED.search(text) if len(text) <= 5_000 else None
    if found and any(map(str.isalnum, found[1])) and found.end() - found.start() >= 24:
        name = "mostly_repeated" if found.end() - found.start() > 0.6 * len(text) else "repeated"
        yield Signal(name, weights[name], *found.span())
    elif len(tokens) >= 8:
        commonest = Counter(token.text for token in tokens).most_common(1)[0][1]
        if commonest > 0.7 * len(tokens):
            yield Signal("mostly_repeated", weights["mostly_repeated"], 0, len(text))


def mash(text: str, tokens: Sequence[Token], settings: Mash) -> Signal | None:
    """A text most of whose letters belong to no pronounceable word, such as `asdkjh qwlkej`."""
    letters = mashed = 0
    for token in tokens:
        length = len(token.text)
        letters += length
        if length >= 4 and token.text.isalpha() and _is_mash(token.text, settings.rows, settings.rare_pairs):
            mashed += length
    if letters >= 6 and mashed > 0.5 * letters:
        return Signal("mash", 0.9, tokens[0].start, tokens[-1].end)
    if not any(map(str.isalnum, text)) and len(text.strip()) >= 8 and text.isascii():
        return Signal("no_words", 0.8, 0, len(text))
    if letters < 0.3 * len(text.strip()) and _MARKS.search(text) and len(text) >= 12 and text.isascii():
        return Signal("signs", 0.8, 0, len(text))
    return None


@lru_cache(maxsize=_CACHED_WORDS)
def _is_mash(word: str, rows: tuple[str, ...], rare: frozenset[str]) -> bool:
    if len(word) >= 5 and _VOWELS.isdisjoint(word):
        return True
    if _STUTTER.match(word) and not _LAUGHTER.match(word):
        return True
    pairs = len(word) - 1
    unheard = sum(word[place : place + 2] in rare for place in range(pairs))
    if unheard >= 2 and unheard > 0.25 * pairs:
        return True
    return _walks(word, rows, 4) and (len(word) < 7 or unheard > 0 or _walks(word, rows, 5))


def _walks(word: str, rows: tuple[str, ...], length: int) -> bool:
    """Whether this many keys beside each other are hit in their order."""
    runs = _runs(rows, length)
    return any(word[place : place + length] in runs for place in range(len(word) - length + 1))


@cache
def _runs(rows: tuple[str, ...], length: int) -> frozenset[str]:
    return frozenset(row[place : place + length] for row in rows for place in range(len(row) - length + 1))


def template_marks(text: str) -> Iterator[Signal]:
    """Signs that separate a prompt's parts in a model's own language; no participant writes them."""
    if found := _TEMPLATE.search(text):
        yield Signal("template_marks", 0.9, *found.span())
