"""The warehouse: everything from the broker is in it, cohorts have numbers, and views answer at once."""

from __future__ import annotations

import statistics
import time

import httpx
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from tests.acceptance.conftest import until
from tests.acceptance.programme import COMPANY, LEARNERS, Programme

VIEW_MS = 50
READS = 40


def test_every_event_of_the_broker_is_in_the_warehouse(
    programme: Programme, clickhouse: ClickHouseClient
) -> None:
    subjects = [f"session/{session['session_id']}" for session in programme.sessions]
    query = (
        "select uniqExact(subject), uniqExact(event_id), countIf(stream_seq = 0) from raw.events"
        " where has({subjects:Array(String)}, subject)"
    )
    until(
        lambda: (
            clickhouse.query(query, {"subjects": subjects}).result_rows == [(len(subjects), len(subjects), 0)]
        ),
        what="every session that was sent is stored once, with its place in the stream",
    )


def test_a_cohort_has_its_numbers(published: Programme) -> None:
    month = published.month
    path = f"/v1/companies/{COMPANY}/cohorts/{published.cohort}/metrics?grain=month&from={month}&to={month}"
    figures = {item["metric"]: item for item in published.user.items(path)}
    sessions = figures["sessions_count"]
    assert not sessions["is_suppressed"]
    assert (sessions["n"], sessions["value_sum"]) == (LEARNERS, len(published.sessions))


def test_views_answer_at_once(published: Programme, postgres: psycopg.Connection) -> None:
    """The median of reads over HTTP, one after the other: what a reader waits for where nobody else is."""
    views = postgres.execute("select count(*) from pg_matviews where schemaname = 'serving'").fetchone()
    assert views is not None
    assert views[0] > 0
    period = _quarter(published.month)
    with httpx.Client(base_url=published.user.url, headers=published.user.headers, timeout=60) as client:
        for document in ("at-a-glance", "metrics", "outcomes", "sroi", "vis"):
            address, taken = f"/v1/companies/{COMPANY}/{document}?period={period}", []
            until(
                lambda address=address: client.get(address).status_code == 200,
                what=f"a first {document}: views are published one after the other",
            )
            for _ in range(READS):
                started = time.perf_counter()
                answer = client.get(address)
                taken.append(time.perf_counter() - started)
                assert answer.status_code == 200, answer.text
            assert statistics.median(taken) * 1000 < VIEW_MS, document


def _quarter(month: str) -> str:
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}"
