"""An event of a participant belongs to one company at most, by the rules in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import psycopg
import pytest

from ingest.attribution import Question, attribute, attribute_blocking

DAY = date(2025, 10, 2)


@dataclass(frozen=True)
class World:
    """Two companies, and a volunteer and a participant who belong to nobody yet."""

    connection: psycopg.Connection
    first: UUID
    second: UUID
    participant: UUID
    volunteer: UUID

    def membership(
        self, company: UUID, joined_on: str, left_on: str | None = None, *, primary: bool = True
    ) -> None:
        self.connection.execute(
            "insert into ingest.company_members values (%s, %s, %s, %s, %s)",
            (company, self.volunteer, joined_on, left_on, primary),
        )

    def instance(self, company: UUID | None, program_type: str = "language_ukraine") -> UUID:
        instance_id = uuid4()
        self.connection.execute(
            "insert into ingest.program_instances (program_instance_id, company_id, program_type,"
            " program_name, program_slug, start_date) values (%s, %s, %s, 'P', %s, '2025-01-01')",
            (instance_id, company, program_type, str(instance_id)),
        )
        return instance_id

    def enrollment(self, instance_id: UUID, enrolled_on: str, completed_on: str | None = None) -> None:
        self.connection.execute(
            "insert into ingest.program_enrollments values (%s, %s, 'enrolled', %s, %s)",
            (self.participant, instance_id, enrolled_on, completed_on),
        )

    def company(self, on_day: date = DAY, instance_id: UUID | None = None) -> UUID | None:
        question = Question(on_day, "language_ukraine", self.participant, self.volunteer, instance_id)
        return attribute_blocking(self.connection, [question])[0]


@pytest.fixture
def world(postgres: psycopg.Connection) -> World:
    first, second, participant, volunteer = (uuid4() for _ in range(4))
    for company in (first, second):
        postgres.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
        )
    for person in (participant, volunteer):
        postgres.execute("insert into ingest.people (person_id) values (%s)", (person,))
    return World(postgres, first, second, participant, volunteer)


def test_nobody_known_means_no_company(world: World) -> None:
    assert world.company() is None


def test_the_volunteers_company_decides_without_an_instance(world: World) -> None:
    world.membership(world.first, "2025-01-01")
    assert world.company() == world.first


@pytest.mark.parametrize(
    ("on_day", "is_member"),
    [("2025-02-28", False), ("2025-03-01", True), ("2025-06-30", True), ("2025-07-01", False)],
)
def test_membership_counts_from_its_first_to_its_last_day(world: World, on_day: str, is_member: bool) -> None:
    world.membership(world.first, "2025-03-01", "2025-06-30")
    assert world.company(date.fromisoformat(on_day)) == (world.first if is_member else None)


def test_a_volunteer_who_changed_companies_counts_for_the_one_of_that_day(world: World) -> None:
    world.membership(world.first, "2025-01-01", "2025-09-30")
    world.membership(world.second, "2025-10-01")
    assert world.company(date(2025, 9, 30)) == world.first
    assert world.company(date(2025, 10, 1)) == world.second


def test_of_two_memberships_the_primary_one_decides(world: World) -> None:
    world.membership(world.first, "2025-05-01", primary=False)
    world.membership(world.second, "2025-01-01", primary=True)
    assert world.company() == world.second


def test_the_named_instance_decides_against_the_volunteers_company(world: World) -> None:
    world.membership(world.first, "2025-01-01")
    assert world.company(instance_id=world.instance(world.second)) == world.second


def test_an_instance_run_by_the_charity_leaves_it_to_the_volunteer(world: World) -> None:
    world.membership(world.first, "2025-01-01")
    assert world.company(instance_id=world.instance(None)) == world.first


def test_the_participants_enrolment_decides_against_the_volunteers_company(world: World) -> None:
    world.membership(world.first, "2025-01-01")
    world.enrollment(world.instance(world.second), "2025-09-01", "2025-12-31")
    assert world.company(date(2025, 8, 31)) == world.first
    assert world.company(date(2025, 9, 1)) == world.second
    assert world.company(date(2025, 12, 31)) == world.second
    assert world.company(date(2026, 1, 1)) == world.first


def test_an_enrolment_of_another_programme_type_says_nothing(world: World) -> None:
    world.enrollment(world.instance(world.second, "buddy"), "2025-09-01")
    assert world.company() is None


def test_of_several_enrolments_the_latest_decides(world: World) -> None:
    world.enrollment(world.instance(world.first), "2025-01-01")
    world.enrollment(world.instance(world.second), "2025-09-01")
    assert world.company() == world.second


async def test_answers_come_in_the_order_of_the_questions(world: World, pool: asyncpg.Pool) -> None:
    world.membership(world.first, "2025-03-01", "2025-06-30")
    questions = [
        Question(date(2025, 1 + number % 12, 15), "language_ukraine", None, world.volunteer)
        for number in range(100)
    ]
    expected = [world.first if 3 <= question.on_day.month <= 6 else None for question in questions]
    assert await attribute(pool, questions) == expected
    assert attribute_blocking(world.connection, questions) == expected
    assert await attribute(pool, []) == []
