"""What retention did with one relation, and how it is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outcome:
    relation: str  # store:name
    period: str
    kept_since: datetime
    removed_count: int
    left_count: int | None  # that should be gone; None: not counted, which is not zero
    proof_query: str

    @property
    def is_proven(self) -> bool:
        return self.left_count == 0
