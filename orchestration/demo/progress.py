"""How far each company's participants have come, and its cohorts, from the simulator's own facts.

Plain Python after docs/metrics.md and docs/cohorts.md, like the ledger that keeps it. What a model says of
texts is left out: no simulator knows it.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from orchestration.demo.facts import (
    Checkin,
    CourseCompletion,
    CourseProgress,
    Enrolment,
    Fact,
    Match,
    Outing,
    Placement,
    Session,
    SkillShare,
)
from orchestration.demo.periods import Period, last_day, periods, quarter_of
from orchestration.demo.population import LANGUAGE
from orchestration.demo.programmes import is_work

FEWEST = 5
COHORT = "Language learners (demo)"
COHORT_FILTERS = {"program_type": "language_course"}
COHORT_METRICS = ("sessions_count", "session_minutes", "courses_completed_count", "integration_score")
_LEVELS = {"A1": 0.17, "A2": 0.33, "B1": 0.50, "B2": 0.67, "C1": 0.83, "C2": 1.0}

Values = Mapping[int, float]  # by participant


@dataclass(frozen=True, slots=True)
class Integration:
    """Of those active in a period; the sums are None where they are of few people."""

    people: int
    score_sum: float | None
    level_sum: float | None


@dataclass(frozen=True, slots=True)
class CohortFigure:
    n: int
    value_sum: float
    median: float


@dataclass
class Person:
    """What one company's programmes know of one participant, each with its time."""

    levels: list[tuple[datetime, str]] = field(default_factory=list)
    matches: list[datetime] = field(default_factory=list)
    outings: list[datetime] = field(default_factory=list)
    checkins: list[datetime] = field(default_factory=list)
    courses: dict[tuple[str, str], list[tuple[datetime, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    jobs: list[datetime] = field(default_factory=list)

    def level(self, until: date) -> float | None:
        """The newest one by the end of a day, as a share of C2."""
        known = [level for level in self.levels if level[0].date() <= until]
        return _LEVELS[max(known)[1]] if known else None

    def score(self, until: date) -> float | None:
        """0 to 100 at the end of a day; None without a language level."""
        level = self.level(until)
        if level is None:
            return None
        social = (
            0.4 * (_count(self.matches, until) > 0)
            + 0.3 * min(_count(self.outings, until) / 5, 1)
            + 0.3 * min(_count(self.checkins, until) / 10, 1)
        )
        done = under_way = 0
        for reports in self.courses.values():
            known = [report for report in reports if report[0].date() <= until]
            is_done = any(status == "completed" for _, status in known)
            done += is_done
            under_way += not is_done and bool(known) and max(known)[1] == "in_progress"
        job = 1.0 if _count(self.jobs, until) else min(0.15 * done, 0.6) + min(0.1 * under_way, 0.4)
        return 100 * (0.4 * level + 0.3 * social + 0.3 * job)


@dataclass
class Participants:
    """Of one company."""

    people: dict[int, Person] = field(default_factory=lambda: defaultdict(Person))
    active: dict[Period, set[int]] = field(default_factory=lambda: defaultdict(set))
    learners: set[int] = field(default_factory=set)
    counts: dict[tuple[str, Period], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def record(self, fact: Fact) -> None:
        match fact:
            case Enrolment():
                if fact.instance.program_type == LANGUAGE:
                    self.learners.add(fact.participant.number)
            case Session():
                if fact.completed_at:
                    number = self._was_active(fact.participant.number, fact.completed_at)
                    self._counts(number, fact.completed_at, sessions_count=1)
                    self._counts(number, fact.completed_at, session_minutes=fact.duration_minutes)
                    if fact.language_level:
                        self.people[number].levels.append((fact.completed_at, fact.language_level))
            case Match():
                number = self._was_active(fact.participant.number, fact.matched_at)
                self.people[number].matches.append(fact.matched_at)
            case Checkin():
                number = self._was_active(fact.match.participant.number, fact.at)
                self.people[number].checkins.append(fact.at)
            case Outing():
                number = self._was_active(fact.match.participant.number, fact.at)
                self.people[number].outings.append(fact.at)
            case SkillShare():
                self._was_active(fact.match.participant.number, fact.at)
            case CourseCompletion():
                number = self._was_active(fact.participant.number, fact.completed_at)
                self._counts(number, fact.completed_at, courses_completed_count=1)
                self._reported(number, fact, fact.completed_at, "completed")
            case CourseProgress():
                number = fact.participant.number
                if fact.status in ("in_progress", "completed"):
                    self._was_active(number, fact.at)
                self._reported(number, fact, fact.at, fact.status)
            case Placement():
                if is_work(fact):
                    self.people[fact.participant.number].jobs.append(fact.at)

    def integration(self) -> dict[Period, Integration]:
        found = {}
        scores = {period: self._scores(period) for period in self.active}
        for period, known in scores.items():
            # Of a month also if another month of its quarter is of few: it would follow from the quarter.
            alike = [len(of) for other, of in scores.items() if quarter_of(other) == quarter_of(period)]
            if any(0 < people < FEWEST for people in alike):
                found[period] = Integration(len(known), None, None)
                continue
            levels = [self.people[number].level(last_day(period)) or 0.0 for number in known]
            found[period] = Integration(len(known), sum(known.values()), sum(levels))
        return found

    def cohort(self) -> dict[tuple[str, Period], CohortFigure | None]:
        """Every figure of those who ever enrolled in a language course; None where it is withheld."""
        everybody: dict[tuple[str, Period], Values] = {
            **self.counts,
            **{("integration_score", period): self._scores(period) for period in self.active},
        }
        inside = {
            cell: {number: value for number, value in values.items() if number in self.learners}
            for cell, values in everybody.items()
        }
        withheld = {
            cell
            for cell, values in inside.items()
            # Of few, or so many that the few others of the company would follow.
            if len(values) < FEWEST or 0 < len(everybody[cell]) - len(values) < FEWEST
        }
        months = {cell for cell in withheld if cell[1][0] == "month"}
        for metric, period in list(inside):
            if period[0] == "month" and (metric, period) not in withheld:
                # What the withheld months hold would follow from the quarter less the others.
                alike = [c for c in months if c[0] == metric and quarter_of(c[1]) == quarter_of(period)]
                others = set().union(*(inside[cell] for cell in alike))
                if 0 < len(others) < FEWEST:
                    withheld.add((metric, period))
        return {
            cell: None
            if cell in withheld
            else CohortFigure(len(values), sum(values.values()), statistics.median(values.values()))
            for cell, values in inside.items()
            if values
        }

    def _scores(self, period: Period) -> dict[int, float]:
        last = last_day(period)
        known = ((number, self.people[number].score(last)) for number in self.active[period])
        return {number: score for number, score in known if score is not None}

    def _was_active(self, number: int, at: datetime) -> int:
        for period in periods(at):
            self.active[period].add(number)
        return number

    def _counts(self, number: int, at: datetime, **amounts: int) -> None:
        for period in periods(at):
            for metric, amount in amounts.items():
                self.counts[metric, period][number] += amount

    def _reported(
        self, number: int, course: CourseCompletion | CourseProgress, at: datetime, status: str
    ) -> None:
        self.people[number].courses[course.provider, course.course_id].append((at, status))


@dataclass
class Progress:
    """Takes each fact with the company it counts for."""

    companies: dict[UUID, Participants] = field(default_factory=lambda: defaultdict(Participants))

    def record(self, company_id: UUID | None, fact: Fact) -> None:
        if company_id:
            self.companies[company_id].record(fact)

    def integration(self) -> dict[tuple[UUID, Period], Integration]:
        return {
            (company_id, period): figure
            for company_id, participants in self.companies.items()
            for period, figure in participants.integration().items()
        }

    def cohorts(self) -> dict[tuple[UUID, str, Period], CohortFigure | None]:
        return {
            (company_id, *cell): figure
            for company_id, participants in self.companies.items()
            for cell, figure in participants.cohort().items()
        }


def _count(moments: Iterable[datetime], until: date) -> int:
    return sum(moment.date() <= until for moment in moments)
