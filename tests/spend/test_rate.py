"""At most so many requests of a company in any 60 seconds, however they are spread over processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg

from nlp.spend.rate import take_request
from tests.spend.conftest import World


def move_back(postgres: psycopg.Connection, company: UUID, seconds: float) -> None:
    """Let the time since the company's requests pass."""
    postgres.execute(
        "update ai.request_minutes set requested_at ="
        " array(select at - make_interval(secs => %s) from unnest(requested_at) as at order by at)"
        " where company_id = %s",
        (seconds, company),
    )


def test_two_hundred_at_once_are_a_hundred(
    world: World, company: UUID, new_company: Callable[..., UUID]
) -> None:
    def one(_: int) -> int | None:
        with world.connect() as connection:
            return take_request(connection, company, 100)

    with ThreadPoolExecutor(20) as threads:
        waits = list(threads.map(one, range(200)))
    assert waits.count(None) == 100
    assert all(1 <= wait <= 60 for wait in waits if wait is not None)
    with world.connect() as connection:
        assert take_request(connection, new_company(), 100) is None


def test_the_minute_slides(world: World, company: UUID, postgres: psycopg.Connection) -> None:
    with world.connect() as connection:
        assert [take_request(connection, company, 3) for _ in range(3)] == [None] * 3
        move_back(postgres, company, 50)
        wait = take_request(connection, company, 3)
        assert wait is not None
        assert 1 <= wait <= 10
        move_back(postgres, company, 11)
        assert [take_request(connection, company, 3) for _ in range(3)] == [None] * 3
        assert take_request(connection, company, 3) is not None


def test_no_more_is_kept_than_is_needed(world: World, company: UUID, postgres: psycopg.Connection) -> None:
    with world.connect() as connection:
        for _ in range(4):
            for _ in range(5):
                assert take_request(connection, company, 5) is None
            move_back(postgres, company, 61)
        assert take_request(connection, company, 2) is None  # the limit was lowered meanwhile
    kept = "select cardinality(requested_at) from ai.request_minutes where company_id = %s"
    assert postgres.execute(kept, (company,)).fetchone() == (2,)
