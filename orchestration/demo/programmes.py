"""What the programmes' tiles and the retention of newcomers must show, from the simulator's own facts.

Plain Python after the written definitions, like the ledger that keeps it. Bookings are left out of the tiles:
what came of one is known from events alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from orchestration.demo.facts import CourseCompletion, Enrolment, Placement, Session
from orchestration.demo.periods import Period, last_day, periods
from orchestration.demo.population import BUDDY, LANGUAGE, MENTORS, UPSKILLING

# How the platform names the programme types of instances.
PROGRAMMES = {
    LANGUAGE: "language_course", MENTORS: "mentorship_program", BUDDY: "buddy_program",
    UPSKILLING: "upskilling_course",
}  # fmt: skip
T = TypeVar("T")
_WORK = ("job_placement", "apprenticeship")


@dataclass(frozen=True, slots=True)
class TileCell:
    """One number of one tile."""

    company_id: UUID
    grain: str
    period_start: date
    tile: str
    metric: str


Numbers = Iterator[tuple[Period, dict[str, float]]]


@dataclass
class Programmes:
    """Facts by company, where they belong to one."""

    sessions: dict[UUID, list[Session]] = field(default_factory=lambda: defaultdict(list))
    enrolments: dict[UUID, list[Enrolment]] = field(default_factory=lambda: defaultdict(list))
    completions: dict[UUID, list[CourseCompletion]] = field(default_factory=lambda: defaultdict(list))
    placements: dict[UUID, list[Placement]] = field(default_factory=lambda: defaultdict(list))

    def held(self, company: UUID | None, session: Session) -> None:
        if company:
            self.sessions[company].append(session)

    def enrolled(self, enrolment: Enrolment) -> None:
        if enrolment.instance.company_id:
            self.enrolments[enrolment.instance.company_id].append(enrolment)

    def completed(self, company: UUID | None, completion: CourseCompletion) -> None:
        if company:
            self.completions[company].append(completion)

    def placed(self, company: UUID | None, placement: Placement) -> None:
        if company:
            self.placements[company].append(placement)

    def tiles(self) -> dict[TileCell, float]:
        """Every number of the tiles that is not nought."""
        return {
            TileCell(company, *period, tile, metric): number
            for company in self.sessions.keys() | self.enrolments.keys() | self.completions.keys()
            for tile, rows in (
                ("language", self._language(company)),
                ("mentorship", self._mentorship(company)),
                ("upskilling", self._upskilling(company)),
            )
            for period, numbers in rows
            for metric, number in numbers.items()
            if number
        }

    def retention(
        self, active: Mapping[UUID, Mapping[str, set[int]]], fewest: int
    ) -> dict[tuple[UUID, str, str, int], tuple[int, int] | None]:
        """By company, programme, month of first enrolment, months since: how many people, how many active."""
        found: dict[tuple[UUID, str, str, int], tuple[int, int] | None] = {}
        for company, enrolments in self.enrolments.items():
            first: dict[tuple[str, int], date] = {}
            for one in sorted(enrolments, key=lambda enrolment: enrolment.enrolled_at):
                person = (PROGRAMMES[one.instance.program_type], one.participant.number)
                first.setdefault(person, one.enrolled_at.date().replace(day=1))
            groups: dict[tuple[str, date], set[int]] = defaultdict(set)
            for (programme, number), month in first.items():
                groups[programme, month].add(number)
            last = max(active[company], default="")
            for (programme, month), people in groups.items():
                since, label = 0, f"{month:%Y-%m}"
                while since == 0 or label <= last:
                    still = len(people & active[company].get(label, set()))
                    shown = (len(people), still) if len(people) >= fewest else None
                    found[company, programme, f"{month:%Y-%m-%d}", since] = shown
                    since += 1
                    years, place = divmod(month.month - 1 + since, 12)
                    label = f"{month.year + years}-{place + 1:02}"
        return found

    def _language(self, company: UUID) -> Numbers:
        sessions = [one for one in self.sessions[company] if one.session_type == "language"]
        for period, here in _by_period((_end(one), one) for one in sessions).items():
            last = last_day(period)
            people = {one.participant.number for one in here}
            so_far = Counter(one.participant.number for one in sessions if _end(one).date() <= last)
            weeks = ((last - period[1]).days + 1) / 7
            yield (
                period,
                {
                    "participants": len(people),
                    "completed_sessions": len(here),
                    "volunteer_hours": sum(one.duration_minutes for one in here) / 60,
                    "sessions_per_week": len(here) / (len(people) * weeks),
                    **{
                        name: sum(so_far[person] >= least for person in people) / len(people)
                        for name, least in (
                            ("active_share", 2),
                            ("retained_share", 4),
                            ("full_course_share", 8),
                        )
                    },
                },
            )

    def _mentorship(self, company: UUID) -> Numbers:
        sessions = [one for one in self.sessions[company] if one.session_type == "mentorship"]
        for period, here in _by_period((_end(one), one) for one in sessions).items():
            times = Counter(one.participant.number for one in here)
            yield (
                period,
                {
                    "completed_sessions": len(here),
                    "mentees": len(times),
                    "mentors": len({one.volunteer.number for one in here}),
                    "sessions_per_mentee": len(here) / len(times),
                    "repeat_mentee_share": sum(n >= 2 for n in times.values()) / len(times),
                },
            )

    def _upskilling(self, company: UUID) -> Numbers:
        kind = [one for one in self.enrolments[company] if one.instance.program_type == UPSKILLING]
        enrolled = _by_period((one.enrolled_at, one) for one in kind)
        completed = _by_period((one.completed_at, one) for one in self.completions[company])
        first: dict[int, datetime] = {}
        for one in sorted(self.completions[company], key=lambda completion: completion.completed_at):
            first.setdefault(one.participant.number, one.completed_at)
        placed = _by_period(
            (one.at, one)
            for one in self.placements[company]
            if is_work(one) and one.participant.number in first and one.at >= first[one.participant.number]
        )
        for period in enrolled.keys() | completed.keys() | placed.keys():
            here = enrolled.get(period, [])
            yield (
                period,
                {
                    "enrolments": len(here),
                    "completions": len(completed.get(period, [])),
                    "completion_share": sum(one.status == "completed" for one in here) / len(here)
                    if here
                    else 0,
                    "placements": len(placed.get(period, [])),
                },
            )


def is_work(placement: Placement) -> bool:
    return (
        placement.placement_type in _WORK
        and placement.status in ("active", "completed")
        and placement.is_successful is not False
    )


def _end(session: Session) -> datetime:
    return session.completed_at or session.scheduled_at  # whatever is kept here was held


def _by_period(moments: Iterable[tuple[datetime, T]]) -> dict[Period, list[T]]:
    found: dict[Period, list[T]] = defaultdict(list)
    for at, what in moments:
        for period in periods(at):
            found[period].append(what)
    return found
