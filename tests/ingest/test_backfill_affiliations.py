"""A file's events belong to the companies that webhooks of the same events would belong to."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import UUID, uuid4

import polars as pl
import psycopg
import pytest

from ingest.attribution import PROGRAM_TYPES, Question, attribute_blocking
from ingest.backfill.affiliations import Affiliations

FIRST = date(2024, 1, 1)
SPAN_DAYS = 60
_COLUMNS = {
    "instance": pl.String, "participant": pl.String, "volunteer": pl.String, "program_type": pl.String,
    "day": pl.Date,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_columns_are_answered_as_questions_are(postgres: psycopg.Connection, seed: int) -> None:
    world = _World(postgres, random.Random(seed))  # noqa: S311
    questions = [world.question() for _ in range(2_000)]
    expected = attribute_blocking(postgres, questions)
    affiliations = Affiliations(postgres)
    # In two parts: of the second, most people are known from the first.
    found = [*_asked(affiliations, questions[:700]), *_asked(affiliations, questions[700:])]
    assert found == expected
    assert None in expected
    assert len(set(expected)) > 3


def test_people_are_asked_about_again_once_they_were_forgotten(postgres: psycopg.Connection) -> None:
    world = _World(postgres, random.Random(7))  # noqa: S311
    affiliations = Affiliations(postgres)
    questions = [world.question() for _ in range(500)]
    before = _asked(affiliations, questions)
    postgres.execute("delete from ingest.company_members")
    assert _asked(affiliations, questions) == before
    affiliations.forget()
    assert _asked(affiliations, questions) == attribute_blocking(postgres, questions) != before


def _asked(affiliations: Affiliations, questions: list[Question]) -> list[UUID | None]:
    rows = [
        (
            _text(one.instance_id),
            _text(one.participant_id),
            _text(one.volunteer_id),
            one.program_type,
            one.on_day,
        )
        for one in questions
    ]
    answers = affiliations.companies(pl.DataFrame(rows, schema=_COLUMNS, orient="row"))
    return [UUID(answer) if answer else None for answer in answers.to_list()]


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


class _World:
    """A few companies and people whose ties overlap, begin, end and contradict each other."""

    def __init__(self, connection: psycopg.Connection, chance: random.Random) -> None:
        self._connection, self._chance = connection, chance
        self.companies = [uuid4() for _ in range(4)]
        self.people = [uuid4() for _ in range(12)]
        for company in self.companies:
            connection.execute(
                "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
            )
        for person in self.people:
            connection.execute("insert into ingest.people (person_id) values (%s)", (person,))
        self.instances = [self._instance() for _ in range(10)]
        for person in self.people[:9]:
            for instance in chance.sample(self.instances, chance.randrange(5)):
                connection.execute(
                    "insert into ingest.program_enrollments values (%s, %s, 'enrolled', %s, %s)",
                    (person, instance, *self._period()),
                )
        for person in self.people[3:]:
            for company in chance.sample(self.companies, chance.randrange(4)):
                joined_on, left_on = self._period()
                connection.execute(
                    "insert into ingest.company_members values (%s, %s, %s, %s, %s)",
                    (company, person, joined_on, left_on, chance.random() < 0.5),
                )

    def question(self) -> Question:
        chance = self._chance
        return Question(
            self._day(),
            chance.choice(PROGRAM_TYPES[:3]),
            chance.choice([None, *self.people]),
            chance.choice([None, *self.people]),
            chance.choice(self.instances) if chance.random() < 0.1 else None,
        )

    def _instance(self) -> UUID:
        instance, chance = uuid4(), self._chance
        self._connection.execute(
            "insert into ingest.program_instances (program_instance_id, company_id, program_type,"
            " program_name, program_slug, start_date) values (%s, %s, %s, 'P', %s, %s)",
            (
                instance, chance.choice([None, *self.companies]), chance.choice(PROGRAM_TYPES[:3]),
                str(instance), FIRST,
            ),
        )  # fmt: skip
        return instance

    def _period(self) -> tuple[date, date | None]:
        # Few days: several begin on the same one, and the tie is decided by ids.
        start = FIRST + timedelta(days=self._chance.randrange(0, SPAN_DAYS, 15))
        if self._chance.random() < 0.4:
            return start, None
        return start, start + timedelta(days=self._chance.randrange(30))

    def _day(self) -> date:
        return FIRST + timedelta(days=self._chance.randrange(-5, SPAN_DAYS + 10))
