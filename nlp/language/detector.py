"""The detector: texts in, languages out, many at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from nlp.labels import Language
from nlp.language import decide, evidence, mixed
from nlp.language.detection import UNKNOWN, Detection
from nlp.language.features import Looked, Matrix, listed, shared_features
from nlp.language.model import FILE, load
from nlp.language.normalise import normalise

_BATCH = 256  # texts: their matrices stay within the processor's cache
_RUSSIAN, _NOT_RUSSIAN = re.compile("[ыэъё]"), re.compile("[іїєґў]")
_UNFITTED_SHARE = 0.9
_MOSTLY_UNLISTED = 0.5
_LETTERS_OF_A_LANGUAGE = 0.5


class Detector:
    """Holds the word lists, py3langid's tables and the coefficients; about 170 MB."""

    def __init__(self, file: Path = FILE) -> None:
        self._features = shared_features()
        self._model = load(file)
        self._languages, self._merge = decide.merged(self._model.languages)

    def detect_many(
        self, texts: Sequence[str], priors: Sequence[Language | None] | None = None, *, segments: bool = True
    ) -> list[Detection]:
        """One detection per text, in order. `priors` are the participants' known languages, if any."""
        priors = priors if priors is not None else [None] * len(texts)
        if len(priors) != len(texts):
            raise ValueError(f"{len(texts)} texts need as many priors, not {len(priors)}")
        found: list[Detection] = []
        for start in range(0, len(texts), _BATCH):
            end = start + _BATCH
            found.extend(self._batch(texts[start:end], priors[start:end], segments))
        return found

    def _batch(
        self, texts: Sequence[str], priors: Sequence[Language | None], segments: bool
    ) -> Iterator[Detection]:
        normalised = [normalise(text) for text in texts]
        written = [evidence.telling_words(text) for text in normalised]
        lowered = [[word.lower() for word in words] for words in written]
        looked = self._features.look(lowered)
        probabilities = np.exp(self._model.log_probabilities(looked.features)) @ self._merge
        switching = mixed.may_switch(looked.zipf, lowered) if segments else [False] * len(texts)
        for number, text in enumerate(texts):
            if switching[number]:
                parts = mixed.segments(
                    text, self._features, lambda runs: self.detect_many(runs, segments=False)
                )
                if parts is not None:
                    yield parts
                    continue
            yield self._one(
                number, normalised[number], written[number], looked, probabilities, priors[number]
            )

    def _one(
        self,
        number: int,
        text: str,
        written: Sequence[str],
        looked: Looked,
        probabilities: Matrix,
        prior: Language | None,
    ) -> Detection:
        if looked.cyrillic_share[number] + looked.latin_share[number] < _LETTERS_OF_A_LANGUAGE:
            code = evidence.language_of_script(text)
            return UNKNOWN if code is None else Detection(f"other:{code}", 1.0)
        zipf = looked.zipf[number]
        if evidence.only_names(written, zipf):
            return UNKNOWN
        if looked.latin_share[number] > _LETTERS_OF_A_LANGUAGE and (
            typed := self._transliterated(written, zipf)
        ):
            return typed
        if evidence.says_nothing(written, zipf):
            return UNKNOWN
        if unfitted := looked.unfitted(number, _UNFITTED_SHARE, _MOSTLY_UNLISTED):
            return Detection(f"other:{unfitted}", _UNFITTED_SHARE)
        lowered = text.lower()
        return decide.answer(
            dict(zip(self._languages, probabilities[number].tolist(), strict=True)),
            int(looked.letter_counts[number]),
            self._model.thresholds,
            prior=prior,
            is_russian_only=bool(_RUSSIAN.search(lowered)) and not _NOT_RUSSIAN.search(lowered),
        )

    def _transliterated(self, written: Sequence[str], zipf: Matrix) -> Detection | None:
        """Ukrainian or Russian typed in Latin letters: words no Latin list knows, and a Cyrillic one does."""
        listed_share = (zipf > 0).mean(axis=0).max() if len(written) > 1 else 1.0
        if listed_share > _MOSTLY_UNLISTED:
            return None
        shares = {}
        for code in ("uk", "ru"):
            spelled = evidence.as_cyrillic(written, code)
            shares[code] = float((self._features.vocabulary.zipf(spelled)[:, listed(code)] > 0).mean())
        best = max(shares, key=shares.__getitem__)
        if shares[best] < max(0.6, listed_share + 0.25):
            return None
        return Detection(f"other:{best}-Latn", round(shares[best], 4))


@cache
def shared_detector() -> Detector:
    """The process's detector, loaded when the first text arrives."""
    return Detector()
