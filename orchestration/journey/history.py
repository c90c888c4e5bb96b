"""What is believed of a flag over time, and what has to be added when a computation says otherwise.

A belief is the flag's steps in the order of valid time; before the first one the flag is not set. Rows are
only ever added: those of a higher revision take the place of all that lower ones say about their first moment
and after. So what was believed at any earlier time can still be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    """What a row of history says about one rule of one person."""

    revision: int
    valid_from: datetime
    value: bool


class Belief(NamedTuple):
    valid_from: datetime
    value: bool


def believed(rows: Iterable[Row]) -> list[Belief]:
    """What rows of history say in the end; of rows that repeat a value, the first."""
    alive: list[Row] = []
    for row in sorted(rows):
        while alive and alive[-1].revision < row.revision and alive[-1].valid_from >= row.valid_from:
            alive.pop()
        alive.append(row)
    return _steps(Belief(row.valid_from, row.value) for row in alive)


def additions(before: Sequence[Belief], after: Sequence[Belief]) -> list[Belief]:
    """The rows of a new revision that turn one belief into the other; none if they say the same."""
    same = 0
    for one, two in zip(before, after, strict=False):
        if one != two:
            break
        same += 1
    rest_before, rest_after = before[same:], after[same:]
    if not rest_before:
        return list(rest_after)
    if rest_after and rest_after[0].valid_from <= rest_before[0].valid_from:
        return list(rest_after)
    # From the first moment on at which the old belief is wrong: there the flag stayed as it was.
    return [Belief(rest_before[0].valid_from, not rest_before[0].value), *rest_after]


def at(steps: Sequence[Belief], moment: datetime) -> bool:
    """The flag's value at a moment."""
    value = False
    for step in steps:
        if step.valid_from > moment:
            break
        value = step.value
    return value


def _steps(beliefs: Iterable[Belief]) -> list[Belief]:
    steps: list[Belief] = []
    for one in beliefs:
        if one.value != (steps[-1].value if steps else False):
            steps.append(one)
    return steps
