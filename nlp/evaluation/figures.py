"""The figures of one classifier on one labelled set: what the gate judges and the reports show.

Figures are plain JSON, because they are stored and judged again later.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from nlp.classifiers.base import Classified, Classifier, ClassifierError
from nlp.evaluation import measures
from nlp.evaluation.labelled import BINARY_LABELS, Item, LabelledSet, answers
from nlp.evaluation.measures import Cell, cell, mean, ratio, wilson
from nlp.labels import CHANGES, COMFORTS, KINDS, LANGUAGES, Labels, Language

RESAMPLES = 1000
COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
NOT_SAID = "not said"
FAIRNESS_BANDS = ((0.05, "ok"), (0.10, "low"), (0.15, "medium"))

Figures = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """An item with what the classifier said; None if it failed."""

    item: Item
    classified: Classified | None

    @property
    def labels(self) -> Labels:
        return self.classified.labels if self.classified else Labels()


@dataclass(frozen=True)
class Run:
    """All answers of one classifier. Texts of labelled sets only, so answers may be shown."""

    model_version: str
    labelled: LabelledSet
    answered: tuple[Answered, ...]
    errors: Mapping[str, int]
    classifier_sha256: str | None = None  # of what was installed, if the classifier tells
    abstains: Mapping[str, Sequence[str]] = field(default_factory=dict)  # changes and kinds by language


def run(
    classifier: Classifier, labelled: LabelledSet, *, batch: int = 32, paid_by: UUID | None = None
) -> Run:
    """Ask the classifier about every item. A failure is counted and claims nothing; it is never left out.

    `paid_by` is the company under whose cap a classifier is asked that costs.
    """
    payer = {} if paid_by is None else {"company_id": paid_by}
    answered: list[Answered] = []
    errors: Counter[str] = Counter()
    for start in range(0, len(labelled.items), batch):
        items = labelled.items[start : start + batch]
        for item, outcome in zip(
            items, classifier.classify([item.text(**payer) for item in items]), strict=True
        ):
            if isinstance(outcome, ClassifierError):
                errors["retryable" if outcome.is_retryable else "permanent"] += 1
                answered.append(Answered(item, None))
            else:
                answered.append(Answered(item, outcome))
    sha256 = getattr(classifier, "content_sha256", None)
    abstains = getattr(classifier, "abstains", {})
    return Run(classifier.model_version, labelled, tuple(answered), dict(errors), sha256, abstains)


def figures(done: Run) -> Figures:
    """Everything that is measured of a run, per label and language."""
    by_language = {
        language: [one for one in done.answered if one.item.language == language] for language in LANGUAGES
    }
    samples = {language: _macro_samples(of) for language, of in by_language.items() if of}
    languages = {language: _language(of, samples[language]) for language, of in by_language.items() if of}
    return {
        "model_version": done.model_version,
        "classifier_sha256": done.classifier_sha256,
        "abstains": {language: list(changes) for language, changes in done.abstains.items()},
        "set": {
            "version": done.labelled.version,
            "sha256": done.labelled.sha256,
            "split": done.labelled.split,
        },
        "item_count": len(done.answered),
        "error_count": sum(done.errors.values()),
        "errors": dict(done.errors),
        "languages": languages,
        "fairness": _fairness(languages, samples),
    }


def fairness_severity(gap: float) -> str:
    return next((name for limit, name in FAIRNESS_BANDS if gap <= limit + 1e-12), "high")


def _language(answered: Sequence[Answered], samples: Sequence[float]) -> Figures:
    cells = _cells(answered)
    usages = [one.classified.usage for one in answered if one.classified]
    cost = sum(usage.cost_microdollars for usage in usages)
    changes = [cells[name] for name in CHANGES]
    return {
        "item_count": len(answered),
        "macro_f1": mean([one.f1 for one in changes]),
        "macro_f1_interval": measures.percentile_interval(samples),
        "macro_f1_all_labels": mean([one.f1 for one in cells.values()]),
        "accuracy": ratio(
            sum(one.true_positive + one.true_negative for one in changes),
            sum(one.item_count for one in changes),
        ),
        "coverage": mean([one.coverage for one in changes]),
        "labels": {name: _label(name, one, answered) for name, one in cells.items()},
        "comfort": _comfort(answered),
        "kinds": {kind: _kind(kind, answered) for kind in KINDS},
        "citations": _citations(answered),
        "by_kind": _by_kind(answered),
        "latency_ms": measures.percentiles([usage.latency_ms for usage in usages]),
        "cost_microdollars": cost,
        "cost_microdollars_per_text": ratio(cost, len(usages)),
        "tokens": {
            "input": sum(usage.input_tokens for usage in usages),
            "output": sum(usage.output_tokens for usage in usages),
        },
    }


def _cells(answered: Sequence[Answered]) -> dict[str, Cell]:
    truths = [answers(one.item.labels) for one in answered]
    claims = [answers(one.labels) if one.classified else {} for one in answered]
    return {
        name: cell([bool(truth[name]) for truth in truths], [claim.get(name) for claim in claims])
        for name in BINARY_LABELS
    }


def _label(name: str, counted: Cell, answered: Sequence[Answered]) -> Figures:
    found: Figures = {
        **asdict(counted),
        "support": counted.support,
        "coverage": counted.coverage,
        "precision": counted.precision,
        "precision_interval": wilson(counted.true_positive, counted.claimed_count),
        "recall": counted.recall,
        "recall_interval": wilson(counted.true_positive, counted.support),
        "f1": counted.f1,
    }
    if name in CHANGES:
        found |= _certainty(name, answered)
    return found


def _certainty(name: str, answered: Sequence[Answered]) -> Figures:
    """How far the probabilities a classifier states for a label can be taken at their word."""
    truth = [bool(getattr(one.item.labels, name)) for one in answered]
    stated = [one.labels.probabilities.get(name) for one in answered]
    known = [(true, value) for true, value in zip(truth, stated, strict=True) if value is not None]
    true, values = [pair[0] for pair in known], [pair[1] for pair in known]
    bins = measures.calibration(true, values)
    return {
        "stated_count": len(known),
        "brier": measures.brier(true, values),
        "expected_calibration_error": measures.expected_calibration_error(bins),
        "calibration": [asdict(one) for one in bins],
        "at_coverage": [asdict(one) for one in measures.precision_at_coverage(truth, stated, COVERAGES)],
    }


def _comfort(answered: Sequence[Answered]) -> Figures:
    """Language comfort in order: rows are the truth, columns the answers. An abstention is `not said`."""
    names = (*COMFORTS, NOT_SAID)
    matrix = {true: dict.fromkeys(names, 0) for true in names}
    for one in answered:
        matrix[one.item.labels.language_comfort or NOT_SAID][one.labels.language_comfort or NOT_SAID] += 1
    both = [(true, said) for true in COMFORTS for said in COMFORTS for _ in range(matrix[true][said])]
    steps = [abs(COMFORTS.index(true) - COMFORTS.index(said)) for true, said in both]
    said_count = sum(matrix[true][said] for true in names for said in COMFORTS)
    true_count = sum(sum(matrix[true].values()) for true in COMFORTS)
    right = steps.count(0)
    return {
        "matrix": matrix,
        "precision": ratio(right, said_count),
        "precision_interval": wilson(right, said_count),
        "recall": ratio(right, true_count),
        "recall_interval": wilson(right, true_count),
        "mean_steps_off": mean([float(step) for step in steps]),  # of those where both name a level
        "support": true_count,
    }


def _kind(kind: str, answered: Sequence[Answered]) -> Figures:
    """What is said together, all labels of a kind: claims, and answers that there is nothing of the kind."""
    claims = right = none = right_none = 0
    for one in answered:
        true, said = _members(one.item.labels, kind), _members(one.labels, kind)
        if one.classified is None or said is None:
            continue
        claims, right = claims + len(said), right + len(said & (true or frozenset()))
        none, right_none = none + (not said), right_none + (not said and not true)
    return {
        "claimed_count": claims,
        "right_count": right,
        "precision_interval": wilson(right, claims),
        "none_count": none,
        "right_none_count": right_none,
        "none_interval": wilson(right_none, none),
    }


def _members(labels: Labels, kind: str) -> frozenset[str] | None:
    """What is claimed of a kind; None if that was left undecided."""
    if kind == "language_comfort":
        return frozenset({labels.language_comfort}) if labels.language_comfort else None
    found: frozenset[str] | None = getattr(labels, kind)
    return found


def _citations(answered: Sequence[Answered]) -> Figures:
    """Of the labels claimed, how many carry a snippet that really stands in the text."""
    claimed = cited = snippets = sound = 0
    for one in answered:
        if one.classified is None:
            continue
        evidence = one.labels.evidence
        inside = [e for e in evidence if 0 <= e.start < e.end <= len(one.item.content)]
        snippets, sound = snippets + len(evidence), sound + len(inside)
        with_snippet = {e.label for e in inside}
        for name, answer in answers(one.labels).items():
            if answer:
                claimed += 1
                cited += name.rpartition(":")[2] in with_snippet or name in with_snippet
        if one.labels.language_comfort:
            claimed += 1
            cited += "language_comfort" in with_snippet
    return {
        "claimed_count": claimed,
        "cited_count": cited,
        "coverage": ratio(cited, claimed),
        "snippet_count": snippets,
        "sound_snippet_count": sound,
    }


def _by_kind(answered: Sequence[Answered]) -> Figures:
    """False claims of the four changes, by what makes a text hard."""
    kinds: defaultdict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        kinds[one.item.kind].append(one)
    return {
        kind: {
            "item_count": len(of),
            "items_with_false_claim": sum(
                any(getattr(one.labels, name) and not getattr(one.item.labels, name) for name in CHANGES)
                for one in of
            ),
        }
        for kind, of in sorted(kinds.items())
    }


def _macro_samples(answered: Sequence[Answered]) -> list[float]:
    """Macro-F1 over the changes in bootstrap samples. Groups are drawn as wholes."""
    groups: dict[str, int] = {}
    rows = np.zeros((len(answered), len(CHANGES), 3), dtype=np.int64)  # true positives, claims, support
    place = np.zeros(len(answered), dtype=np.int64)
    for index, one in enumerate(answered):
        place[index] = groups.setdefault(one.item.item_group, len(groups))
        for column, name in enumerate(CHANGES):
            true, said = bool(getattr(one.item.labels, name)), getattr(one.labels, name) is True
            rows[index, column] = (true and said, said, true)
    totals = np.zeros((len(groups), len(CHANGES), 3), dtype=np.int64)
    np.add.at(totals, place, rows)
    generator = np.random.default_rng(
        zlib.crc32(",".join(groups).encode())
    )  # the same groups, the same draws
    weights = generator.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES)
    sums = np.einsum("sg,gck->sck", weights, totals)
    occurring = sums[:, :, 1] + sums[:, :, 2]  # a label that a sample neither holds nor claims has no F1
    scores = 2 * sums[:, :, 0] / np.maximum(occurring, 1)
    return [float(value) for value in scores.sum(axis=1) / np.maximum((occurring > 0).sum(axis=1), 1)]


def _fairness(languages: Mapping[Language, Figures], samples: Mapping[Language, Sequence[float]]) -> Figures:
    """The gap between the best and the worst language."""
    found: Figures = {}
    for measure in ("macro_f1", "accuracy"):
        values = [one[measure] for one in languages.values() if one[measure] is not None]
        gap = max(values) - min(values) if values else None
        found[measure] = {"gap": gap, "severity": None if gap is None else fairness_severity(gap)}
    if samples:
        together = np.asarray(list(samples.values()))
        found["macro_f1"]["gap_interval"] = measures.percentile_interval(
            list(together.max(axis=0) - together.min(axis=0))
        )
    return found
