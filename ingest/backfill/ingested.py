"""Hours, donations and placements as events. Each counts for the company it names, else for the person's.

Hours and donations are an employee's: without a company they could count nowhere, so such a row is rejected.
A placement is a participant's, whose company follows from the programme, as for everything they do.
"""

from __future__ import annotations

from uuid import UUID

import polars as pl

from ingest.backfill.canonical import Fields
from ingest.backfill.drafts import Drafts, Stamp, event_frame
from ingest.backfill.errors import Reject
from ingest.backfill.formats_ingested import YES
from ingest.backfill.lookup import Lookup
from ingest.backfill.source import ROW
from ingest.contracts.ingested import IngestDonationMade, IngestPlacementCreated, IngestVolunteerLogged

_CURRENCY = r"^[A-Z]{3}$"


def volunteering(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = _of_employees(drafts, good, lookup, "activity_date")
    fields: Fields = {
        "activity_type": pl.col("activity_type").fill_null("other"),
        "hours_logged": pl.col("hours"),
        "verified": _said_yes("verified"),
    }
    drafts.events.append(
        event_frame(
            IngestVolunteerLogged, rows, subject=_subject("volunteering"),
            source_time=stamp.of(pl.col("activity_date")), also=fields,
        )
    )  # fmt: skip
    return drafts


def donations(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = good.with_columns(pl.col("currency").str.to_uppercase())
    message = "currency is not a code of three letters"
    rows = _reject(drafts, rows, ~pl.col("currency").str.contains(_CURRENCY), "E008", message)
    rows = _of_employees(drafts, rows, lookup, "donation_date")
    added = pl.any_horizontal(pl.col("match_amount", "match_ratio").fill_null(0) > 0)
    fields: Fields = {
        "donation_type": pl.col("donation_type").fill_null("other"),
        "company_match": {
            "matched": pl.when(added).then(True),
            "match_amount": pl.when(added).then("match_amount"),
            "match_ratio": pl.when(added).then("match_ratio"),
        },
    }
    drafts.events.append(
        event_frame(
            IngestDonationMade, rows, subject=_subject("donation"),
            source_time=stamp.of(pl.col("donation_date")), also=fields,
        )
    )  # fmt: skip
    return drafts


def placements(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = lookup.programs(good, "program_slug")
    unknown = pl.col("program_slug").is_not_null() & pl.col("program_id").is_null()
    message = "program_slug is no known programme; import program_instances.csv first"
    rows = _reject(drafts, rows, unknown, "E012", message)
    rows = _with_named_company(drafts, rows, lookup)
    rows = lookup.people(rows, {"participant_email": "user_id", "mentor_email": "mentor_id"})
    # Mentors are found in the mentors' programme, jobs and what leads to them after a course.
    mentored = (pl.col("placement_type") == "mentorship_match") | (pl.col("source_system") == "mentorship")
    rows = lookup.companies(
        rows, on=pl.col("placement_date"),
        participant="user_id", volunteer="mentor_id", instance="program_id",
        program_type=pl.when(mentored).then(pl.lit("mentors_ukraine")).otherwise(pl.lit("upskilling")),
        into="found_company",
    )  # fmt: skip
    rows = rows.with_columns(pl.coalesce("named_company", "found_company").alias("company_id"))
    fields: Fields = {"outcome": {"successful": _successful(), "rating": pl.col("rating")}}
    drafts.events.append(
        event_frame(
            IngestPlacementCreated, rows, subject=_subject("placement"),
            source_time=stamp.of(pl.col("placement_date")), also=fields,
        )
    )  # fmt: skip
    return drafts


def _of_employees(drafts: Drafts, good: pl.DataFrame, lookup: Lookup, time: str) -> pl.DataFrame:
    """Rows with `user_id` and `company_id`: the company that is named, else the employer of that day."""
    rows = _with_named_company(drafts, good, lookup)
    rows = lookup.people(rows, {"employee_email": "user_id"})
    # Nobody is a participant here, so the programme type decides nothing.
    rows = lookup.companies(
        rows, on=pl.col(time), program_type="buddy", volunteer="user_id", into="found_company"
    )
    rows = rows.with_columns(pl.coalesce("named_company", "found_company").alias("company_id"))
    message = "employee_email belonged to no company that day; name one in the column company"
    return _reject(drafts, rows, pl.col("company_id").is_null(), "E015", message)


def _with_named_company(drafts: Drafts, rows: pl.DataFrame, lookup: Lookup) -> pl.DataFrame:
    """Rows with `named_company`, by id or by name in any case; null where the cell is empty."""
    known: dict[str, UUID] = {}
    for company_id, name in lookup.connection.execute("select company_id, name from ingest.companies"):
        known |= {name.strip().lower(): company_id, str(company_id): company_id}
    said = pl.col("company").str.to_lowercase()
    ids = {name: str(company_id) for name, company_id in known.items()}
    rows = rows.with_columns(
        said.replace_strict(ids, default=None, return_dtype=pl.String).alias("named_company")
    )
    unknown = pl.col("company").is_not_null() & pl.col("named_company").is_null()
    message = "company is no known company; import companies.csv first"
    return _reject(drafts, rows, unknown, "E014", message)


def _reject(drafts: Drafts, rows: pl.DataFrame, bad: pl.Expr, code: str, message: str) -> pl.DataFrame:
    """The other rows; those that are `bad` are noted."""
    drafts.rejects += [Reject(row, code, message) for row in rows.filter(bad)[ROW].to_list()]
    return rows.filter(~bad)


def _subject(kind: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{kind}/"), "source_system", pl.lit("/"), "source_id")


def _said_yes(column: str) -> pl.Expr:
    # What is a field's default is left out of an event, so a no is an absent field.
    return pl.when(pl.col(column).is_in(YES)).then(True)


def _successful() -> pl.Expr:
    return pl.when(pl.col("successful").is_not_null()).then(pl.col("successful").is_in(YES))
