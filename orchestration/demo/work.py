"""What happens outside the programme: participants find jobs, employees give hours and money elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from orchestration.demo.facts import Donation, Enrolment, Placement, VolunteeringHours
from orchestration.demo.population import MENTORS, UPSKILLING, Company, Membership, Population, Volunteer
from orchestration.demo.window import chance, midnight

# The system in which each company keeps its records, in the order of `Population.companies`.
_SYSTEMS = ("benevity", "goodera", "manual")
_ACTIVITIES = (
    ("Homework help", "skills_volunteering", "education", (4, 10)),
    ("Job interviews to practise on", "pro_bono", "employment", (8,)),
    ("Clothes and toys for newcomers", "hands_on_volunteering", "integration", (10, 11)),
    ("Conversation café online", "virtual_volunteering", "language", (4,)),
)
_GIFTS = ("one_time", "payroll_deduction", "recurring")
_JOBS = ("Baker", "Care assistant", "Electrician", "Software tester", "Accountant", "Teacher's assistant")


def placements(population: Population, enrolment: Enrolment, until: date) -> Iterator[Placement]:
    """Who found what, from the end of an enrolment in upskilling or mentoring on."""
    rng = chance(population.seed, "placement", enrolment.participant.number, enrolment.instance.slug)
    if enrolment.instance.program_type not in (MENTORS, UPSKILLING) or rng.random() > 0.3:
        return
    # Some find it while they are still enrolled.
    placed_on = until - timedelta(days=rng.randrange(1, 20)) + timedelta(days=rng.choice((0, 0, 40)))
    if not enrolment.enrolled_at.date() < placed_on < population.window.now:
        return
    company = next((c for c in population.companies if c.company_id == enrolment.instance.company_id), None)
    is_judged = rng.random() < 0.6
    yield Placement(
        source_id=f"J-{population.id_of('placement', enrolment.participant.number, placed_on)}",
        participant=enrolment.participant,
        # A board that knows whose programme it was says so; else the enrolment of that day decides.
        company=company if rng.random() < 0.5 else None,
        placement_type=rng.choice(("job_placement", "job_placement", "internship", "apprenticeship")),
        status=rng.choice(("active", "active", "completed", "terminated")),
        job_title=rng.choice(_JOBS),
        at=midnight(placed_on) + timedelta(hours=9),
        is_successful=rng.random() < 0.8 if is_judged else None,
        rating=rng.randrange(4, 11) / 2 if is_judged else None,
    )


def employee_records(population: Population) -> Iterator[VolunteeringHours | Donation]:
    """Hours and gifts of every employee, month by month; nobody logs any on a day without an employer."""
    for volunteer in population.volunteers:
        rng = chance(population.seed, "employee", volunteer.number)
        is_donor, donates_dollars = rng.random() < 0.12, rng.random() < 0.3
        for month in range(population.window.days // 30):
            day = population.window.first + timedelta(days=30 * month + rng.randrange(30))
            employers = [m for m in volunteer.memberships if _is_member(m, day)]
            if day >= population.window.now or not employers:
                continue
            system = _system(population, volunteer)
            if rng.random() < 0.22:
                name, kind, cause, goals = rng.choice(_ACTIVITIES)
                yield VolunteeringHours(
                    source_system=system,
                    source_id=f"H-{population.seed}-{volunteer.number}-{month}",
                    volunteer=volunteer,
                    # The second of two employers has to be named to count.
                    company=_company(population, employers[-1]) if rng.random() < 0.2 else None,
                    activity_name=name,
                    activity_type=kind,
                    cause_area=cause,
                    sdg_goals=goals,
                    half_hours=rng.randrange(1, 17),
                    is_verified=rng.random() < 0.7,
                    at=midnight(day) + timedelta(hours=12),
                )
            if is_donor:
                yield Donation(
                    source_system=system,
                    source_id=f"D-{population.seed}-{volunteer.number}-{month}",
                    volunteer=volunteer,
                    donation_type=rng.choice(_GIFTS),
                    amount=rng.choice((20, 50)) if donates_dollars else rng.choice((100, 200, 500)),
                    currency="USD" if donates_dollars else "NOK",
                    # The suite converts some, with a rate that the platform does not know.
                    usd_cents=None if donates_dollars or rng.random() < 0.4 else rng.randrange(900, 5_000),
                    match_ratio=0.5 if system == "benevity" and rng.random() < 0.8 else None,
                    at=midnight(day) + timedelta(hours=10),
                )


def _is_member(membership: Membership, day: date) -> bool:
    return membership.joined_on <= day and (membership.left_on is None or day <= membership.left_on)


def _system(population: Population, volunteer: Volunteer) -> str:
    first = volunteer.memberships[0].company_id
    return next(s for s, c in zip(_SYSTEMS, population.companies, strict=True) if c.company_id == first)


def _company(population: Population, membership: Membership) -> Company:
    return next(c for c in population.companies if c.company_id == membership.company_id)
