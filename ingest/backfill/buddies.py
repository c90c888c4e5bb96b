"""The buddy system's exports: matches, what matched pairs do, how they fare, how they rate it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec
import polars as pl

from ingest.attribution import Question
from ingest.backfill.drafts import Draft, Drafts, Row, Stamp, people_of, row_number, rows_of
from ingest.backfill.lookup import Lookup, Match
from ingest.contracts import EventData
from ingest.contracts.buddy import (
    BuddyCheckinCompleted,
    BuddyEventLogged,
    BuddyFeedbackSubmitted,
    BuddyMatchCreated,
    BuddyMatchEnded,
    FeedbackCategories,
)
from ingest.events import entity_id


def matches(good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    people = people_of(lookup, good, "participant_id", "buddy_id")
    rows = list(rows_of(good))
    # Asked twice per match, as its end may fall to another company than its start.
    questions = [
        Question(at.date(), "buddy", people[row["participant_id"]], people[row["buddy_id"]])
        for row in rows
        for at in (row["matched_at"], row["ended_at"] or row["matched_at"])
    ]
    companies = lookup.companies(questions)
    drafts = Drafts()
    for row, company_id, company_at_end in zip(rows, companies[::2], companies[1::2], strict=True):
        external_id, matched_at, ended_at = row["match_id"], row["matched_at"], row["ended_at"]
        match = Match(
            entity_id("buddy", "match", external_id),
            people[row["participant_id"]],
            people[row["buddy_id"]],
            company_id,
            matched_at,
        )
        drafts.matches.append(match)
        created = BuddyMatchCreated(
            match_id=match.match_id,
            participant_id=match.participant_id,
            buddy_id=match.buddy_id,
            matched_at=matched_at,
        )
        number = row_number(row)
        drafts.events.append(
            Draft(number, created, f"match/{external_id}", company_id, stamp.of(ended_at or matched_at))
        )
        if ended_at:
            ended = BuddyMatchEnded(
                match_id=match.match_id,
                participant_id=match.participant_id,
                buddy_id=match.buddy_id,
                ended_at=ended_at,
                # Recomputed: exports were seen whose own number of days is wrong. A first day counts as one.
                duration=max((ended_at.date() - matched_at.date()).days, 1),
                reason=row["end_reason"] or "other",
                sessions_completed=_whole(row["sessions_completed"]),
                events_attended=_whole(row["events_attended"]),
            )
            drafts.events.append(
                Draft(number, ended, f"match-end/{external_id}", company_at_end, stamp.of(ended_at))
            )
    return drafts


class OfMatch(NamedTuple):
    """How a row that names only its match becomes an event."""

    key: str
    subject: str
    time: str
    data: Callable[[Row, UUID, UUID, UUID | None], EventData]


def _event(row: Row, event_id: UUID, match_id: UUID, participant_id: UUID | None) -> BuddyEventLogged:
    return BuddyEventLogged(
        event_id=event_id,
        match_id=match_id,
        participant_id=participant_id,
        event_type=row["event_type"],
        event_date=row["event_date"],
        description=row["description"],
        location=row["location"],
    )


def _checkin(
    row: Row, checkin_id: UUID, match_id: UUID, participant_id: UUID | None
) -> BuddyCheckinCompleted:
    answers = row["question_responses"]
    return BuddyCheckinCompleted(
        checkin_id=checkin_id,
        match_id=match_id,
        participant_id=participant_id,
        checkin_date=row["checkin_date"],
        mood=row["mood"],
        notes=row["notes"],
        question_responses=msgspec.json.decode(answers) if answers else None,
    )


def _feedback(
    row: Row, feedback_id: UUID, match_id: UUID, participant_id: UUID | None
) -> BuddyFeedbackSubmitted:
    parts = {name: row[f"{name}_share"] for name in ("communication", "helpfulness", "engagement")}
    return BuddyFeedbackSubmitted(
        feedback_id=feedback_id,
        match_id=match_id,
        participant_id=participant_id,
        from_role=row["from_role"],
        rating=row["rating_share"],
        rating_raw=row["rating"],
        feedback_text=row["feedback_text"],
        submitted_at=row["submitted_at"],
        categories=FeedbackCategories(**parts) if any(part is not None for part in parts.values()) else None,
    )


def _of_match(kind: OfMatch, good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    rows = list(rows_of(good))
    match_ids = [entity_id("buddy", "match", row["match_id"]) for row in rows]
    known = lookup.matches(match_ids)
    drafts = Drafts()
    questions = []
    for row, match_id in zip(rows, match_ids, strict=True):
        match = known.get(match_id)
        drafts.warnings["W001"] += match is None
        on_day = row[kind.time].date()
        questions.append(
            Question(on_day, "buddy", match.participant_id, match.buddy_id)
            if match
            else Question(on_day, "buddy")
        )
    companies = lookup.companies(questions)
    for row, match_id, question, company_id in zip(rows, match_ids, questions, companies, strict=True):
        external_id, at = row[kind.key], row[kind.time]
        source_time: datetime = stamp.of(at)
        own_id = entity_id("buddy", kind.subject, external_id)
        data = kind.data(row, own_id, match_id, question.participant_id)
        subject = f"{kind.subject}/{external_id}"
        drafts.events.append(Draft(row_number(row), data, subject, company_id, source_time))
    return drafts


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


events = partial(_of_match, OfMatch("event_id", "buddy-event", "event_date", _event))
checkins = partial(_of_match, OfMatch("checkin_id", "checkin", "checkin_date", _checkin))
feedback = partial(_of_match, OfMatch("feedback_id", "feedback", "submitted_at", _feedback))
