"""What the gate asks at least. The file of models may ask for more, and is refused if it asks for less.

These values and the table in docs/decisions/0071 say the same, and a test compares them: whoever lowers one
writes a decision, and nobody does it in passing. The texts are pinned by hash for the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Sets that an evaluation may be judged on: texts of another hand than rules and training texts.
INDEPENDENT_SETS = {
    "proof_v3": "cef275acc5ac18a7fea8995458a4332f30bf0e4953ff98f78dda8c6c11860c1e",
}
SPLIT = "all"
AT_LEAST: dict[str, float] = {
    "items_per_language": 280,
    "support_per_label": 26,
    "claims_per_language": 20,
    "proof": 0.80,
    "proof_of_none": 0.80,
    "precision": 0.80,
    "coverage": 0.60,
    "macro_f1": 0.60,
    "citation_coverage": 0.95,
}
AT_MOST: dict[str, float] = {"error_share": 0.01, "fairness_gap": 0.10}


def loosened(policy: Mapping[str, Any]) -> list[str]:
    """Where a policy asks for less than was promised; empty is as it has to be."""
    faults = []
    if policy["set_version"] not in INDEPENDENT_SETS or policy["split"] != SPLIT:
        faults.append(
            f"gate: set {policy['set_version']}, split {policy['split']} is not one that nobody tuned on;"
            f" judge on {' or '.join(INDEPENDENT_SETS)}, split {SPLIT}"
        )
    for name, floor in AT_LEAST.items():
        given = policy[name].values() if name == "macro_f1" else (policy[name],)
        if min(given) < floor:
            faults.append(_looser(name, min(given), floor))
    faults += [_looser(name, policy[name], most) for name, most in AT_MOST.items() if policy[name] > most]
    return faults


def _looser(name: str, given: float, promised: float) -> str:
    return f"gate.{name}: {given} asks for less than {promised}; to promise less takes a decision (ADR 71)"
