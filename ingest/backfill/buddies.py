"""The buddy system's exports: whom it matched, what they do, how they fare, rate it and get on."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import polars as pl

from ingest.backfill.canonical import Fields
from ingest.backfill.drafts import Builder, Drafts, Stamp, event_frame, reject_strangers
from ingest.backfill.ids import entity_ids
from ingest.backfill.lookup import Lookup
from ingest.backfill.source import ROW
from ingest.contracts import EventData
from ingest.contracts.buddy import (
    BuddyCheckinCompleted,
    BuddyEventAttended,
    BuddyEventLogged,
    BuddyFeedbackSubmitted,
    BuddyMatchCreated,
    BuddyMatchEnded,
    BuddyMilestoneReached,
    BuddySkillShareCompleted,
)

_PROGRAM = "buddy"


def matches(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = good.with_columns(pl.col("match_id").alias("external_id"))
    rows = lookup.people(rows, {"participant_id": "participant_id", "buddy_id": "buddy_id"})
    rows = reject_strangers(drafts, good, rows, ("participant_id", "buddy_id"))
    rows = rows.with_columns(entity_ids("buddy", "match", rows["match_id"]).alias("match_id"))
    _matches(drafts, rows, lookup, stamp)
    return drafts


def simple_matches(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    """The list people keep by hand has no ids: a match is its two people and its day."""
    drafts = Drafts()
    rows = lookup.people(good, {"participant_email": "participant_id", "buddy_email": "buddy_id"})
    rows = rows.with_columns(
        pl.concat_str("participant_id", "buddy_id", pl.col("matched_at").dt.date(), separator="/").alias(
            "external_id"
        ),
        pl.when(pl.col("interests").list.len() > 0).then("interests").alias("interests"),
        *(pl.lit(None, kind).alias(name) for name, kind in _NOT_TOLD.items()),
    )
    rows = rows.with_columns(entity_ids("buddy", "match", rows["external_id"]).alias("match_id"))
    drafts.warnings["W004"] = rows.filter(pl.col("status") == "ended").height
    criteria: Fields = {name: pl.col(name) for name in ("language", "interests", "location")}
    _matches(drafts, rows, lookup, stamp, {"matching_criteria": criteria})
    return drafts


_NOT_TOLD = {
    "ended_at": pl.Datetime("us", "UTC"), "end_reason": pl.String(),
    "sessions_completed": pl.Float64(), "events_attended": pl.Float64(),
}  # fmt: skip


def _matches(
    drafts: Drafts, rows: pl.DataFrame, lookup: Lookup, stamp: Stamp, also: Fields | None = None
) -> None:
    rows = lookup.companies(
        rows,
        on=pl.col("matched_at"),
        program_type=_PROGRAM,
        participant="participant_id",
        volunteer="buddy_id",
    )
    drafts.events.append(
        event_frame(
            BuddyMatchCreated, rows,
            subject=pl.concat_str(pl.lit("match/"), "external_id"),
            source_time=stamp.of(pl.coalesce("ended_at", "matched_at")),
            also=also,
        )
    )  # fmt: skip
    ended = rows.filter(pl.col("ended_at").is_not_null())
    # Asked again, as a match's end may fall to another company than its start.
    ended = lookup.companies(
        ended,
        on=pl.col("ended_at"),
        program_type=_PROGRAM,
        participant="participant_id",
        volunteer="buddy_id",
    )
    # Recomputed: exports were seen whose own number of days is wrong. A first day counts as one.
    days = (pl.col("ended_at").dt.date() - pl.col("matched_at").dt.date()).dt.total_days()
    drafts.events.append(
        event_frame(
            BuddyMatchEnded, ended,
            subject=pl.concat_str(pl.lit("match-end/"), "external_id"),
            source_time=stamp.of(pl.col("ended_at")),
            also={"duration": pl.max_horizontal(days, 1), "reason": pl.col("end_reason").fill_null("other")},
        )
    )  # fmt: skip


class OfMatch(NamedTuple):
    """How a row that names only its match becomes an event."""

    data: type[EventData]
    key: str
    entity: str
    time: str


def _of_match(kind: OfMatch, good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = good
    also: dict[str, pl.Expr | Fields] = {}
    if kind.data is BuddyEventLogged:
        rows = _with_attendees(drafts, rows, lookup)
    if kind.data is BuddyFeedbackSubmitted:
        also["rating"], also["rating_raw"] = pl.col("rating_share"), pl.col("rating")
        also["categories"] = {
            name: pl.col(f"{name}_share") for name in ("communication", "helpfulness", "engagement")
        }
    rows = lookup.matches(rows.with_columns(pl.col(kind.key).alias("external_id")))
    drafts.warnings["W001"] = rows["participant_id"].null_count()
    rows = lookup.companies(
        rows, on=pl.col(kind.time), program_type=_PROGRAM, participant="participant_id", volunteer="buddy_id"
    )
    drafts.events.append(
        event_frame(
            kind.data, rows.with_columns(entity_ids("buddy", kind.entity, rows[kind.key]).alias(kind.key)),
            subject=pl.concat_str(pl.lit(f"{kind.entity}/"), "external_id"),
            source_time=stamp.of(pl.col(kind.time)),
            also=also,
        )
    )  # fmt: skip
    return drafts


def _with_attendees(drafts: Drafts, rows: pl.DataFrame, lookup: Lookup) -> pl.DataFrame:
    """Rows whose list of attendees is one of person ids; a row that names a stranger is rejected."""
    each = rows.select(ROW, "attendees").explode("attendees").drop_nulls()
    if each.is_empty():
        return rows.with_columns(pl.lit(None, pl.List(pl.String)).alias("attendees"))
    known = reject_strangers(drafts, each, lookup.people(each, {"attendees": "attendees"}), ("attendees",))
    lists = known.group_by(ROW, maintain_order=True).agg("attendees")
    strangers = {reject.row for reject in drafts.rejects}
    return (
        rows.drop("attendees")
        .join(lists, on=ROW, how="left", maintain_order="left")
        .filter(~pl.col(ROW).is_in(list(strangers)))
    )


def attendance(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = _with_people(drafts, good, lookup, {"user_id": "user_id"})
    rows = rows.with_columns(
        pl.concat_str(pl.lit("attendance/"), "event_id", pl.lit("/"), "external_user_id").alias("subject"),
        entity_ids("buddy", "buddy-event", rows["event_id"]).alias("event_id"),
    )
    drafts.events.append(
        _of_people(BuddyEventAttended, rows, lookup, stamp, "attended_at", "user_id", "user_id")
    )
    return drafts


def skill_sessions(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = _with_people(drafts, good, lookup, {"teacher_id": "teacher_id", "learner_id": "learner_id"})
    rows = rows.with_columns(
        pl.concat_str(pl.lit("skill-session/"), "session_id").alias("subject"),
        entity_ids("buddy", "skill-session", rows["session_id"]).alias("session_id"),
    )
    comments = pl.concat_str("teacher_comment", "learner_comment", separator="\n", ignore_nulls=True)
    feedback: Fields = {
        "teacher_rating": pl.col("teacher_rating_share"),
        "learner_rating": pl.col("learner_rating_share"),
        "comments": pl.when(
            pl.any_horizontal(pl.col("teacher_comment", "learner_comment").is_not_null())
        ).then(comments),
        "learner_progress": pl.col("learner_progress"),
    }
    drafts.events.append(
        _of_people(
            BuddySkillShareCompleted, rows, lookup, stamp, "completed_at", "learner_id", "teacher_id",
            {"feedback": feedback},
        )
    )  # fmt: skip
    return drafts


def milestones(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    drafts = Drafts()
    rows = _with_people(drafts, good, lookup, {"user_id": "user_id"})
    subject = pl.concat_str(
        pl.lit("milestone/"), pl.col("milestone_id").cast(pl.Int64), pl.lit("/"), "external_user_id"
    )
    rows = rows.with_columns(subject.alias("subject"))
    drafts.events.append(
        _of_people(BuddyMilestoneReached, rows, lookup, stamp, "reached_at", "user_id", "user_id")
    )
    return drafts


def _with_people(drafts: Drafts, good: pl.DataFrame, lookup: Lookup, columns: dict[str, str]) -> pl.DataFrame:
    """Rows of known people, with their ids; `external_user_id` is the user as the export says it."""
    rows = good.with_columns(pl.col("user_id").alias("external_user_id")) if "user_id" in columns else good
    return reject_strangers(drafts, good, lookup.people(rows, columns), tuple(columns))


def _of_people(
    data: type[EventData],
    rows: pl.DataFrame,
    lookup: Lookup,
    stamp: Stamp,
    time: str,
    participant: str,
    volunteer: str,
    also: Fields | None = None,
) -> pl.DataFrame:
    """Events of people who need no match. Where one is named and known, it says whose company counts."""
    if "match_id" in rows.columns:
        rows = lookup.matches(rows)
        two = (pl.coalesce("participant_id", participant), pl.coalesce("buddy_id", volunteer))
    else:
        two = (pl.col(participant), pl.col(volunteer))
    rows = rows.with_columns(two[0].alias("_participant"), two[1].alias("_volunteer"))
    rows = lookup.companies(
        rows, on=pl.col(time), program_type=_PROGRAM, participant="_participant", volunteer="_volunteer"
    )
    return event_frame(data, rows, subject=pl.col("subject"), source_time=stamp.of(pl.col(time)), also=also)


events: Builder = partial(_of_match, OfMatch(BuddyEventLogged, "event_id", "buddy-event", "event_date"))
checkins: Builder = partial(
    _of_match, OfMatch(BuddyCheckinCompleted, "checkin_id", "checkin", "checkin_date")
)
feedback: Builder = partial(
    _of_match, OfMatch(BuddyFeedbackSubmitted, "feedback_id", "feedback", "submitted_at")
)
