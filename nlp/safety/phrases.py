"""Phrases as the rule files write them, compiled into patterns over words.

want* ..2 die|disappear     a word or more: alternatives, a stem, up to two words between
my? own? life               a question mark: may be missing
li{fe,ves} in_vain          endings in braces; an underscore joins the words of one alternative
@me                         a named group of the same file
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

BREAK = "/"  # stands between sentences in the text that phrases are searched in
_WORD = r"[^ /]+"
_BRACES = re.compile(r"\{([^{}]*)\}")


class BadPhrase(ValueError):
    """A phrase that cannot be compiled. The message says which and why."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`anchors` are words of which one must be in the text, or the pattern cannot match."""

    pattern: re.Pattern[str]
    anchors: tuple[str, ...]
    literals: frozenset[str]  # every word it names; a disguised word is read as one of these if it can be


def compile_phrase(source: str, groups: Mapping[str, Sequence[str]]) -> Phrase:
    """The pattern of a phrase, over a text in which every word stands between single spaces."""
    slots = [_slot(slot, source, groups) for slot in source.split()]
    required = [alternatives for _, alternatives, is_optional in slots if alternatives and not is_optional]
    if not required:
        raise BadPhrase(f"phrase {source!r} names no word that must be there; add one")
    anchor = max(required, key=lambda words: min(len(word.split()[0]) for word in words))
    literals = frozenset(word for _, words, _ in slots for item in words for word in item.split())
    return Phrase(
        re.compile("(?<= )" + "".join(pattern for pattern, _, _ in slots)),
        tuple(dict.fromkeys(item.split()[0] for item in anchor)),
        literals,
    )


def _slot(slot: str, source: str, groups: Mapping[str, Sequence[str]]) -> tuple[str, list[str], bool]:
    if gap := re.fullmatch(r"\.\.(\d)", slot):
        return rf"(?:{_WORD} ){{0,{gap[1]}}}", [], True
    is_optional = slot.endswith("?")
    words: list[str] = []
    for alternative in slot.removesuffix("?").split("|"):
        if alternative.startswith("@"):
            if alternative[1:] not in groups:
                raise BadPhrase(
                    f"phrase {source!r} names the group {alternative}, which its file does not have"
                )
            words += [item.replace("'", "") for item in groups[alternative[1:]]]
        else:
            words += expand([alternative.replace("_", " ").replace("'", "")])
    if not all(words):
        raise BadPhrase(f"phrase {source!r} has an empty alternative in {slot!r}")
    options = "|".join(sorted(map(_alternative, words), key=len, reverse=True))
    return f"(?:(?:{options}) )" + ("?" if is_optional else ""), words, is_optional


def _alternative(words: str) -> str:
    return " ".join(re.escape(word).replace(r"\*", r"[^ /]*") for word in words.split())


def expand(value: str | Iterable[str]) -> Iterator[str]:
    """Words of a list, or of one string between spaces; `a{b,c}` stands for `ab` and `ac`."""
    for item in value.split() if isinstance(value, str) else value:
        parts = _BRACES.split(str(item))
        choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
        yield from ("".join(choice) for choice in product(*choices))
