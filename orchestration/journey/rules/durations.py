"""Lengths of time as rules write them: `14 days`, `2 weeks`, `1 month` (30 days), `36 hours`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PATTERN = r"^[1-9][0-9]{0,5} (minute|hour|day|week|month)s?$"
LONGEST = timedelta(days=36_500)
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
_SPELLED = re.compile(r"\s*([1-9][0-9]{0,5})\s+(minute|hour|day|week|month)s?\s*")


def parse_duration(text: Any) -> timedelta:
    """The length of time a text spells; raises `ValueError` with what would have been right."""
    if isinstance(text, timedelta):
        return text
    if isinstance(text, str) and (spelled := _SPELLED.fullmatch(text)):
        duration = int(spelled[1]) * _UNITS[spelled[2]]
        if duration <= LONGEST:
            return duration
        raise ValueError("longer than a hundred years")
    raise ValueError("not a length of time: write a number and a unit, such as 14 days, 2 weeks or 36 hours")


def spell(duration: timedelta) -> str:
    """The shortest spelling that `parse_duration` reads back; whole minutes."""
    minutes = round(duration.total_seconds() / 60)
    for unit in ("week", "day", "hour", "minute"):
        number, rest = divmod(minutes, _UNITS[unit] // timedelta(minutes=1))
        if rest == 0 or unit == "minute":
            break
    return f"{number} {unit}{'' if number == 1 else 's'}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(spell, return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["14 days", "2 weeks", "36 hours"]}),
]
