"""What a load has measured, and the verdict over it by the budgets in budgets.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.load.histogram import Histogram
from tests.load.watch import Watch

BUDGETS = Path(__file__).with_name("budgets.yaml")
MIXED_FACTOR = "factor"
KEPT, BREACHED, VOID = 0, 1, 3  # exit codes; 2 is a wrong command line


@dataclass(frozen=True)
class Budget:
    """One line of budgets.yaml."""

    figure: str
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def text(self) -> str:
        limit = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        return f"{limit} {self.unit}"

    def holds(self, value: float) -> bool:
        if self.at_most is not None:
            return value <= self.at_most
        assert self.at_least is not None
        return value >= self.at_least


@dataclass
class Outcome:
    """One load. A run with `void` reasons has no figure that counts."""

    name: str
    title: str
    command: str
    figures: dict[str, float] = field(default_factory=dict)
    void: list[str] = field(default_factory=list)
    books: dict[str, Any] = field(default_factory=dict)  # the balance, and what streams got
    tails: dict[str, Histogram] = field(default_factory=dict)
    timelines: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    watch: Watch | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def verdicts(self, budgets: Sequence[Budget]) -> list[tuple[Budget, float | None, bool]]:
        """Each budget, what was measured, and whether it holds; what was not measured does not."""
        found = []
        for budget in budgets:
            value = self.figures.get(budget.figure)
            found.append((budget, value, value is not None and budget.holds(value)))
        return found

    def exit_code(self, budgets: Sequence[Budget]) -> int:
        if self.void:
            return VOID
        return KEPT if all(holds for *_, holds in self.verdicts(budgets)) else BREACHED


def budgets_of(name: str, path: Path = BUDGETS) -> list[Budget]:
    """The budgets of one load. Those of `mixed` are the others' times its factor, and its own."""
    declared = yaml.safe_load(path.read_text("utf-8"))
    if name not in declared:
        raise KeyError(f"{path} has no budgets for {name}; it has those of {', '.join(sorted(declared))}")
    own = dict(declared[name])
    factor = own.pop(MIXED_FACTOR, None)
    found = [Budget(figure, **limits) for figure, limits in own.items()]
    if factor:
        for other in ("ingest", "reads", "stream", "freshness"):
            for figure, limits in declared[other].items():
                if figure.endswith(("_ms", "_s")) and "at_most" in limits:
                    budget = Budget(f"{other}_{figure}", limits["unit"], at_most=limits["at_most"] * factor)
                    found.append(budget)
    return found
