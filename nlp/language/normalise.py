"""A text without what says nothing about its language, and with its letters in the script they belong to."""

from __future__ import annotations

import re
import unicodedata

# Zero width and direction marks, soft hyphens, variation selectors: invisible, and they split words.
_INVISIBLE = dict.fromkeys([0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)])
_INVISIBLE |= dict.fromkeys([*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF])
_NOT_LANGUAGE = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # mail addresses
    r"|\b\w+_\w*(?:\(\))?"  # names in code
    r"|\b[\w/-]+(?:\.[\w-]+)*\.(?:html?|json|xlsx?|csv|com|org|net|no|ua|io|dev|eu|pdf|docx?|py|js)\b(?:/\S*)?"
    r"|[@#]\w+"  # mentions, tags
    r"|<[@#:][^>\s]{1,60}>"  # Discord's mentions and emoji
    r"|:[a-z0-9_+-]{2,30}:"
    r"|`[^`]*`"  # code
    r"|\[[A-Z_]{2,20}(?:_\d+)?\]"  # placeholders of redaction
)
_APOSTROPHES = str.maketrans("’ʼ‘`´", "'''''")
# Look-alikes that keyboards and homoglyph tricks put inside Cyrillic words, and the other way round.
_TO_CYRILLIC = str.maketrans("iIïÏoOaAeEcCpPxXyYkKMHTB", "іІїЇоОаАеЕсСрРхХуУкКМНТВ")
_TO_LATIN = str.maketrans("іІоОаАеЕсСрРхХуУ", "iIoOaAeEcCpPxXyY")
_WORD = re.compile(r"(?<![\d_])[^\W\d_]+(?:'[^\W\d_]+)*(?![\d_])")  # `a1b2` holds no word
_LATIN, _CYRILLIC = re.compile(r"[A-Za-zÀ-ɏ]"), re.compile(r"[Ѐ-ӿ]")
_MIXED_WORD = re.compile(r"(?=[^\W\d_']*[A-Za-zÏï])(?=[^\W\d_']*[Ѐ-ӿ])[^\W\d_']+")


def normalise(text: str) -> str:
    """The text in NFKC without invisible characters, addresses, mentions and code; emoji are spaces.

    A word that mixes Cyrillic with Latin look-alikes is spelled in the script most of its letters have,
    so `жiнка` typed with a Latin i is the Ukrainian word.
    """
    if text.isascii():
        return _NOT_LANGUAGE.sub(" ", text) if _has_marks(text) else text
    text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_APOSTROPHES)
    if _has_marks(text):
        text = _NOT_LANGUAGE.sub(" ", text)
    if _CYRILLIC.search(text) and _LATIN.search(text):
        text = _MIXED_WORD.sub(_one_script, text)
        # A lone Latin i, a, o or y between Cyrillic words is a conjunction or preposition of theirs.
        text = re.sub(r"(?<=[Ѐ-ӿ][\s,])[iIaAoOyY](?=\s[Ѐ-ӿ])", lambda m: m[0].translate(_TO_CYRILLIC), text)
    return text


def blanked(text: str) -> str:
    """The text at its length, with spaces for what is not language."""
    return _NOT_LANGUAGE.sub(lambda match: " " * len(match[0]), text)


def words(text: str) -> list[str]:
    """The words of a normalised text, as written."""
    return _WORD.findall(text)


def _has_marks(text: str) -> bool:
    return any(mark in text for mark in ".@#:`[<_")


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    cyrillic = len(_CYRILLIC.findall(word))
    if cyrillic * 2 >= len(word):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN)
