"""Every fact as the rows it should have, in plain Python from events alone, as the other oracles read them.

What those oracles were given by the warehouse in tests of their own they are given from here where no mart
may be an input. Rows are named as the columns are; times are UTC without saying so, as ClickHouse's client
has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ingest.events import Event
from tests.warehouse import fact_oracle
from tests.warehouse.oracle import states_of_courses

NIL = UUID(int=0)

Row = dict[str, Any]
Expected = dict[tuple[Any, ...], Row]  # by the columns that a row is known by
Facts = dict[str, list[Row]]
Text = tuple[UUID, str]  # its id, and the hash of what it says


def facts(events: Collection[Event], readable: Collection[Text] = ()) -> Facts:
    """All facts by the names of their marts. `readable` are the texts that the gate has cleared."""
    found: Facts = {
        name: [_stored(dict(zip(columns, row, strict=True))) for row in rows]
        for name, (columns, rows) in fact_oracle.facts(events).items()
    }
    courses = {event.id: event.data for event in states_of_courses(events).values()}
    for row in found["fct_learning_progress"]:
        row |= {
            "provider": courses[row["event_id"]].provider,
            "course_id": courses[row["event_id"]].course_id,
        }
    known = {text for text, _ in readable}
    found["fct_outcome_scores"] = [
        row
        for row in found["fct_outcome_scores"]
        # A text that the gate does not know is not withdrawn; of one it knows, one version may be read.
        if row["text_id"] not in known or (row["text_id"], row["text_sha256"]) in readable
    ]
    found["fct_sessions"] = [_session(event) for event in latest(events, "kintell.session.completed")]
    found["fct_bookings"] = [_booking(event) for event in latest(events, "kintell.session.scheduled")]
    found["fct_ratings"] = _ratings(events, found["fct_sessions"])
    found["fct_buddy_matches"] = _matches(events)
    found["fct_enrollments"] = [_enrolment(event) for event in latest(events, "ingest.enrollment.created")]
    found["fct_course_completions"] = [
        _completion(event) for event in latest(events, "upskilling.course.completed")
    ]
    matches = {row["match_id"]: row for row in found["fct_buddy_matches"]}
    for name, event_type, told in (
        ("fct_buddy_checkins", "buddy.checkin.completed", _checkin),
        ("fct_buddy_events", "buddy.event.logged", _outing),
        ("fct_buddy_feedback", "buddy.feedback.submitted", _feedback),
    ):
        found[name] = [
            _row(event, **told(event.data), **_of_a_match(event, matches))
            for event in latest(events, event_type)
        ]  # fmt: skip
    return found


def latest(events: Iterable[Event], *types: str) -> list[Event]:
    """The version of each subject that its source wrote last."""
    best: dict[str, Event] = {}
    for event in events:
        if event.type in types:
            known = best.get(event.subject)
            if known is None or (event.sourcetime, event.id) > (known.sourcetime, known.id):
                best[event.subject] = event
    return list(best.values())


def activity(found: Facts, members: Collection[tuple[UUID, UUID]]) -> list[Row]:
    """Who took part in what, and in which role. `members` are companies and the people who ever belonged."""
    matches = {row["match_id"]: row for row in found["fct_buddy_matches"]}
    helpers = {(row["company_id"], row["buddy_id"]) for row in matches.values()} | set(members)
    rows: list[Row] = []

    def add(row: Row, kind: str, moment: str, participant: UUID, volunteer: UUID) -> None:
        for role, person in (("participant", participant), ("volunteer", volunteer)):
            if person != NIL:
                rows.append({
                    "company_id": row["company_id"], "person_id": person, "role": role, "activity_type": kind,
                    "occurred_at": row[moment], "event_id": row["event_id"],
                })  # fmt: skip

    def own_match(row: Row) -> Row | None:
        match = matches.get(row["match_id"])
        return match if match and match["company_id"] == row["company_id"] else None

    for row in found["fct_sessions"]:
        add(row, "session_completed", "completed_at", row["participant_id"], row["volunteer_id"])
    for name, kind, moment in (
        ("fct_buddy_matches", "buddy_matched", "matched_at"),
        ("fct_buddy_checkins", "buddy_checked_in", "checked_in_at"),
        ("fct_buddy_events", "buddy_event_held", "held_at"),
    ):
        for row in found[name]:
            add(row, kind, moment, row["participant_id"], row["buddy_id"])
    for row in found["fct_buddy_attendances"]:
        person, match = row["person_id"], own_match(row)
        helps = (row["company_id"], person) in helpers and not (match and person == match["participant_id"])
        people = (NIL, person) if helps else (person, NIL)
        add(row, "buddy_event_attended", "attended_at", *people)
    for row in found["fct_skill_shares"]:
        teacher, learner, match = row["teacher_id"], row["learner_id"], own_match(row)
        newcomer_teaches = (row["company_id"], learner) in helpers
        newcomer_teaches &= (row["company_id"], teacher) not in helpers
        if match and (teacher == match["participant_id"] or learner == match["buddy_id"]):
            newcomer_teaches = True
        elif match and (teacher == match["buddy_id"] or learner == match["participant_id"]):
            newcomer_teaches = False
        people = (teacher, learner) if newcomer_teaches else (learner, teacher)
        add(row, "skill_shared", "completed_at", *people)
    for row in found["fct_course_completions"]:
        add(row, "course_completed", "completed_at", row["participant_id"], NIL)
    for row in found["fct_learning_progress"]:
        if row["status"] in ("in_progress", "completed"):
            add(row, "course_progressed", "updated_at", row["person_id"], NIL)
    for row in found["fct_volunteering"]:
        add(row, "volunteering_logged", "activity_at", NIL, row["person_id"])
    return rows


def _row(event: Event, **columns: Any) -> Row:
    return _stored({"company_id": event.companyid or NIL, "event_id": event.id, **columns})


def _stored(row: Row) -> Row:
    """Times as ClickHouse keeps them: UTC, and whole milliseconds."""
    return {
        name: value.replace(tzinfo=None, microsecond=value.microsecond // 1000 * 1000)
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }


def _session(event: Event) -> Row:
    data: Any = event.data
    return _row(
        event, session_id=data.session_id, external_session_id=data.external_session_id or "",
        session_type=data.session_type, participant_id=data.participant_id, volunteer_id=data.volunteer_id,
        program_instance_id=data.program_id, scheduled_at=data.scheduled_at, completed_at=data.completed_at,
        duration_minutes=data.duration_minutes, topics=data.topics or [], language_level=data.language_level,
    )  # fmt: skip


def _booking(event: Event) -> Row:
    data: Any = event.data
    return _row(
        event, session_id=data.session_id, external_session_id=data.external_session_id or "",
        session_type=data.session_type, participant_id=data.participant_id, volunteer_id=data.volunteer_id,
        program_instance_id=data.program_id, scheduled_at=data.scheduled_at,
    )  # fmt: skip


def _enrolment(event: Event) -> Row:
    data: Any = event.data
    return _row(
        event, participant_id=data.user_id, program_type=data.program_type, status=data.status,
        program_instance_id=data.program_id, enrolled_at=data.enrollment_date, completed_at=data.completed_at,
    )  # fmt: skip


def _completion(event: Event) -> Row:
    data: Any = event.data
    return _row(
        event, progress_id=data.progress_id, participant_id=data.user_id, provider=data.provider,
        course_id=data.course_id, course_name=data.course_name, program_instance_id=data.program_id,
        completed_at=data.completed_at, final_score=data.final_score,
    )  # fmt: skip


def _matches(events: Collection[Event]) -> list[Row]:
    ends: dict[UUID, Any] = {}
    for event in sorted(latest(events, "buddy.match.ended"), key=lambda event: event.sourcetime):
        data: Any = event.data
        ends[data.match_id] = data
    rows = []
    for event in latest(events, "buddy.match.created"):
        data = event.data
        end = ends.get(data.match_id)
        rows.append(_row(
            event, match_id=data.match_id, participant_id=data.participant_id, buddy_id=data.buddy_id,
            program_instance_id=data.program_id, matched_at=data.matched_at,
            ended_at=end.ended_at if end else None, end_reason=end.reason if end else None,
        ))  # fmt: skip
    return rows


def _of_a_match(event: Event, matches: dict[UUID, Row]) -> Row:
    """Whose it is: as it was written or, of what came before its match, as the match says."""
    data: Any = event.data
    match = matches.get(data.match_id, {"company_id": NIL, "participant_id": NIL, "buddy_id": NIL})
    company, participant = event.companyid, event.personid
    if not participant:
        company = company or match["company_id"]
    return {
        "match_id": data.match_id, "company_id": company or NIL, "buddy_id": match["buddy_id"],
        "participant_id": participant or match["participant_id"],
    }  # fmt: skip


def _checkin(data: Any) -> Row:
    return {
        "checkin_id": data.checkin_id, "checked_in_at": data.checkin_date, "mood": data.mood,
        "has_notes": bool(data.notes),
    }  # fmt: skip


def _outing(data: Any) -> Row:
    return {
        "buddy_event_id": data.event_id, "held_at": data.event_date, "buddy_event_type": data.event_type,
    }  # fmt: skip


def _feedback(data: Any) -> Row:
    return {
        "feedback_id": data.feedback_id, "submitted_at": data.submitted_at, "from_role": data.from_role,
        "rating": data.rating, "has_feedback": bool(data.feedback_text),
    }  # fmt: skip


def _ratings(events: Collection[Event], sessions: list[Row]) -> list[Row]:
    held = {row["session_id"]: row for row in sessions}
    of_session: dict[UUID, list[Row]] = defaultdict(list)
    for event in latest(events, "kintell.rating.created"):
        data: Any = event.data
        session = held.get(data.session_id, {"company_id": NIL, "participant_id": NIL, "volunteer_id": NIL})
        row = _row(
            event, rating_id=data.rating_id, session_id=data.session_id, from_role=data.from_role,
            rating=data.rating, rating_raw=data.rating_raw, has_feedback=bool(data.feedback_text),
            created_at=data.created_at, volunteer_id=session["volunteer_id"], is_counted=False,
        )  # fmt: skip
        # A rating belongs where its session belongs.
        row["company_id"] = session["company_id"] if session["company_id"] != NIL else row["company_id"]
        person = session["participant_id"]
        row["participant_id"] = person if person != NIL else event.personid or NIL
        of_session[data.session_id].append(row)
    for rows in of_session.values():
        given = [row for row in rows if row["from_role"] == "participant" and row["rating"] is not None]
        if given:
            max(given, key=lambda row: row["created_at"])["is_counted"] = True
    return [row for rows in of_session.values() for row in rows]
