"""How the local classifier does on its own texts: `python -m nlp.classifiers.local.evaluate`.

DEVELOPMENT figures: every score is by a model that had not seen the text or its translations, but rules and
thresholds were chosen with these texts at hand. They say which label needs work, not how good it is; the
labelled sets of `nlp/evaluation` say that. `--written-after` keeps to texts that no rule was corrected on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nlp.classifiers.local.corpus import examples
from nlp.classifiers.local.model import Floats, Threshold, load_model
from nlp.classifiers.local.rules import RULE_LABELS
from nlp.classifiers.local.train import Bools, OutOfFold, out_of_fold, probabilities
from nlp.labels import LANGUAGES

SHARES = (0.6, 0.8, 1.0)


def rows(*, written_after: bool) -> Iterator[tuple[str, ...]]:
    """A head, then a row per label and language."""
    yield ("label", "language", "texts with it", "coverage", "precision", "recall",
           *(f"precision at {share:.0%}" for share in SHARES))  # fmt: skip
    model = load_model()
    scored = [
        out_of_fold(language, [one for one in examples() if one.language == language])
        for language in LANGUAGES
    ]
    if written_after:
        scored = [_kept(one) for one in scored]
    stated = [probabilities(one, dict(model.calibrations)) for one in scored]
    for column, label in enumerate(RULE_LABELS):
        for one, of_language in zip(scored, stated, strict=True):
            truth = one.truth[:, column]
            if truth.any():
                threshold = model.thresholds[one.language][label]
                yield (label, one.language, *_row(truth, of_language[:, column], threshold))


def _kept(one: OutOfFold) -> OutOfFold:
    keep = np.array([example.is_written and not example.rules_saw_it for example in one.examples])
    kept = [example for example, is_kept in zip(one.examples, keep, strict=True) if is_kept]
    return replace(
        one, examples=kept, truth=one.truth[keep],
        linear=one.linear[keep], loudest=one.loudest[keep], rules=one.rules[keep],
    )  # fmt: skip


def _row(truth: Bools, stated: Floats, threshold: Threshold) -> Iterator[str]:
    claimed, denied = stated >= threshold.claim, stated <= threshold.deny
    yield str(int(truth.sum()))
    yield _share(float(np.mean(claimed | denied)))
    yield _share(float(truth[claimed].mean()) if claimed.any() else None)
    yield _share(float((truth & claimed).sum() / truth.sum()))
    certain = np.argsort(-np.abs(stated - 0.5), kind="stable")
    for share in SHARES:
        kept = certain[: round(share * len(truth))]
        claims = kept[stated[kept] >= 0.5]
        yield _share(float(truth[claims].mean()) if len(claims) else None)


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def table(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--written-after", action="store_true", help="only texts no rule was corrected on")
    arguments = parser.parse_args()
    print("Development figures: not a measure of how good the classifier is on other texts.")  # noqa: T201
    print(table(list(rows(written_after=arguments.written_after))))  # noqa: T201


if __name__ == "__main__":
    main()
