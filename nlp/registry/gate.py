"""What an evaluation has to show before a model may serve, as plain arithmetic over stored figures."""

from __future__ import annotations

from collections.abc import Mapping
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
    for language in LANGUAGES:
        found = figures["languages"].get(language)
        if found is None:
            failures.append(f"{language}: no texts were evaluated")
            continue
        failures += [
            f"{language}: {failure}" for failure in _language(found, policy, policy["macro_f1"][language])
        ]
    gap = figures["fairness"]["macro_f1"]["gap"]
    if gap is None or gap > policy["fairness_gap"]:
        failures.append(
            f"between the best and the worst language lie {_number(gap)} of macro-F1,"
            f" {policy['fairness_gap']:.2f} are allowed"
        )
    return tuple(failures)


def _wrong_set(found: Mapping[str, Any], policy: Mapping[str, Any]) -> list[str]:
    wanted = {"version": policy["set_version"], "split": policy["split"]}
    if all(found[name] == value for name, value in wanted.items()):
        return []
    return [
        f"it was evaluated on set {found['version']}, split {found['split']};"
        f" the gate asks for set {wanted['version']}, split {wanted['split']}"
    ]


def _language(found: Mapping[str, Any], policy: Mapping[str, Any], macro_f1_floor: float) -> list[str]:
    failures = []
    if found["item_count"] < policy["items_per_language"]:
        failures.append(
            f"insufficient: {found['item_count']} texts, {policy['items_per_language']} are needed"
        )
    for name in CHANGES:
        label = found["labels"][name]
        if label["support"] < policy["support_per_label"]:
            failures.append(
                f"{name} insufficient: {label['support']} texts carry it,"
                f" {policy['support_per_label']} are needed"
            )
        failures += _label_precision(name, label, policy["precision"])
        if _below(label["coverage"], policy["coverage"]):
            failures.append(f"{name} coverage {_number(label['coverage'])} is below {policy['coverage']:.2f}")
    right = sum(found["labels"][name]["true_positive"] for name in CHANGES)
    claims = right + sum(found["labels"][name]["false_positive"] for name in CHANGES)
    if claims < policy["claims_per_language"]:
        failures.append(
            f"insufficient: {claims} claims of changes, {policy['claims_per_language']} are needed"
        )
    if _below(right / claims if claims else None, policy["precision"]):
        failures.append(
            f"precision {_number(right / claims if claims else None)} of all {claims} claims of changes"
            f" is below {policy['precision']:.2f}"
        )
    if _below(found["macro_f1"], macro_f1_floor):
        failures.append(f"macro-F1 {_number(found['macro_f1'])} is below {macro_f1_floor:.2f}")
    if _below(found["citations"]["coverage"], policy["citation_coverage"]):
        failures.append(
            f"citation coverage {_number(found['citations']['coverage'])} is below"
            f" {policy['citation_coverage']:.2f}"
        )
    return failures


def _label_precision(name: str, label: Mapping[str, Any], floor: float) -> list[str]:
    """One label in one language has few claims: it fails if chance cannot explain that it is below."""
    if label["precision"] is None:
        return [f"{name} was never claimed, and {label['support']} texts carry it"]
    low, high = label["precision_interval"]
    if high >= floor:
        return []
    claims = label["true_positive"] + label["false_positive"]
    return [
        f"{name} precision {_number(label['precision'])} [{low:.2f}, {high:.2f}] of {claims} claims is surely"
        f" below {floor:.2f}"
    ]


def _below(value: float | None, floor: float) -> bool:
    """What could not be measured has not been shown."""
    return value is None or value < floor


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
