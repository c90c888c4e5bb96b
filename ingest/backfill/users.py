"""User exports: who the people are. They become no events, since names and emails stay in Postgres."""

from __future__ import annotations

from functools import partial

import polars as pl

from ingest.backfill.drafts import Builder, Drafts, Stamp
from ingest.backfill.formats_kintell import ROLES
from ingest.backfill.lookup import Lookup
from ingest.backfill.source import ROW


def _kintell_users(program_type: str, good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = lookup.people(good, {"email": "person_id"})
    name = pl.col("name").str.splitn(" ", 2).struct
    return Drafts(
        people=rows.select(
            pl.col(ROW).alias("file_row"),
            "person_id",
            pl.lit(None, pl.String).alias("buddy_external_id"),
            name.field("field_0").str.strip_chars().alias("first_name"),
            name.field("field_1").str.strip_chars().alias("last_name"),
            pl.lit(program_type).alias("program_type"),
            pl.col("role").str.to_lowercase().replace_strict(ROLES).alias("role"),
            pl.col("joined_at").dt.date().alias("joined_on"),
        )
    )


def buddy_users(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = lookup.people(good, {"email": "person_id"})
    return Drafts(
        people=rows.select(
            pl.col(ROW).alias("file_row"),
            "person_id",
            pl.col("id").alias("buddy_external_id"),
            "first_name",
            "last_name",
            pl.lit("buddy").alias("program_type"),
            pl.col("role").replace("buddy", "volunteer"),
            pl.col("joined_at").dt.date().alias("joined_on"),
        )
    )


language_users: Builder = partial(_kintell_users, "language_ukraine")
mentorship_users: Builder = partial(_kintell_users, "mentors_ukraine")
