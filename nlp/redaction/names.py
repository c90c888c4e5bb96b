"""Names of people in Latin and Cyrillic letters and in their cases, by lists and by the words around them.

A list alone would take "Hope" in "Hope to see you" for a person; the words around alone miss most names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlp.redaction.inflection import forms, stem
from nlp.redaction.replacements import Span

DATA = Path(__file__).with_name("data") / "names.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*\.?")
_SENTENCE_END = re.compile(r"(?:[.!?…:;\n•\"«“(])[\s\"«“(•*—–-]*$")
_MOST_WORDS = 4  # of one name


_MONTHS = frozenset(["may", "april", "june", "august", "mai", "juni", "april"])
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof"})
_SURE_SURNAME = re.compile(
    r"(?:enko|chuk|shchuk|ovych|evych|ovich|evich|ivna|ovna|енк|енко|чук|щук|ович|йович|івн|ївн|"
    r"овн|евн|швілі)$"
)
_AND = frozenset(["and", "og", "eller", "or", "i", "і", "й", "та", "або", "и"])
_WITH_ME = frozenset(["and i", "og jeg", "og eg", "і я", "та я", "й я"])
# Words that follow "I am called" or a name without being one.
_STOP = frozenset(
    [
        "i",
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "not",
        "so",
        "very",
        "from",
        "in",
        "on",
        "at",
        "to",
        "of",
        "my",
        "is",
        "was",
        "are",
        "am",
        "he",
        "she",
        "it",
        "we",
        "you",
        "they",
        "this",
        "that",
        "who",
        "which",
        "og",
        "jeg",
        "eg",
        "i",
        "er",
        "var",
        "det",
        "den",
        "en",
        "et",
        "ei",
        "å",
        "som",
        "fra",
        "med",
        "på",
        "til",
        "for",
        "av",
        "om",
        "han",
        "hun",
        "ho",
        "vi",
        "du",
        "de",
        "men",
        "ikke",
        "ikkje",
        "і",
        "й",
        "та",
        "а",
        "але",
        "не",
        "що",
        "я",
        "ти",
        "ви",
        "ми",
        "він",
        "вона",
        "вони",
        "це",
        "з",
        "із",
        "в",
        "у",
        "на",
        "до",
        "від",
        "про",
        "як",
        "мені",
        "мене",
        "и",
        "но",
        "что",
        "он",
        "она",
        "они",
        "это",
        "с",
        "к",
        "из",
        "по",
        "для",
        "меня",
        "мне",
    ]
)


@dataclass(frozen=True, slots=True)
class Names:
    """The lists, ready for look-up: every form in small letters."""

    given: dict[str, str]  # form to the name's stem
    ambiguous: frozenset[str]
    surnames: frozenset[str]
    surnames_cyrillic: frozenset[str]
    endings_latin: tuple[str, ...]
    endings_cyrillic: tuple[str, ...]
    excluded: frozenset[str]
    excluded_stems: tuple[str, ...]
    cues: dict[str, frozenset[tuple[str, ...]]]
    deeds: frozenset[str]  # what people do: it makes a name of a first word that may be an ordinary one


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    lowered: str
    is_capitalised: bool
    is_first: bool  # of its sentence, where a capital says nothing
    is_cut_off: bool  # something else than a space or a comma stands before it


@lru_cache(maxsize=1)
def lists() -> Names:
    """The lists of the data file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _prepared(yaml.load(DATA.read_text("utf-8"), Loader=loader))  # noqa: S506


def _prepared(document: dict[str, Any]) -> Names:
    given: dict[str, str] = {}
    for name in document["latin"].split():
        given[name] = stem(name)
        given[f"{name}s"] = given.get(f"{name}s", stem(name))  # Norwegian genitive
    for name in document["cyrillic"].split():
        for form in forms(name):
            given.setdefault(form.lower().replace("'", ""), stem(name))
    ambiguous = set(document["also_words"].split())
    for name in document["cyrillic_also_words"].split():
        ambiguous |= {form.lower() for form in forms(name)}
    for name in ambiguous:
        given.setdefault(name, stem(name))
    ambiguous |= {f"{name}s" for name in ambiguous}
    return Names(
        given,
        frozenset(ambiguous),
        frozenset(document["surnames"].split()),
        frozenset(form.lower() for name in document["surnames_cyrillic"].split() for form in forms(name)),
        tuple(document["surname_endings_latin"].split()),
        tuple(document["surname_endings_cyrillic"].split()),
        frozenset(word.lower() for word in document["not_names"].split()),
        tuple(word.lower() for word in document["cyrillic_not_names"].split()),
        {
            kind: frozenset(tuple(cue.lower().split()) for cue in cues)
            for kind, cues in document["cues"].items()
        },
        frozenset(document["deeds"].split()),
    )


def persons(text: str) -> Iterator[Span]:
    """Every name of a person, first name and surname together."""
    words = _words(text)
    shouts = sum(word.is_capitalised for word in words) > 0.8 * len(words) > 4
    place = follows = 0
    while place < len(words):
        length = _length(text, words, place, lists(), shouts)
        if not length and place == follows > 0 and not shouts:
            length = _coordinated(text, words, place, lists())
        if length:
            # "Kari and X", "Kari, X": whoever is named in one breath with a person is one.
            follows = place + length
            if follows + 1 < len(words) and words[follows].lowered in _AND:
                follows += 1
            found = words[place : place + length]
            key = " ".join(stem(word.text) for word in found)
            yield Span("person", found[0].start, found[-1].end, key)
        place += length or 1


def _coordinated(text: str, words: list[_Word], place: int, names: Names) -> int:
    """How many words are the name of a second person, named together with one found just before."""
    word = words[place]
    if not (word.is_capitalised and len(word.text) > 2 and not word.text.isupper()):
        return 0
    if word.is_first or word.is_cut_off or words[place - 1].lowered not in _AND:
        return 0
    if _is_excluded(word, names) or word.lowered in _STOP:
        return 0
    return 1 + _more(text, words, place, names, shouts=False)


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    after = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        is_initial = len(word) == 2 and word[1] == "." and word[0].isupper()
        if word.endswith(".") and not is_initial:
            word, end = word[:-1], end - 1
        between = text[after:start]
        if found and found[-1].lowered in _TITLES:
            between = between.removeprefix(".")
        is_first = not found or bool(_SENTENCE_END.search(between))
        is_cut_off = bool(between.strip(" \u00a0,:'\"«“„-–—\n\t"))
        found.append(_Word(word, start, end, _plain(word), word[0].isupper(), is_first, is_cut_off))
        after = end
    return found


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").replace("ʼ", "'").removesuffix("'s").replace("'", "")


def _length(text: str, words: list[_Word], place: int, names: Names, shouts: bool) -> int:
    """How many words from here on are one person's name; 0 if none begins here."""
    word = words[place]
    if len(word.lowered) < 2 and not word.text.endswith("."):
        return 0
    cues = _cues(words, place, names)
    is_told = bool(cues & {"self", "called", "title"})
    if (_is_excluded(word, names) and not is_told) or (not word.is_capitalised and word.lowered in _STOP):
        return 0
    more = _more(text, words, place, names, shouts)
    if word.text.endswith("."):  # initials stand before a surname
        last = words[place + more] if more else word
        return more + 1 if more and (_is_surname(last, names) or is_told) else 0
    if is_told and (word.is_capitalised or ("self" in cues and len(word.lowered) > 2)):
        return 1 + more
    given = _given(word, names)
    if given and word.lowered not in names.ambiguous:
        if word.is_capitalised or len(word.lowered) >= 4:
            return 1 + more
        return 0
    if not word.is_capitalised or shouts:
        return 0
    if given:
        is_name = not word.is_first or more > 0 or "relation" in cues or _acts(words, place, names)
        return 1 + more if is_name and (more or word.lowered not in _MONTHS) else 0
    if word.is_first and "relation" not in cues:
        return (
            1 + more if more and _is_surname(words[place + more], names) and word.lowered not in _STOP else 0
        )
    if "relation" in cues or (_is_surname(word, names) and _is_strong(word, names)):
        return 1 + more
    return 1 + more if "beside" in cues and more else 0


def _acts(words: list[_Word], place: int, names: Names) -> bool:
    """Whether what follows is what a person does: "Grace and I", "Siv hjalp"."""
    following = [word.lowered for word in words[place + 1 : place + 3]]
    return bool(following) and (following[0] in names.deeds or " ".join(following) in _WITH_ME)


def _more(text: str, words: list[_Word], place: int, names: Names, shouts: bool) -> int:
    """How many of the next words carry the name on: capitalised, with nothing but a space between."""
    count = 0
    while count + 1 < _MOST_WORDS and place + count + 1 < len(words):
        last, following = words[place + count], words[place + count + 1]
        if text[last.end : following.start] not in (" ", "\u00a0", "-", "  "):
            break
        if (
            _is_excluded(following, names)
            or following.lowered in _STOP
            or (last.lowered.endswith("s") and last.text.endswith(("'s", "’s")))
        ):
            break
        is_surname = _is_surname(following, names)
        if not (following.is_capitalised and (not shouts or is_surname)):
            is_lower_surname = not words[place].is_capitalised and is_surname and _is_strong(following, names)
            if not is_lower_surname:
                break
        count += 1
    return count


def _cues(words: list[_Word], place: int, names: Names) -> set[str]:
    found: set[str] = set()
    for length in range(1, min(4, place) + 1):
        if words[place - length + 1].is_cut_off:
            break
        before = tuple(word.lowered for word in words[place - length : place])
        found |= {kind for kind, cues in names.cues.items() if before in cues}
    return found


def _given(word: _Word, names: Names) -> str | None:
    if found := names.given.get(word.lowered):
        return found
    for part in re.split("-", word.lowered) if "-" in word.lowered else ():
        if part in names.given and part not in names.ambiguous:
            return stem(word.lowered)
    return None


def _is_surname(word: _Word, names: Names) -> bool:
    lowered = word.lowered
    if not lowered or lowered in _STOP:
        return False
    if lowered[0] >= "а":
        return len(lowered) >= 4 and (
            lowered in names.surnames_cyrillic
            or lowered.endswith(names.endings_cyrillic)
            or stem(lowered).endswith(names.endings_cyrillic)
        )
    bare = lowered.removesuffix("s")
    return (
        lowered in names.surnames
        or bare in names.surnames
        or (len(lowered) >= 6 and lowered.endswith(names.endings_latin))
    )


def _is_strong(word: _Word, names: Names) -> bool:
    """Whether a surname is one wherever it stands: its ending belongs to surnames alone."""
    base = stem(word.lowered) if word.lowered[0] >= "а" else word.lowered
    return bool(_SURE_SURNAME.search(word.lowered) or _SURE_SURNAME.search(base)) and len(word.lowered) >= 6


def _is_excluded(word: _Word, names: Names) -> bool:
    if word.lowered in names.excluded:
        return True
    return (
        word.lowered[0] >= "а"
        and word.lowered not in names.given
        and word.lowered.startswith(names.excluded_stems)
    )
