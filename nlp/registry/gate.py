"""What an evaluation has to show before a model may serve, as plain arithmetic over stored figures.

Whatever a version answers it has proven: of its claims on texts of another hand, in all languages together,
the lower end of the 95 % interval of the share that is right reaches a floor. What is not proven a version
has to abstain from, and what it answers is measured against the floors of each language besides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.evaluation.measures import wilson
from nlp.labels import CHANGES, KINDS, LANGUAGES
from nlp.registry.promised import INDEPENDENT_SETS


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
    failures += _unproven(figures, policy, abstains)
    for language in LANGUAGES:
        found = figures["languages"].get(language)
        if found is None:
            failures.append(f"{language}: no texts were evaluated")
            continue
        answered = [name for name in CHANGES if name not in abstains.get(language, ())]
        failures += [f"{language}: {failure}" for failure in _language(found, policy, language, answered)]
    return tuple(failures + _gap(figures, policy, abstains))


@dataclass(frozen=True)
class Proof:
    """Answers of a change or a kind of labels in the languages that answer it, and how many were right."""

    name: str
    languages: tuple[str, ...]
    claims: tuple[int, int]  # right, and all
    nones: tuple[int, int] | None  # answers that there is nothing of the kind; None if it has no such answer

    def failures(self, policy: Mapping[str, Any]) -> list[str]:
        found = [(self.claims, "claims", policy["proof"])]
        if self.nones is not None:
            found.append((self.nones, "answers that there is none", policy["proof_of_none"]))
        return [
            f"{self.name} is not proven: {right} of {count} {what} are right, which proves {low:.3f}"
            f" where {floor:.2f} is needed; abstain from it, or have it proven"
            for (right, count), what, floor in found
            if (low := _lower(right, count)) < floor
        ]


def proofs(figures: Mapping[str, Any]) -> list[Proof]:
    """What the figures prove, of everything that is answered in any language."""
    abstains: Mapping[str, Collection[str]] = figures.get("abstains", {})
    found = []
    for name in (*CHANGES, *KINDS):
        languages = {
            language: of
            for language, of in figures["languages"].items()
            if name not in abstains.get(language, ())
        }
        if not languages:
            continue
        if name in CHANGES:
            cells = [of["labels"][name] for of in languages.values()]
            right = sum(one["true_positive"] for one in cells)
            claims = (right, right + sum(one["false_positive"] for one in cells))
            denied = sum(one["true_negative"] for one in cells)
            nones: tuple[int, int] | None = (denied, denied + sum(one["false_negative"] for one in cells))
        else:
            kinds = [of.get("kinds", {}).get(name, _UNMEASURED) for of in languages.values()]
            claims = (sum(one["right_count"] for one in kinds), sum(one["claimed_count"] for one in kinds))
            nones = (sum(one["right_none_count"] for one in kinds), sum(one["none_count"] for one in kinds))
        # That no level of language is named, or no topic, scores nothing.
        found.append(Proof(name, tuple(languages), claims, None if name in _CLAIMS_ONLY else nones))
    return found


_UNMEASURED = {"right_count": 0, "claimed_count": 0, "right_none_count": 0, "none_count": 0}
_CLAIMS_ONLY = {"language_comfort", "topics"}


def _unproven(
    figures: Mapping[str, Any], policy: Mapping[str, Any], abstains: Mapping[str, Collection[str]]
) -> list[str]:
    failures = [failure for proof in proofs(figures) for failure in proof.failures(policy)]
    if all({*CHANGES, *KINDS} <= set(abstains.get(language, ())) for language in LANGUAGES):
        failures.append("it abstains from everything, so there is nothing to judge")
    for language in LANGUAGES:
        # An increase counts only where a decrease is ruled out, a decrease always: with one unanswered, bad
        # news alone would be scored.
        failures += [
            f"{language}: abstains from one of {subject}_increase and {subject}_decrease; a score takes both"
            for subject in ("confidence", "belonging")
            if len({f"{subject}_increase", f"{subject}_decrease"} & set(abstains.get(language, ()))) == 1
        ]
    return failures


def _lower(right: int, count: int) -> float:
    interval = wilson(right, count)
    return interval[0] if interval else 0.0


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
    if not common:
        return []
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
        pinned = INDEPENDENT_SETS.get(found["version"], found["sha256"])
        if found["sha256"] == pinned:
            return []
        return [
            f"set {found['version']} is {found['sha256'][:12]}…, the texts that are judged on {pinned[:12]}…"
        ]
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
    if answered and claims < policy["claims_per_language"]:
        failures.append(
            f"insufficient: {claims} claims of changes, {policy['claims_per_language']} are needed"
        )
    floor, reached = policy["macro_f1"][language], macro_f1(found, answered)
    if answered and _below(reached, floor):
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
