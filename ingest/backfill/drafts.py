"""Good rows as events: what each format's row says, in the words of the event contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import polars as pl

from ingest.backfill.errors import Reject
from ingest.backfill.lookup import EnrollmentRow, Lookup, Match
from ingest.backfill.source import ROW
from ingest.contracts import EventData

Row = dict[str, Any]


class Draft(NamedTuple):
    """An event before it has an envelope."""

    row: int
    data: EventData
    subject: str
    company_id: UUID | None
    source_time: datetime


@dataclass
class Drafts:
    """What a chunk becomes: events, rows of Postgres beside them, and what was noticed on the way."""

    events: list[Draft] = field(default_factory=list)
    enrollments: list[EnrollmentRow] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)


class Stamp(NamedTuple):
    """When the source said what a row says: at its export if known, else at the row's own latest time.

    Never later than the import, so that a session booked for next year cannot outrank its own completion.
    """

    exported_at: datetime | None
    imported_at: datetime

    def of(self, latest: datetime) -> datetime:
        return min(self.exported_at or latest, self.imported_at)


Builder = Callable[[pl.DataFrame, Lookup, Stamp], Drafts]


def rows_of(good: pl.DataFrame) -> Iterable[Row]:
    return good.iter_rows(named=True)


def people_of(lookup: Lookup, good: pl.DataFrame, *columns: str) -> Mapping[str, UUID]:
    return lookup.people(pl.concat([good[column] for column in columns]).unique().to_list())


def row_number(row: Row) -> int:
    number: int = row[ROW]
    return number
