"""Kintell's session exports: a row is a booked or a completed session, and often its rating too."""

from __future__ import annotations

from functools import partial
from typing import Literal

import msgspec
import polars as pl

from ingest.attribution import PROGRAM_OF_SESSION, Question
from ingest.backfill.drafts import Draft, Drafts, Row, Stamp, people_of, row_number, rows_of
from ingest.backfill.lookup import Lookup
from ingest.contracts import EventData
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted, KintellSessionScheduled
from ingest.events import entity_id

SessionType = Literal["language", "mentorship"]


def _sessions(session_type: SessionType, good: pl.DataFrame, lookup: Lookup, stamp: Stamp) -> Drafts:
    volunteer = "volunteer_email" if session_type == "language" else "mentor_email"
    people = people_of(lookup, good, "participant_email", volunteer)
    program_type = PROGRAM_OF_SESSION[session_type]
    rows = list(rows_of(good))
    companies = lookup.companies(
        [
            Question(
                (row["completed_at"] or row["scheduled_at"]).date(),
                program_type,
                people[row["participant_email"]],
                people[row[volunteer]],
            )
            for row in rows
        ]
    )
    drafts = Drafts()
    for row, company_id in zip(rows, companies, strict=True):
        external_id = row["session_id"]
        session_id = entity_id("kintell", "session", external_id)
        participant_id, volunteer_id = people[row["participant_email"]], people[row[volunteer]]
        happened_at = row["completed_at"] or row["scheduled_at"]
        source_time = stamp.of(happened_at)
        session: EventData
        if row["completed_at"]:
            session = KintellSessionCompleted(
                session_id=session_id,
                external_session_id=external_id,
                session_type=session_type,
                participant_id=participant_id,
                volunteer_id=volunteer_id,
                scheduled_at=row["scheduled_at"],
                completed_at=row["completed_at"],
                duration_minutes=row["duration_minutes"],
                topics=row.get("topics") or None,
                language_level=row.get("language_level"),
                focus_area=row.get("focus_area"),
                goals_discussed=row.get("goals_discussed") or None,
                metadata=_object(row, "metadata"),
            )
        else:
            session = KintellSessionScheduled(
                session_id=session_id,
                external_session_id=external_id,
                session_type=session_type,
                participant_id=participant_id,
                volunteer_id=volunteer_id,
                scheduled_at=row["scheduled_at"],
            )
        number = row_number(row)
        drafts.events.append(Draft(number, session, f"session/{external_id}", company_id, source_time))
        if row["rating"] is not None or row["feedback_text"] is not None:
            # An export has one rating per session, the participant's, and neither its id nor its time.
            rating = KintellRatingCreated(
                rating_id=entity_id("kintell", "rating", f"{external_id}/participant"),
                session_id=session_id,
                external_session_id=external_id,
                from_role="participant",
                participant_id=participant_id,
                rating=row["rating_share"],
                rating_raw=row["rating"],
                feedback_text=row["feedback_text"],
                created_at=min(happened_at, stamp.imported_at),
            )
            subject = f"rating/{external_id}/participant"
            drafts.events.append(Draft(number, rating, subject, company_id, source_time))
    return drafts


def _object(row: Row, name: str) -> dict[str, object] | None:
    cell = row.get(name)
    return msgspec.json.decode(cell, type=dict[str, object]) if cell else None


language_sessions = partial(_sessions, "language")
mentorship_sessions = partial(_sessions, "mentorship")
