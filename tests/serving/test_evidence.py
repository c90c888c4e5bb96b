"""From a number to its events: one's own only, page by page; the report's formats hold the same points."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pyarrow.parquet as pq
import pytest

from orchestration.stack.layout import Layout
from tests.serving.figures import Marts
from tests.serving.running import OURS, THEIRS, Api, assert_problem, running_api, wait_until_ready

STARTED = datetime(2026, 7, 1, 9, tzinfo=UTC)
COUNT = 25


@pytest.fixture(scope="module")
def ours(marts: Marts) -> list[dict]:
    """Our events of one metric, oldest first; every fifth in the same moment as the one before."""
    moments = [STARTED + timedelta(days=number - (number % 5 == 4)) for number in range(COUNT)]
    events = [
        event(OURS, moment, person=UUID(int=0) if place == 0 else None)
        for place, moment in enumerate(moments)
    ]
    marts.add_evidence(*events, *(event(THEIRS, moment) for moment in moments))
    marts.add_evidence(event(OURS, STARTED, metric="donations_usd"))
    return events


def event(
    company: UUID, moment: datetime, *, metric: str = "sessions_count", person: UUID | None = None
) -> dict:
    return {
        "company_id": company, "metric": metric, "occurred_at": moment, "event_id": uuid4(),
        "event_type": "kintell.session.completed", "person_id": person or uuid4(),
    }  # fmt: skip


def test_the_events_behind_a_number_come_newest_first_and_are_ones_own(api: Api, our_key: str, ours) -> None:
    document = api.get("/v1/metrics/sessions_count/evidence?limit=100", our_key).json()
    assert document["company_id"] == str(OURS)
    assert {item["event_id"] for item in document["items"]} == {str(event["event_id"]) for event in ours}
    moments = [item["occurred_at"] for item in document["items"]]
    assert moments == sorted(moments, reverse=True)
    assert document["items"][-1] == {
        "event_id": str(ours[0]["event_id"]), "event_type": "kintell.session.completed",
        "occurred_at": "2026-07-01T09:00:00+00:00", "person_id": None, "snippet": None,
    }  # fmt: skip
    assert document["next_cursor"] is None


@pytest.mark.parametrize("limit", [1, 4, 24, 25])
def test_pages_of_evidence_join_to_the_whole(api: Api, our_key: str, ours, limit: int) -> None:
    whole = api.get("/v1/metrics/sessions_count/evidence?limit=100", our_key).json()["items"]
    pages, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/v1/metrics/sessions_count/evidence?limit={limit}{cursor}", our_key).json()
        pages += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert pages == whole


def test_evidence_of_a_stretch_of_days(api: Api, our_key: str, ours) -> None:
    items = api.get("/v1/metrics/sessions_count/evidence?from=2026-07-03&to=2026-07-06", our_key).json()[
        "items"
    ]
    expected = [
        e
        for e in ours
        if datetime(2026, 7, 3, tzinfo=UTC) <= e["occurred_at"] < datetime(2026, 7, 7, tzinfo=UTC)
    ]
    assert {item["event_id"] for item in items} == {str(event["event_id"]) for event in expected}
    assert expected


def test_a_metric_that_only_others_have_is_empty_and_one_that_nobody_has_is_unknown(
    api: Api, our_key: str, their_key: str, ours
) -> None:
    assert api.get("/v1/metrics/donations_usd/evidence", their_key).json()["items"] == []
    assert_problem(api.get("/v1/metrics/luck/evidence", our_key), "metric-not-found", 404)
    assert_problem(api.get("/v1/metrics/a'b/evidence", our_key), "invalid-parameter", 422)
    assert_problem(
        api.get("/v1/metrics/sessions_count/evidence?cursor=AAAA", our_key), "invalid-parameter", 422
    )


def test_whose_evidence_it_is_comes_from_the_credential(api: Api, our_key: str, admin_key: str, ours) -> None:
    path = "/v1/metrics/sessions_count/evidence"
    assert_problem(api.get(path), "unauthenticated", 401)
    assert_problem(api.get(f"{path}?companyId={THEIRS}", our_key), "company-forbidden", 403)
    assert api.get(f"{path}?companyId={OURS}", our_key).is_success
    assert_problem(api.get(path, admin_key), "invalid-parameter", 422)
    assert api.get(f"{path}?companyId={THEIRS}", admin_key).json()["company_id"] == str(THEIRS)


def test_evidence_without_its_store_is_a_problem_that_says_so(
    embedded_stores: Layout, our_key: str, tmp_path: Path
) -> None:
    with running_api(
        embedded_stores, tmp_path / "api.log",
        CLICKHOUSE_URL="http://default:x@127.0.0.1:1", STREAMING_ENABLED="false",
    ) as api:  # fmt: skip
        wait_until_ready(api)
        assert_problem(api.get("/v1/metrics/sessions_count/evidence", our_key), "unavailable", 503)
    with running_api(
        embedded_stores, tmp_path / "api.log", SERVING_MARTS_DATABASE="unbuilt", STREAMING_ENABLED="false"
    ) as api:
        wait_until_ready(api)
        assert_problem(api.get("/v1/metrics/sessions_count/evidence", our_key), "not-published", 503)


def test_a_report_holds_the_same_points_in_every_format(api: Api, our_key: str) -> None:
    path = f"/v1/companies/{OURS}/export/csrd?from=2026-Q2&to=2026-Q3"
    document = api.get(path, our_key).json()
    points = document["items"]
    assert {point["period"] for point in points} == {"2026-Q2", "2026-Q3"}
    assert len({(point["datapoint"], point["period"]) for point in points}) == len(points)

    sheet = api.get(f"{path}&format=csv", our_key)
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    version = document["data_version"]
    assert sheet.headers["content-disposition"] == f'attachment; filename="csrd-{OURS}-{version}.csv"'
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [
        {
            name: "" if value is None else str(value)
            for name, value in {**point, "data_version": version}.items()
        }
        for point in points
    ] == rows

    table = pq.read_table(io.BytesIO(api.get(f"{path}&format=parquet", our_key).content))
    assert table.to_pylist() == [{**point, "data_version": version} for point in points]


def test_a_report_says_why_a_number_is_missing(api: Api, our_key: str) -> None:
    points = api.get(f"/v1/companies/{OURS}/export/csrd?from=2026-Q3", our_key).json()["items"]
    (vis,) = [point for point in points if point["datapoint"] == "vis"]
    assert (vis["amount"], vis["missing_reason"]) == (None, "nobody was ready for a job")
    (sroi,) = [point for point in points if point["datapoint"] == "sroi_employment_npv"]
    assert (sroi["amount"], sroi["missing_reason"]) == (3.5, None)
