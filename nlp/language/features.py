"""What the detector looks at: py3langid's scores, who knows the words, and which letters occur.

Everything is computed for many texts at once: the walk over bytes is Python, the arithmetic is numpy's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from nlp.language.vocabulary import LANGUAGES as LISTED
from nlp.language.vocabulary import Vocabulary

Matrix = npt.NDArray[np.float32]

# py3langid tells 139 languages apart. These are the ones newcomers and volunteers in Europe write in Latin or
# Cyrillic letters; other scripts are told by the script.
SCORED = (
    "en", "uk", "no", "nn", "da", "sv", "ru", "be", "bg", "mk", "sr", "de", "nl", "fr", "es", "it", "pt",
    "ro", "pl", "cs", "sk", "sl", "hr", "fi", "et", "lt", "lv", "is", "hu", "tr", "sq", "so", "sw", "ku",
    "vi", "id", "tl", "af", "ca", "eo", "la", "kk", "tg", "az", "cy", "ga", "eu", "gl", "fo", "lb", "om",
    "rw", "ha",
)  # fmt: skip
_FITTED = frozenset(LISTED) - {"nb", "sh"} | {"no", "sr", "et", "hr"}
_MOST_BYTES = 1500  # of a text that py3langid looks at: more changes nothing
_UNLISTED_ZIPF = 2.0  # wordfreq's small lists end at 3.0; what they leave out is rarer still
_FARTHEST = 14.0  # beyond this many nats a further difference says nothing
_LETTERS = (
    "іїєґ", "ыэёъ", "ў", "и", "й", "щ", "ѓќѕ", "ђћџљњј", "æø", "å", "äö", "ß", "ü", "ðþ", "áíóúý",
    "ąęłżźćńś", "ěřůčšž", "ñ", "éèêëàâîïôûœ", "ãõç", "şğı", "őű", "āēīģķļņū", "ăâîșşțţ", "w", "q", "x",
    "z", "c",
)  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """What was seen in a batch of texts."""

    zipf: list[Matrix]  # per text: word by listed language
    features: Matrix  # text by feature
    scores: Matrix  # text by py3langid language, log-probabilities
    letter_counts: npt.NDArray[np.int64]
    cyrillic_share: Matrix
    latin_share: Matrix

    def unfitted(self, number: int, least_probability: float, least_unlisted: float) -> str | None:
        """A language the coefficients do not know, if py3langid is sure of it and no list knows the words."""
        best = int(self.scores[number].argmax())
        if SCORED[best] in _FITTED or self.scores[number, best] < np.log(least_probability):
            return None
        known = (self.zipf[number] > 0).mean(axis=0).max()
        return SCORED[best] if known <= 1 - least_unlisted else None


class Features:
    """Loads py3langid and the word lists once; about 150 MB of memory and two seconds."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        identifier.set_languages(SCORED)
        self._next = np.asarray(identifier.tk_nextmove)
        self._row_base = np.asarray(identifier.tk_row, dtype=np.int64) << 8
        self._output = np.asarray(identifier.tk_output, dtype=np.int32)
        self._classes = [str(code) for code in identifier.nb_classes]
        self._scores = np.ascontiguousarray(identifier.nb_ptc)
        self._priors = identifier.nb_pc.astype(np.float32)
        self._columns = [[i for i, code in enumerate(self._classes) if code == wanted] for wanted in SCORED]
        self.vocabulary = Vocabulary()
        self._letter_class = _letter_classes()

    def look(self, found: Sequence[Sequence[str]]) -> Looked:
        """The features of texts, each given as its lower-case words."""
        scores = self._langid([" ".join(words) for words in found])
        counts = np.array([len(words) for words in found])
        flat = [word for words in found for word in words]
        zipf = self.vocabulary.zipf(flat)
        starts = np.concatenate([[0], np.cumsum(counts)])
        per_text = [zipf[starts[i] : starts[i + 1]] for i in range(len(found))]
        letters, letter_counts, cyrillic, latin = self._letters(found)
        features = np.hstack(
            [
                np.maximum(scores, -_FARTHEST),
                *self._word_features(zipf, counts, starts),
                letters,
                np.log1p(letter_counts)[:, None],
                np.log1p(counts)[:, None],
                (letter_counts < 12)[:, None],
            ]
        ).astype(np.float32)
        return Looked(per_text, features, scores, letter_counts, cyrillic, latin)

    def _langid(self, texts: Sequence[str]) -> Matrix:
        """py3langid's log-probabilities, softened by the text's length as its own `norm_probs` does.

        Its automaton walks all texts of the batch in step, one byte at a time: faster than its own loop, and
        the same counts.
        """
        data = [text.encode("utf-8", errors="surrogatepass")[:_MOST_BYTES] for text in texts]
        lengths = np.array([len(encoded) for encoded in data])
        owner, features, counts = self._walk(data, lengths)
        sums = np.zeros((len(texts), len(self._classes)), dtype=np.float32)
        if len(owner):
            weighted = (
                self._scores[features].astype(np.float32) * np.log1p(counts.astype(np.float32))[:, None]
            )
            filled, starts = np.unique(owner, return_index=True)
            sums[filled] = np.add.reduceat(weighted, starts, axis=0) + self._priors
        sums /= np.sqrt(np.maximum(lengths, 1), dtype=np.float32)[:, None]
        merged = np.stack([sums[:, columns].max(axis=1) for columns in self._columns], axis=1)
        return log_softmax(merged)

    def _walk(
        self, data: Sequence[bytes], lengths: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Text, feature and count of every feature the automaton meets, texts ascending."""
        longest_first = np.argsort(-lengths, kind="stable")
        steps = int(lengths.max(initial=0))
        padded = b"".join(data[number].ljust(steps, b"\0") for number in longest_first.tolist())
        columns = np.ascontiguousarray(np.frombuffer(padded, dtype=np.uint8).reshape(len(data), steps).T)
        walking = np.searchsorted(-lengths[longest_first], -np.arange(steps), side="left")
        met = np.full((steps, len(data)), -1, dtype=np.int64)
        state = np.zeros(len(data), dtype=np.int64)
        for step, number in enumerate(walking.tolist()):
            state = self._next[self._row_base[state[:number]] + columns[step, :number]]
            met[step, :number] = self._output[state]
        at_step, column = np.nonzero(met >= 0)
        width = len(self._scores)
        keys, counts = np.unique(longest_first[column] * width + met[at_step, column], return_counts=True)
        return keys // width, keys % width, counts

    def _word_features(
        self, zipf: Matrix, counts: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
    ) -> tuple[Matrix, Matrix, Matrix]:
        """Per listed language: evidence in total, mean frequency, and share of words not listed."""
        shape = (len(counts), zipf.shape[1])
        total, mean, missing = (np.zeros(shape, dtype=np.float32) for _ in range(3))
        filled = counts > 0
        if filled.any():
            at, number = starts[:-1][filled], counts[filled][:, None]
            floored = np.maximum(zipf, _UNLISTED_ZIPF)
            mean[filled] = np.add.reduceat(floored, at, axis=0) / number
            missing[filled] = np.add.reduceat((zipf == 0).astype(np.float32), at, axis=0) / number
            total[filled] = mean[filled] * number * np.float32(np.log(10))
        return np.maximum(log_softmax(total), -_FARTHEST), mean, missing

    def _letters(
        self, found: Sequence[Sequence[str]]
    ) -> tuple[Matrix, npt.NDArray[np.int64], Matrix, Matrix]:
        joined = ["".join(words).replace("'", "") for words in found]
        lengths = np.array([len(text) for text in joined])
        codes = np.frombuffer("".join(joined).encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
        kinds = self._letter_class[np.minimum(codes, len(self._letter_class) - 1)]
        width = len(_LETTERS) + 1
        owner = np.repeat(np.arange(len(joined)), lengths)
        counted = np.bincount(owner * width + kinds, minlength=len(joined) * width).reshape(
            len(joined), width
        )
        shares = counted[:, 1:] / np.maximum(lengths, 1)[:, None]
        is_cyrillic = (codes >= 0x400) & (codes < 0x530)
        is_latin = (codes < 0x250) | ((codes >= 0x1E00) & (codes < 0x1F00))
        cyrillic, latin = (
            np.bincount(owner, weights=mask, minlength=len(joined)) / np.maximum(lengths, 1)
            for mask in (is_cyrillic, is_latin)
        )
        has = (counted[:, 1:] > 0).astype(np.float32)
        letters = np.hstack([10 * np.minimum(shares, 0.1), has, cyrillic[:, None]])
        return letters, lengths, cyrillic, latin


def log_softmax(values: Matrix) -> Matrix:
    shifted = values - values.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def listed(language: str) -> int:
    """The column of a language in the word frequencies."""
    return LISTED.index(language)


def _letter_classes() -> npt.NDArray[np.int64]:
    classes = np.zeros(0x2000, dtype=np.int64)
    for number, letters in enumerate(_LETTERS, start=1):
        for letter in letters:
            if not classes[ord(letter)]:
                classes[ord(letter)] = number
    return classes


@cache
def shared_features() -> Features:
    """One copy per process: two would cost twice the memory."""
    return Features()
