"""The words of a folded text, and the words that each of them may have been before somebody disguised it.

Leet, lookalikes of the other script, drawn-out letters, masks (`f**k`) and words taken apart (`f u c k`) are
undone here. A disguise can often be read in several ways, so a word has several forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

# Cyrillic letters and the Latin ones drawn like them. The first row is alike in any typeface.
_ALIKE = "аaвbсcеeнhіiкkмmоoрpтtуyхxѕsјj"
_RATHER_ALIKE = "ԁdєeгrһhїiӏlпnиuԛqѵvԝwьbяrшwщwцuлnдaёeөoүyћhґrзeчyэeюoыbжxбb"
_TO_LATIN = str.maketrans(_ALIKE[::2] + _RATHER_ALIKE[::2], _ALIKE[1::2] + _RATHER_ALIKE[1::2])
_TO_CYRILLIC = str.maketrans(_ALIKE[1::2] + "nurdgwlvfzqбæ", _ALIKE[::2] + "пигдгшлвфзкбе")
_STRICT_CYRILLIC = frozenset(_ALIKE[::2])
_STRICT_LATIN = frozenset(_ALIKE[1::2])

_LEETS = (
    str.maketrans("0123456789@$!|+(#", "oizeasgtbgasiltch"),
    str.maketrans("0123456789@$!|+(#", "olzeasbtbgaslltch"),
)
# The same digit stands for different letters, so a word has a reading by each table.
_CYRILLIC_LEETS = tuple(
    str.maketrans("0134678@$!|", letters)
    for letters in ("оізчбтваcіі", "оіечбтваcіі", "оізабтваcіі", "олечбтваcлл", "оізчбтфасіі")
)
_NORDIC = str.maketrans("æøå", "eoa")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´‘ʹ")

_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(
    r"[^\W_]+(?:[@$!|+*#'’ʼ`´‘(]+[^\W_]+)*[@$*#]*|[@$!|+*#(]+(?:[^\W_]+[@$!|+*#'’(]*)+[^\W_$*#]*"
)
_ADDRESS = re.compile(r"://|^www\.|\S@\S+\.\w|\.(?:com|net|org|no|ua|ru|io|me|info|shop|xyz)(?:/|$)")
_BREAK = re.compile(r"[.!?…;:)\"»]$")
_NOT_LETTERS = re.compile(r"[\W_]+")
_RUN = re.compile(r"(.)\1{2,}")
_V_FOR_U = re.compile(r"(?<=[bcdfghjklmnpqrstw])v(?=[bcdfghjklmnpqrst])")
_MASK = re.compile(r"[*#]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SIGNS = re.compile(r"[^\w]|_")
LONGEST_WORD = 40  # a longer one is no word; it is looked at by its beginning


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:end]` of the folded text. Joined: several pieces that may have been one word."""

    text: str
    start: int
    end: int
    is_joined: bool = False
    ends_sentence: bool = False


def words(folded: str) -> list[Token]:
    """The words in their order."""
    found: list[Token] = []
    newline = 0
    for chunk in _CHUNK.finditer(folded):
        text, offset = chunk[0], chunk.start()
        if "\n" in folded[newline:offset] and found and "\n\n" in folded[newline:offset]:
            found[-1] = _ending(found[-1])
        newline = chunk.end()
        if text.isalnum():
            found.append(Token(text[:LONGEST_WORD], offset, chunk.end()))
            continue
        if _ADDRESS.search(text):
            continue
        first = len(found)
        for piece in _PIECE.finditer(text):
            end = piece.end()
            found.append(Token(piece[0][:LONGEST_WORD], offset + piece.start(), offset + end, False,
                               end < len(text) and text[end] in ".!?…;"))  # fmt: skip
        if len(found) > first and _BREAK.search(text) and text[-1] in ".!?…;":
            found[-1] = _ending(found[-1])
    return found


def _ending(token: Token) -> Token:
    return Token(token.text, token.start, token.end, token.is_joined, True)


def squeezed(folded: str, tokens: Sequence[Token], is_known: Callable[[str], bool]) -> list[Token]:
    """The words, with those that signs take apart (`f.u-c.k`) put together where a rule knows the whole."""
    found: list[Token] = []
    place = 0
    for chunk in _CHUNK.finditer(folded):
        first = place
        while place < len(tokens) and tokens[place].start < chunk.end():
            place += 1
        pieces = tokens[first:place]
        text = chunk[0]
        if pieces and len(text) <= LONGEST_WORD and not text.isalnum() and not _ADDRESS.search(text):
            core = _EDGES.sub("", text)
            letters = _NOT_LETTERS.sub("", core)
            if letters != core.translate(_APOSTROPHES) and len(letters) > 2:
                start = chunk.start() + text.index(core)
                whole = letters if is_known(letters) else _SIGNS.sub("*", core)
                if whole is letters or ("*" in whole and len(pieces) > 1 and is_known(whole)):
                    found.append(Token(whole, start, start + len(core), True, pieces[-1].ends_sentence))
                    continue
        found += pieces
    return found


def spelled(tokens: Sequence[Token], segments: Callable[[str], list[str]]) -> list[Token]:
    """The words, with letters one by one (`k i l l`) put together as the words they may have been."""
    found: list[Token] = []
    run: list[Token] = []
    for token in [*tokens, None]:
        if token is not None and len(token.text) == 1 and (not run or token.start - run[-1].end <= 3):
            run.append(token)
            continue
        found += _put_together(run, segments) if len(run) > 2 else run
        run = []
        if token is not None:
            if len(token.text) == 1:
                run = [token]
            else:
                found.append(token)
    return found


def _put_together(run: list[Token], segments: Callable[[str], list[str]]) -> Iterator[Token]:
    place = 0
    for text in segments("".join(token.text for token in run)):
        last = run[place + len(text) - 1]
        yield Token(text, run[place].start, last.end, len(text) > 1, last.ends_sentence)
        place += len(text)


def forms(token: str) -> tuple[str, ...]:
    """The token as it stands (without apostrophes), then what else it can be read as, likeliest first."""
    plain = token.translate(_APOSTROPHES)
    found = dict.fromkeys(_scripts(plain)) if plain.isalpha() else dict.fromkeys(_leets(plain))
    found = {plain: None, **found}
    for form in list(found):
        if _RUN.search(form):
            found[_RUN.sub(r"\1", form)] = None
            found[_RUN.sub(r"\1\1", form)] = None
    for form in list(found):
        if "v" in form:
            found[_V_FOR_U.sub("u", form)] = None
        if "ph" in form:
            found[form.replace("ph", "f")] = None
        nordic = form.translate(_NORDIC)
        if nordic != form and plain != token:
            found[nordic] = None
    return tuple(found)


def _scripts(text: str) -> Iterator[str]:
    if text.isascii():
        if _STRICT_LATIN.issuperset(text):
            yield text.translate(_TO_CYRILLIC)
        return
    is_cyrillic = [character >= "Ѐ" for character in text]
    if all(is_cyrillic):
        if _STRICT_CYRILLIC.issuperset(text):
            yield text.translate(_TO_LATIN)
    elif any(is_cyrillic):
        yield text.translate(_TO_LATIN)
        yield text.translate(_TO_CYRILLIC)


def _leets(text: str) -> Iterator[str]:
    """Readings of a word with digits or signs in it. A number is none: it has no letter."""
    text = text.strip("!|+(")
    if not any(character.isalpha() for character in text):
        return
    is_cyrillic = any(character >= "Ѐ" for character in text)
    for table in (*_CYRILLIC_LEETS, *_LEETS) if is_cyrillic else _LEETS:
        read = text.translate(table)
        yield read
        yield from _scripts(read)
    yield _NOT_LETTERS.sub("", text)


def mask(token: str) -> re.Pattern[str] | None:
    """What a masked word (`f**k`) may be, or None if the token is none. At least two letters must show."""
    if not _MASK.search(token) or sum(map(str.isalpha, token)) < 2:
        return None
    letters = token.strip("!|+(").removeprefix("#").translate(_APOSTROPHES)
    return re.compile("".join(r"\w{1,2}" if _MASK.match(sign) else re.escape(sign) for sign in letters))
