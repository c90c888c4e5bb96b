"""What metrics_company_period should say of one company, in plain Python over the rows of the facts.

Every number but those of formulas, which `metric_oracle.Company` works out. Written from docs/metrics.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tests.warehouse.metric_oracle import LEVELS, Company, Period, Row, is_work, periods


def figures(company: Company) -> Mapping[Period, dict[str, Any]]:
    """By the names of the columns; a period in which there was nothing has no row."""
    by_period = {
        fact: _by_period(company.facts[fact], moment)
        for fact, moment in (
            ("fct_sessions", "completed_at"), ("fct_enrollments", "enrolled_at"),
            ("fct_buddy_matches", "matched_at"), ("fct_course_completions", "completed_at"),
            ("fct_volunteering", "activity_at"), ("fct_donations", "donated_at"),
            ("fct_placements", "placed_at"), ("activity", "occurred_at"),
        )
    }  # fmt: skip
    ratings = _by_period((r for r in company.facts["fct_ratings"] if r["is_counted"]), "created_at")
    ready = {
        period: [row for row in rows if row["dimension"] == "job_readiness"]
        for period, rows in company.scores.items()
    }
    raters = {period: len({r["participant_id"] for r in rows}) for period, rows in ratings.items()}
    known = set(ratings).union(*by_period.values(), (period for period, rows in ready.items() if rows))
    found = {}
    for period in known:
        here = {fact: rows.get(period, []) for fact, rows in by_period.items()}
        found[period] = {
            **_counts(here),
            **_of_ratings(ratings.get(period, []), is_few=company.is_of_few(raters, period)),
            **_of_formulas(company, period),
            **_of_readiness(ready.get(period, []), company.shown_score(period, "job_readiness")),
        }
    return found


def _counts(here: Mapping[str, list[Row]]) -> dict[str, Any]:
    sessions, donations = here["fct_sessions"], here["fct_donations"]
    dollars = [row["amount_usd"] for row in donations if row["amount_usd"] is not None]
    return {
        **{
            f"{role}s_count": len({row["person_id"] for row in here["activity"] if row["role"] == role})
            for role in ("participant", "volunteer")
        },
        "sessions_count": len(sessions),
        "language_sessions_count": sum(row["session_type"] == "language" for row in sessions),
        "mentorship_sessions_count": sum(row["session_type"] == "mentorship" for row in sessions),
        "volunteer_hours": sum(row["duration_minutes"] for row in sessions) / 60,
        "enrollments_count": len(here["fct_enrollments"]),
        "buddy_matches_count": len(here["fct_buddy_matches"]),
        "courses_completed_count": len(here["fct_course_completions"]),
        "volunteering_hours": sum(row["hours"] for row in here["fct_volunteering"]),
        "donations_count": len(donations),
        "donations_usd": sum(dollars),
        "donations_without_usd_count": len(donations) - len(dollars),
        "donors_count": len({row["person_id"] for row in donations}),
        "placements_count": len(here["fct_placements"]),
    }


def _of_ratings(rows: list[Row], *, is_few: bool) -> dict[str, Any]:
    is_shown = not rows or not is_few  # of no ratings there is nothing to withhold
    total = sum(row["rating"] for row in rows) if is_shown else None
    return {
        "ratings_count": len(rows),
        "rating_sum": total,
        "avg_rating": total / len(rows) if rows and total is not None else None,
        "rating_suppressed_reason": None if is_shown else "fewer_than_5_people",
    }


def _of_formulas(company: Company, period: Period) -> dict[str, Any]:
    scored = [now for _, now in company.states(period).values() if now.score is not None]
    is_shown = not company.active.get(period) or not company.is_of_few(company.scored_people(), period)
    scores = sum(now.score for now in scored if now.score is not None) if is_shown else None
    levels = sum(LEVELS[now.level] for now in scored if now.level) if is_shown else None
    worth = company.sroi(period, "base")
    return {
        "integration_scores_count": len(scored),
        "integration_score_sum": scores,
        "avg_integration_score": scores / len(scored) if scored and scores is not None else None,
        "language_level_sum": levels,
        "avg_language_level": levels / len(scored) if scored and levels is not None else None,
        "sroi_ratio": worth["employment_npv"][0],
        "sroi_outcome_ratio": worth["outcome_value"][0],
        "vis_score": company.vis(period)[-1],
        "integration_suppressed_reason": None if is_shown else "fewer_than_5_people",
    }


def _of_readiness(rows: list[Row], shown: float | None) -> dict[str, Any]:
    is_withheld = bool(rows) and shown is None
    return {
        "job_readiness_count": len(rows),
        "job_readiness_sum": None if is_withheld else sum(row["score"] for row in rows),
        "avg_job_readiness": shown if rows else None,
        "job_readiness_suppressed_reason": "fewer_than_5_people" if is_withheld else None,
    }


def _by_period(rows: Any, moment: str) -> dict[Period, list[Row]]:
    found: dict[Period, list[Row]] = defaultdict(list)
    for row in rows:
        for period in periods(row[moment]):
            found[period].append(row)
    return found


def weighed(company: Company) -> set[Period]:
    """Periods whose returns are asked for: somebody worked, took part, found work or was scored."""
    first_work: dict[Any, Any] = {}
    for row in company.facts["fct_placements"]:
        if is_work(row):
            known = first_work.get(row["person_id"], row["placed_at"])
            first_work[row["person_id"]] = min(known, row["placed_at"])
    moments = [work[3] for work in company.work] + list(first_work.values())
    of_readiness = {
        period
        for period, rows in company.scores.items()
        if any(row["dimension"] == "job_readiness" for row in rows)
    }
    active = {period for period, people in list(company.active.items()) if people}
    return active | of_readiness | {period for moment in moments for period in periods(moment)}
