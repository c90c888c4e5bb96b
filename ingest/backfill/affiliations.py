"""The company of each of a file's events: the rule of `ingest.attribution`, over columns.

What ties a person to a company (enrolments, memberships) is fetched once per person and file; which tie held
on the day of an event is decided here. A file has many more events than people, and people few ties: one
question to Postgres per event cost more than anything else about an event.
"""

from __future__ import annotations

import io

import polars as pl
import psycopg

# Days are counted from 1970. An end that is open is a day further off than any event's.
_DAYS = "least(greatest({0}, date '0001-01-01'), date '9999-12-31') - date '1970-01-01'"
_END = _DAYS.replace("{0}", "coalesce({0}, 'infinity')")

# One text for an answer: a driver makes no object per row. In the order in which the ties of a person count.
_ENROLLED = f"""
select string_agg(
    concat_ws(
        ',', enrollment.person_id, instance.program_type, instance.company_id,
        {_DAYS.format("enrollment.enrolled_on")},
        {_END.format("enrollment.completed_on")}
    ),
    E'\\n' order by enrollment.enrolled_on desc, instance.program_instance_id
)
from unnest(string_to_array($1, ',')::uuid[]) as asked (person_id)
inner join ingest.program_enrollments as enrollment on enrollment.person_id = asked.person_id
inner join ingest.program_instances as instance
    on instance.program_instance_id = enrollment.program_instance_id
where instance.company_id is not null
"""  # noqa: S608 - no value is in it
_EMPLOYED = f"""
select string_agg(
    concat_ws(
        ',', member.person_id, '', member.company_id,
        {_DAYS.format("member.joined_on")}, {_END.format("member.left_on")}
    ),
    E'\\n' order by member.is_primary desc, member.joined_on desc, member.company_id
)
from unnest(string_to_array($1, ',')::uuid[]) as asked (person_id)
inner join ingest.company_members as member on member.person_id = asked.person_id
"""  # noqa: S608 - no value is in it
_INSTANCES = """
select string_agg(concat_ws(',', program_instance_id, '', company_id, 0, 0), E'\\n')
from ingest.program_instances
where program_instance_id = any(string_to_array($1, ',')::uuid[]) and company_id is not null
"""

_TIE = {
    "id": pl.String(), "program_type": pl.String(), "company_id": pl.String(),
    "from_day": pl.Int32(), "through_day": pl.Int32(),
}  # fmt: skip


class Affiliations:
    """Ties of the people met so far, as they were when each was first asked about."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        """Start afresh, for a file of more people than memory should hold."""
        self._asked = pl.DataFrame(schema={"id": pl.String()})
        self._enrolled = self._employed = pl.DataFrame(schema=_TIE)

    def companies(self, asked: pl.DataFrame) -> pl.Series:
        """The company of each event as text, null for none.

        Columns: `instance`, `participant` and `volunteer` are ids as text or null, `program_type`, and `day`,
        the event's date in UTC.
        """
        self._learn(pl.concat([asked["participant"], asked["volunteer"]]).drop_nulls().unique())
        asked = asked.with_columns(pl.col("day").cast(pl.Int32)).with_row_index("event")
        answers = [
            self._named(asked),
            _first_that_held(asked, self._enrolled, {"participant": "id", "program_type": "program_type"}),
            _first_that_held(asked, self._employed, {"volunteer": "id"}),
        ]
        return pl.select(pl.coalesce(answers)).to_series()

    def _learn(self, people: pl.Series) -> None:
        missing = people.to_frame("id").join(self._asked, on="id", how="anti")
        if missing.is_empty():
            return
        ids = ",".join(missing["id"].to_list())
        self._asked = pl.concat([self._asked, missing])
        self._enrolled = pl.concat([self._enrolled, self._fetched(_ENROLLED, ids)])
        self._employed = pl.concat([self._employed, self._fetched(_EMPLOYED, ids)])

    def _named(self, asked: pl.DataFrame) -> pl.Series:
        """The company whose programme instance the event itself names."""
        named = asked["instance"].drop_nulls().unique()
        if named.is_empty():
            return pl.repeat(None, asked.height, dtype=pl.String, eager=True)
        companies = self._fetched(_INSTANCES, ",".join(named.to_list()))
        joined = asked.select(id="instance").join(companies, on="id", how="left", maintain_order="left")
        return joined["company_id"]

    def _fetched(self, sql: str, ids: str) -> pl.DataFrame:
        with psycopg.RawCursor(self._connection) as cursor:
            row = cursor.execute(sql, (ids,)).fetchone()
        if row is None or row[0] is None:
            return pl.DataFrame(schema=_TIE)
        return pl.read_csv(io.StringIO(row[0]), has_header=False, schema=_TIE)


def _first_that_held(asked: pl.DataFrame, ties: pl.DataFrame, keys: dict[str, str]) -> pl.Series:
    """Of each event's ties the first, in their order, that held on its day."""
    nobody = pl.repeat(None, asked.height, dtype=pl.String, eager=True)
    if ties.is_empty():
        return nobody
    held = (
        asked.select("event", "day", *keys)
        .join(ties, left_on=list(keys), right_on=list(keys.values()), maintain_order="left_right")
        .filter(pl.col("day").is_between("from_day", "through_day"))
        .unique("event", keep="first", maintain_order=True)
    )
    return nobody.scatter(held["event"], held["company_id"])
