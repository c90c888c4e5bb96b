"""Which encoding a file is in: UTF-8 if it can be, else one of two Windows code pages, by evidence.

Norwegian text has single letters like å among ASCII letters; Ukrainian text has whole words of such bytes.
The two code pages share their bytes, so the words decide. Where they do not, nothing is certain.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

UTF_8 = "utf-8"
WESTERN, CYRILLIC = "windows-1252", "windows-1251"
ENCODINGS = (UTF_8, WESTERN, CYRILLIC, "utf-16")

_CLEAR_SHARE = 0.9  # of the words that tell anything
_ENOUGH_WORDS = 10_000  # more of the file would not change the mind
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
# The alphabet, and the Ukrainian letters outside it: ґ є ї і.
_CYRILLIC = re.compile(rb"[\xc0-\xff\xa5\xaa\xaf\xb2\xb3\xb4\xba\xbf]{2,}")
_LATIN = re.compile(rb"[A-Za-z]")
_UNUSED = {WESTERN: re.compile(rb"[\x81\x8d\x8f\x90\x9d]"), CYRILLIC: re.compile(rb"\x98")}


class Encoding(NamedTuple):
    """What was decided. Not certain: the bytes above ASCII may mean other letters."""

    name: str
    is_certain: bool


PLAIN = Encoding(UTF_8, True)


def decide(blocks: Iterable[bytes]) -> Encoding:
    """The encoding of a file, from its bytes."""
    utf_8 = codecs.getincrementaldecoder("utf-8")()
    kept: list[bytes] = []  # blocks that are not ASCII, should it turn out not to be UTF-8
    first = b""
    try:
        for block in blocks:
            first = first or block
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return Encoding("utf-16", True)
            if not block.isascii():
                kept = [*kept[-3:], block]
            utf_8.decode(block)
        utf_8.decode(b"", final=True)
    except UnicodeDecodeError:
        return _code_page([*kept, *blocks])
    return PLAIN


def _code_page(blocks: Iterable[bytes]) -> Encoding:
    words = {WESTERN: 0, CYRILLIC: 0}
    impossible = set()
    for block in blocks:
        impossible |= {name for name, unused in _UNUSED.items() if unused.search(block)}
        for word in _WORD.findall(block):
            if _CYRILLIC.fullmatch(word):
                words[CYRILLIC] += 1
            elif _LATIN.search(word):
                words[WESTERN] += 1
        if sum(words.values()) > _ENOUGH_WORDS:
            break
    for name, other in ((WESTERN, CYRILLIC), (CYRILLIC, WESTERN)):
        if name in impossible:
            return Encoding(other, True)
    likelier = max(words, key=lambda name: words[name])
    is_clear = words[likelier] >= _CLEAR_SHARE * max(1, sum(words.values()))
    return Encoding(likelier, is_clear)
