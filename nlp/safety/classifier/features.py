"""What the linear model sees of a text: pieces of words, neighbours, and what the words are about.

Every feature belongs to one word or to words of one sentence, so a sentence's score is a sum of what its
words and their neighbours are worth, and a frequent word costs a look-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from zlib import crc32

from nlp.safety.rules import read_yaml

SLOTS = 1 << 19
CONCEPTS = Path(__file__).with_name("concepts.yaml")
_SHORTEST, _LONGEST = 3, 5
_STEM = 5  # letters by which a word is told in a pair: enough for its meaning, too few for its ending
_CACHED_WORDS = 32_768


def slots_of_word(word: str) -> Iterator[int]:
    """The word, its pieces, and what it is about, wherever it stands."""
    yield _slot(f"w {word}")
    edged = f"<{word}>"
    for length in range(_SHORTEST, _LONGEST + 1):
        for start in range(len(edged) - length + 1):
            yield _slot(f"c {edged[start : start + length]}")
    for concept in concepts_of(word):
        yield _slot(f"a {concept}")


def slots_of_sentence(words: Sequence[str]) -> list[int]:
    """Two words beside each other or with one between, three in a row, and concepts that meet."""
    return [*slots_of_neighbours(words), *slots_of_meeting(concepts_in(words))]


def slots_of_neighbours(words: Sequence[str]) -> list[int]:
    stems = [word[:_STEM] for word in words]
    found = [_slot(f"p {one} {other}") for one, other in pairwise(stems)]
    found += [_slot(f"q {one} {other}") for one, other in zip(stems, stems[2:], strict=False)]
    found += [_slot(f"t {' '.join(stems[at : at + 3])}") for at in range(len(stems) - 2)]
    return found


def concepts_in(words: Sequence[str]) -> frozenset[str]:
    return frozenset(concept for word in words for concept in concepts_of(word))


def slots_of_meeting(concepts: frozenset[str]) -> tuple[int, ...]:
    """The pairs of concepts, each once; the same for every order of the words."""
    return tuple(_slot_of_pair(one, other) for one, other in combinations(sorted(concepts), 2))


@cache  # there are a few dozen concepts
def _slot_of_pair(one: str, other: str) -> int:
    return _slot(f"m {one} {other}")


@lru_cache(maxsize=_CACHED_WORDS)
def concepts_of(word: str) -> tuple[str, ...]:
    """What a word is about, in whatever language."""
    whole, stems = _concepts()
    found = dict.fromkeys(whole.get(word, ()))
    for length in range(2, len(word) + 1):
        found.update(dict.fromkeys(stems.get(word[:length], ())))
    return tuple(found)


@lru_cache(maxsize=1)
def _concepts() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    whole: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for name, words in read_yaml(CONCEPTS.read_bytes()).items():
        for word in words.replace("'", "").split():
            (stems if word.endswith("*") else whole).setdefault(word.rstrip("*"), []).append(name)
    return whole, stems


def _slot(feature: str) -> int:
    return crc32(feature.encode()) % SLOTS
