"""What rows refer to and Postgres knows: people, matches, programmes, and the company of an event.

Answers are joined to the rows as columns. Each distinct thing is asked for once per file or chunk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import polars as pl
import psycopg

from ingest import leases
from ingest.attribution import ProgramType
from ingest.backfill.affiliations import Affiliations
from ingest.backfill.ids import entity_ids
from ingest.people import create_people_blocking, known_people_as_text, known_people_blocking
from ingest.tombstones import ERASED, Tombstones

KNOWN_PEOPLE = 1_000_000  # some 150 MB; a file of more people starts its memory of them afresh


class Match(NamedTuple):
    """A row of `ingest.buddy_matches`. Check-ins, events and feedback name only the match."""

    match_id: UUID
    participant_id: UUID
    buddy_id: UUID
    company_id: UUID | None
    matched_at: datetime


class Lookup:
    """Answers for one chunk at a time, each kind in one statement.

    Without `writes` an unknown person is not made: their id is then good for counting and nothing else.
    """

    def __init__(
        self, connection: psycopg.Connection, *, writes: bool = True, tombstones: Tombstones | None = None
    ) -> None:
        self.connection = connection
        self._writes = writes
        self._people = pl.DataFrame(schema={"external_id": pl.String, "person_id": pl.String})
        self._affiliations = Affiliations(connection)
        self.tombstones = Tombstones() if tombstones is None else tombstones

    def refresh(self) -> int:
        """Learn who was erased meanwhile; returns the generation that the answers are of from now on."""
        before = self.tombstones.generation
        self.tombstones.refresh(self.connection)
        if self.tombstones.generation != before:
            self._people = self._people.clear()
            self._affiliations.forget()
        return self.tombstones.generation

    def people(self, rows: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
        """Rows with a person id for each column of emails or ids of the buddy system: `{column: new column}`.

        An unknown email becomes a pending person. An unknown id of the buddy system stays null: its export
        has a list of its people, so the id is wrong or the list is missing. Whoever was erased is `ERASED`.
        """
        wanted = pl.concat([rows[column].rename("external_id") for column in columns]).drop_nulls().unique()
        self._learn(wanted)
        for column, new in columns.items():
            found = rows.select(pl.col(column).alias("external_id")).join(
                self._people, on="external_id", how="left", maintain_order="left"
            )
            rows = rows.with_columns(found["person_id"].alias(new))
        return rows

    def companies(
        self,
        rows: pl.DataFrame,
        *,
        on: pl.Expr,
        program_type: str | pl.Expr,
        participant: str | None = None,
        volunteer: str | None = None,
        instance: str | None = None,
        into: str = "company_id",
    ) -> pl.DataFrame:
        """Rows with the company each event belongs to. `on` is when it happened; the rest names columns."""
        program = pl.lit(program_type) if isinstance(program_type, str) else program_type
        asked = rows.select(
            *(
                pl.col(column).alias(name) if column else pl.lit(None, pl.String).alias(name)
                for name, column in (
                    ("instance", instance),
                    ("participant", participant),
                    ("volunteer", volunteer),
                )
            ),
            program.alias("program_type"),
            on.dt.date().alias("day"),
        )
        return rows.with_columns(self._affiliations.companies(asked).alias(into))

    def matches(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows whose `match_id` is ours, with `participant_id` and `buddy_id` where the match is known.

        A match that somebody was in who was erased has `ERASED` for both.
        """
        rows = rows.with_columns(entity_ids("buddy", "match", rows["match_id"]).alias("match_id"))
        asked = rows["match_id"].drop_nulls().unique().to_list()
        known = pl.DataFrame(
            self.connection.execute(
                "select match_id::text, participant_id::text, buddy_id::text"
                " from ingest.buddy_matches where match_id = any(%s::uuid[])",
                (asked,),
            ).fetchall(),
            schema={"match_id": pl.String, "participant_id": pl.String, "buddy_id": pl.String},
            orient="row",
        )
        if erased := self.tombstones.among("match", asked):
            gone = pl.DataFrame({"match_id": sorted(erased)}).with_columns(
                pl.lit(str(ERASED)).alias("participant_id"), pl.lit(str(ERASED)).alias("buddy_id")
            )
            known = pl.concat([known.join(gone, on="match_id", how="anti"), gone])
        return rows.join(known, on="match_id", how="left", maintain_order="left")

    def programs(self, rows: pl.DataFrame, column: str) -> pl.DataFrame:
        """Rows with `program_id`, `program_type` and `program_name`, null where no programme has the slug."""
        known = pl.DataFrame(
            self.connection.execute(
                "select program_slug, program_instance_id::text, program_type, program_name"
                " from ingest.program_instances where program_slug = any(%s)",
                (rows[column].unique().to_list(),),
            ).fetchall(),
            schema={
                name: pl.String() for name in (column, "program_id", "program_type", "program_name")
            },
            orient="row",
        )  # fmt: skip
        return rows.join(known, on=column, how="left", maintain_order="left")

    def _learn(self, wanted: pl.Series) -> None:
        missing = wanted.to_frame().join(self._people, on="external_id", how="anti")["external_id"]
        if self._people.height + len(missing) > KNOWN_PEOPLE:
            self._people, missing = self._people.clear(), wanted
            self._affiliations.forget()
        if missing.is_empty():
            return
        is_email = missing.str.contains("@", literal=True)
        emails, ids = missing.filter(is_email), missing.filter(~is_email).to_list()
        found = known_people_blocking(self.connection, "buddy", ids)
        learned = pl.DataFrame(
            {"external_id": list(found), "person_id": [str(person) for person in found.values()]},
            schema=self._people.schema,
        )
        # Whoever was erased stays so, even where somebody has made them anew: each is known once.
        known = pl.concat([self._erased(emails, ids), self._known_emails(emails)]).unique(
            "external_id", keep="first", maintain_order=True
        )
        strangers = emails.to_frame("external_id").join(known, on="external_id", how="anti")
        if self._writes and strangers.height:
            if not self._made(strangers["external_id"].to_list()):
                self._learn(wanted)
                return
            known = pl.concat([known, self._known_emails(strangers["external_id"])])
        elif strangers.height:
            made_up = pl.Series("person_id", [str(uuid4()) for _ in range(strangers.height)])
            known = pl.concat([known, strangers.with_columns(made_up)])
        self._people = pl.concat([self._people, learned, known])

    def _made(self, emails: list[str]) -> bool:
        """Make people of these emails; False, and nobody is made, if somebody was erased since the last look.

        Nobody is erased between that look and the commit: else a stranger would be made of one who just was.
        """
        before = self.tombstones.generation
        with self.connection.transaction():
            leases.write(self.connection)
            if self.refresh() != before:
                return False
            create_people_blocking(self.connection, "email", emails)
        return True

    def _erased(self, emails: pl.Series, buddy_ids: list[str]) -> pl.DataFrame:
        """Ids that erased people had. Theirs are taken out of Postgres, so nobody is found twice."""
        erased = [*self.tombstones.among("email", emails), *self.tombstones.among("buddy", buddy_ids)]
        return pl.DataFrame(
            {"external_id": erased, "person_id": [str(ERASED)] * len(erased)}, schema=self._people.schema
        )

    def _known_emails(self, emails: pl.Series) -> pl.DataFrame:
        """Those that somebody has, with their person. No email has the end of a line in it."""
        answer = known_people_as_text(self.connection, "email", "\n".join(emails.to_list()))
        words = pl.Series(answer.split("\n") if answer else [], dtype=pl.String)
        return pl.DataFrame({"external_id": words.gather_every(2), "person_id": words.gather_every(2, 1)})


class EnrollmentRow(NamedTuple):
    """A row of `ingest.program_enrollments`."""

    person_id: UUID
    program_instance_id: UUID
    status: str
    enrolled_on: date
    completed_on: date | None


# Rows of one file are unique by key, as repeated ids are rejected. Ordered: two imports never deadlock.
UPSERT_ENROLLMENTS = """
insert into ingest.program_enrollments (person_id, program_instance_id, status, enrolled_on, completed_on)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[])
    as given (person_id, program_instance_id, status, enrolled_on, completed_on)
order by person_id, program_instance_id
on conflict (person_id, program_instance_id) do update
set status = excluded.status, enrolled_on = excluded.enrolled_on, completed_on = excluded.completed_on
"""

UPSERT_MATCHES = """
insert into ingest.buddy_matches (match_id, participant_id, buddy_id, company_id, matched_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    as given (match_id, participant_id, buddy_id, company_id, matched_at)
order by match_id
on conflict (match_id) do update
set participant_id = excluded.participant_id, buddy_id = excluded.buddy_id, company_id = excluded.company_id,
    matched_at = excluded.matched_at
"""


def upsert(connection: psycopg.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with psycopg.RawCursor(connection) as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def programs_between(connection: psycopg.Connection, first: date, last: date) -> set[ProgramType]:
    """The programme types that had an instance at work on all of these days."""
    rows = connection.execute(
        "select distinct program_type from ingest.program_instances"
        " where start_date <= %s and coalesce(end_date, 'infinity') >= %s",
        (first, last),
    )
    return {row[0] for row in rows}
