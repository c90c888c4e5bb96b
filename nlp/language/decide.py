"""From probabilities to an answer: claim a language, name two candidates, or say that it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nlp.labels import Language
from nlp.language.detection import UNKNOWN, Detection
from nlp.language.model import Thresholds

SHORT_LETTERS = 24  # letters of a text of about 30 characters
_MERGED = {"nb": "no", "nn": "no"}
_SUPPORTED = ("en", "uk", "no")
_PRIOR_FACTOR = (
    7.0  # what a known language adds to the weight of a text without letters; less with each letter
)
_LEANS = 0.5
_LEAST_OTHER = 0.4


def merged(languages: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The answer's languages, and the matrix that adds Bokmål and Nynorsk up to Norwegian."""
    names = list(dict.fromkeys(_MERGED.get(code, code) for code in languages))
    matrix = np.zeros((len(languages), len(names)), dtype=np.float32)
    for row, code in enumerate(languages):
        matrix[row, names.index(_MERGED.get(code, code))] = 1
    return names, matrix


def answer(
    probabilities: Mapping[str, float],
    letters: int,
    thresholds: Thresholds,
    *,
    prior: Language | None = None,
    is_russian_only: bool = False,
) -> Detection:
    """The answer for one text.

    A supported language is claimed when it stands clear of its strongest neighbour; how clear was tuned per
    pair. The participant's known language weighs in below 30 characters, and above only where the text itself
    leans that way. Letters that Russian has and Ukrainian lacks rule Ukrainian out.
    """
    found = dict(probabilities)
    if is_russian_only:
        found["uk"] = 0.0
    if prior is not None and letters < SHORT_LETTERS:
        found[prior] *= 1 + _PRIOR_FACTOR * (1 - letters / SHORT_LETTERS)
    ranked = sorted(found, key=found.__getitem__, reverse=True)
    ours = next(code for code in ranked if code in _SUPPORTED)
    rival = next(code for code in ranked if code != ours)
    clear = found[ours] / max(found[ours] + found[rival], 1e-12)
    claim, mention = thresholds.of(ours, rival, is_short=letters < SHORT_LETTERS)
    if prior == ours:
        # A short text as good in both is the participant's; Russian needs more than that to be Ukrainian.
        claim = mention if letters < SHORT_LETTERS and rival != "ru" else min(claim, _LEANS)
    total = sum(found.values())
    if clear >= claim and found[ours] / total >= _LEAST_OTHER:
        return Detection(ours, round(found[ours] / total, 4))
    if clear >= mention:
        return Detection("ambiguous", round(found[ranked[0]] / total, 4), (ours, rival))
    if found[ranked[0]] / total < _LEAST_OTHER:
        return UNKNOWN
    return Detection(f"other:{ranked[0]}", round(found[ranked[0]] / total, 4))
