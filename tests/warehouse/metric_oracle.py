"""The formulas of the metrics once more, in plain Python over the rows of the facts.

Written from docs/metrics.md, not from the SQL. Facts themselves are checked against the events elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from statistics import fmean
from typing import Any
from uuid import UUID

NIL = UUID(int=0)
LEVELS = {"A1": 0.17, "A2": 0.33, "B1": 0.50, "B2": 0.67, "C1": 0.83, "C2": 1.0}
RANKS = list(LEVELS)
QUALITIES = ("confidence", "belonging", "well_being", "job_readiness")
# Annual lift, multiplier, discount rate; and what a full rise of integration, language, readiness is worth.
EMPLOYMENT = {"low": (12_000, 1.0, 0.05), "base": (15_000, 1.5, 0.03), "high": (18_000, 1.5, 0.02)}
OUTCOME = {"low": (105, 350, 210), "base": (150, 500, 300), "high": (195, 650, 390)}

Row = Mapping[str, Any]
Period = tuple[str, date]


def last_day(period: Period) -> date:
    grain, start = period
    months = start.year * 12 + start.month - 1 + (1 if grain == "month" else 3)
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def periods(moment: datetime) -> list[Period]:
    return [
        ("month", date(moment.year, moment.month, 1)),
        ("quarter", date(moment.year, (moment.month - 1) // 3 * 3 + 1, 1)),
    ]


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def hundredths(number: float) -> float:
    """Rounded as on paper."""
    return float(Decimal(repr(round(number, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def is_work(placement: Row) -> bool:
    return (
        placement["placement_type"] in ("job_placement", "apprenticeship")
        and placement["status"] in ("active", "completed")
        and placement["is_successful"] is not False
    )


@dataclass(frozen=True)
class State:
    level: str | None
    score: float | None
    social: float
    job: float
    is_employed: bool


@dataclass(frozen=True)
class Choices:
    """What companies chose in the test: weights of VIS, and a lift instead of the base one, from a day on."""

    vis_weights: Mapping[UUID, tuple[date, tuple[float, float, float, float]]]
    lifts: Mapping[UUID, tuple[date, float]]

    def weights(self, company: UUID, day: date) -> tuple[float, float, float, float]:
        since, weights = self.vis_weights.get(company, (date.max, (0.0, 0.0, 0.0, 0.0)))
        return weights if day >= since else (0.30, 0.30, 0.25, 0.15)

    def lift(self, company: UUID, day: date, scenario: str) -> float:
        since, lift = self.lifts.get(company, (date.max, 0.0))
        standard = EMPLOYMENT[scenario][0]
        return lift * standard / EMPLOYMENT["base"][0] if day >= since else standard


class Company:
    """One company's facts, and nobody else's."""

    def __init__(self, company: UUID, facts: Mapping[str, Iterable[Row]], choices: Choices) -> None:
        self.id, self.choices = company, choices
        self.facts = {
            name: [row for row in rows if row["company_id"] == company] for name, rows in facts.items()
        }
        self.work = list(self._work())
        self.active: dict[Period, set[UUID]] = defaultdict(set)
        for row in self.facts["activity"]:
            if row["role"] == "participant":
                for period in periods(row["occurred_at"]):
                    self.active[period].add(row["person_id"])
        self.scores: dict[Period, list[Row]] = defaultdict(list)
        for row in self.facts["fct_outcome_scores"]:
            for period in periods(row["counted_at"]):
                self.scores[period].append(row)

    def state(self, person: UUID, until: date) -> State:
        """What is known of a person at the end of a day."""

        def known(fact: str, who: str, when: str) -> list[Row]:
            return [r for r in self.facts[fact] if r[who] == person and r[when].date() <= until]

        levels = [
            (r["completed_at"], r["session_id"].int, r["language_level"].upper())
            for r in known("fct_sessions", "participant_id", "completed_at")
            if r["language_level"]
        ]
        events = {r["buddy_event_id"] for r in known("fct_buddy_events", "participant_id", "held_at")}
        events |= {r["buddy_event_id"] for r in known("fct_buddy_attendances", "person_id", "attended_at")}
        matches = known("fct_buddy_matches", "participant_id", "matched_at")
        checkins = known("fct_buddy_checkins", "participant_id", "checked_in_at")
        social = 0.4 * bool(matches) + 0.3 * min(len(events) / 5, 1) + 0.3 * min(len(checkins) / 10, 1)
        courses: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
        for r in known("fct_course_completions", "participant_id", "completed_at"):
            courses[r["provider"], r["course_id"]].append((r["completed_at"], "completed"))
        for r in known("fct_learning_progress", "person_id", "updated_at"):
            courses[r["provider"], r["course_id"]].append((r["updated_at"], r["status"]))
        is_done = {course: any(s == "completed" for _, s in reports) for course, reports in courses.items()}
        under_way = [
            c for c, reports in courses.items() if not is_done[c] and max(reports)[1] == "in_progress"
        ]
        is_employed = any(is_work(r) for r in known("fct_placements", "person_id", "placed_at"))
        job = min(0.15 * sum(is_done.values()), 0.6) + min(0.1 * len(under_way), 0.4)
        if is_employed:
            job = 1.0
        level = max(levels)[2] if levels else None
        score = 100 * (0.4 * LEVELS[level] + 0.3 * social + 0.3 * job) if level else None
        return State(level, score, social, job, is_employed)

    @cache  # noqa: B019 - as long as a test module
    def states(self, period: Period) -> dict[UUID, tuple[State, State]]:
        """Of everybody active in the period: the state before it and the state at its end."""
        before = period[1] - timedelta(days=1)
        return {
            person: (self.state(person, before), self.state(person, last_day(period)))
            for person in self.active[period]
        }

    def _work(self) -> Iterator[tuple[UUID, UUID, str, datetime, int]]:
        matches = {row["match_id"]: row for row in self.facts["fct_buddy_matches"]}
        helpers = {row["buddy_id"] for row in matches.values()}
        helpers |= {row["person_id"] for row in self.facts["dim_company_members"]}
        for r in self.facts["fct_sessions"]:
            yield r["volunteer_id"], r["participant_id"], "session", r["completed_at"], r["duration_minutes"]
        for r in self.facts["fct_skill_shares"]:
            match, teacher, learner = matches.get(r["match_id"]), r["teacher_id"], r["learner_id"]
            if match and (teacher == match["participant_id"] or learner == match["buddy_id"]):
                teacher, learner = learner, teacher
            elif match and (teacher == match["buddy_id"] or learner == match["participant_id"]):
                pass
            elif teacher not in helpers and learner in helpers:
                teacher, learner = learner, teacher
            yield teacher, learner, "skill_share", r["completed_at"], r["duration_minutes"] or 0
        for r in self.facts["fct_buddy_attendances"]:
            match = matches.get(r["match_id"])
            if r["person_id"] in helpers and not (match and match["participant_id"] == r["person_id"]):
                met = match["participant_id"] if match and match["buddy_id"] == r["person_id"] else NIL
                yield r["person_id"], met, "event", r["attended_at"], r["duration_minutes"] or 0

    def hours(self, period: Period) -> dict[str, float]:
        hours = dict.fromkeys(("session", "skill_share", "event"), 0.0)
        for _, _, kind, moment, minutes in self.work:
            if period in periods(moment):
                hours[kind] += minutes / 60
        return hours

    def mean_score(self, period: Period, dimension: str, person: UUID | None = None) -> float | None:
        found = [
            row["score"]
            for row in self.scores.get(period, ())
            if row["dimension"] == dimension and person in (None, row["person_id"])
        ]
        return fmean(found) if found else None

    def is_of_few(self, people: Mapping[Period, int], period: Period) -> bool:
        """Whether fewer than five are behind it in the period or, of a month, in a month of its quarter."""
        return any(
            0 < count < 5
            for (grain, start), count in people.items()
            if grain == period[0] and quarter_of(start) == quarter_of(period[1])
        )

    def scored_people(self) -> dict[Period, int]:
        return {
            period: sum(now.score is not None for _, now in self.states(period).values())
            for period in self.active
        }

    def shown_score(self, period: Period, dimension: str) -> float | None:
        """The company's average, if it is of enough people."""
        voices = {
            of: len({row["person_id"] for row in rows if row["dimension"] == dimension})
            for of, rows in self.scores.items()
        }
        return None if self.is_of_few(voices, period) else self.mean_score(period, dimension)

    def changes(self, period: Period, person: UUID) -> list[float]:
        """Of each dimension scored in the period and in an earlier one, how far it has risen since."""
        changes = []
        for dimension in {row["dimension"] for row in self.scores.get(period, ())}:
            now = self.mean_score(period, dimension, person)
            earlier = [
                (start, mean)
                for grain, start in self.scores
                if grain == period[0] and start < period[1]
                if (mean := self.mean_score((grain, start), dimension, person)) is not None
            ]
            if now is not None and earlier and person != NIL:
                changes.append(now - max(earlier)[1])
        return changes

    def sroi(self, period: Period, scenario: str) -> dict[str, tuple[float | None, float | None, float]]:
        """Ratio, value and cost by variant."""
        end, months = last_day(period), 1 if period[0] == "month" else 3
        cost = sum(self.hours(period).values()) * 29.95 + 500 * months
        first_work: dict[UUID, datetime] = {}
        for row in self.facts["fct_placements"]:
            if is_work(row):
                known = first_work.get(row["person_id"], row["placed_at"])
                first_work[row["person_id"]] = min(known, row["placed_at"])
        employed = sum(period in periods(moment) for moment in first_work.values())
        _, multiplier, rate = EMPLOYMENT[scenario]
        lift = self.choices.lift(self.id, end, scenario)
        gain = sum(employed * lift * multiplier / (1 + rate) ** year for year in (1, 2, 3))
        if not any(row["placed_at"].date() <= end for row in self.facts["fct_placements"]):
            net: tuple[float | None, float | None, float] = (None, None, cost)
        else:
            net = (hundredths((gain - cost) / cost), gain, cost)
        scored = [now for _, now in self.states(period).values() if now.score is not None]
        ready = [r for r in self.scores.get(period, ()) if r["dimension"] == "job_readiness"]
        people = len({r["person_id"] for r in ready} - {NIL})
        worth = OUTCOME[scenario]
        value = 0.0
        if scored:
            score = fmean(state.score for state in scored if state.score is not None) / 100
            language = fmean(LEVELS[state.level] for state in scored if state.level)
            value += len(scored) * (worth[0] * max(score - 0.3, 0) + worth[1] * max(language - 0.3, 0))
        if people:
            value += people * worth[2] * max(fmean(r["score"] for r in ready) - 0.3, 0)
            value *= 0.8 if fmean(r["confidence"] for r in ready) < 0.7 else 1
        is_withheld = self.is_of_few(self.scored_people(), period) or (
            bool(ready) and self.shown_score(period, "job_readiness") is None
        )
        if is_withheld or (not scored and not people):
            return {"employment_npv": net, "outcome_value": (None, None, cost)}
        return {"employment_npv": net, "outcome_value": (hundredths(value / cost), value, cost)}

    def vis(self, period: Period) -> tuple[float | None, ...]:
        """The four parts and the score."""
        means = [self.shown_score(period, dimension) for dimension in QUALITIES]
        quality = None if None in means else 100 * fmean(mean for mean in means if mean is not None)
        compared = improved = ready = working = 0
        for person, (before, now) in self.states(period).items():
            risen = self.changes(period, person)
            points = None if None in (before.score, now.score) else now.score - before.score  # type: ignore[operator]
            levels = (
                RANKS.index(now.level) - RANKS.index(before.level) if before.level and now.level else None
            )
            compared += points is not None or levels is not None or bool(risen)
            improved += (
                (points is not None and round(points, 9) >= 10)
                or (levels is not None and levels >= 1)
                or any(round(rise, 9) >= 0.15 for rise in risen)
            )
            readiness = self.mean_score(period, "job_readiness", person)
            if readiness is not None and readiness >= 0.7:
                ready += 1
                working += now.is_employed
        hours = 100 * min(sum(self.hours(period).values()) / 1000, 1)
        outcome = 100 * improved / len(self.active[period]) if compared else None
        placement = 100 * working / ready if ready else None
        parts = (hours, quality, outcome, placement)
        weights = self.choices.weights(self.id, last_day(period))
        if None in parts:
            return (*parts, None)
        vis = sum(weight * part for weight, part in zip(weights, parts, strict=True) if part is not None)
        return (*parts, hundredths(vis))

    def volunteers(self, period: Period) -> dict[UUID, tuple[float, float, float | None, float | None]]:
        """Hours, sessions per month, impact and score of each volunteer at work in the period."""
        found = {}
        at_work = [work for work in self.work if work[0] != NIL and period in periods(work[3])]
        for volunteer in {work[0] for work in at_work}:
            own = [work for work in at_work if work[0] == volunteer]
            hours = sum(minutes for *_, minutes in own) / 60
            sessions = sum(kind != "event" for _, _, kind, _, _ in own) / (1 if period[0] == "month" else 3)
            steps = ((8, 100), (4, 75), (2, 50))
            regularity = next((p for least, p in steps if sessions >= least), 25 if sessions else 0)
            changes = [c for met in {work[1] for work in own} for c in self.changes(period, met)]
            if not changes:
                found[volunteer] = (hours, sessions, None, None)
                continue
            impact = max(fmean(changes), 0.0)
            reached = 0 if round(impact, 9) < 0.1 else 100 * (impact - 0.1) / 0.9
            score = 0.3 * min(hours, 100) + 0.3 * regularity + 0.4 * reached
            found[volunteer] = (hours, sessions, impact, hundredths(score))
        return found
