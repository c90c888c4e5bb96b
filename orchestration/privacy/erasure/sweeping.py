"""What a sweep of one relation tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class SweepError(Exception):
    """A relation could not be swept; the message says which and what to do. The step can be run again."""


@dataclass(frozen=True)
class Swept:
    """Rows, messages or files of the people: before and after. `detail` holds counts and ids of things."""

    before: int
    after: int = 0
    detail: dict[str, Any] = field(default_factory=dict)
