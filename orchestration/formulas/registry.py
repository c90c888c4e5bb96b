"""The formulas with their parameters and sets, as `dbt_project/seeds/formula_parameters.csv` lists them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "formula_parameters.csv"
STANDARD = "standard"


@dataclass(frozen=True)
class SeedRow:
    """One number of the base scenario, in force from a day on."""

    formula: str
    parameter_set: str
    parameter: str
    value: float
    unit: str
    effective_from: date


class Registry:
    """What there is to choose from. Knows no company."""

    def __init__(self, rows: Iterable[SeedRow]) -> None:
        self._rows = tuple(rows)

    @property
    def formulas(self) -> list[str]:
        return sorted({row.formula for row in self._rows})

    def parameters(self, formula: str) -> dict[str, str]:
        """Names of the formula's parameters with their units."""
        return {row.parameter: row.unit for row in self._rows if row.formula == formula}

    def sets(self, formula: str) -> list[str]:
        return sorted({row.parameter_set for row in self._rows if row.formula == formula})

    def values(self, formula: str, parameter_set: str, on: date) -> dict[str, float]:
        """Every parameter on that day: of the set where it names one, else of the standard set."""
        in_force = [row for row in self._rows if row.formula == formula and row.effective_from <= on]
        values: dict[str, float] = {}
        for name in (STANDARD, parameter_set):
            for row in sorted(in_force, key=lambda row: row.effective_from):
                if row.parameter_set == name:
                    values[row.parameter] = row.value
        return values

    def days(self, formula: str) -> set[date]:
        """Days on which a number of the formula changes."""
        return {row.effective_from for row in self._rows if row.formula == formula}


@cache
def registry(path: Path = SEED) -> Registry:
    with path.open(encoding="utf-8", newline="") as file:
        return Registry(_row(line) for line in csv.DictReader(file) if line["scenario"] == "base")


def _row(line: Mapping[str, str]) -> SeedRow:
    return SeedRow(
        formula=line["formula"],
        parameter_set=line["parameter_set"],
        parameter=line["parameter"],
        value=float(line["value"]),
        unit=line["unit"],
        effective_from=date.fromisoformat(line["effective_from"]),
    )
