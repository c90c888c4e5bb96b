"""Which languages know a word, and how common it is there: wordfreq's lists, and own ones for two languages.

The lists stay in wordfreq's package (their licence asks share-alike) and are read when the first text
arrives. In memory a word is a 64-bit hash and one byte per language, 25 MB in all instead of 200.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources

import numpy as np
import numpy.typing as npt

# wordfreq has no Nynorsk and no Belarusian list; `sh` is Serbo-Croatian in Latin letters.
LISTED = (
    "en", "uk", "nb", "da", "sv", "ru", "bg", "mk", "de", "nl", "fr", "es", "it", "pt", "ro", "pl", "cs",
    "sk", "sh", "fi", "lt", "lv", "is", "hu", "tr",
)  # fmt: skip
OWN = ("nn", "be")
LANGUAGES = (*LISTED, *OWN)
_STEPS_PER_ZIPF = 25  # one byte holds 0 to 10 on the Zipf scale (log10 of occurrences per billion words)
_OWN_ZIPF = 5.5  # the own lists hold function words and common verbs only


class Vocabulary:
    """Word frequencies per language, looked up for many words at once."""

    def __init__(self) -> None:
        parts = [_hashed(number, entries) for number, entries in enumerate(_lists())]
        hashes = np.unique(np.concatenate([part for part, _ in parts]))
        self._hashes = hashes
        self._table = np.zeros((len(hashes) + 1, len(LANGUAGES)), dtype=np.uint8)  # the last row: not listed
        for number, (part, steps) in enumerate(parts):
            self._table[np.searchsorted(hashes, part), number] = steps

    def zipf(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Frequency of each lower-case word in each language on the Zipf scale; 0 where it is not listed."""
        wanted = np.fromiter(map(hash, words), dtype=np.int64, count=len(words))
        rows = np.searchsorted(self._hashes, wanted)
        rows[rows == len(self._hashes)] = 0
        rows = np.where(self._hashes[rows] == wanted, rows, len(self._hashes))
        return self._table[rows].astype(np.float32) * np.float32(1 / _STEPS_PER_ZIPF)


def _lists() -> Iterator[Iterator[tuple[float, list[str]]]]:
    import wordfreq  # slow to import, and only the detector needs it

    paths = wordfreq.available_languages("small")
    for language in LISTED:
        # Not wordfreq's cached reader: it would keep every list as strings for the life of the process.
        buckets = wordfreq.read_cBpack(paths[language])
        yield ((9 - centibels / 100, words) for centibels, words in enumerate(buckets) if words)
    for language in OWN:
        yield iter([(_OWN_ZIPF, own_words(language))])


def own_words(name: str) -> list[str]:
    """The words of a list kept beside this module: lower case, lines of words, `#` starts a comment."""
    lines = (
        resources.files(__package__).joinpath("words", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    )
    return [word for line in lines for word in line.partition("#")[0].split()]


def _hashed(
    number: int, entries: Iterator[tuple[float, list[str]]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    hashes: list[int] = []
    steps: list[int] = []
    for zipf, words in entries:
        # Python's own hash differs from process to process, as this table does; it is fast and never stored.
        hashes.extend(map(hash, words))
        steps.extend([min(255, round(zipf * _STEPS_PER_ZIPF))] * len(words))
    unique, first = np.unique(np.array(hashes, dtype=np.int64), return_index=True)
    return unique, np.array(steps, dtype=np.uint8)[first]
