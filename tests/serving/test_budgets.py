"""A company's queries of a day and a month are bounded, over processes and restarts; others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from orchestration.stack.layout import Layout
from tests.serving.running import Api, assert_problem, poll, running_api, wait_until_ready

LIMIT = 6


@pytest.fixture
def company(postgres: psycopg.Connection) -> UUID:
    return new_company(postgres)


def new_company(postgres: psycopg.Connection) -> UUID:
    """A company that has asked nothing yet."""
    company_id = uuid4()
    postgres.execute(
        "insert into ingest.companies (company_id, name) values (%s, %s)", (company_id, str(company_id))
    )
    return company_id


@pytest.fixture
def bounded(embedded_stores: Layout, tmp_path: Path) -> Callable[..., object]:
    """Starts an API process whose companies may ask very little."""

    @contextmanager
    def start(**limits: str) -> Iterator[Api]:
        with running_api(embedded_stores, tmp_path / "api.log", STREAMING_ENABLED="false", **limits) as api:
            wait_until_ready(api)
            yield api

    return start


def ask(api: Api, company: UUID, key: str) -> int:
    return api.get(f"/v1/companies/{company}/metrics", key).status_code


def written(postgres: psycopg.Connection, company: UUID) -> int:
    row = postgres.execute(
        "select coalesce(sum(queries_count), 0)::int from serving.query_usage where company_id = %s",
        (company,),
    ).fetchone()
    return row[0]


def test_the_budget_of_a_day_holds_for_all_keys_and_over_a_restart(
    bounded, new_key, postgres: psycopg.Connection, company: UUID
) -> None:
    first, second = new_key(company), new_key(company)
    neighbour = new_company(postgres)
    limits = {"SERVING_QUERIES_PER_DAY": str(LIMIT)}
    with bounded(**limits) as api:
        assert [ask(api, company, (first, second)[n % 2]) for n in range(LIMIT)] == [200] * LIMIT
        answer = api.get(f"/v1/companies/{company}/metrics", first)
        problem = assert_problem(answer, "budget-exceeded", 429)
        assert (problem["budget"], problem["limit"]) == ("day", LIMIT)
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        assert datetime.fromisoformat(problem["resets_at"]) == tomorrow
        until_then = (tomorrow - datetime.now(UTC)).total_seconds()
        assert abs(int(answer.headers["retry-after"]) - until_then) < 60
        assert ask(api, neighbour, new_key(neighbour)) == 200
    assert written(postgres, company) == LIMIT  # written on the way out; what was refused is not counted
    with bounded(**limits) as api:
        assert ask(api, company, first) == 429


def test_the_budget_of_a_month_counts_its_days_together(
    bounded, new_key, postgres: psycopg.Connection, company: UUID
) -> None:
    today = datetime.now(UTC).date()
    for day, count in ((today.replace(day=1), LIMIT - 1), (today.replace(day=1) - timedelta(days=1), 100)):
        postgres.execute("insert into serving.query_usage values (%s, %s, %s)", (company, day, count))
    key = new_key(company)
    with bounded(SERVING_QUERIES_PER_MONTH=str(LIMIT)) as api:
        assert ask(api, company, key) == 200  # last month's are not this month's
        problem = assert_problem(api.get(f"/v1/companies/{company}/metrics", key), "budget-exceeded", 429)
        assert problem["budget"] == "month"
        assert datetime.fromisoformat(problem["resets_at"]).day == 1


def test_two_processes_share_a_budget(bounded, new_key, postgres: psycopg.Connection, company: UUID) -> None:
    key = new_key(company)
    limits = {"SERVING_QUERIES_PER_DAY": str(LIMIT)}
    with bounded(**limits) as one, bounded(**limits) as other:
        assert ask(other, company, key) == 200
        for _ in range(LIMIT - 1):
            assert ask(one, company, key) == 200
        poll(lambda: written(postgres, company) == LIMIT, what="writing the counts of both")
        # What one answered reaches the other when that next writes its own.
        poll(lambda: ask(other, company, key) == 429, within_s=20, what="the end of the budget")
        poll(lambda: ask(one, company, key) == 429, within_s=20, what="the end of the budget")


def test_a_killed_process_forgets_only_what_it_had_not_written(
    bounded, new_key, postgres: psycopg.Connection, company: UUID
) -> None:
    key = new_key(company)
    limits = {"SERVING_QUERIES_PER_DAY": str(LIMIT)}
    with bounded(**limits) as api:
        for _ in range(LIMIT - 1):
            assert ask(api, company, key) == 200
        poll(lambda: written(postgres, company) == LIMIT - 1, within_s=10, what="writing the counts")
        api.process.kill()
        api.process.wait()
    with bounded(**limits) as api:
        assert [ask(api, company, key), ask(api, company, key)] == [200, 429]


def test_what_an_administrator_asks_is_not_the_companys(
    bounded, admin_key: str, postgres: psycopg.Connection, company: UUID
) -> None:
    with bounded(SERVING_QUERIES_PER_DAY="1") as api:
        assert [ask(api, company, admin_key) for _ in range(3)] == [200] * 3
    assert written(postgres, company) == 0
