"""Good rows as events: what a format's rows say, in the words of the contracts, a column at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from ingest.backfill.canonical import Fields, canonical_columns
from ingest.backfill.errors import Reject
from ingest.backfill.lookup import Lookup
from ingest.backfill.source import ROW
from ingest.contracts import EventData
from ingest.contracts.base import contract_of_type
from ingest.events import NIL
from ingest.sealing import columns
from ingest.tombstones import ERASED


@dataclass
class Drafts:
    """What a chunk becomes: events, people beside them, and what was noticed on the way."""

    events: list[pl.DataFrame] = field(default_factory=list)
    people: pl.DataFrame | None = None  # whom the rows introduce, for `ingest.landed_people`
    rejects: list[Reject] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)

    def leave_out_erased(self) -> None:
        """Leave out what names a person who was erased, whoever else it names: such a row becomes nothing."""
        erased = str(ERASED)
        self.events = [
            frame.filter(
                (pl.col("person_id") != erased) & ~pl.col("data").str.contains(erased, literal=True)
                & ~pl.col("subject").str.contains(erased, literal=True)
            )
            for frame in self.events
        ]  # fmt: skip
        if self.people is not None:
            self.people = self.people.filter(pl.col("person_id") != erased)

    def row_count(self) -> int:
        """How many rows became anything."""
        said = [
            frame["file_row"] for frame in [*self.events, *([self.people] if self.people is not None else [])]
        ]
        return pl.concat(said).n_unique() if said else 0


class Stamp(NamedTuple):
    """When the source said what a row says: at its export if known, else at the row's own latest time.

    Never later than the import, so that a session booked for next year cannot outrank its own completion.
    """

    exported_at: datetime | None
    imported_at: datetime

    def of(self, latest: pl.Expr) -> pl.Expr:
        said = latest if self.exported_at is None else pl.lit(self.exported_at)
        return pl.min_horizontal(said, pl.lit(self.imported_at))


Builder = Callable[[pl.DataFrame, Lookup, Stamp], Drafts]


def event_frame(
    data: type[EventData],
    rows: pl.DataFrame,
    *,
    subject: pl.Expr,
    source_time: pl.Expr,
    also: Fields | None = None,
    company: str = "company_id",
) -> pl.DataFrame:
    """One event per row. Its fields are the columns of the same name, unless `also` says otherwise."""
    contract = contract_of_type(data)
    fields: dict[str, Any] = {name: pl.col(name) for name in data.__struct_fields__ if name in rows.columns}
    fields.update(also or {})
    person = fields.get(contract.person) if contract.person else None
    masked, texts = columns.masked(contract, fields)
    return rows.select(
        pl.col(ROW).cast(pl.UInt64).alias("file_row"),
        pl.lit(contract.event_type).alias("event_type"),
        subject.alias("subject"),
        pl.col(company).fill_null(str(NIL)).alias("company_id"),
        (pl.lit(str(NIL)) if person is None else person.fill_null(str(NIL))).alias("person_id"),
        fields[contract.time].dt.cast_time_unit("ms").alias("event_time"),
        source_time.dt.cast_time_unit("ms").alias("source_time"),
        # As it was written: ids follow from it, and a batch is judged by it.
        canonical_columns(data, fields).alias("data"),
        # What is stored in its place is put together once the keys are known.
        *([canonical_columns(data, masked).alias(columns.MASKED), *texts] if texts else []),
    )


def reject_strangers(
    drafts: Drafts, given: pl.DataFrame, rows: pl.DataFrame, columns: tuple[str, ...]
) -> pl.DataFrame:
    """Rows in which every id of a person was found; the others are rejected. `given` has the ids as read."""
    strangers = [given[column].is_not_null() & rows[column].is_null() for column in columns]
    for column, mask in zip(columns, strangers, strict=True):
        message = f"{column} is no known user; import the export's users first"
        rejected = {reject.row for reject in drafts.rejects}
        drafts.rejects += [
            Reject(row, "E013", message)
            for row in given.filter(mask)[ROW].unique(maintain_order=True).to_list()
            if row not in rejected
        ]
    return rows.filter(~pl.select(pl.any_horizontal(*strangers)).to_series())
