"""Which company an event of a participant belongs to, decided once, when the event is written.

1. The programme instance, if it is a company's: the one the event names, else the participant's enrolment
   of that programme type on that day (the latest, should there be several).
2. Else the volunteer's company on that day; of two, the primary membership.
3. Else none. Never more than one company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, get_args
from uuid import UUID

import asyncpg
import psycopg

ProgramType = Literal["mentors_ukraine", "language_ukraine", "buddy", "upskilling", "weei"]
PROGRAM_TYPES: tuple[ProgramType, ...] = get_args(ProgramType)
PROGRAM_OF_SESSION: Mapping[str, ProgramType] = {
    "language": "language_ukraine",
    "mentorship": "mentors_ukraine",
}

# Joins over the whole set and then one row per question: a lookup per question costs ten times as much.
# `ingest.backfill.affiliations` says the same rule of a file's events; a test compares the two.
# Columns travel as one text each, which costs a driver a quarter of an array of 50,000 values.
ATTRIBUTE = """
with question as (
    select * from unnest(
        string_to_array($1, ',', '')::uuid[], string_to_array($2, ',', '')::uuid[],
        string_to_array($3, ',', '')::uuid[], string_to_array($4, ','), string_to_array($5, ',')::date[]
    ) with ordinality as question (instance_id, participant_id, volunteer_id, program_type, on_day, position)
),
enrolled as (
    select distinct on (question.position) question.position, instance.company_id
    from question
    inner join ingest.program_enrollments as enrollment
        on enrollment.person_id = question.participant_id
        and enrollment.enrolled_on <= question.on_day
        and question.on_day <= coalesce(enrollment.completed_on, 'infinity')
    inner join ingest.program_instances as instance
        on instance.program_instance_id = enrollment.program_instance_id
        and instance.program_type = question.program_type
    where instance.company_id is not null
    order by question.position, enrollment.enrolled_on desc, instance.program_instance_id
),
employed as (
    select distinct on (question.position) question.position, member.company_id
    from question
    inner join ingest.company_members as member
        on member.person_id = question.volunteer_id
        and member.joined_on <= question.on_day
        and question.on_day <= coalesce(member.left_on, 'infinity')
    order by question.position, member.is_primary desc, member.joined_on desc, member.company_id
)
select coalesce(named.company_id, enrolled.company_id, employed.company_id)
from question
left join ingest.program_instances as named on named.program_instance_id = question.instance_id
left join enrolled using (position)
left join employed using (position)
order by position
"""


class Question(NamedTuple):
    """Who took part in what and when. `on_day` is the event's date in UTC."""

    on_day: date
    program_type: ProgramType
    participant_id: UUID | None = None
    volunteer_id: UUID | None = None
    instance_id: UUID | None = None


async def attribute(
    connection: asyncpg.Connection | asyncpg.pool.PoolConnectionProxy, questions: Sequence[Question]
) -> list[UUID | None]:
    """The company of each question, in their order."""
    return [row[0] for row in await connection.fetch(ATTRIBUTE, *_columns(questions))]


def attribute_blocking(connection: psycopg.Connection, questions: Sequence[Question]) -> list[UUID | None]:
    """`attribute` over psycopg."""
    with psycopg.RawCursor(connection) as cursor:
        return [row[0] for row in cursor.execute(ATTRIBUTE, _columns(questions)).fetchall()]


def _columns(questions: Sequence[Question]) -> tuple[str, ...]:
    return (
        ",".join(str(question.instance_id or "") for question in questions),
        ",".join(str(question.participant_id or "") for question in questions),
        ",".join(str(question.volunteer_id or "") for question in questions),
        ",".join(question.program_type for question in questions),
        ",".join(question.on_day.isoformat() for question in questions),
    )
