"""Reporting periods as the API writes them: `2026-09` is a month, `2026-Q3` a quarter, both in UTC."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

Grain = Literal["month", "quarter"]

MONTH = r"(19|20)\d\d-(0[1-9]|1[0-2])"
QUARTER = r"(19|20)\d\d-Q[1-4]"

_PERIOD = re.compile(f"{MONTH}|{QUARTER}")


def _checked(period: str) -> str:
    if not _PERIOD.fullmatch(period):
        raise ValueError("give a month such as 2026-09 or a quarter such as 2026-Q3")
    return period


Period = Annotated[
    str,
    AfterValidator(_checked),  # not a pattern constraint: its message would be the pattern
    WithJsonSchema({"type": "string", "pattern": f"^({MONTH}|{QUARTER})$"}),
]


def grain_of(period: Period) -> Grain:
    """The grain of a valid period; within one grain, periods sort as text in the order of time."""
    return "quarter" if "Q" in period else "month"


def _checked_quarter(period: str) -> str:
    if not re.fullmatch(QUARTER, period):
        raise ValueError("give a quarter such as 2026-Q3")
    return period


Quarter = Annotated[
    str,
    AfterValidator(_checked_quarter),
    WithJsonSchema({"type": "string", "pattern": f"^{QUARTER}$"}),
]
