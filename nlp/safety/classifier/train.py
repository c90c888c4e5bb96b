"""Trains the model: `python -m nlp.safety.classifier.train` writes the artefact and prints how it does.

Every figure it prints and every threshold comes from texts that the model of that fold had not seen, where
groups of alike texts are never parted. They are texts of its own corpus: the independent figures are in
docs/reports/safety.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.safety import rules
from nlp.safety.classifier.corpus import (
    HARMLESS,
    LANGUAGES,
    Example,
    corpus_sha256,
    examples,
    programme_examples,
)
from nlp.safety.classifier.features import SLOTS, slots_of_sentence, slots_of_word
from nlp.safety.classifier.model import FOLDER, LABELS, Model, concepts_sha256, packed
from nlp.safety.folding import fold
from nlp.safety.screening import Screener, sentences_of
from nlp.safety.verdicts import ABUSE, Verdict
from nlp.safety.words import words

FOLDS = 4
STRENGTH = 2.0  # C of the linear model
RARE = 2  # texts: a feature of fewer is left out
# The share of the corpus' own harmless texts, nearly all of them written to be mistaken, that may lie above:
# a warning is given of those, or for self-harm a person called. That leans to recall, since to be seen by a
# person costs little and not to be seen costs a life.
FALSE_SHARES = {"self_harm": 0.10, "abuse": 0.015, "spam": 0.005, "prompt_injection": 0.003}
# Of the ordinary texts of a language: its threshold of self-harm lies above the rest of them.
FALSE_ORDINARY = 0.04
# Above this the model alone holds a text back.
SURE_SHARES = {"abuse": 0.005}
# The share of true texts found by phrases that may lie below the point where the model overrules a phrase.
MISSED_SHARES = {"abuse": 0.02}
OVERRULED = {"abuse": "overruled"}

Floats = npt.NDArray[np.float64]


def train(them: Sequence[Example], folder: Path) -> list[str]:
    """Write the artefact of these texts; returns the lines of what was measured on the way."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    spoken = [_sentences(one.text) for one in them]
    counts = [Counter(_slots(one)) for one in spoken]
    texts_with = np.zeros(SLOTS, dtype=np.int64)
    for one in counts:
        texts_with[list(one)] += 1
    kept = np.flatnonzero(texts_with >= RARE)
    column = np.full(SLOTS, -1)
    column[kept] = np.arange(len(kept))
    # What few texts have counts more. It is a matter of learning alone: the weights take it in.
    rarity = np.log(len(them) / texts_with[kept])
    rarity /= rarity.mean()
    parts = [(at, part) for at, one in enumerate(spoken) for part in _parts(one)]
    rows, columns, values = [], [], []
    for row, one in enumerate([*counts, *(Counter(_slots(part)) for _, part in parts)]):
        length = np.sqrt(sum(one.values()) or 1)
        for slot, count in one.items():
            if column[slot] >= 0:
                rows.append(row)
                columns.append(column[slot])
                values.append(count / length * rarity[column[slot]])
    grid = sparse.csr_matrix((values, (rows, columns)), shape=(len(them) + len(parts), len(kept)))
    text_of = np.array([*range(len(them)), *(at for at, _ in parts)])
    is_part = np.arange(len(text_of)) >= len(them)
    folds = np.array([zlib.crc32(one.group.encode()) % FOLDS for one in them])
    truth = {label: np.array([_is(one, label) for one in them]) for label in LABELS}

    def fitted(chosen: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        weights, intercepts = np.zeros((SLOTS, len(LABELS))), np.zeros(len(LABELS))
        for at, label in enumerate(LABELS):
            machine = LinearSVC(C=STRENGTH, class_weight={0: 1.0, 1: 2.0}, random_state=1)
            # The parts of a text without the label are without it too, and at work each part is scored alone.
            # Which part of a text with the label carries it nobody said.
            learned = chosen[text_of] & ~(is_part & truth[label][text_of])
            machine.fit(grid[learned], truth[label][text_of][learned])
            weights[kept, at] = machine.coef_[0] * rarity
            intercepts[at] = machine.intercept_[0]
        return weights, intercepts

    scores = np.zeros((len(them), len(LABELS)))
    for fold_ in range(FOLDS):
        model = _model(*fitted(folds != fold_))
        for held_out in np.flatnonzero(folds == fold_):
            scores[held_out] = model.scores(spoken[held_out])
    calibrations = {}
    for at, label in enumerate(LABELS):
        curve = LogisticRegression(C=1e6).fit(scores[:, [at]], truth[label])
        calibrations[label] = {"slope": float(curve.coef_[0, 0]), "offset": float(curve.intercept_[0])}
    likely = np.stack(
        [
            1 / (1 + np.exp(-(one["slope"] * scores[:, at] + one["offset"])))
            for at, one in enumerate(calibrations.values())
        ],
        axis=1,
    )
    is_harmless = np.array([one.label == HARMLESS for one in them])
    is_trap = np.array([not one.group.startswith("programme/") for one in them]) & is_harmless
    thresholds = {
        f"{name}{label}": float(np.quantile(likely[is_trap, LABELS.index(label)], 1 - share))
        for name, shares in (("", FALSE_SHARES), ("sure_", SURE_SHARES))
        for label, share in shares.items()
    }
    crisis, languages = likely[:, LABELS.index("self_harm")], np.array([one.language for one in them])
    for language in LANGUAGES:
        ours = is_harmless & (languages == language)
        thresholds[f"abuse.{language}"] = float(
            np.quantile(likely[ours & is_trap, LABELS.index("abuse")], 1 - FALSE_SHARES["abuse"])
        )
        thresholds[f"self_harm.{language}"] = max(
            float(np.quantile(crisis[ours & is_trap], 1 - FALSE_SHARES["self_harm"])),
            float(np.quantile(crisis[ours & ~is_trap], 1 - FALSE_ORDINARY)),
        )
    by_rules = Screener(rules.standard(), None)
    verdicts = [by_rules.screen(one.text, one.language) for one in them]
    for label, name in OVERRULED.items():
        is_found = truth[label] & np.array([_finds(one, label) for one in verdicts])
        thresholds[name] = float(np.quantile(likely[is_found, LABELS.index(label)], MISSED_SHARES[label]))
    weights, intercepts = fitted(np.ones(len(them), dtype=bool))
    folder.mkdir(exist_ok=True)
    arrays: dict[str, Any] = {**packed(weights), "intercepts": intercepts}
    np.savez_compressed(folder / "model.npz", **arrays)
    description: dict[str, Any] = {
        "weights_sha256": sha256((folder / "model.npz").read_bytes()).hexdigest(),
        "corpus_sha256": corpus_sha256(),
        "concepts_sha256": concepts_sha256(),
        "text_count": len(them),
        "calibrations": calibrations,
        "thresholds": thresholds,
    }
    (folder / "model.json").write_text(json.dumps(description, indent=1, sort_keys=True) + "\n", "utf-8")
    return _lines(them, verdicts, likely, truth, is_trap, thresholds)


def _lines(
    them: Sequence[Example],
    verdicts: Sequence[Verdict],
    likely: Floats,
    truth: dict[str, npt.NDArray[np.bool_]],
    is_trap: npt.NDArray[np.bool_],
    thresholds: dict[str, float],
) -> list[str]:
    is_ordinary = np.array([one.group.startswith("programme/") for one in them])
    found = [
        f"{len(them)} texts, {int(is_trap.sum())} harmless ones written to be mistaken and"
        f" {int(is_ordinary.sum())} ordinary ones. By rules, by the model for texts it had not seen, by both:"
    ]
    for label in FALSE_SHARES:
        limits = np.array([thresholds.get(f"{label}.{one.language}", thresholds[label]) for one in them])
        model = likely[:, LABELS.index(label)] > limits
        rule = np.array([_finds(one, label) for one in verdicts])
        if label in OVERRULED:
            rule &= likely[:, LABELS.index(label)] >= thresholds[OVERRULED[label]]
        for language in LANGUAGES:
            ours = np.array([one.language == language for one in them])
            shares = [
                " ".join(f"{way[chosen & ours].mean():.3f}" for way in (rule, model, rule | model))
                for chosen in (truth[label], is_trap, is_ordinary)
            ]
            found.append(f"{label} {language}: true {shares[0]}; traps {shares[1]}; ordinary {shares[2]}")
    found.append(f"thresholds: {thresholds}")
    return found


def _model(weights: Floats, intercepts: Floats) -> Model:
    plain = dict.fromkeys(LABELS, (1.0, 0.0))
    return Model(weights.astype(np.float32), intercepts.astype(np.float32), plain, {}, "")


def _is(one: Example, label: str) -> bool:
    return one.label in ABUSE if label == "abuse" else one.label == label


def _finds(verdict: Verdict, label: str) -> bool:
    wanted = ABUSE if label == "abuse" else {label}
    return verdict.action != "allow" and not wanted.isdisjoint(verdict.categories)


def _sentences(text: str) -> list[list[str]]:
    tokens = words(fold(text).text)
    return sentences_of(tokens, [token.text.replace("'", "") for token in tokens])


def _parts(sentences: Sequence[Sequence[str]]) -> list[list[Sequence[str]]]:
    """The sentences and the pairs of them that are scored beside the whole; none if there is one sentence."""
    spoken = [words_ for words_ in sentences if words_]
    if len(spoken) < 2:
        return []
    pairs = [list(pair) for pair in pairwise(spoken)] if len(spoken) > 2 else []
    return [*([words_] for words_ in spoken), *pairs]


def _slots(sentences: Sequence[Sequence[str]]) -> list[int]:
    return [
        slot
        for words_ in sentences
        for slot in (*(slot for word in words_ for slot in slots_of_word(word)), *slots_of_sentence(words_))
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nlp.safety.classifier.train", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the artefact goes")
    options = parser.parse_args(arguments)
    sys.stdout.write("\n".join(train([*examples(), *programme_examples()], options.folder)) + "\n")


if __name__ == "__main__":
    main()
