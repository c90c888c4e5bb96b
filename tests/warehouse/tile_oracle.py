"""Tiles and goals once more, in plain Python over the rows of the facts. Written from docs/metrics.md."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from tests.warehouse.metric_oracle import Period, is_work, last_day, periods

Row = Mapping[str, Any]
Facts = Mapping[str, Iterable[Row]]
Tile = tuple[str, str]  # tile and metric
STAGES = ("learn", "start", "grow", "lead")
GOALS_BY_KIND = {
    "buddy_matched": {10, 16}, "buddy_match_ended": {10}, "buddy_event_attended": {4, 11},
    "skill_shared": {4, 8}, "buddy_feedback_given": {17}, "buddy_milestone_reached": {10},
    "buddy_checked_in": {3},
}  # fmt: skip
GOALS_BY_WORD = {
    "language": 4, "job": 8, "career": 8, "employment": 8, "mental health": 3, "wellness": 3, "health": 3,
    "community": 11, "culture": 11, "cultural": 11, "integration": 10,
}  # fmt: skip


def tiles(facts: Facts, company: UUID) -> dict[tuple[Tile, Period], float | None]:
    """Every metric of every tile, in the periods that the tile has something of."""
    own = {name: [row for row in rows if row.get("company_id") == company] for name, rows in facts.items()}
    found: dict[tuple[Tile, Period], float | None] = {}
    parts = {
        "language": _language(own), "mentorship": _mentorship(own), "upskilling": _upskilling(own),
        "weei": _weei(own, facts["dim_program_instances"]),
    }  # fmt: skip
    for tile, rows in parts.items():
        for period, numbers in rows:
            for metric, number in numbers.items():
                value = (
                    number if not isinstance(number, tuple) else number[0] / number[1] if number[1] else None
                )
                found[(tile, metric), period] = value
    return found


Numbers = Iterator[tuple[Period, dict[str, Any]]]


def _by_period(rows: Iterable[Row], moment: str) -> dict[Period, list[Row]]:
    found: dict[Period, list[Row]] = defaultdict(list)
    for row in rows:
        for period in periods(row[moment]):
            found[period].append(row)
    return found


def _language(own: Mapping[str, list[Row]]) -> Numbers:
    sessions = [row for row in own["fct_sessions"] if row["session_type"] == "language"]
    courses = [
        row for row in own["fct_enrollments"]
        if row["program_type"] == "language_course" and row["completed_at"]
        and row["completed_at"] >= row["enrolled_at"]
    ]  # fmt: skip
    held, ended = _by_period(sessions, "completed_at"), _by_period(courses, "completed_at")
    for period in held.keys() | ended.keys():
        here = held.get(period, [])
        people = {row["participant_id"] for row in here}
        end = last_day(period)
        so_far = Counter(r["participant_id"] for r in sessions if r["completed_at"].date() <= end)
        weeks = ((end - period[1]).days + 1) / 7
        days = sum(
            (row["completed_at"].date() - row["enrolled_at"].date()).days for row in ended.get(period, [])
        )
        shares = {
            name: (sum(so_far[person] >= least for person in people), len(people))
            for name, least in (("active_share", 2), ("retained_share", 4), ("full_course_share", 8))
        }
        yield period, {
            "participants": len(people), "completed_sessions": len(here),
            "volunteer_hours": sum(row["duration_minutes"] for row in here) / 60,
            "sessions_per_week": (len(here), len(people) * weeks), **shares,
            "course_months": (days / 30.4375, len(ended.get(period, []))),
        }  # fmt: skip


def _mentorship(own: Mapping[str, list[Row]]) -> Numbers:
    sessions = [row for row in own["fct_sessions"] if row["session_type"] == "mentorship"]
    bookings = [row for row in own["fct_bookings"] if row["session_type"] == "mentorship"]
    planned = {(r["participant_id"], r["volunteer_id"], r["scheduled_at"]) for r in sessions}
    known_until = max((row["completed_at"] for row in sessions), default=datetime(1970, 1, 1, tzinfo=UTC))
    held, booked = _by_period(sessions, "completed_at"), _by_period(bookings, "scheduled_at")
    for period in held.keys() | booked.keys():
        here, booked_here = held.get(period, []), booked.get(period, [])
        came = [
            r for r in booked_here if (r["participant_id"], r["volunteer_id"], r["scheduled_at"]) in planned
        ]
        settled = sum(row in came or row["scheduled_at"] < known_until for row in booked_here)
        times = Counter(row["participant_id"] for row in here)
        yield period, {
            "bookings": len(booked_here), "attended": len(came), "attendance_share": (len(came), settled),
            "no_show_share": (settled - len(came), settled), "completed_sessions": len(here),
            "mentees": len(times), "mentors": len({row["volunteer_id"] for row in here}),
            "sessions_per_mentee": (len(here), len(times)),
            "repeat_mentee_share": (sum(n >= 2 for n in times.values()), len(times)),
        }  # fmt: skip


def _upskilling(own: Mapping[str, list[Row]]) -> Numbers:
    kinds = ("upskilling_course", "certification_program")
    enrolled = _by_period((r for r in own["fct_enrollments"] if r["program_type"] in kinds), "enrolled_at")
    completed = _by_period(own["fct_course_completions"], "completed_at")
    first: dict[UUID, datetime] = {}
    for row in own["fct_course_completions"]:
        person = row["participant_id"]
        first[person] = min(first.get(person, row["completed_at"]), row["completed_at"])
    found_work = (
        row for row in own["fct_placements"]
        if is_work(row) and row["person_id"] in first and row["placed_at"] >= first[row["person_id"]]
    )  # fmt: skip
    placed = _by_period(found_work, "placed_at")
    for period in enrolled.keys() | completed.keys() | placed.keys():
        here = enrolled.get(period, [])
        yield period, {
            "enrolments": len(here), "completions": len(completed.get(period, [])),
            "completion_share": (sum(row["status"] == "completed" for row in here), len(here)),
            "placements": len(placed.get(period, [])),
        }  # fmt: skip


_STAGE = re.compile(r"\bu[:_ -]?(learn|start|grow|lead)")


def _weei(own: Mapping[str, list[Row]], instances: Iterable[Row]) -> Numbers:
    stages = {
        row["program_instance_id"]: named[1]
        for row in instances
        if row["program_type"] == "weei"
        and (named := _STAGE.search(f"{row['program_name']} {row['program_slug']}".lower()))
    }  # fmt: skip
    entries = [row for row in own["fct_enrollments"] if row["program_instance_id"] in stages]
    first: dict[tuple[UUID, str], datetime] = {}
    for row in entries:
        key = row["participant_id"], stages[row["program_instance_id"]]
        first[key] = min(first.get(key, row["enrolled_at"]), row["enrolled_at"])
    for period, rows in _by_period(entries, "enrolled_at").items():
        end = last_day(period)
        reached = {
            stage: {p for (p, s), at in first.items() if s == stage and at.date() <= end} for stage in STAGES
        }
        entered = {
            stage: {r["participant_id"] for r in rows if stages[r["program_instance_id"]] == stage}
            for stage in STAGES
        }
        yield (
            period,
            {
                **{f"{stage}_people": len(entered[stage]) for stage in STAGES},
                **{
                    f"{stage}_conversion_share": (len(reached[stage] & reached[before]), len(reached[before]))
                    for before, stage in pairwise(STAGES)
                },
            },
        )


def goals(facts: Facts, company: UUID) -> Counter[tuple[Period, int]]:
    """Activities by goal: those the source names, else by the kind of activity and the words about it."""
    found: Counter[tuple[Period, int]] = Counter()
    for kind, moment, named, about in _activities(facts, company):
        words = {goal for word, goal in GOALS_BY_WORD.items() if re.search(rf"\b{word}", about.lower())}
        for goal in set(named) or GOALS_BY_KIND.get(kind, set()) | words:
            for period in periods(moment):
                found[period, goal] += 1
    return found


def _activities(facts: Facts, company: UUID) -> Iterator[tuple[str, datetime, list[int], str]]:
    def own(fact: str) -> Iterator[Row]:
        return (row for row in facts[fact] if row["company_id"] == company)

    for row in own("fct_sessions"):
        yield "session_completed", row["completed_at"], [], " ".join([row["session_type"], *row["topics"]])
    for row in own("fct_buddy_matches"):
        yield "buddy_matched", row["matched_at"], [], ""
        if row["ended_at"]:
            yield "buddy_match_ended", row["ended_at"], [], ""
    for row in own("fct_buddy_attendances"):
        yield "buddy_event_attended", row["attended_at"], row["sdg_goals"], row["event_type"]
    for row in own("fct_skill_shares"):
        about = f"{row['skill_name']} {row['skill_category'] or ''}"
        yield "skill_shared", row["completed_at"], row["sdg_goals"], about
    for row in own("fct_buddy_feedback"):
        yield "buddy_feedback_given", row["submitted_at"], [], ""
    for row in own("fct_buddy_milestones"):
        yield "buddy_milestone_reached", row["reached_at"], [], row["category"]
    for row in own("fct_buddy_checkins"):
        yield "buddy_checked_in", row["checked_in_at"], [], ""
    for row in own("fct_course_completions"):
        yield "course_completed", row["completed_at"], [], row["course_name"]
    for row in own("fct_volunteering"):
        yield "volunteering_logged", row["activity_at"], row["sdg_goals"], row["cause_area"] or ""
