"""What cohorts, retention, funnels and trends should say, counted again in plain Python from the facts.

The facts themselves are compared with the events in test_marts. Groups are sets of people here, so whether
a number may be shown is decided by looking at the sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from ingest.cohorts import CohortFilters

FEWEST = 5
NOBODY = UUID(int=0)
ALL_STAGES = ("enrolled", "matched", "session_completed", "program_completed")
COUNTED = (
    "sessions_count", "volunteer_hours", "ratings_count", "enrollments_count", "buddy_matches_count",
    "courses_completed_count", "volunteering_hours", "donations_usd", "placements_count",
)  # fmt: skip
AVERAGED = ("avg_rating", "confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being")

Row = dict[str, Any]
Facts = dict[str, list[Row]]


@dataclass(frozen=True)
class Group:
    company: UUID
    filters: CohortFilters


def month_of(moment: datetime | date) -> date:
    return date(moment.year, moment.month, 1)


def quarter_of(moment: datetime | date) -> date:
    return date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)


def day_of(moment: datetime | date) -> date:
    return date(moment.year, moment.month, moment.day)


def week_of(moment: datetime | date) -> date:
    return day_of(moment) - timedelta(days=moment.weekday())


PERIODS: dict[str, Callable[[datetime | date], date]] = {"month": month_of, "quarter": quarter_of}
GRANULARITIES = {"day": day_of, "week": week_of, **PERIODS}


def members(facts: Facts, group: Group) -> dict[UUID, datetime]:
    """Each member with the moment it began to belong."""
    filters, company = group.filters, group.company
    enrolled: dict[UUID, datetime] = {}
    seen: dict[UUID, datetime] = {}
    for row in _of(company, facts["fct_enrollments"]):
        person, day = row["participant_id"], row["enrolled_at"].date()
        _keep_earliest(seen, person, row["enrolled_at"])
        if (
            filters.program_type in (None, row["program_type"])
            and filters.program_instance_id in (None, row["program_instance_id"])
            and (filters.enrolled_from is None or day >= filters.enrolled_from)
            and (filters.enrolled_until is None or day <= filters.enrolled_until)
        ):
            _keep_earliest(enrolled, person, row["enrolled_at"])
    for row in _of(company, facts["int_activity"]):
        if row["role"] == "participant":
            _keep_earliest(seen, row["person_id"], row["occurred_at"])
    asks_for_enrollment = any(
        (filters.program_type, filters.program_instance_id, filters.enrolled_from, filters.enrolled_until)
    )
    found = enrolled if asks_for_enrollment else seen
    sessions: dict[UUID, list[Row]] = defaultdict(list)
    for row in sorted(_of(company, facts["fct_sessions"]), key=lambda row: row["completed_at"]):
        sessions[row["participant_id"]].append(row)
    texts = {
        row["person_id"]: row["language"]
        for row in sorted(_of(company, facts["fct_outcome_scores"]), key=lambda row: row["counted_at"])
        if row["language"] != "unknown"
    }

    def belongs(person: UUID) -> bool:
        levels = [row["language_level"] for row in sessions[person] if row["language_level"]]
        return (
            person != NOBODY
            and len(sessions[person]) >= (filters.min_sessions or 0)
            and filters.language_level in (None, levels[0] if levels else "none")
            and filters.text_language in (None, texts.get(person, "none"))
        )

    return {person: since for person, since in found.items() if belongs(person)}


Cell = tuple[UUID, str, str, date]  # company, metric, grain, period


def values(facts: Facts) -> dict[Cell, dict[UUID, float]]:
    """Each participant's value per company, metric and period."""
    said: dict[tuple[Cell, UUID], list[float]] = defaultdict(list)

    def say(row: Row, person: str, moment: str, metric: str, value: float) -> None:
        for grain, start_of in PERIODS.items():
            cell = (row["company_id"], metric, grain, start_of(row[moment]))
            said[cell, row[person]].append(value)

    for row in facts["fct_sessions"]:
        say(row, "participant_id", "completed_at", "sessions_count", 1)
        say(row, "participant_id", "completed_at", "session_minutes", row["duration_minutes"])
    for row in facts["fct_course_completions"]:
        say(row, "participant_id", "completed_at", "courses_completed_count", 1)
    for row in facts["fct_ratings"]:
        if row["is_counted"]:
            say(row, "participant_id", "created_at", "rating", row["rating"])
    for row in facts["fct_outcome_scores"]:
        say(row, "person_id", "counted_at", row["dimension"], row["score"])
    result: dict[Cell, dict[UUID, float]] = defaultdict(dict)
    for (cell, person), numbers in said.items():
        is_total = cell[1].endswith("_count") or cell[1] == "session_minutes"
        if NOBODY not in (cell[0], person):
            result[cell][person] = sum(numbers) / (1 if is_total else len(numbers))
    for row in facts["integration_scores"]:
        if row["score"] is not None:
            cell = (row["company_id"], "integration_score", row["period_grain"], row["period_start"])
            result[cell][row["person_id"]] = row["score"]
    return result


def cohort_metrics(facts: Facts, groups: dict[UUID, Group]) -> dict[tuple[UUID, str, str, date], Row]:
    belonging = {cohort: set(members(facts, group)) for cohort, group in groups.items()}
    cells = values(facts)
    people: dict[tuple[UUID, str, str, date], set[UUID]] = {}
    reasons: dict[tuple[UUID, str, str, date], str | None] = {}
    for (company, metric, grain, start), numbers in cells.items():
        here = {
            cohort: belonging[cohort] & numbers.keys() for cohort, g in groups.items() if g.company == company
        }
        for cohort, group in here.items():
            if not group:
                continue
            others = [set(numbers), *(other for name, other in here.items() if name != cohort)]
            few = any(group <= other and 0 < len(other - group) < FEWEST for other in others)
            people[cohort, metric, grain, start] = group
            reasons[cohort, metric, grain, start] = (
                "fewer_than_5_people"
                if len(group) < FEWEST
                else "others_would_be_recognised"
                if few
                else None
            )
    for cohort, metric, start in {(key[0], key[1], quarter_of(key[3])) for key in people}:
        months = [k for k in people if k[:3] == (cohort, metric, "month") and quarter_of(k[3]) == start]
        withheld = [month for month in months if reasons[month]]
        if withheld and len(set().union(*(people[month] for month in withheld))) < FEWEST:
            reasons |= {month: "others_would_be_recognised" for month in months if not reasons[month]}
    return {
        key: {"suppressed_reason": reasons[key]}
        if reasons[key]
        else {
            "suppressed_reason": None,
            **_statistics([cells[groups[key[0]].company, *key[1:]][p] for p in group]),
        }
        for key, group in people.items()
    }


def retention(facts: Facts) -> dict[tuple[UUID, str, date, int], tuple[int, int] | None]:
    """Size and active people, or None where withheld, by company, programme type, month and months since."""
    active: dict[UUID, set[tuple[UUID, date]]] = defaultdict(set)
    for row in facts["int_activity"]:
        if row["role"] == "participant":
            active[row["company_id"]].add((row["person_id"], month_of(row["occurred_at"])))
    result = {}
    for (company, program), people in _first_enrollments(facts).items():
        last = max((month for _, month in active[company]), default=date.min)
        for start in {month_of(moment) for moment in people.values()}:
            group = {person for person, moment in people.items() if month_of(moment) == start}
            since = 0
            while since == 0 or _months_later(start, since) <= last:
                still = {p for p in group if (p, _months_later(start, since)) in active[company]}
                shown = (len(group), len(still)) if len(group) >= FEWEST else None
                result[company, program, start, since] = shown
                since += 1
    return result


def funnels(facts: Facts) -> dict[tuple[UUID, str, date, str], int | None]:
    """People per stage, or None where withheld, by company, programme type and quarter."""
    reached: dict[tuple[UUID, str, str], set[UUID]] = defaultdict(set)

    def reach(program: str, stage: str, rows: Iterable[Row], person: str = "participant_id") -> None:
        for row in rows:
            reached[row["company_id"], program, stage].add(row[person])

    for kind, program in (("language", "language_course"), ("mentorship", "mentorship_program")):
        of_kind = [row for row in facts["fct_sessions"] if row["session_type"] == kind]
        reach(program, "session_completed", of_kind)
        reach(program, "matched", of_kind)
        reach(program, "matched", (row for row in facts["fct_bookings"] if row["session_type"] == kind))
    mentors = (row for row in facts["fct_placements"] if row["placement_type"] == "mentorship_match")
    reach("mentorship_program", "matched", mentors, "person_id")
    reach("buddy_program", "matched", facts["fct_buddy_matches"])
    ended_well = (row for row in facts["fct_buddy_matches"] if row["end_reason"] == "completed")
    reach("buddy_program", "program_completed", ended_well)
    reach("buddy_program", "session_completed", facts["fct_buddy_events"])
    reach("buddy_program", "session_completed", facts["fct_buddy_attendances"], "person_id")
    for row in facts["fct_enrollments"]:
        if row["status"] == "completed":
            reach(row["program_type"], "program_completed", [row])
    for program in ("upskilling_course", "certification_program"):
        reach(program, "program_completed", facts["fct_course_completions"])
    result: dict[tuple[UUID, str, date, str], int | None] = {}
    for (company, program), people in _first_enrollments(facts).items():
        is_in_pairs = program in ("language_course", "mentorship_program", "buddy_program")
        stages = ALL_STAGES if is_in_pairs else ("enrolled", "program_completed")
        for start in {quarter_of(moment) for moment in people.values()}:
            group = {person for person, moment in people.items() if quarter_of(moment) == start}
            is_shown = len(group) >= FEWEST
            for stage in stages:
                if stage != "enrolled":
                    group &= reached[company, program, stage]
                result[company, program, start, stage] = len(group) if is_shown else None
    return result


def trends(facts: Facts) -> dict[tuple[UUID, str, str, date], tuple[float | None, float | None, int | None]]:
    """Value, sum and count, of every period between a company's first and last day."""
    said: dict[tuple[UUID, str], list[tuple[date, UUID, float]]] = defaultdict(list)
    for company, metric, moment, person, amount in _amounts(facts):
        if company != NOBODY:
            said[company, metric].append((moment.date(), person, amount))
    result: dict[tuple[UUID, str, str, date], tuple[float | None, float | None, int | None]] = {}
    for company in {company for company, _ in said}:
        days = [day for (whose, _), points in said.items() if whose == company for day, _, _ in points]
        every_day = [min(days) + timedelta(days=n) for n in range((max(days) - min(days)).days + 1)]
        for granularity, start_of in GRANULARITIES.items():
            for metric in (*COUNTED, *AVERAGED, "participants_count", "volunteers_count"):
                found: dict[date, list[tuple[UUID, float]]] = defaultdict(list)
                for day, person, amount in said[company, metric]:
                    found[start_of(day)].append((person, amount))
                few = {quarter_of(d) for d, points in found.items() if len({p for p, _ in points}) < FEWEST}
                for start in {start_of(day) for day in every_day}:
                    is_withheld = metric in AVERAGED and quarter_of(start) in few
                    point = (None, None, None) if is_withheld else _point(metric, found[start])
                    result[company, metric, granularity, start] = point
    return result


def _amounts(facts: Facts) -> Iterator[tuple[UUID, str, datetime, UUID, float]]:
    for fact, metric, moment, person, amount in (
        ("fct_sessions", "sessions_count", "completed_at", "participant_id", None),
        ("fct_ratings", "ratings_count", "created_at", "participant_id", None),
        ("fct_ratings", "avg_rating", "created_at", "participant_id", "rating"),
        ("fct_enrollments", "enrollments_count", "enrolled_at", "participant_id", None),
        ("fct_buddy_matches", "buddy_matches_count", "matched_at", "participant_id", None),
        ("fct_course_completions", "courses_completed_count", "completed_at", "participant_id", None),
        ("fct_volunteering", "volunteering_hours", "activity_at", "person_id", "hours"),
        ("fct_donations", "donations_usd", "donated_at", "person_id", "amount_usd"),
        ("fct_placements", "placements_count", "placed_at", "person_id", None),
    ):
        for row in facts[fact]:
            if row.get("is_counted", True) and (amount is None or row[amount] is not None):
                yield row["company_id"], metric, row[moment], row[person], row[amount] if amount else 1
    for row in facts["fct_sessions"]:
        minutes = row["duration_minutes"]
        yield row["company_id"], "volunteer_hours", row["completed_at"], row["participant_id"], minutes / 60
    for row in facts["fct_outcome_scores"]:
        yield row["company_id"], row["dimension"], row["counted_at"], row["person_id"], row["score"]
    for row in facts["int_activity"]:
        yield row["company_id"], f"{row['role']}s_count", row["occurred_at"], row["person_id"], 1


def _point(metric: str, found: list[tuple[UUID, float]]) -> tuple[float | None, float, int]:
    if metric in ("participants_count", "volunteers_count"):
        people = len({person for person, _ in found})
        return people, people, people
    total = sum(amount for _, amount in found)
    if metric in AVERAGED:
        return (total / len(found) if found else None), total, len(found)
    return total, total, len(found)


def _statistics(numbers: list[float]) -> Row:
    p25, p50, p75, p95 = np.percentile(numbers, [25, 50, 75, 95])
    return {
        "value_sum": sum(numbers), "n": len(numbers), "avg": sum(numbers) / len(numbers),
        "p25": p25, "p50": p50, "p75": p75, "p95": p95,
        "min": min(numbers), "max": max(numbers), "std": np.std(numbers),
    }  # fmt: skip


def _first_enrollments(facts: Facts) -> dict[tuple[UUID, str], dict[UUID, datetime]]:
    first: dict[tuple[UUID, str], dict[UUID, datetime]] = defaultdict(dict)
    for row in facts["fct_enrollments"]:
        if NOBODY not in (row["company_id"], row["participant_id"]):
            of_program = first[row["company_id"], row["program_type"]]
            _keep_earliest(of_program, row["participant_id"], row["enrolled_at"])
    return first


def _keep_earliest(first: dict[UUID, datetime], person: UUID, moment: datetime) -> None:
    first[person] = min(first.get(person, moment), moment)


def _of(company: UUID, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["company_id"] == company]


def _months_later(month: date, months: int) -> date:
    place = month.month - 1 + months
    return date(month.year + place // 12, place % 12 + 1, 1)
