"""What the facts beyond sessions and matches should hold, worked out in plain Python from the events.

Expected rows are written as the columns that say what happened, by subject; lineage is checked beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ingest.events import Event
from tests.warehouse.oracle import states_of_courses

FACTS = (
    "fct_ai_costs", "fct_bookings", "fct_buddy_attendances", "fct_buddy_checkins", "fct_buddy_events",
    "fct_buddy_feedback", "fct_buddy_matches", "fct_buddy_milestones", "fct_course_completions",
    "fct_credentials", "fct_donations", "fct_enrollments", "fct_learning_progress", "fct_outcome_scores",
    "fct_placements", "fct_ratings", "fct_sessions", "fct_skill_shares", "fct_volunteering",
)  # fmt: skip
NIL = UUID(int=0)


class Expected(NamedTuple):
    """The columns to compare, and the row of each fact, in the order of event ids."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def facts(events: Iterable[Event]) -> dict[str, Expected]:
    """Every row of every fact described here, with the event it comes from."""
    events = list(events)
    found = {
        name: _expected(columns, ((row(event.data), event) for event in _latest(events, *types)))
        for name, (types, columns, row) in _FACTS.items()
    }
    return found | {"fct_learning_progress": _learning_progress(events)}


def _expected(columns: tuple[str, ...], rows: Iterable[tuple[tuple[Any, ...], Event]]) -> Expected:
    complete = [
        (*map(_as_stored, values), event.companyid or NIL, event.id) for values, event in rows
    ]  # fmt: skip
    return Expected((*columns, "company_id", "event_id"), sorted(complete, key=lambda row: row[-1]))


def _as_stored(value: Any) -> Any:
    """ClickHouse's client gives times in UTC without saying so."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _latest(events: Iterable[Event], *types: str) -> Iterable[Event]:
    """The version of each subject that its source wrote last; a full record before any announcement of it."""
    best: dict[str, Event] = {}
    for event in events:
        if event.type in types:
            known = best.get(event.subject)
            if known is None or _rank(event) > _rank(known):
                best[event.subject] = event
    return best.values()


def _rank(event: Event) -> tuple[bool, Any]:
    return not event.type.startswith("external."), event.sourcetime


def _learning_progress(events: Iterable[Event]) -> Expected:
    states = states_of_courses(events)
    newest = {subject: max(at for one, at in states if one == subject) for subject, _ in states}
    columns = ("progress_id", "person_id", "status", "progress_percent", "updated_at", "is_latest")
    row = _fields("progress_id", "user_id", "status", "progress_percent", "updated_at")
    return _expected(
        columns, (((*row(e.data), e.time == newest[e.subject]), e) for e in states.values())
    )  # fmt: skip


def _volunteering(data: Any) -> tuple[Any, ...]:
    is_full = hasattr(data, "verified")
    return (
        data.source_system if is_full else data.source, data.source_id, data.user_id,
        data.activity_type if is_full else None, data.hours_logged, data.activity_date,
        data.cause_area if is_full else None, (data.sdg_goals or []) if is_full else [],
        data.verified if is_full else False,
    )  # fmt: skip


def _donation(data: Any) -> tuple[Any, ...]:
    is_full = hasattr(data, "donation_type")
    dollars = data.amount_usd if is_full else None
    if dollars is None and data.currency == "USD":
        dollars = data.amount
    match, added = data.company_match if is_full else None, None
    if match and match.matched:
        added = match.match_amount
        if added is None and match.match_ratio is not None:
            added = data.amount * match.match_ratio
    return (
        data.source_system if is_full else data.source, data.source_id, data.user_id,
        data.donation_type if is_full else None, data.amount, data.currency, dollars, added,
        data.donation_date,
    )  # fmt: skip


def _placement(data: Any) -> tuple[Any, ...]:
    stars = data.outcome.rating if data.outcome else None
    return (
        data.source_system, data.source_id, data.user_id, data.placement_type, data.status,
        data.placement_date, data.outcome.successful if data.outcome else None,
        None if stars is None else (stars - 1) / 4,
    )  # fmt: skip


def _score(data: Any) -> tuple[Any, ...]:
    return (
        data.text_id, data.dimension, data.user_id or NIL, data.text_type, data.score, data.confidence,
        data.method, data.model_version, data.prompt_version, data.language, data.text_sha256, data.scored_at,
        data.written_at or data.scored_at,
    )  # fmt: skip


def _fields(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """Values of the data's fields; an absent id is the nil UUID and an absent list is empty."""
    absent = {"match_id": NIL, "user_id": NIL, "sdg_goals": []}

    def row(data: Any) -> tuple[Any, ...]:
        return tuple(
            absent.get(name) if getattr(data, name) is None else getattr(data, name) for name in names
        )

    return row


_FACTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    "fct_skill_shares": (
        ("buddy.skill_share.completed",),
        ("session_id", "teacher_id", "learner_id", "match_id", "skill_name", "skill_category", "completed_at",
         "duration_minutes", "sdg_goals"),
        _fields("session_id", "teacher_id", "learner_id", "match_id", "skill_name", "skill_category",
                "completed_at", "duration_minutes", "sdg_goals"),
    ),
    "fct_buddy_attendances": (
        ("buddy.event.attended",),
        ("buddy_event_id", "person_id", "match_id", "event_type", "event_format", "attended_at",
         "duration_minutes", "sdg_goals"),
        _fields("event_id", "user_id", "match_id", "event_type", "event_format", "attended_at",
                "duration_minutes", "sdg_goals"),
    ),
    "fct_buddy_milestones": (
        ("buddy.milestone.reached",),
        ("milestone_id", "person_id", "category", "points", "reached_at"),
        _fields("milestone_id", "user_id", "milestone_category", "points", "reached_at"),
    ),
    "fct_credentials": (
        ("upskilling.credential.issued",),
        ("credential_id", "person_id", "provider", "course_id", "credential_type", "issued_at", "expires_at"),
        _fields("credential_id", "user_id", "provider", "course_id", "credential_type", "issued_at",
                "expires_at"),
    ),
    "fct_volunteering": (
        ("ingest.volunteer.logged", "external.volunteer.logged"),
        ("source_system", "source_id", "person_id", "activity_type", "hours", "activity_at", "cause_area",
         "sdg_goals", "is_verified"),
        _volunteering,
    ),
    "fct_donations": (
        ("ingest.donation.made", "external.donation.made"),
        ("source_system", "source_id", "person_id", "donation_type", "amount", "currency", "amount_usd",
         "match_amount", "donated_at"),
        _donation,
    ),
    "fct_placements": (
        ("ingest.placement.created",),
        ("source_system", "source_id", "person_id", "placement_type", "status", "placed_at", "is_successful",
         "rating"),
        _placement,
    ),
    "fct_outcome_scores": (
        ("q2q.scored", "q2q.analyzed"),
        ("text_id", "dimension", "person_id", "text_type", "score", "confidence", "method", "model_version",
         "prompt_version", "language", "text_sha256", "scored_at", "counted_at"),
        _score,
    ),
    "fct_ai_costs": (
        ("ai.call.recorded",),
        ("call_id", "model_version", "purpose", "input_tokens", "output_tokens", "cost_usd", "called_at"),
        _fields("call_id", "model_version", "purpose", "input_tokens", "output_tokens", "cost_usd",
                "called_at"),
    ),
}  # fmt: skip
