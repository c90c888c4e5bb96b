"""Company figures: whose they are, what they say, in which order, and when a client's copy is still right."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.serving.figures import Marts
from tests.serving.running import NOBODY, OURS, QUIET, THEIRS, Api, assert_problem

ROUTES = ["/v1/companies/{}/at-a-glance?period=2026-Q3", "/v1/companies/{}/metrics"]


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_is_asked_for_a_credential(api: Api, route: str) -> None:
    answer = api.get(route.format(OURS))
    assert_problem(answer, "unauthenticated", 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="impact"'


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("company", [OURS, NOBODY])
def test_another_company_is_refused_whether_it_exists_or_not(
    api: Api, their_key: str, route: str, company: object
) -> None:
    assert_problem(api.get(route.format(company), their_key), "company-forbidden", 403)


@pytest.mark.parametrize("route", ROUTES)
def test_an_administrator_reads_every_company_and_each_read_is_audited(
    api: Api, admin_key: str, route: str
) -> None:
    answer = api.get(route.format(THEIRS), admin_key)
    assert answer.status_code == 200
    (line,) = [line for line in api.log.read_text().splitlines() if answer.headers["x-request-id"] in line]
    assert '"event": "admin_request"' in line
    assert str(THEIRS) in line


@pytest.mark.parametrize("route", ROUTES)
def test_an_unknown_company_is_not_found(api: Api, admin_key: str, route: str) -> None:
    assert_problem(api.get(route.format(NOBODY), admin_key), "company-not-found", 404)


@pytest.mark.parametrize("period", ["2026-Q3", "2026-09"])
def test_at_a_glance_shows_the_row_of_the_view(
    api: Api, our_key: str, postgres: psycopg.Connection, period: str
) -> None:
    answer = api.get(f"/v1/companies/{OURS}/at-a-glance?period={period}", our_key).json()
    row = postgres.execute(
        "select total_volunteers, total_hours, total_sessions, active_participants"
        " from serving.mv_company_dashboard where company_id = %s and period = %s",
        (OURS, period),
    ).fetchone()
    assert tuple(answer["inputs"].values()) == row
    assert list(answer["inputs"]) == [
        "total_volunteers",
        "total_hours",
        "total_sessions",
        "active_participants",
    ]
    scored = {"belonging": 0.75, "confidence": 0.75, "job_readiness": 0.75} if "Q" in period else {}
    assert answer["outcomes"] == {
        "integration_avg": 50.25, "language_avg": 0.5, "job_readiness_avg": None, "dimensions": scored
    }  # fmt: skip
    assert answer["value"]["sroi_ratio"] == 2.5
    if "Q" in period:
        assert answer["value"]["vis_missing_reason"] == "nobody was ready for a job"
    assert (answer["period"], answer["company_id"]) == (period, str(OURS))


def test_a_company_without_activity_has_zeros(api: Api, admin_key: str) -> None:
    answer = api.get(f"/v1/companies/{QUIET}/at-a-glance?period=2026-09", admin_key).json()
    assert set(answer["inputs"].values()) == {0}
    assert set(answer["value"].values()) == {None}
    assert answer["data_version"] is None
    assert api.get(f"/v1/companies/{QUIET}/metrics", admin_key).json()["items"] == []


@pytest.mark.parametrize(
    "period", ["", "2026", "2026-13", "2026-Q5", "2026-q3", "26-09", "2026-09-01", "2026-Q3 "]
)
def test_a_malformed_period_is_named_but_not_repeated(api: Api, our_key: str, period: str) -> None:
    answer = api.get(f"/v1/companies/{OURS}/at-a-glance?period={period}", our_key)
    document = assert_problem(answer, "invalid-parameter", 422)
    assert [error["location"] for error in document["errors"]] == ["query.period"]


def test_metrics_come_in_the_order_of_time(api: Api, our_key: str) -> None:
    months = api.get(f"/v1/companies/{OURS}/metrics", our_key).json()
    assert [item["period"] for item in months["items"]] == [
        *(f"2025-{month}" for month in (10, 11, 12)),
        *(f"2026-{month:02}" for month in range(1, 10)),
    ]
    quarters = api.get(f"/v1/companies/{OURS}/metrics?grain=quarter", our_key).json()
    assert [item["period"] for item in quarters["items"]] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert quarters["items"][0]["period_end"] == "2025-12-31"


def test_from_and_to_are_included(api: Api, our_key: str) -> None:
    answer = api.get(f"/v1/companies/{OURS}/metrics?from=2025-12&to=2026-02", our_key).json()
    assert [item["period"] for item in answer["items"]] == ["2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize("limit", [1, 5, 12, 13])
def test_pages_join_to_the_whole_list(api: Api, our_key: str, limit: int) -> None:
    whole = api.get(f"/v1/companies/{OURS}/metrics", our_key).json()["items"]
    pages, cursor = [], ""
    while cursor is not None:
        answer = api.get(
            f"/v1/companies/{OURS}/metrics?limit={limit}{cursor and '&cursor=' + cursor}", our_key
        )
        page = answer.json()
        assert len(page["items"]) <= limit
        pages += page["items"]
        cursor = page["next_cursor"]
    assert pages == whole


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("from=2026-Q1", "query.from"),
        ("grain=quarter&to=2026-01", "query.to"),
        ("from=2026-05&to=2026-04", "query.from"),
        ("grain=week", "query.grain"),
        ("limit=0", "query.limit"),
        ("limit=501", "query.limit"),
        ("cursor=%00", "query.cursor"),
        ("cursor=Jw==", "query.cursor"),
        ("cursor=é", "query.cursor"),
        ("grain=quarter&cursor=MjAyNi0wMQ==", "query.cursor"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, our_key: str, query: str, location: str) -> None:
    document = assert_problem(
        api.get(f"/v1/companies/{OURS}/metrics?{query}", our_key), "invalid-parameter", 422
    )
    assert [error["location"] for error in document["errors"]] == [location]


@pytest.mark.parametrize("route", ROUTES)
def test_a_copy_is_right_until_the_next_publication(api: Api, our_key: str, marts: Marts, route: str) -> None:
    first = api.get(route.format(OURS), our_key)
    assert first.headers["cache-control"] == "private, no-cache, stale-if-error=3600"
    etag = first.headers["etag"]
    same = api.get(route.format(OURS), our_key, **{"If-None-Match": f'"other", W/{etag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)

    version = marts.publish({OURS: 3}).data_version
    changed = api.get(route.format(OURS), our_key, **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.json()["data_version"] == version
    assert changed.headers["etag"].startswith(f'"{version}-')
    marts.publish({OURS: 0})


def test_views_that_nobody_has_built_are_a_problem_that_says_so(
    api: Api, our_key: str, postgres: psycopg.Connection
) -> None:
    postgres.execute("alter view served.mv_company_dashboard rename to away")
    try:
        answer = api.get(f"/v1/companies/{OURS}/at-a-glance?period=2026-09", our_key)
    finally:
        postgres.execute("alter view served.away rename to mv_company_dashboard")
    assert_problem(answer, "not-published", 503)
    assert answer.headers["retry-after"] == "60"


def test_an_error_nobody_expected_shows_nothing_of_the_inside(
    api: Api, new_key: Callable[..., str], our_key: str, postgres: psycopg.Connection
) -> None:
    postgres.execute("alter view served.mv_company_metrics rename to away")
    # A sum nobody expects to be of nothing: fails while it is read, with a message that names the inside.
    postgres.execute(
        "create view served.mv_company_metrics as select away.*, 1 / (period_start - period_start) as secret"
        " from served.away where 1 / (period_start - period_start) > 0"
    )
    postgres.execute("grant select on served.mv_company_metrics to impact_reader")
    try:
        answer = api.get(f"/v1/companies/{OURS}/metrics", our_key)
    finally:
        postgres.execute("drop view served.mv_company_metrics")
        postgres.execute("alter view served.away rename to mv_company_metrics")
    document = assert_problem(answer, "internal-error", 500)
    assert "division" not in str(document)
    assert answer.headers["x-request-id"] in api.log.read_text()
