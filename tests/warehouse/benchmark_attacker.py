"""Somebody who wants one company's value out of published benchmarks, and knows nearly everything but that.

The attacker knows who is in which peer group in which quarter, how the quantiles are made, the values of a
company of its own, and even in which order the companies' values stand; it takes values for unchanged
between quarters. What is left is linear: each published number bounds a mean of some unknown values.
Whatever lies between the smallest and the largest value that agrees with everything published is possible;
a company is recovered if all of that is within 5 % of the truth.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np
from scipy.optimize import linprog

QUANTILES = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
WITHIN = 0.05


@dataclass(frozen=True)
class Statement:
    """What a cell says of its companies: a weighted sum of their values lies between two numbers."""

    weights: Mapping[str, float]
    low: float
    high: float


def about_values(
    cell: Mapping[str, float], group: Collection[str], order: Sequence[str], *, is_rounded: bool = True
) -> list[Statement]:
    """What a cell says of the values of its group, whose companies are known with their order."""
    ranked = [company for company in order if company in group]
    width = min(max(4, ceil(len(ranked) / 4)), len(ranked))
    statements = []
    for name, share in QUANTILES.items():
        first = floor(max(share * (len(ranked) - 1) - (width - 1) / 2 + 0.5, 0))
        first = min(first, len(ranked) - width)
        around = ranked[first : first + width]
        low, high = _rounded_from(cell[name]) if is_rounded else (cell[name], cell[name])
        statements.append(Statement(dict.fromkeys(around, 1 / width), low - 1e-9, high + 1e-9))
    return statements


def about_people(people_count: int, group: Collection[str]) -> Statement:
    """What a cell says of the people of its group: at least so many, and fewer than the next step."""
    return Statement(dict.fromkeys(group, 1.0), people_count, _next_step(people_count) - 1)


def recovered(
    truth: Mapping[str, float],
    own: str,
    statements: Sequence[Statement],
    *,
    order: Sequence[str] = (),
) -> dict[str, tuple[float, float]]:
    """The companies of which the attacker is sure, each with the range that it is left with."""
    column = {company: place for place, company in enumerate(truth)}
    rows: list[np.ndarray] = []
    bounds_of_rows: list[float] = []
    for statement in statements:
        row = np.zeros(len(column))
        for company, weight in statement.weights.items():
            row[column[company]] = weight
        rows += [row, -row]
        bounds_of_rows += [statement.high, -statement.low]
    for smaller, larger in pairwise(order):
        row = np.zeros(len(column))
        row[column[smaller]], row[column[larger]] = 1, -1
        rows.append(row)
        bounds_of_rows.append(0)
    bounds: list[tuple[float, float | None]] = [(0, None)] * len(column)
    bounds[column[own]] = (truth[own], truth[own])
    found = {}
    for company in truth.keys() - {own}:
        goal = np.zeros(len(column))
        goal[column[company]] = 1
        lowest = linprog(goal, A_ub=rows, b_ub=bounds_of_rows, bounds=bounds)
        highest = linprog(-goal, A_ub=rows, b_ub=bounds_of_rows, bounds=bounds)
        assert lowest.status == 0, f"no value agrees with what is published: {lowest.message}"
        most = -highest.fun if highest.status == 0 else float("inf")
        if max(truth[company] - lowest.fun, most - truth[company]) <= WITHIN * truth[company]:
            found[company] = (float(lowest.fun), float(most))
    return found


def _rounded_from(value: float) -> tuple[float, float]:
    """The numbers that are published as this one, on a grid of two digits of which the second is 0 or 5."""
    if value == 0:
        return 0.0, 0.0
    power = floor(log10(value) + 1e-9)
    is_power_of_ten = abs(value - 10.0**power) < 1e-9
    # Below a power of ten the grid is ten times finer: 1.0 may stand for 0.98 and for 1.2.
    return value - 2.5 * 10.0 ** (power - 1 - is_power_of_ten), value + 2.5 * 10.0 ** (power - 1)


def _next_step(people: int) -> int:
    return next(step * 10**power for power in range(10) for step in (1, 2, 5) if step * 10**power > people)
