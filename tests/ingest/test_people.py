"""One email is one person, however many transactions meet it at the same moment."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from ingest.people import Introduction, introduce_people, resolve_people, resolve_people_blocking


def some_emails(count: int) -> list[str]:
    return [f"{uuid4()}@example.org" for _ in range(count)]


def test_spellings_of_an_email_are_one_person(postgres: psycopg.Connection) -> None:
    email = some_emails(1)[0]
    spellings = [email, f"  {email.upper()} ", email.title()]
    people = resolve_people_blocking(postgres, "email", spellings)
    assert list(people) == spellings
    assert len(set(people.values())) == 1
    assert resolve_people_blocking(postgres, "email", [email]) == {email: people[email]}


def test_ids_of_another_provider_keep_their_case(postgres: psycopg.Connection) -> None:
    name = str(uuid4())
    people = resolve_people_blocking(postgres, "kintell", [f"{name}a", f"{name}A"])
    assert len(set(people.values())) == 2


async def test_rivals_agree_and_leave_no_orphan(pool: asyncpg.Pool) -> None:
    emails = some_emails(200)
    orphans = (
        "select count(*) from ingest.people"
        " where person_id not in (select person_id from ingest.person_identities)"
    )
    before = await pool.fetchval(orphans)

    async def rival(order: int) -> dict[str, object]:
        async with pool.acquire() as connection, connection.transaction():
            return await resolve_people(connection, "email", emails[::order])

    answers = await asyncio.gather(*(rival(1 if number % 2 else -1) for number in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == len(emails)
    assert await pool.fetchval(orphans) == before


async def test_a_person_made_by_an_open_transaction_is_waited_for(pool: asyncpg.Pool) -> None:
    emails = some_emails(2)
    async with pool.acquire() as first, pool.acquire() as second:
        transaction = first.transaction()
        await transaction.start()
        made = await resolve_people(first, "email", emails[:1])
        waiting = asyncio.create_task(resolve_people(second, "email", emails))
        await _until_blocked(pool)
        await transaction.commit()
        assert (await waiting)[emails[0]] == made[emails[0]]


async def _until_blocked(pool: asyncpg.Pool) -> None:
    waiting = (
        "select exists (select from pg_stat_activity"
        " where wait_event_type = 'Lock' and query like '%person_identities%')"
    )
    for _ in range(1000):
        if await pool.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    pytest.fail("the second transaction does not wait for the first")


def test_a_directory_introduces_a_pending_person(postgres: psycopg.Connection) -> None:
    email = some_emails(1)[0]
    person_id = resolve_people_blocking(postgres, "email", [email])[email]

    def stored() -> object:
        return postgres.execute(
            "select status, first_name, last_name from ingest.people where person_id = %s", (person_id,)
        ).fetchone()

    assert stored() == ("pending", None, None)
    introduce_people(postgres, {person_id: Introduction("Oksana", None)})
    introduce_people(postgres, {person_id: Introduction(None, "K.")})
    assert stored() == ("known", "Oksana", "K.")
