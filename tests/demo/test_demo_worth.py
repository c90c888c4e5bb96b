"""The ledger's goals, funnels, returns, integration and cohorts follow the written definitions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from orchestration.demo import worth
from orchestration.demo.facts import Checkin, CourseProgress, Match, Outing, Placement, Session
from orchestration.demo.periods import label, last_day, periods
from orchestration.demo.progress import Integration, Participants
from orchestration.demo.returns import Company
from tests.demo.simulated import Simulated

AT = datetime(2025, 8, 11, 10, tzinfo=UTC)
MONTH, QUARTER = periods(AT)


@pytest.fixture
def people(simulated: Simulated):
    return list(simulated.population.participants())


def session(participant, volunteer, *, at: datetime = AT, level: str = "B1", minutes: int = 60) -> Session:
    return Session(
        f"LS-{participant.number}-{at:%d%H}", "language", participant, volunteer, at, at,
        completed_at=at + timedelta(minutes=minutes), duration_minutes=minutes, language_level=level,
        topics=("health", "culture"),
    )  # fmt: skip


def job(participant, *, at: datetime = AT, status: str = "active", kind: str = "job_placement") -> Placement:
    return Placement(f"J-{participant.number}", participant, None, kind, status, "Baker", at, None, None)


def test_one_who_found_work_is_worth_three_years_of_a_higher_wage(simulated: Simulated, people) -> None:
    volunteer = simulated.population.volunteers[0]
    company = Company()
    for number in range(2):
        company.record(session(people[0], volunteer, at=AT + timedelta(days=number)))
    company.record(job(people[0]))
    company.record(job(people[0], at=AT + timedelta(days=40)))  # is in work already
    company.record(job(people[1], status="terminated"))
    company.record(job(people[2], kind="internship"))
    found = company.returns()
    assert found[MONTH, "base"].cost == pytest.approx(2 * 29.95 + 500)
    assert found[MONTH, "base"].value == pytest.approx(63_643.76, abs=0.005)
    assert found[MONTH, "base"].ratio == 112.67
    assert found[QUARTER, "base"].cost == pytest.approx(2 * 29.95 + 1_500)
    assert found[MONTH, "low"].ratio < found[MONTH, "base"].ratio < found[MONTH, "high"].ratio


def test_before_a_company_hears_of_placements_nobody_knows_what_came_of_it(
    simulated: Simulated, people
) -> None:
    company = Company()
    company.record(session(people[0], simulated.population.volunteers[0]))
    company.record(job(people[0], at=AT + timedelta(days=90)))
    assert company.returns()[MONTH, "base"].ratio is None
    company.record(job(people[1], at=AT - timedelta(days=90), status="terminated"))
    assert company.returns()[MONTH, "base"].ratio == -1


def test_an_activity_serves_the_goals_of_its_kind_and_of_the_words_about_it(
    simulated: Simulated, people
) -> None:
    company = Company()
    company.record(session(people[0], simulated.population.volunteers[0]))
    match = Match(
        "m", people[0], simulated.population.volunteers[0], AT, AT + timedelta(days=60), "completed"
    )
    company.record(match)
    assert company.goals == Counter(
        {(period, goal): 1 for period in periods(AT) for goal in (3, 4, 10, 11, 16)}
        | {(period, 10): 1 for period in periods(AT + timedelta(days=60))}
    )


@pytest.mark.parametrize(
    ("level", "outings", "checkins", "done", "under_way", "is_employed", "score"),
    [
        ("B1", 3, 3, 2, 1, False, 52.10),
        ("A1", None, None, 0, 0, False, 6.80),
        ("A2", 1, 2, 1, 0, False, 33.30),
        ("B2", 5, 10, 4, 4, False, 86.80),
        ("C2", 9, 20, 0, 0, True, 100.0),
    ],
)
def test_integration_is_scored_as_on_paper(
    simulated: Simulated, people, level, outings, checkins, done, under_way, is_employed, score
) -> None:
    volunteer, own = simulated.population.volunteers[0], Participants()
    own.record(session(people[0], volunteer, level=level))
    if outings is not None:
        match = Match("m", people[0], volunteer, AT, None, "")
        own.record(match)
        for number in range(outings):
            own.record(Outing(f"o{number}", match, AT, "hangout", ""))
        for number in range(checkins):
            own.record(Checkin(f"c{number}", match, AT, "good", ""))
    for number in range(done + under_way):
        status = "completed" if number < done else "in_progress"
        own.record(CourseProgress(people[0], "ecornell", f"EC-{number}", "", 50, status, AT))
    if is_employed:
        own.record(job(people[0]))
    assert own.people[people[0].number].score(last_day(MONTH)) == pytest.approx(score)
    assert own.integration()[MONTH] == Integration(1, None, None)  # of one person


def test_a_cohort_is_shown_only_where_neither_it_nor_the_rest_is_of_few(simulated: Simulated, people) -> None:
    def figure(learners: int, others: int):
        own = Participants()
        for participant in people[: learners + others]:
            own.record(session(participant, simulated.population.volunteers[0], minutes=30))
        own.learners |= {participant.number for participant in people[:learners]}
        return own.cohort()["session_minutes", MONTH]

    assert figure(4, 10) is None
    assert figure(10, 4) is None
    assert (figure(10, 0).n, figure(10, 0).value_sum, figure(10, 5).median) == (10, 300, 30)


def test_months_of_the_simulated_programme_add_up_to_its_quarters(simulated: Simulated) -> None:
    totals: Counter[tuple[UUID, int, str]] = Counter()
    for (company, period, goal), count in simulated.ledger.returns.goals().items():
        totals[company, goal, period[0]] += count
    assert {goal for _, goal, _ in totals} >= {3, 4, 8, 10, 11, 16, 17}
    assert all(
        totals[company, goal, "month"] == totals[company, goal, "quarter"] for company, goal, _ in totals
    )
    funnels = simulated.ledger.returns.funnels()
    assert {stage for *_, stage in funnels} == {
        "enrolled",
        "matched",
        "session_completed",
        "program_completed",
    }
    assert None in funnels.values()
    for (company, kind, quarter, stage), people in funnels.items():
        enrolled = funnels[company, kind, quarter, "enrolled"]
        assert people is None if enrolled is None else people <= enrolled, stage


def test_worth_is_compared_number_by_number(simulated: Simulated) -> None:
    wanted = worth.expected(simulated.ledger)
    kinds = Counter(cell[1] for cell in wanted)
    assert len(kinds) == 5
    assert all(any(cell[1] == kind and number for cell, number in wanted.items()) for kind in kinds), (
        "a kind of number has none to compare"
    )
    assert list(worth.differences(wanted, dict(wanted))) == []
    got = dict(wanted)
    changed = [next(cell for cell in wanted if cell[1] == kind and wanted[cell]) for kind in kinds]
    for cell in changed:
        got[cell] = None
    got["a company", "benchmark", "2025-Q2", "all", "avg_rating"] = 0.7
    found = list(worth.differences(wanted, got))
    assert len(found) == len(changed) + 1
    assert any(line.startswith("benchmark, 2025-Q2, all, avg_rating of company a company") for line in found)


def test_periods_are_named_as_people_write_them() -> None:
    assert [label(period) for period in (MONTH, QUARTER)] == ["2025-08", "2025-Q3"]
    assert [str(last_day(period)) for period in (MONTH, QUARTER)] == ["2025-08-31", "2025-09-30"]
