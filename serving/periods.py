"""Reporting periods as the API writes them: `2026-09` is a month, `2026-Q3` a quarter, both in UTC."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

Grain = Literal["month", "quarter"]

MONTH = r"(19|20)\d\d-(0[1-9]|1[0-2])"
QUARTER = r"(19|20)\d\d-Q[1-4]"

Period = Annotated[str, StringConstraints(pattern=rf"^({MONTH}|{QUARTER})$")]


def grain_of(period: Period) -> Grain:
    """The grain of a valid period; within one grain, periods sort as text in the order of time."""
    return "quarter" if "Q" in period else "month"
