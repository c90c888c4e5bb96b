"""Kintell's session exports: a row is a booked or a completed session, and often its rating too."""

from __future__ import annotations

from functools import partial

import polars as pl

from ingest.attribution import PROGRAM_OF_SESSION
from ingest.backfill.drafts import Builder, Drafts, Stamp, event_frame
from ingest.backfill.ids import entity_ids
from ingest.backfill.lookup import Lookup
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted, KintellSessionScheduled

_LISTS = ("topics", "goals_discussed")


def _sessions(
    session_type: pl.Expr, volunteer: str, good: pl.DataFrame, lookup: Lookup, stamp: Stamp
) -> Drafts:
    external_id = good["session_id"]
    rows = lookup.people(good, {"participant_email": "participant_id", volunteer: "volunteer_id"})
    rows = rows.rename({"session_id": "external_session_id"}).with_columns(
        entity_ids("kintell", "session", external_id).alias("session_id"),
        session_type.alias("session_type"),
        pl.coalesce("completed_at", "scheduled_at").alias("happened_at"),
        *(
            pl.when(pl.col(name).list.len() > 0).then(name).alias(name)
            for name in _LISTS
            if name in good.columns
        ),
    )
    rows = lookup.companies(
        rows,
        on=pl.col("happened_at"),
        program_type=pl.col("session_type").replace_strict(dict(PROGRAM_OF_SESSION)),
        participant="participant_id",
        volunteer="volunteer_id",
    )
    subject = pl.concat_str(pl.lit("session/"), "external_session_id")
    source_time = stamp.of(pl.col("happened_at"))
    is_completed = pl.col("completed_at").is_not_null()
    completed, scheduled = rows.filter(is_completed), rows.filter(~is_completed)
    # An export has one rating per session, the participant's, and neither its id nor its time.
    rated = rows.filter(pl.col("rating").is_not_null() | pl.col("feedback_text").is_not_null())
    rated = rated.with_columns(
        entity_ids("kintell", "rating", rated["external_session_id"] + "/participant").alias("rating_id"),
        pl.col("rating").alias("rating_raw"),
        pl.col("rating_share").alias("rating"),
        pl.lit("participant").alias("from_role"),
        pl.min_horizontal("happened_at", pl.lit(stamp.imported_at)).alias("created_at"),
    )
    rating_subject = pl.concat_str(pl.lit("rating/"), "external_session_id", pl.lit("/participant"))
    return Drafts(
        [
            event_frame(KintellSessionCompleted, completed, subject=subject, source_time=source_time),
            event_frame(KintellSessionScheduled, scheduled, subject=subject, source_time=source_time),
            event_frame(KintellRatingCreated, rated, subject=rating_subject, source_time=source_time),
        ]
    )


language_sessions: Builder = partial(_sessions, pl.lit("language"), "volunteer_email")
mentorship_sessions: Builder = partial(_sessions, pl.lit("mentorship"), "mentor_email")


def legacy_sessions(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    """The old export of both programmes. Its one date is a session's start and its end."""
    kind = pl.when(pl.col("session_type") == "mentorship").then(pl.lit("mentorship"))
    return _sessions(
        kind.otherwise(pl.lit("language")), "volunteer_email",
        good.with_columns(scheduled_at="completed_at"), lookup, stamp,
    )  # fmt: skip
