"""What an evaluation has to show before a model may serve, as plain arithmetic over stored figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nlp.labels import CHANGES, LANGUAGES


def judge(figures: Mapping[str, Any], policy: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the figures do not pass, each with the value found and the one needed; empty is a pass."""
    failures = _wrong_set(figures["set"], policy)
    error_share = figures["error_count"] / figures["item_count"] if figures["item_count"] else 1.0
    if error_share > policy["error_share"]:
        failures.append(
            f"the classifier failed on {figures['error_count']} of {figures['item_count']} texts,"
            f" {policy['error_share']:.0%} are allowed"
        )
    abstains: Mapping[str, Collection[str]] = figures.get("abstains", {})
    for language in LANGUAGES:
        found = figures["languages"].get(language)
        if found is None:
            failures.append(f"{language}: no texts were evaluated")
            continue
        answered = [name for name in CHANGES if name not in abstains.get(language, ())]
        failures += [f"{language}: {failure}" for failure in _language(found, policy, language, answered)]
    return tuple(failures + _gap(figures, policy, abstains))


def macro_f1(found: Mapping[str, Any], answered: Sequence[str]) -> float | None:
    """Over the changes a version answers: silence about a text misses, a declared abstention does not."""
    known = [f1 for name in answered if (f1 := found["labels"][name]["f1"]) is not None]
    return sum(known) / len(known) if known else None


def _gap(
    figures: Mapping[str, Any], policy: Mapping[str, Any], abstains: Mapping[str, Collection[str]]
) -> list[str]:
    """The gap between languages over the changes that are answered in all of them."""
    common = [
        name for name in CHANGES if not any(name in abstains.get(language, ()) for language in LANGUAGES)
    ]
    values = [macro_f1(found, common) for found in figures["languages"].values()]
    known = [value for value in values if value is not None]
    gap = max(known) - min(known) if known and len(known) == len(values) else None
    if gap is not None and gap <= policy["fairness_gap"]:
        return []
    return [
        f"between the best and the worst language lie {_number(gap)} of macro-F1,"
        f" {policy['fairness_gap']:.2f} are allowed"
    ]


def _wrong_set(found: Mapping[str, Any], policy: Mapping[str, Any]) -> list[str]:
    wanted = {"version": policy["set_version"], "split": policy["split"]}
    if all(found[name] == value for name, value in wanted.items()):
        return []
    return [
        f"it was evaluated on set {found['version']}, split {found['split']};"
        f" the gate asks for set {wanted['version']}, split {wanted['split']}"
    ]


def _language(
    found: Mapping[str, Any], policy: Mapping[str, Any], language: str, answered: Sequence[str]
) -> list[str]:
    failures = []
    if found["item_count"] < policy["items_per_language"]:
        failures.append(
            f"insufficient: {found['item_count']} texts, {policy['items_per_language']} are needed"
        )
    for name in answered:
        label = found["labels"][name]
        if label["support"] < policy["support_per_label"]:
            failures.append(
                f"{name} insufficient: {label['support']} texts carry it,"
                f" {policy['support_per_label']} are needed"
            )
        if _below(label["precision"], policy["precision"]):
            failures.append(_imprecise(name, label, policy["precision"]))
        if _below(label["coverage"], policy["coverage"]):
            failures.append(f"{name} coverage {_number(label['coverage'])} is below {policy['coverage']:.2f}")
    claims = sum(
        found["labels"][name][kind] for name in answered for kind in ("true_positive", "false_positive")
    )
    if claims < policy["claims_per_language"]:
        failures.append(
            f"insufficient: {claims} claims of changes, {policy['claims_per_language']} are needed"
        )
    floor, reached = policy["macro_f1"][language], macro_f1(found, answered)
    if _below(reached, floor):
        failures.append(f"macro-F1 {_number(reached)} is below {floor:.2f}")
    if _below(found["citations"]["coverage"], policy["citation_coverage"]):
        failures.append(
            f"citation coverage {_number(found['citations']['coverage'])} is below"
            f" {policy['citation_coverage']:.2f}"
        )
    return failures


def _imprecise(name: str, label: Mapping[str, Any], floor: float) -> str:
    if label["precision"] is None:
        return f"{name} was never claimed, and {label['support']} texts carry it"
    claims = label["true_positive"] + label["false_positive"]
    return f"{name} precision {_number(label['precision'])} of {claims} claims is below {floor:.2f}"


def _below(value: float | None, floor: float) -> bool:
    """What could not be measured has not been shown."""
    return value is None or value < floor


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
