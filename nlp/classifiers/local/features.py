"""Character and word n-grams of texts, hashed: no vocabulary to ship, and whole arrays at a time.

An n-gram of characters (2 to 5) lies within a word and the spaces around it; an n-gram of words is a word or two
neighbours. Only integers decide a text's features, so they are the same on every machine and in every batch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.classifiers.local.reading import read

SLOTS = 1 << 16
_LONGEST = 5
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so it has an inverse
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(33)
_PLACE = np.uint64(64 - 16)
_SPACE = ord(" ")
_DIGIT = re.compile(r"\d")

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]


def features(texts: Sequence[str]) -> sparse.csr_matrix:
    """One row per text: 1 where it has an n-gram of that slot."""
    written = [f" {' '.join(_DIGIT.sub('0', word) for _, _, word in read(text).words)} " for text in texts]
    if not written:
        return sparse.csr_matrix((0, SLOTS), dtype=np.float32)
    codes = np.frombuffer("".join(written).encode("utf-32-le"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(written), dtype=np.int64), [len(text) for text in written])
    letters = codes.astype(np.uint64)
    places = [*_character_ngrams(codes, letters, rows), *_word_ngrams(codes, letters, rows)]
    keys = np.unique(np.concatenate([row * SLOTS + _slots(hashes) for hashes, row in places]))
    indices = (keys % SLOTS).astype(np.int32)
    starts = np.searchsorted(keys, np.arange(len(written) + 1, dtype=np.int64) * SLOTS).astype(np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_matrix((ones, indices, starts), shape=(len(written), SLOTS))


def _character_ngrams(
    codes: npt.NDArray[np.uint32], letters: Hashes, rows: Rows
) -> list[tuple[Hashes, Rows]]:
    spaces = np.concatenate(([0], np.cumsum(codes == _SPACE)))
    found = []
    hashes = letters
    for length in range(2, _LONGEST + 1):
        if len(codes) < length:
            break
        hashes = hashes[: len(codes) - length + 1] * _FACTOR + letters[length - 1 :]
        first = np.arange(len(hashes))
        # A space may begin or end an n-gram and not lie within; two texts meet in two spaces.
        is_inside = spaces[first + length - 1] == spaces[first + 1]
        if length == 2:
            is_inside = (codes[:-1] != _SPACE) | (codes[1:] != _SPACE)
        found.append((hashes[is_inside] + np.uint64(length), rows[: len(hashes)][is_inside]))
    return found


def _word_ngrams(codes: npt.NDArray[np.uint32], letters: Hashes, rows: Rows) -> list[tuple[Hashes, Rows]]:
    is_letter = codes != _SPACE
    starts = np.flatnonzero(is_letter[1:] & ~is_letter[:-1]) + 1
    ends = np.flatnonzero(~is_letter[1:] & is_letter[:-1]) + 1
    powers = np.full(len(codes), _FACTOR)
    powers[0] = 1
    back = np.full(len(codes), _INVERSE)
    back[0] = 1
    powers, back = np.multiply.accumulate(powers), np.multiply.accumulate(back)
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.add.accumulate(letters * powers)))
    words = (sums[ends] - sums[starts]) * back[starts] * _MIX  # the same wherever the word stands
    pairs = words[:-1] * _FACTOR + words[1:]
    is_pair = rows[starts[:-1]] == rows[starts[1:]]
    return [(words, rows[starts]), (pairs[is_pair], rows[starts[:-1]][is_pair])]


def _slots(hashes: Hashes) -> Rows:
    mixed = (hashes ^ (hashes >> _SHIFT)) * _MIX
    return np.asarray((mixed ^ (mixed >> _SHIFT)) * _FACTOR >> _PLACE, dtype=np.int64)
