"""Fit the detector's coefficients and thresholds: `python -m nlp.language.train --data FOLDER`.

FOLDER holds `<kind>/<language>.txt`. Fitted on the fit part, thresholds set on the tune part; the report part
is left to `nlp.language.evaluate`. The same data gives the same file.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nlp.language import corpora, decide
from nlp.language.corpora import Known
from nlp.language.evidence import telling_words
from nlp.language.features import Features, Matrix, shared_features
from nlp.language.model import FILE, SUPPORTED, Model, Thresholds, save
from nlp.language.normalise import normalise

VERSION = "langid-v1"
_WEIGHTS = {"sentences": 1.0, "cuts": 1.0, "word-pairs": 0.5, "single-words": 0.2, "own": 4.0, "drawn": 0.5}
_INVERSE_PENALTY = 0.3
_UNSUPPORTED = 0.5  # texts in a supported language are expected twice as often
# Languages without a corpus, taught by words drawn from their list: else they are taken for a neighbour.
_DRAWN = ("it", "pt", "ro", "hu", "tr")
_DRAWN_TEXTS = 900
# How often a text of a rival may be taken for ours, per length; neighbours that share words are allowed more.
_ACCEPTED: dict[str, dict[tuple[str, str], float]] = {
    "short": {
        ("no", "da"): 0.10,
        ("no", "sv"): 0.03,
        ("uk", "ru"): 0.01,
        ("uk", "be"): 0.02,
        ("*", "*"): 0.01,
    },
    "long": {
        ("no", "da"): 0.02,
        ("no", "sv"): 0.01,
        ("uk", "ru"): 0.005,
        ("uk", "be"): 0.01,
        ("*", "*"): 0.01,
    },
}
_REFUSED = 0.004  # how often a text of ours may be neither claimed nor mentioned
_HIGHEST_CLAIM, _LOWEST_MENTION = 0.9, 0.03


def looked_at(texts: Sequence[Known], features: Features) -> Matrix:
    """The features of known texts."""
    rows = []
    for start in range(0, len(texts), 512):
        found = [telling_words(normalise(known.text)) for known in texts[start : start + 512]]
        rows.append(features.look([[word.lower() for word in words] for words in found]).features)
    return np.vstack(rows)


def fit(texts: Sequence[Known], features: Features) -> Model:
    """The model of these texts, with thresholds that claim whatever is likelier."""
    from sklearn.linear_model import LogisticRegression

    languages = sorted({known.language for known in texts})
    rows = looked_at(texts, features)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    regression = LogisticRegression(C=_INVERSE_PENALTY, max_iter=400)
    regression.fit(
        (rows - mean) / spread,
        [languages.index(known.language) for known in texts],
        sample_weight=[_WEIGHTS.get(known.kind, 1.0) for known in texts],
    )
    weights = (regression.coef_ / spread).T
    even = {length: {code: {"*": 0.5} for code in ("en", "uk", "no")} for length in _ACCEPTED}
    return Model(
        version=VERSION,
        languages=tuple(languages),
        weights=weights.astype(np.float32),
        intercepts=(regression.intercept_ - mean @ weights).astype(np.float32),
        thresholds=Thresholds(_UNSUPPORTED, claim=even, mention=even),
        provenance={},
    )


def tuned(model: Model, texts: Sequence[Known], features: Features) -> Thresholds:
    """Thresholds under which no rival is accepted more often than allowed, and ours is rarely refused."""
    rows = looked_at(texts, features)
    names, merge = decide.merged(model.languages)
    probabilities = np.exp(model.log_probabilities(rows)) @ merge
    truth = np.array([{"nb": "no", "nn": "no"}.get(known.language, known.language) for known in texts])
    letters = np.array([sum(map(str.isalpha, normalise(known.text))) for known in texts])
    claim: dict[str, dict[str, dict[str, float]]] = {}
    mention: dict[str, dict[str, dict[str, float]]] = {}
    for length, accepted in _ACCEPTED.items():
        is_length = letters < decide.SHORT_LETTERS if length == "short" else letters >= decide.SHORT_LETTERS
        claim[length], mention[length] = {}, {}
        for ours in ("en", "uk", "no"):
            column = probabilities[:, names.index(ours)]
            others = np.delete(probabilities, names.index(ours), axis=1)
            clear = column / (column + others.max(axis=1))
            claim[length][ours] = {}
            for key, allowed in accepted.items():
                if key[0] not in (ours, "*"):
                    continue
                rival = key[1]
                theirs = ~np.isin(truth, ["en", "uk", "no", "da"]) if rival == "*" else truth == rival
                highest = float(np.quantile(clear[is_length & theirs], 1 - allowed))
                claim[length][ours][rival] = round(min(max(highest, 0.5), _HIGHEST_CLAIM), 3)
            lowest = float(np.quantile(clear[is_length & (truth == ours)], _REFUSED))
            mention[length][ours] = {"*": round(min(max(lowest, _LOWEST_MENTION), 0.5), 3)}
    return Thresholds(model.thresholds.unsupported, claim, mention)


def drawn_texts() -> Iterator[Known]:
    """Words drawn by their frequency, for languages that have a list and no corpus."""
    import wordfreq

    draw = random.Random(1)  # noqa: S311 - the same texts in every run
    for language in _DRAWN:
        found, weights = [], []
        for centibels, words in enumerate(
            wordfreq.read_cBpack(wordfreq.available_languages("small")[language])
        ):
            for word in words:
                if word.isalpha() and len(word) > 1:
                    found.append(word)
                    weights.append(10 ** (-centibels / 100))
        for _ in range(_DRAWN_TEXTS):
            yield Known(
                " ".join(draw.choices(found, weights, k=draw.choice((1, 2, 3, 4, 6, 9)))), language, "drawn"
            )


def main(arguments: Sequence[str]) -> None:
    """Fit, tune and write the coefficients file."""
    parser = argparse.ArgumentParser(prog="python -m nlp.language.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of <kind>/<language>.txt")
    parser.add_argument("--to", type=Path, default=FILE, help="coefficients file to write")
    chosen = parser.parse_args(arguments)
    features = shared_features()
    model = fit([*corpora.read(chosen.data, "fit"), *corpora.own("fit"), *drawn_texts()], features)
    tuning = [
        known
        for known in [*corpora.read(chosen.data, "tune"), *corpora.own("tune")]
        if known.kind in ("sentences", "cuts", "own") and len(known.text.split()) > 1
    ]
    model = Model(
        version=model.version,
        languages=model.languages,
        weights=model.weights,
        intercepts=model.intercepts,
        thresholds=tuned(model, tuning, features),
        provenance={
            "command": "python -m nlp.language.train --data FOLDER",
            "data_sha256": corpora.sha256(chosen.data),
            "own_texts_sha256": corpora.own_sha256(),
            "fitted_on": "60 % of the lines, thresholds on 20 %, by hash",
            "supported": list(SUPPORTED),
        },
    )
    save(model, chosen.to)
    print(f"wrote {chosen.to}: {len(model.languages)} languages, {model.weights.shape[0]} features")  # noqa: T201
    print(model.thresholds)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
