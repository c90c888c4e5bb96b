"""Texts in two languages: where one ends and the other begins.

Only texts whose words clearly belong to two unrelated groups of languages are looked at again, word by word.
A language with less than a quarter of the letters is a quotation or a borrowed phrase, not a second language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from nlp.language.detection import Detection, Segment
from nlp.language.evidence import telling_words
from nlp.language.features import Features, Matrix
from nlp.language.normalise import blanked, normalise
from nlp.language.vocabulary import LANGUAGES

_GROUPS = (
    ("nb", "nn", "da", "sv"), ("uk", "ru", "be", "bg", "mk"), ("en",), ("de", "nl"),
    ("fr", "es", "it", "pt", "ro"), ("pl", "cs", "sk", "sh"), ("fi",), ("lt", "lv"), ("is",), ("hu",),
    ("tr",),
)  # fmt: skip
_COLUMNS = [[LANGUAGES.index(code) for code in group] for group in _GROUPS]
_CYRILLIC = 1  # the group's number
_SECOND_SHARE = 0.25
_SEGMENT_SHARE = 0.1  # a third language with less is a title or a quotation
_LEAST_WORDS, _LEAST_LETTERS = 2, 8  # of a run: less is a name or a borrowed word
_WORTH_A_LOOK = 0.08  # share of the letters in words that only a second group uses
_LETTERS_WORTH_A_LOOK = 6
_CLEAR = 0.5  # on the Zipf scale: three times commoner in one group than in any other
_UNLISTED = 2.0
_SWITCH, _SWITCH_AT_SENTENCE = 7.0, 2.5  # nats
_TOKEN = re.compile(r"(?<![\d_])[^\W\d_]+(?:['’ʼ][^\W\d_]+)*(?![\d_])")


def may_switch(zipf: Sequence[Matrix], words: Sequence[Sequence[str]]) -> list[bool]:
    """Whether a text has enough words that only one group of languages uses, for two groups."""
    counts = np.array([len(found) for found in words])
    if not counts.sum():
        return [False] * len(counts)
    flat = np.concatenate([rows for rows in zipf if len(rows)])
    lengths = np.array([len(word) for found in words for word in found])
    by_group = _by_group(flat)
    ordered = np.partition(np.maximum(by_group, _UNLISTED), -2, axis=1)
    group = by_group.argmax(axis=1)
    clear = (ordered[:, -1] - ordered[:, -2] >= _CLEAR) | (group == _CYRILLIC) & (by_group.max(axis=1) > 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    width = len(_GROUPS)
    slot = (owner * width + group)[clear]
    size = len(counts) * width
    letters = np.bincount(slot, weights=lengths[clear], minlength=size).reshape(-1, width)
    total = np.bincount(owner, weights=lengths, minlength=len(counts))
    second = np.partition(letters, -2, axis=1)[:, -2]
    is_cyrillic = np.array([word[:1] >= "\u0400" for found in words for word in found])
    cyrillic = np.bincount(owner, weights=lengths * is_cyrillic, minlength=len(counts))
    smaller_script = np.minimum(cyrillic, total - cyrillic)
    return [
        bool(switches)
        for switches in (second >= _LETTERS_WORTH_A_LOOK) & (second >= _WORTH_A_LOOK * total)
        | (smaller_script >= _LEAST_LETTERS) & (smaller_script >= _WORTH_A_LOOK * total)
    ]


def segments(
    text: str, features: Features, detect: Callable[[Sequence[str]], list[Detection]]
) -> Detection | None:
    """The runs of a mixed text, or None where one language holds more than three quarters of the letters."""
    spans = [match.span() for match in _TOKEN.finditer(blanked(text))]
    words = [normalise(text[start:end]).lower() for start, end in spans]
    runs = _runs(text, spans, words, features)
    if len(runs) < 2:
        return None
    pieces = [text[spans[first][0] : spans[last][1]] for first, last in runs]
    found = [
        (spans[first][0], spans[last][1], detection)
        for (first, last), detection in zip(runs, detect(pieces), strict=True)
        if detection.language != "unknown"
    ]
    joined: list[tuple[int, int, str, float]] = []
    for start, end, detection in found:
        language = detection.candidates[0] if detection.language == "ambiguous" else detection.language
        if joined and joined[-1][2] == language:
            joined[-1] = (joined[-1][0], end, language, max(joined[-1][3], detection.probability))
        else:
            joined.append((start, end, language, detection.probability))
    letters: dict[str, int] = {}
    for start, end, language, _ in joined:
        letters[language] = letters.get(language, 0) + sum(map(str.isalpha, text[start:end]))
    ranked = sorted(letters, key=letters.__getitem__, reverse=True)
    if len(ranked) < 2 or letters[ranked[1]] < _SECOND_SHARE * sum(letters.values()):
        return None
    kept = [language for language in ranked if letters[language] >= _SEGMENT_SHARE * sum(letters.values())]
    return Detection(
        ranked[0],
        min(probability for *_, probability in joined),
        tuple(kept),
        tuple(Segment(start, end, language) for start, end, language, _ in joined if language in kept),
    )


def _runs(
    text: str, spans: Sequence[tuple[int, int]], words: Sequence[str], features: Features
) -> list[tuple[int, int]]:
    """First and last word of each run, by the cheapest way through the words (Viterbi)."""
    by_group = _by_group(features.vocabulary.zipf(words))
    scores = np.maximum(by_group, _UNLISTED) * np.log(10)
    is_cyrillic = np.array([word[:1] >= "\u0400" for word in words])
    latin = [number for number in range(len(_GROUPS)) if number != _CYRILLIC]
    scores[np.ix_(np.flatnonzero(is_cyrillic), np.array(latin))] = 0
    scores[~is_cyrillic, _CYRILLIC] = 0
    # Brands, abbreviations and names inside a sentence go with their neighbours.
    scores[
        [
            not telling_words(word) or _is_name(text, start)
            for word, (start, _) in zip(words, spans, strict=True)
        ]
    ] = 0
    best, back = scores[0], np.zeros((len(words), scores.shape[1]), dtype=np.int64)
    for number in range(1, len(words)):
        between = text[spans[number - 1][1] : spans[number][0]]
        cost = _SWITCH_AT_SENTENCE if re.search(r"[.!?\n:;()–—\"«»/]", between) else _SWITCH
        jump = best.max() - cost
        back[number] = np.where(best >= jump, np.arange(len(best)), best.argmax())
        best = np.maximum(best, jump) + scores[number]
    path = [int(best.argmax())]
    for number in range(len(words) - 1, 0, -1):
        path.append(int(back[number][path[-1]]))
    path.reverse()
    runs = []
    for _, numbers in groupby(range(len(words)), key=path.__getitem__):
        run = list(numbers)
        told = [number for number in run if telling_words(words[number])]
        known = sum(by_group[number, path[number]] > 0 for number in told)
        long_enough = (
            len(told) >= _LEAST_WORDS and sum(len(words[number]) for number in told) >= _LEAST_LETTERS
        )
        if long_enough and 2 * known >= len(told):
            runs.append((run[0], run[-1]))
    return runs


def _is_name(text: str, start: int) -> bool:
    return text[start].isupper() and text[:start].rstrip(" ")[-1:].isalnum()


def _by_group(zipf: Matrix) -> npt.NDArray[np.float32]:
    return np.stack([zipf[:, columns].max(axis=1) for columns in _COLUMNS], axis=1)
