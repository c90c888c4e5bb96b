"""Prometheus sees how requests, consents and retention stand, and nobody's id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving.running import Api

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
_REQUEST = """
insert into privacy.requests (
    right_asked, state, requested_by, order_sha256, received_at, run_after, due_at, finished_at
) values (%s, %s, 'test', '\\x00', %s, %s, %s, %s) returning request_id
"""


@pytest.fixture
def requests(postgres: psycopg.Connection) -> Iterator[None]:
    """One that is late, one that took 20 s after its grace period, and one that failed."""
    began = NOW - 2 * DAY
    rows = (
        ("running", NOW - 40 * DAY, NOW - 40 * DAY, NOW - 10 * DAY, None),
        ("completed", NOW - 9 * DAY, began, NOW + DAY, began + timedelta(seconds=20)),
        ("failed", NOW - 9 * DAY, began, NOW + DAY, NOW - DAY),
    )
    made = [postgres.execute(_REQUEST, ("rectification", *row)).fetchall()[0][0] for row in rows]
    yield
    postgres.execute("delete from privacy.requests where request_id = any(%s)", (made,))


def samples(api: Api) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(api.get("/metrics").text)
        for sample in family.samples
        if sample.name.startswith(("dsar_", "consent_", "retention_"))
    }


def test_requests_are_shown_by_right_and_where_they_stand(api: Api, request: pytest.FixtureRequest) -> None:
    before = samples(api)  # of requests that other tests have made
    request.getfixturevalue("requests")
    found = samples(api)

    def more(*place: str) -> float:
        return found[place] - before.get(place, 0)

    right = "rectification"
    assert more("dsar_requests_total", right) == 3
    assert more("dsar_requests_overdue", right) == 1
    for state in ("running", "completed", "failed"):
        assert more("dsar_requests_current", right, state) == 1
    # The tests may have been collected long ago.
    due_in = (NOW - 10 * DAY - datetime.now(UTC)).total_seconds()
    assert found["dsar_due_in_seconds", right] == pytest.approx(due_in, abs=60)
    duration = "dsar_processing_duration_seconds"
    assert more(f"{duration}_bucket", "15.0", right) == 0
    assert more(f"{duration}_bucket", "60.0", right) == 1
    assert more(f"{duration}_bucket", "+Inf", right) == 1  # what failed was not carried out
    assert more(f"{duration}_sum", right) == pytest.approx(20, abs=0.01)


def test_changes_of_consents_are_counted(api: Api, postgres: psycopg.Connection) -> None:
    place = ("consent_updates_total", "withdrawn", "analytics")
    before = samples(api).get(place, 0)
    postgres.execute(
        "insert into privacy.audit (action, actor, detail)"
        """ values ('consent.withdrawn', 'test', '{"purpose": "analytics"}')"""
    )
    assert samples(api)[place] == before + 1


def test_retention_shows_its_newest_proof_and_what_it_could_not_count(
    api: Api, postgres: psycopg.Connection
) -> None:
    insert = (
        "insert into privacy.retention_proofs"
        " (relation, period, kept_since, removed_count, left_count, proof_query, proven_at)"
        " values (%s, 'records', now(), %s, %s, 'select 1', %s)"
    )
    try:
        for removed, left, at in ((5, 3, NOW - DAY), (7, 0, NOW)):
            postgres.execute(insert, ("postgres:test.counted", removed, left, at))
        postgres.execute(insert, ("postgres:test.away", 0, None, NOW))
        found = samples(api)
    finally:
        postgres.execute("delete from privacy.retention_proofs where relation like 'postgres:test.%'")
    assert found["retention_cleanup_removed_total", "postgres:test.counted"] == 12
    assert found["retention_cleanup_left_rows", "postgres:test.counted"] == 0
    assert found["retention_cleanup_timestamp_seconds", "postgres:test.counted"] == pytest.approx(
        NOW.timestamp(), abs=0.01
    )
    assert ("retention_cleanup_left_rows", "postgres:test.away") not in found
