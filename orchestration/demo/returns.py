"""Goals served, ways through a programme, and what work found is worth, from the simulator's own facts.

Plain Python after docs/metrics.md and docs/cohorts.md, like the ledger that keeps it. What a model's scores
decide (outcomes, and the returns and impact scores made of them) is left out: no simulator knows them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from orchestration.demo.facts import (
    BuddyFeedback,
    Checkin,
    CourseCompletion,
    Enrolment,
    Fact,
    Match,
    Outing,
    Placement,
    Session,
    SkillShare,
    VolunteeringHours,
)
from orchestration.demo.periods import Period, last_day, months_in, periods
from orchestration.demo.population import UPSKILLING
from orchestration.demo.programmes import PROGRAMMES, is_work

FEWEST = 5
# Annual lift, multiplier and discount rate of what people earn more in the three years after they found work.
SCENARIOS = {"low": (12_000, 1.0, 0.05), "base": (15_000, 1.5, 0.03), "high": (18_000, 1.5, 0.02)}
_HOUR, _PLATFORM_MONTH = 29.95, 500
_GOALS_BY_WORD = {
    "language": 4, "job": 8, "career": 8, "employment": 8, "mental health": 3, "wellness": 3, "health": 3,
    "community": 11, "culture": 11, "cultural": 11, "integration": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Return:
    """What work found in a period is worth beside what the programme cost; None where nobody can know."""

    ratio: float | None
    value: float | None
    cost: float


@dataclass
class Company:
    """What is counted of one company."""

    goals: Counter[tuple[Period, int]] = field(default_factory=Counter)
    minutes: Counter[Period] = field(default_factory=Counter)  # of volunteers with participants
    first_jobs: dict[int, datetime] = field(default_factory=dict)
    hears_of_placements_from: date = date.max
    enrolled: dict[tuple[str, int], list[Enrolment]] = field(default_factory=lambda: defaultdict(list))
    reached: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))  # by stage

    def record(self, fact: Fact) -> None:
        match fact:
            case Enrolment():
                kind = PROGRAMMES[fact.instance.program_type]
                self.enrolled[kind, fact.participant.number].append(fact)
            case Session():
                self._session(fact)
            case Match():
                self._serves(fact.matched_at, (10, 16))
                if fact.ended_at:
                    self._serves(fact.ended_at, (10,))
                stages = ("matched", "program_completed") if fact.end_reason == "completed" else ("matched",)
                self._reaches("buddy_program", fact.participant.number, *stages)
            case Checkin():
                self._serves(fact.at, (3,))
            case Outing():
                self._reaches("buddy_program", fact.match.participant.number, "session_completed")
            case BuddyFeedback():
                self._serves(fact.at, (17,))
            case SkillShare():
                self._serves(fact.at, (4, 8), f"{fact.skill_name} {fact.skill_category}")
                self._works(fact.at, fact.duration_minutes)
            case CourseCompletion():
                self._serves(fact.completed_at, (), fact.course_name)
                self._reaches(PROGRAMMES[UPSKILLING], fact.participant.number, "program_completed")
            case Placement():
                self.hears_of_placements_from = min(self.hears_of_placements_from, fact.at.date())
                if is_work(fact):
                    number = fact.participant.number
                    self.first_jobs[number] = min(self.first_jobs.get(number, fact.at), fact.at)
            case VolunteeringHours():
                # Goals that the source names count alone.
                self._serves(fact.at, fact.sdg_goals, "" if fact.sdg_goals else fact.cause_area)

    def funnels(self) -> dict[tuple[str, str, str], int | None]:
        """People by programme, quarter of the first enrolment and stage; None where those are few."""
        counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (kind, person), enrolments in self.enrolled.items():
            first = min(one.enrolled_at for one in enrolments)
            is_completed = any(one.status == "completed" for one in enrolments)
            quarter = f"{first.year}-Q{(first.month + 2) // 3}"
            counted[kind, quarter].update(self._way(kind, person, is_completed=is_completed))
        return {
            (kind, quarter, stage): people[stage] if people["enrolled"] >= FEWEST else None
            for (kind, quarter), people in counted.items()
            for stage in _stages(kind)
        }

    def returns(self) -> dict[tuple[Period, str], Return]:
        """By period and scenario, of the periods in which volunteers worked or people found work."""
        found = {}
        employed = Counter(period for at in self.first_jobs.values() for period in periods(at))
        for period in self.minutes.keys() | employed.keys():
            cost = self.minutes[period] / 60 * _HOUR + _PLATFORM_MONTH * months_in(period)
            for scenario, (lift, multiplier, rate) in SCENARIOS.items():
                gain = sum(employed[period] * lift * multiplier / (1 + rate) ** year for year in (1, 2, 3))
                found[period, scenario] = (
                    Return(hundredths((gain - cost) / cost), gain, cost)
                    if self.hears_of_placements_from <= last_day(period)
                    else Return(None, None, cost)
                )
        return found

    def _session(self, session: Session) -> None:
        is_language = session.session_type == "language"
        kind, number = (
            ("language_course" if is_language else "mentorship_program"),
            session.participant.number,
        )
        self._reaches(kind, number, "matched")
        if session.completed_at is None:
            return  # a booking that came to nothing
        self._reaches(kind, number, "session_completed")
        self._serves(session.completed_at, (), f"{session.session_type} {' '.join(session.topics)}")
        self._works(session.completed_at, session.duration_minutes)

    def _way(self, kind: str, person: int, *, is_completed: bool) -> Iterator[str]:
        """How far somebody came. Nobody is at a stage without the stages before it."""
        for stage in _stages(kind):
            is_there = (kind, person) in self.reached[stage] or stage == "enrolled"
            if not is_there and not (stage == "program_completed" and is_completed):
                return
            yield stage

    def _reaches(self, kind: str, person: int, *stages: str) -> None:
        for stage in stages:
            self.reached[stage].add((kind, person))

    def _serves(self, at: datetime, goals: Iterable[int], about: str = "") -> None:
        words = {
            goal for word, goal in _GOALS_BY_WORD.items() if re.search(rf"\b{word}", about, re.IGNORECASE)
        }
        for period in periods(at):
            for goal in {*goals, *words}:
                self.goals[period, goal] += 1

    def _works(self, at: datetime, minutes: int) -> None:
        for period in periods(at):
            self.minutes[period] += minutes


@dataclass
class Returns:
    """Takes each fact with the company it counts for."""

    companies: dict[UUID, Company] = field(default_factory=lambda: defaultdict(Company))

    def record(self, company_id: UUID | None, fact: Fact) -> None:
        if company_id:
            self.companies[company_id].record(fact)

    def goals(self) -> dict[tuple[UUID, Period, int], int]:
        """Activities by company, period and goal."""
        return {(of, *cell): n for of, company in self.companies.items() for cell, n in company.goals.items()}

    def funnels(self) -> dict[tuple[UUID, str, str, str], int | None]:
        """People by company, programme, quarter of the first enrolment and stage."""
        return {
            (of, *cell): n for of, company in self.companies.items() for cell, n in company.funnels().items()
        }

    def returns(self) -> dict[tuple[UUID, Period, str], Return]:
        """By company, period and scenario."""
        return {
            (of, *cell): worth
            for of, company in self.companies.items()
            for cell, worth in company.returns().items()
        }

    def hours(self) -> dict[tuple[UUID, Period], float]:
        """Hours of volunteers with participants, as impact scores count them."""
        return {
            (of, period): minutes / 60
            for of, company in self.companies.items()
            for period, minutes in company.minutes.items()
        }


def hundredths(number: float) -> float:
    """Rounded as on paper."""
    return float(Decimal(repr(round(number, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _stages(kind: str) -> tuple[str, ...]:
    if kind in ("language_course", "mentorship_program", "buddy_program"):
        return ("enrolled", "matched", "session_completed", "program_completed")
    return ("enrolled", "program_completed")  # nobody is matched or has sessions in a course
