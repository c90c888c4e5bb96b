"""A draft: an event that still names people by email and whose company is still to be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ingest.attribution import Question
from ingest.contracts import EventData

People = Mapping[str, UUID]


@dataclass(frozen=True)
class Draft:
    """What one delivery says, read and checked, before anything was looked up.

    `emails` are resolved for a whole batch at once; `data` and `question` then take the ids they need.
    """

    subject: str
    source: str
    data: Callable[[People], EventData]
    emails: tuple[str, ...] = ()
    question: Callable[[People], Question] | None = None
