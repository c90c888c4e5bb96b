"""The independent truth: what every number should be, worked out from the simulator's own facts.

Plain Python over the facts, following the written definitions and sharing no code with the platform: if the
ledger and the warehouse agree, it is not because one copied the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from orchestration.demo.facts import (
    BuddyFeedback,
    Checkin,
    CourseCompletion,
    CourseProgress,
    Credential,
    Donation,
    Enrolment,
    Fact,
    Match,
    Outing,
    Placement,
    Rating,
    Session,
    SkillShare,
    VolunteeringHours,
)
from orchestration.demo.periods import label
from orchestration.demo.population import BUDDY, LANGUAGE, MENTORS, UPSKILLING, Participant, Volunteer
from orchestration.demo.programmes import Programmes
from orchestration.demo.progress import Integration, Progress
from orchestration.demo.returns import Returns
from orchestration.demo.window import Window

GRAINS = ("month", "quarter")
GRANULARITIES = ("day", "week", *GRAINS)  # of trends
FEWEST_SHOWN = 5  # people behind an average
TRENDS = (
    "participants_count", "volunteers_count", "sessions_count", "volunteer_hours", "ratings_count",
    "enrollments_count", "buddy_matches_count", "courses_completed_count", "volunteering_hours",
    "donations_usd", "placements_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the company metrics."""

    company_id: UUID
    grain: str
    period: str  # 2026-09 or 2026-Q3; of days and weeks the first day


@dataclass(slots=True)
class Tally:
    """What counts in one cell. Sets, because people are counted once however much they do."""

    participants: set[int] = field(default_factory=set)
    volunteers: set[int] = field(default_factory=set)
    language_sessions: int = 0
    mentorship_sessions: int = 0
    minutes: int = 0
    raters: set[int] = field(default_factory=set)
    ratings: int = 0
    rating_eighths: int = 0  # ratings are multiples of 1/8 after scaling to 0-1: integers keep the sum exact
    enrollments: int = 0
    buddy_matches: int = 0
    courses: int = 0
    volunteering_half_hours: int = 0
    donations: int = 0
    donated_cents: int = 0  # US cents, where they are known
    donations_without_usd: int = 0
    placements: int = 0

    def metrics(self) -> dict[str, float | None]:
        """By the names of the warehouse's columns."""
        return {
            "participants_count": len(self.participants),
            "volunteers_count": len(self.volunteers),
            "sessions_count": self.language_sessions + self.mentorship_sessions,
            "language_sessions_count": self.language_sessions,
            "mentorship_sessions_count": self.mentorship_sessions,
            "volunteer_hours": self.minutes / 60,
            "ratings_count": self.ratings,
            "rating_sum": self.rating_eighths / 8,
            "avg_rating": self.rating_eighths / 8 / self.ratings if self.ratings else None,
            "enrollments_count": self.enrollments,
            "buddy_matches_count": self.buddy_matches,
            "courses_completed_count": self.courses,
            "volunteering_hours": self.volunteering_half_hours / 2,
            "donations_count": self.donations,
            "donations_usd": self.donated_cents / 100,
            "donations_without_usd_count": self.donations_without_usd,
            "placements_count": self.placements,
        }


@dataclass
class Ledger:
    """Takes every fact once, in the order they were made, and knows what the platform must show for them."""

    window: Window
    tallies: defaultdict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    subjects: Counter[str] = field(default_factory=Counter)  # distinct event subjects, by event type
    unattributed: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    programmes: Programmes = field(default_factory=Programmes)
    returns: Returns = field(default_factory=Returns)
    progress: Progress = field(default_factory=Progress)
    _enrolments: dict[int, list[Enrolment]] = field(default_factory=dict)
    _courses_begun: set[tuple[int, str, str]] = field(default_factory=set)

    def record(self, fact: Fact) -> None:
        self.facts[type(fact).__name__] += 1
        match fact:
            case Enrolment():
                self._enrolments.setdefault(fact.participant.number, []).append(fact)
                self.subjects["ingest.enrollment.created"] += 1
                self.programmes.enrolled(fact)
                self._enter(fact.instance.company_id, fact)
                for tally in self._cells(fact.instance.company_id, fact.enrolled_at, "enrolments"):
                    tally.enrollments += 1
            case Session():
                self._session(fact)
            case Match():
                self.subjects["buddy.match.created"] += 1
                self.subjects["buddy.match.ended"] += fact.ended_at is not None
                for tally in self._buddy(fact, fact, fact.matched_at):
                    tally.buddy_matches += 1
            case Checkin():
                self.subjects["buddy.checkin.completed"] += 1
                self._buddy(fact, fact.match, fact.at)
            case Outing():
                self.subjects["buddy.event.logged"] += 1
                self._buddy(fact, fact.match, fact.at)
            case BuddyFeedback():
                self.subjects["buddy.feedback.submitted"] += 1
                pair = fact.match
                self._enter(self.company_of(BUDDY, pair.participant, pair.buddy, fact.at.date()), fact)
            case CourseCompletion():
                self.subjects["upskilling.course.completed"] += 1
                company = self.company_of(UPSKILLING, fact.participant, None, fact.completed_at.date())
                self.programmes.completed(company, fact)
                self._enter(company, fact)
                for tally in self._cells(company, fact.completed_at, "courses"):
                    tally.participants.add(fact.participant.number)
                    tally.courses += 1
            case CourseProgress():
                self._progress(fact)
            case Credential():
                self.subjects["upskilling.credential.issued"] += 1
            case SkillShare():
                self.subjects["buddy.skill_share.completed"] += 1
                self._buddy(fact, fact.match, fact.at)
            case Placement():
                self.subjects["ingest.placement.created"] += 1
                company = (
                    fact.company.company_id if fact.company
                    else self.company_of(UPSKILLING, fact.participant, None, fact.at.date())
                )  # fmt: skip
                self.programmes.placed(company, fact)
                self._enter(company, fact)
                for tally in self._cells(company, fact.at, "placements"):
                    tally.placements += 1
            case VolunteeringHours():
                self.subjects["ingest.volunteer.logged"] += 1
                company = (
                    fact.company.company_id if fact.company else _employer(fact.volunteer, fact.at.date())
                )
                self._enter(company, fact)
                for tally in self._cells(company, fact.at, "volunteering"):
                    tally.volunteers.add(fact.volunteer.number)
                    tally.volunteering_half_hours += fact.half_hours
            case Donation():
                self._donation(fact)

    def company_of(
        self, program_type: str, participant: Participant, volunteer: Volunteer | None, day: date
    ) -> UUID | None:
        """Whose instance of the programme they are in, else who employs the volunteer, else nobody."""
        current = [
            e for e in self._enrolments.get(participant.number, ())
            if e.instance.program_type == program_type
            and e.instance.company_id is not None
            and e.enrolled_at.date() <= day
            and (e.completed_at is None or day <= e.completed_at.date())
        ]  # fmt: skip
        if current:
            return max(current, key=lambda e: e.enrolled_at).instance.company_id
        return _employer(volunteer, day) if volunteer else None

    def expected(self) -> dict[Cell, dict[str, float | None]]:
        """Every row of the company metrics that must exist, and its numbers as they may be shown."""
        rows = {
            cell: tally.metrics()
            for cell, tally in sorted(self.tallies.items(), key=lambda i: _key(i[0]))
            if cell.grain in GRAINS
        }
        for cell in rows:
            if self.tallies[cell].ratings and self._rated_by_few(cell):
                rows[cell] |= {"rating_sum": None, "avg_rating": None}
        integration = {
            Cell(of, period[0], label(period)): figure
            for (of, period), figure in self.progress.integration().items()
        }
        for cell in rows:
            rows[cell] |= _as_shown(integration.get(cell, Integration(0, 0.0, 0.0)))
        for (of, period, scenario), worth in self.returns.returns().items():
            if scenario == "base":
                rows[Cell(of, period[0], label(period))] |= {"sroi_ratio": worth.ratio}
        return rows

    def trends(self) -> dict[Cell, dict[str, float]]:
        """Every point of the trends that is not nought. Not of averages: they are withheld by other rules."""
        return {
            cell: {name: value for name in TRENDS if (value := tally.metrics()[name])}
            for cell, tally in self.tallies.items()
        }

    def retention(self) -> dict[tuple[UUID, str, str, int], tuple[int, int] | None]:
        """Newcomers of a month and how many were active some months later; None where they are too few."""
        active: dict[UUID, dict[str, set[int]]] = defaultdict(dict)
        for cell, tally in self.tallies.items():
            if cell.grain == "month" and tally.participants:
                active[cell.company_id][cell.period] = tally.participants
        return self.programmes.retention(active, FEWEST_SHOWN)

    def _rated_by_few(self, cell: Cell) -> bool:
        """Whether fewer than five people rated in the period or, of a month, in a month of its quarter."""
        alike = (
            tally.raters
            for other, tally in self.tallies.items()
            if (other.company_id, other.grain) == (cell.company_id, cell.grain)
            and _quarter(other.period) == _quarter(cell.period)
        )
        return any(0 < len(raters) < FEWEST_SHOWN for raters in alike)

    def _session(self, session: Session) -> None:
        # A webhook announces a booking; an export shows one that came to nothing as a session without an end.
        by_webhook = session.booked_at >= self.window.webhooks_from
        self.subjects["kintell.session.scheduled"] += by_webhook
        program_type = LANGUAGE if session.session_type == "language" else MENTORS
        day = (session.completed_at or session.scheduled_at).date()
        company = self.company_of(program_type, session.participant, session.volunteer, day)
        if session.completed_at is None:
            in_export = session.scheduled_at < self.window.exported_until
            self.subjects["kintell.session.scheduled"] += in_export
            if by_webhook or in_export:
                self._enter(company, session)
            return
        self._enter(company, session)
        self.subjects["kintell.session.completed"] += 1
        self.programmes.held(company, session)
        for tally in self._cells(company, session.completed_at, "sessions"):
            tally.participants.add(session.participant.number)
            tally.volunteers.add(session.volunteer.number)
            tally.minutes += session.duration_minutes
            if session.session_type == "language":
                tally.language_sessions += 1
            else:
                tally.mentorship_sessions += 1
        for rating in session.ratings:
            self._rating(company, session, session.completed_at, rating)

    def _rating(self, company: UUID | None, session: Session, completed_at: datetime, rating: Rating) -> None:
        in_export = in_csv(self.window, session, rating)
        by_webhook = rating.created_at >= self.window.webhooks_from
        # The two ways name a rating differently: one that came both ways is two subjects, and counts once.
        self.subjects["kintell.rating.created"] += in_export + by_webhook
        if rating.from_role == "volunteer" or not (in_export or by_webhook):
            return
        # An export does not say when a rating was given, so it counts on the day of its session.
        for tally in self._cells(company, rating.created_at if by_webhook else completed_at, "ratings"):
            tally.raters.add(session.participant.number)
            tally.ratings += 1
            tally.rating_eighths += round((rating.value - 1) * 2)

    def _progress(self, progress: CourseProgress) -> None:
        # All reports on one course of one person have one subject, also when it is taken twice.
        course = (progress.participant.number, progress.provider, progress.course_id)
        self.subjects["upskilling.progress.updated"] += course not in self._courses_begun
        self._courses_begun.add(course)
        company = self.company_of(UPSKILLING, progress.participant, None, progress.at.date())
        self._enter(company, progress)
        if progress.status in ("in_progress", "completed"):
            for tally in self._cells(company, progress.at, "course work"):
                tally.participants.add(progress.participant.number)

    def _donation(self, donation: Donation) -> None:
        self.subjects["ingest.donation.made"] += 1
        cents = donation.amount * 100 if donation.currency == "USD" else donation.usd_cents
        for tally in self._cells(_employer(donation.volunteer, donation.at.date()), donation.at, "donations"):
            tally.donations += 1
            if cents is None:
                tally.donations_without_usd += 1
            else:
                tally.donated_cents += cents

    def _enter(self, company_id: UUID | None, fact: Fact) -> None:
        self.returns.record(company_id, fact)
        self.progress.record(company_id, fact)

    def _buddy(self, fact: Fact, match: Match, at: datetime) -> list[Tally]:
        company = self.company_of(BUDDY, match.participant, match.buddy, at.date())
        self._enter(company, fact)
        tallies = self._cells(company, at, "buddy")
        for tally in tallies:
            tally.participants.add(match.participant.number)
            tally.volunteers.add(match.buddy.number)
        return tallies

    def _cells(self, company_id: UUID | None, at: datetime, what: str) -> list[Tally]:
        if company_id is None:
            self.unattributed[what] += 1
            return []
        return [self.tallies[Cell(company_id, grain, period_of(grain, at))] for grain in GRANULARITIES]


def _as_shown(integration: Integration) -> dict[str, float | None]:
    people, scores, levels = integration.people, integration.score_sum, integration.level_sum
    return {
        "integration_scores_count": people,
        "integration_score_sum": scores,
        "avg_integration_score": scores / people if people and scores is not None else None,
        "language_level_sum": levels,
        "avg_language_level": levels / people if people and levels is not None else None,
    }


def _employer(volunteer: Volunteer, day: date) -> UUID | None:
    """The company the volunteer belonged to that day; of two, the primary one."""
    employers = [
        m for m in volunteer.memberships if m.joined_on <= day and (m.left_on is None or day <= m.left_on)
    ]
    if not employers:
        return None
    return next((m for m in employers if m.is_primary), employers[0]).company_id


def in_csv(window: Window, session: Session, rating: Rating) -> bool:
    """Whether Kintell's export holds this rating: it has the participant's, as known when it was made."""
    return (
        rating.from_role == "participant"
        and session.scheduled_at < window.exported_until
        and rating.created_at < window.exported_until
    )


def period_of(grain: str, at: datetime) -> str:
    match grain:
        case "day":
            return f"{at:%Y-%m-%d}"
        case "week":
            return f"{at - timedelta(days=at.weekday()):%Y-%m-%d}"
        case "month":
            return f"{at:%Y-%m}"
    return f"{at.year}-Q{(at.month + 2) // 3}"


def _quarter(period: str) -> str:
    return period if "Q" in period else f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}"


def _key(cell: Cell) -> tuple[str, str, str]:
    return str(cell.company_id), cell.grain, cell.period


def differences(
    expected: dict[Cell, dict[str, float | None]], served: dict[Cell, dict[str, float | None]]
) -> Iterator[str]:
    """Every number that differs by more than 1e-9, and every row that only one side has."""
    for cell in sorted(expected.keys() | served.keys(), key=_key):
        wanted, got = expected.get(cell), served.get(cell)
        where = f"company {cell.company_id}, {cell.period}"
        if wanted is None:
            yield f"{where}: served, although nothing happened there"
        elif got is None:
            yield f"{where}: not served"
        else:
            for name, value in wanted.items():
                if name in got and not same(value, got[name]):
                    yield f"{where}: {name} should be {value}, served {got[name]}"


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9
