"""An evaluation in Markdown: every figure with its interval and its n, and what the gate makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nlp.evaluation.figures import NOT_SAID
from nlp.evaluation.labelled import BINARY_LABELS
from nlp.evaluation.measures import ratio, wilson
from nlp.labels import CHANGES, COMFORTS, KINDS, LANGUAGES
from nlp.registry.gate import proofs

Row = Sequence[str]
FEW = 30  # texts carrying a label; below, an interval is wider than most differences one would look for


def markdown(figures: Mapping[str, Any], failures: Sequence[str] | None = None) -> str:
    """The report of one version. `failures` are the gate's; None leaves the gate out."""
    about = figures["set"]
    languages = figures["languages"]
    parts = [
        f"## {figures['model_version']}",
        f"Set {about['version']}, split {about['split']}, {figures['item_count']} texts, SHA-256"
        f" `{about['sha256'][:16]}…`; {figures['error_count']} texts the classifier failed on."
        " Square brackets are 95 % intervals: Wilson's for shares, a bootstrap over groups of translations"
        " for macro-F1. An abstention claims nothing: it lowers coverage, and recall if the label was there.",
    ]
    if failures is not None:
        parts += ["### The gate", _gate(failures)]
    parts += ["### What is proven", _proven(figures)]
    parts += ["### By language", _by_language(languages), _fairness(figures["fairness"])]
    parts += ["### Changes of confidence and belonging", _labels(languages, CHANGES)]
    rest = [name for name in BINARY_LABELS if name not in CHANGES]
    parts += [
        "### Signals, cues and topics",
        f"Fewer than {FEW} texts carry most of these in a language: read the intervals, not the shares.",
        _labels(languages, rest),
    ]
    parts += ["### Precision at coverage", _at_coverage(languages)]
    parts += ["### Calibration", _calibration(languages)]
    parts += ["### Language comfort", _comfort(languages)]
    parts += ["### What misleads", _kinds(languages)]
    parts += ["### Evidence, time and money", _service(languages)]
    return "\n\n".join(parts) + "\n"


def _gate(failures: Sequence[str]) -> str:
    if not failures:
        return "**Passed.** The version may become effective."
    return "**Not passed:**\n\n" + "\n".join(f"- {failure}" for failure in failures)


def _proven(figures: Mapping[str, Any]) -> str:
    """What the version answers, in all languages that answer it together."""
    answered = proofs(figures)
    silent = [name for name in (*CHANGES, *KINDS) if name not in {one.name for one in answered}]
    rows = [
        (one.name, " ".join(one.languages), _right(one.claims), _right(one.nones) if one.nones else "–")
        for one in answered
    ]
    return (
        "Right answers of all, with the interval whose lower end the gate looks at. "
        f"Never answered: {', '.join(silent) or 'nothing'}.\n\n"
        + table(("answered", "in", "claims right", '"none of it" right'), rows)
    )


def _right(counted: tuple[int, int]) -> str:
    right, count = counted
    return f"{right} of {count}: {number(ratio(right, count), wilson(right, count))}"


def _by_language(languages: Mapping[str, Any]) -> str:
    return table(
        ("language", "texts", "macro-F1 of changes", "accuracy", "coverage", "macro-F1 of all labels"),
        [
            (
                language,
                str(one["item_count"]),
                number(one["macro_f1"], one["macro_f1_interval"]),
                number(one["accuracy"]),
                number(one["coverage"]),
                number(one["macro_f1_all_labels"]),
            )
            for language, one in languages.items()
        ],
    )


def _fairness(fairness: Mapping[str, Any]) -> str:
    parts = []
    for measure, name in (("macro_f1", "macro-F1"), ("accuracy", "accuracy")):
        found = fairness[measure]
        gap = number(found["gap"], found.get("gap_interval"))
        parts.append(f"{name} {gap} ({found['severity'] or 'unknown'})")
    return (
        "Gap between the best and the worst language: "
        + ", ".join(parts)
        + ". Up to 0.05 is ok, 0.10 low, 0.15 medium."
    )


def _labels(languages: Mapping[str, Any], names: Iterable[str]) -> str:
    rows = []
    for name in names:
        for language in languages:
            one = languages[language]["labels"][name]
            rows.append(
                (
                    name,
                    language,
                    str(one["support"]),
                    number(one["precision"], one["precision_interval"]),
                    number(one["recall"], one["recall_interval"]),
                    number(one["f1"]),
                    number(one["coverage"]),
                    " / ".join(
                        str(one[cell])
                        for cell in ("true_positive", "false_positive", "false_negative", "true_negative")
                    )
                    + f" / {one['abstained_positive'] + one['abstained_negative']}",
                )
            )
    heads = (
        "label",
        "language",
        "n",
        "precision",
        "recall",
        "F1",
        "coverage",
        "TP / FP / FN / TN / abstained",
    )
    return table(heads, rows)


def _at_coverage(languages: Mapping[str, Any]) -> str:
    rows = []
    for name in CHANGES:
        for language in languages:
            points = languages[language]["labels"][name]["at_coverage"]
            rows += [
                (
                    name,
                    language,
                    f"{point['coverage']:.0%}",
                    number(point["precision"]),
                    number(point["recall"]),
                    str(point["claimed_count"]),
                )
                for point in points
            ]
    if not rows:
        return "The classifier states no probabilities for these labels."
    intro = "If only the most certain share of answers were kept:\n\n"
    return intro + table(("label", "language", "kept", "precision", "recall", "claims"), rows)


def _calibration(languages: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            language,
            str(one["stated_count"]),
            number(one["brier"]),
            number(one["expected_calibration_error"]),
        )
        for name in CHANGES
        for language in languages
        if (one := languages[language]["labels"][name])["stated_count"]
    ]
    if not rows:
        return "The classifier states no probabilities for these labels."
    return table(("label", "language", "stated", "Brier", "expected calibration error"), rows)


def _comfort(languages: Mapping[str, Any]) -> str:
    parts = []
    names = (*COMFORTS, NOT_SAID)
    for language, one in languages.items():
        comfort = one["comfort"]
        parts.append(
            f"{language}: precision {number(comfort['precision'], comfort['precision_interval'])}, recall"
            f" {number(comfort['recall'], comfort['recall_interval'])} of {comfort['support']}, on average"
            f" {number(comfort['mean_steps_off'])} steps off. Rows are the truth, columns the answers.\n\n"
            + table(
                ("", *names),
                [(true, *(str(comfort["matrix"][true][said]) for said in names)) for true in names],
            )
        )
    return "\n\n".join(parts)


def _kinds(languages: Mapping[str, Any]) -> str:
    kinds = sorted({kind for one in languages.values() for kind in one["by_kind"]})
    rows = []
    for kind in kinds:
        cells = []
        for language in languages:
            found = languages[language]["by_kind"].get(kind)
            cells.append(f"{found['items_with_false_claim']} of {found['item_count']}" if found else "–")
        rows.append((kind, *cells))
    return "Texts with a false claim of a change, by what makes them hard.\n\n" + table(
        ("kind", *languages), rows
    )


def _service(languages: Mapping[str, Any]) -> str:
    rows = []
    for language, one in languages.items():
        latency = one["latency_ms"] or (None, None, None)
        cited = one["citations"]
        rows.append(
            (
                language,
                f"{number(cited['coverage'])} of {cited['claimed_count']}",
                f"{cited['sound_snippet_count']} of {cited['snippet_count']}",
                " / ".join("–" if value is None else f"{value:.2f}" for value in latency),
                number(one["cost_microdollars_per_text"]),
                f"{one['tokens']['input']} / {one['tokens']['output']}",
            )
        )
    heads = (
        "language", "labels cited", "snippets in the text", "latency ms p50 / p95 / p99", "µ$ per text",
        "tokens in / out",
    )  # fmt: skip
    return table(heads, rows)


def table(heads: Row, rows: Iterable[Row]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def number(value: float | None, interval: Sequence[float] | None = None) -> str:
    if value is None:
        return "–"
    text = f"{value:.3f}"
    return f"{text} [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else text


def overview(all_figures: Sequence[Mapping[str, Any]]) -> str:
    """Several versions beside each other, F1 per change and language."""
    rows = [
        (
            name,
            language,
            *(number(figures["languages"][language]["labels"][name]["f1"]) for figures in all_figures),
        )
        for name in CHANGES
        for language in LANGUAGES
        if all(language in figures["languages"] for figures in all_figures)
    ]
    return table(("label", "language", *(figures["model_version"] for figures in all_figures)), rows)
