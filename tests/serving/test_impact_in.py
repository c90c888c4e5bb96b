"""Deliveries over the API: company-scoped, secrets never shown; what is approved is what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from tests.serving.running import OURS, THEIRS, Api, assert_problem

BASE = "/v1/impact-in"
SECRET = "the-token-that-nobody-sees"
_TABLES = ("scheduled_deliveries", "slots", "previews", "schedules", "connections")


class Manager:
    """Somebody who asks."""

    def __init__(self, api: Api, key: str) -> None:
        self._api, self._key = api, key

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._key}", **options.pop("headers", {})}
        return httpx.request(method, f"{self._api.url}{BASE}{path}", headers=headers, timeout=60, **options)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def ours(api: Api, new_key: Callable[..., str], postgres: psycopg.Connection) -> Iterator[Manager]:
    yield Manager(api, new_key(OURS, "company_admin", rate_limit_per_minute=100_000))
    for table in _TABLES:
        postgres.execute(f"delete from impact_in.{table}")
    postgres.execute("update ingest.companies set features = '{}' where company_id = %s", (OURS,))


@pytest.fixture
def theirs(api: Api, new_key: Callable[..., str]) -> Manager:
    return Manager(api, new_key(THEIRS, "company_admin", rate_limit_per_minute=100_000))


def connect(manager: Manager) -> None:
    answer = manager.ask(
        "PUT", "/connections/benevity",
        json={"connector": "benevity", "base_url": "https://api.benevity.example",
              "options": {"organization_id": "org-1", "program_id": "prog-1"}},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.json()["missing_secrets"] == ["token", "signing_key"]


def add_schedule(manager: Manager, **changes: Any) -> Any:
    answer = manager.ask("POST", "/schedules", json={"platform": "benevity", "cadence": "monthly", **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_schedule_lives_and_is_its_companys_alone(
    ours: Manager, theirs: Manager, api: Api, our_key: str
) -> None:
    assert_problem(ours.ask("POST", "/schedules", json={"platform": "benevity", "cadence": "daily"}),
                   "scheduled-not-found", 404)  # fmt: skip
    connect(ours)
    made = add_schedule(ours, hour=6, time_zone="America/Denver")
    assert (made["grain"], made["next_due_at"][8:13]) == (
        "month",
        "01T12" if "T12" in made["next_due_at"] else "01T13",
    )
    path = f"/schedules/{made['schedule_id']}"
    assert ours.get("/schedules")["items"] == [made]
    assert theirs.get("/schedules")["items"] == []
    for method, options in (("GET", {}), ("DELETE", {}), ("PATCH", {"json": {"hour": 1}})):
        assert_problem(theirs.ask(method, path, **options), "scheduled-not-found", 404)
    assert_problem(theirs.ask("POST", f"{path}/run-now"), "scheduled-not-found", 404)
    reader = Manager(api, our_key)
    assert reader.get(path) == made
    assert_problem(reader.ask("PATCH", path, json={"hour": 1}), "role-forbidden", 403)
    changed = ours.ask("PATCH", path, json={"cadence": "quarterly"}, headers={"If-Match": '"1"'}).json()
    assert (changed["grain"], changed["version"]) == ("quarter", 2)
    assert_problem(
        ours.ask("PATCH", path, json={"hour": 1}, headers={"If-Match": '"1"'}), "report-not-repeated", 409
    )
    assert ours.ask("DELETE", path).json()["is_active"] is False
    assert_problem(ours.ask("GET", path), "scheduled-not-found", 404)


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"cadence": "cron"}, "body.cron"),
        ({"cadence": "cron", "cron": "61 * * * *"}, "body.cron"),
        ({"cron": "0 0 * * *"}, "body.cron"),
        ({"time_zone": "Mars/Olympus"}, "body.time_zone"),
        ({"grain": "week"}, "body.grain"),
    ],
)
def test_what_does_not_go_together_is_named(ours: Manager, changes: dict[str, Any], location: str) -> None:
    connect(ours)
    answer = ours.ask("POST", "/schedules", json={"platform": "benevity", "cadence": "monthly", **changes})
    assert assert_problem(answer, "invalid-parameter", 422)["errors"][0]["location"] == location  # type: ignore[index]


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com",
        "https://127.0.0.1",
        "https://10.1.2.3/x",
        "https://localhost",
        "file:///etc/passwd",
    ],
)
def test_an_address_of_our_own_network_is_refused(ours: Manager, url: str) -> None:
    options = {"organization_id": "o", "program_id": "p"}
    answer = ours.ask(
        "PUT", "/connections/benevity", json={"connector": "benevity", "base_url": url, "options": options}
    )
    assert_problem(answer, "invalid-parameter", 422)


def test_a_secret_is_kept_and_shown_to_nobody(
    ours: Manager, theirs: Manager, postgres: psycopg.Connection, api: Api
) -> None:
    connect(ours)
    path = "/connections/benevity/secrets/token"
    assert_problem(theirs.ask("PUT", path, json={"secret": SECRET}), "scheduled-not-found", 404)
    kept = ours.ask("PUT", path, json={"secret": SECRET})
    assert kept.json() == {"platform": "benevity", "name": "token"}
    [connection] = ours.get("/connections")["items"]
    assert (connection["secrets"], connection["missing_secrets"]) == (["token"], ["signing_key"])
    schedule = add_schedule(ours)
    preview = ours.ask("GET", f"/scheduled/{schedule['schedule_id']}/preview?period=2026-09")
    assert SECRET not in preview.text + str(connection)
    stored = postgres.execute("select sealed from impact_in.secrets").fetchall()
    assert SECRET.encode() not in stored[0][0]
    assert SECRET not in api.log.read_text()


def test_a_preview_is_a_contract(ours: Manager, theirs: Manager, postgres: psycopg.Connection) -> None:
    connect(ours)
    schedule = add_schedule(ours)
    address = f"/scheduled/{schedule['schedule_id']}"
    assert_problem(theirs.ask("GET", f"{address}/preview"), "scheduled-not-found", 404)
    assert_problem(ours.ask("GET", f"{address}/preview?period=1999-01"), "nothing-to-send", 409)
    seen = ours.get(f"{address}/preview?period=2026-09")
    assert '"metricType":"volunteer_hours","metricValue":24.5' in seen["body"]
    assert seen["headers"]["Authorization"] == "•••"
    assert ours.get(f"{address}/preview?period=2026-09")["preview_id"] == seen["preview_id"]
    order = {"preview_id": seen["preview_id"], "payload_sha256": seen["payload_sha256"]}
    wrong = ours.ask("POST", f"{address}/approve", json={**order, "payload_sha256": "0" * 64})
    assert_problem(wrong, "preview-expired", 409)
    assert_problem(theirs.ask("POST", f"{address}/approve", json=order), "scheduled-not-found", 404)
    approved = ours.ask("POST", f"{address}/approve", json=order).json()
    assert_problem(ours.ask("POST", f"{address}/approve", json=order), "report-not-repeated", 409)
    payload = ours.ask("GET", f"/deliveries/{approved['delivery_id']}/payload")
    assert payload.content == seen["body"].encode()
    assert payload.headers["x-payload-sha256"] == seen["payload_sha256"]
    assert int(payload.headers["x-data-version"]) == seen["data_version"]
    assert_problem(
        theirs.ask("GET", f"/deliveries/{approved['delivery_id']}/payload"), "scheduled-not-found", 404
    )
    assert_problem(
        theirs.ask("GET", f"/scheduled/{approved['delivery_id']}/preview"), "scheduled-not-found", 404
    )


def test_run_now_makes_one_slot_where_the_gate_is_open(ours: Manager, postgres: psycopg.Connection) -> None:
    connect(ours)
    path = f"/schedules/{add_schedule(ours)['schedule_id']}/run-now"
    assert_problem(ours.ask("POST", path, json={"period": "2026-09"}), "nothing-to-send", 409)
    postgres.execute(
        """update ingest.companies set features = '{"impactIn": {"benevity": true}}' where company_id = %s""",
        (OURS,),
    )
    first = ours.ask("POST", path, json={"period": "2026-09"}).json()
    assert ours.ask("POST", path, json={"period": "2026-09"}).json() == first
    assert_problem(ours.ask("POST", path, json={"period": "2999-01"}), "nothing-to-send", 409)
    assert_problem(ours.ask("POST", path, json={"period": "2026-Q9"}), "invalid-parameter", 422)


def fail(postgres: psycopg.Connection, company: UUID, schedule_id: str, count: int) -> list[str]:
    """Deliveries that have failed, as the sender leaves them."""
    made = []
    for number in range(1, count + 1):
        [slot] = postgres.execute(
            "insert into impact_in.slots (schedule_id, company_id, platform, grain, period, period_start,"
            " period_end, due_at, state) values (%s, %s, 'benevity', 'month', %s, '2026-01-01', '2026-01-31',"
            " now(), 'filled') returning slot_id",
            (schedule_id, company, f"2026-{number:02}"),
        ).fetchone() or (None,)
        [delivery] = postgres.execute(
            "insert into impact_in.scheduled_deliveries (slot_id, company_id, platform, period, period_start,"
            " period_end, connector, mapping_version, data_version, body, content_type, payload_sha256,"
            " idempotency_key, status, due_at, finished_at, failure_count, attempt_count, error)"
            " values (%s, %s, 'benevity', %s, '2026-01-01', '2026-01-31', 'benevity', '1.0', 1, '{}',"
            " 'application/json', 'x', %s, 'failed', now(), now(), 6, 6, 'the partner answered 503')"
            " returning delivery_id",
            (slot, company, f"2026-{number:02}", uuid4().hex),
        ).fetchone() or (None,)
        made.append(str(delivery))
    return made


def test_failures_are_found_counted_and_replayed(
    ours: Manager, theirs: Manager, postgres: psycopg.Connection
) -> None:
    connect(ours)
    schedule = add_schedule(ours)
    failed = fail(postgres, OURS, schedule["schedule_id"], 4)
    assert theirs.get("/deliveries")["items"] == []
    pages, cursor = [], ""
    while cursor is not None:
        page = ours.get(
            f"/deliveries?status=failed&platform=benevity&limit=3{cursor and '&cursor=' + cursor}"
        )
        pages += [one["delivery_id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(pages) == sorted(failed)
    assert ours.get("/deliveries?status=delivered")["items"] == []
    assert ours.get("/deliveries?period=2026-02")["items"][0]["delivery_id"] == failed[1]
    [status] = ours.get("/sla-status")["items"]
    assert (status["state"], status["success_share"], status["consecutive_failures_count"]) == (
        "breached",
        0.0,
        4,
    )
    assert [one["failed_count"] for one in ours.get("/deliveries/stats")["items"]] == [4]
    assert [one["failed_count"] for one in ours.get("/delivery-timeline")["items"]] == [4]
    assert_problem(theirs.ask("POST", f"/scheduled/{failed[0]}/replay"), "scheduled-not-found", 404)
    again = ours.ask("POST", f"/scheduled/{failed[0]}/replay").json()
    assert (again["status"], again["failure_count"]) == ("due", 0)
    assert_problem(ours.ask("POST", f"/scheduled/{failed[0]}/replay"), "report-not-repeated", 409)
    assert len(ours.ask("POST", "/deliveries/bulk-replay", json={"dry_run": True}).json()["replayed"]) == 3
    other = ours.ask("POST", "/deliveries/bulk-replay", json={"delivery_ids": [failed[0], failed[1]]}).json()
    assert (other["replayed"], list(other["refused"])) == ([failed[1]], [failed[0]])
    assert (
        theirs.ask("POST", "/deliveries/bulk-replay", json={"delivery_ids": [failed[2]]}).json()["replayed"]
        == []
    )
    for side, expected in ((ours, [failed[2]]), (theirs, [])):
        trial = {"delivery_ids": [failed[0], failed[2]], "dry_run": True}
        assert side.ask("POST", "/deliveries/bulk-replay", json=trial).json()["replayed"] == expected
    assert sorted(ours.ask("POST", "/deliveries/bulk-replay", json={}).json()["replayed"]) == sorted(
        failed[2:]
    )
    one = ours.get(f"/deliveries/{failed[0]}")
    assert (one["attempts"], one["changes"]) == ([], None)


def test_a_report_over_months_names_each_promise_that_was_broken(
    ours: Manager, theirs: Manager, postgres: psycopg.Connection
) -> None:
    connect(ours)
    schedule = add_schedule(ours)
    made = fail(postgres, OURS, schedule["schedule_id"], 5)
    ends = [("failed", "2026-08-10", 9), ("failed", "2026-08-31 23:59", 9), ("failed", "2026-09-01", 9),
            ("delivered", "2026-09-02", 60), ("delivered", "2026-09-30 23:59", 301)]  # fmt: skip
    for delivery, (status, finished, took_s) in zip(made, ends, strict=True):
        postgres.execute(
            "update impact_in.scheduled_deliveries set status = %s, finished_at = %s::timestamptz,"
            " due_at = %s::timestamptz - make_interval(secs => %s) where delivery_id = %s",
            (status, f"{finished} UTC", f"{finished} UTC", took_s, delivery),
        )
    postgres.execute("update impact_in.slots set state = 'missed', due_at = '2026-09-15 00:00 UTC'"
                     " where period = '2026-05'")  # fmt: skip
    report = ours.get("/sla-report?from=2026-08&to=2026-09&platform=benevity")
    assert [
        (one["month"], one["delivered_count"], one["finished_count"], one["consecutive_failures_count"],
         one["missed_count"], one["state"]) for one in report["items"]
    ] == [("2026-08", 0, 2, 2, 0, "breached"), ("2026-09", 2, 3, 3, 1, "breached")]  # fmt: skip
    [whole] = report["overall"]
    assert (whole["success_share"], whole["consecutive_failures_count"]) == (0.4, 3)
    assert [(one["kind"], one["delivery_id"]) for one in report["exceptions"]] == [
        ("failed", made[0]), ("failed", made[1]), ("failed", made[2]), ("missed", None), ("late", made[4]),
    ]  # fmt: skip
    assert report["exceptions_left_out"] == 0
    [september] = ours.get("/sla-report?from=2026-09&to=2026-09")["items"]
    assert september["consecutive_failures_count"] == 1  # what was before is another report's
    for empty in (theirs.get("/sla-report?from=2026-08&to=2026-09"), ours.get("/sla-report?to=2026-07"),
                  ours.get("/sla-report?from=2026-08&to=2026-09&platform=goodera")):  # fmt: skip
        assert (empty["items"], empty["exceptions"]) == ([], [])
    for refused in ("from=2026-09&to=2026-08", "from=2024-08&to=2026-08", "from=2026-13"):
        assert_problem(ours.ask("GET", f"/sla-report?{refused}"), "invalid-parameter", 422)


def test_prometheus_sees_what_waits_and_what_failed(
    ours: Manager, postgres: psycopg.Connection, api: Api
) -> None:
    connect(ours)
    fail(postgres, OURS, add_schedule(ours)["schedule_id"], 2)
    postgres.execute(
        "insert into impact_in.totals values ('benevity', 'delivered', '', 5, 3, 9.5),"
        " ('benevity', 'delivered', '', 'Infinity', 1, 90000),"
        " ('benevity', 'retrying', 'throttled', 0, 4, 0), ('benevity', 'failed', 'rejected', 0, 2, 0)"
    )
    try:
        metrics = api.get("/metrics").text.splitlines()
    finally:
        postgres.execute("delete from impact_in.totals")
    duration = "impact_in_delivery_duration_seconds"
    assert {
        'impact_in_deliveries_current{platform="benevity",status="failed"} 2.0',
        'impact_in_deliveries_total{platform="benevity",status="delivered"} 4.0',
        'impact_in_deliveries_total{platform="benevity",status="failed"} 2.0',
        'impact_in_failures_total{error_class="throttled",platform="benevity"} 4.0',
        'impact_in_failures_total{error_class="rejected",platform="benevity"} 2.0',
        duration + '_bucket{le="1.0",platform="benevity"} 0.0',
        duration + '_bucket{le="5.0",platform="benevity"} 3.0',
        duration + '_bucket{le="86400.0",platform="benevity"} 3.0',
        duration + '_bucket{le="+Inf",platform="benevity"} 4.0',
        duration + '_sum{platform="benevity"} 90009.5',
    } <= set(metrics)


def test_a_delivery_shows_what_the_partner_called_back(
    ours: Manager, theirs: Manager, postgres: psycopg.Connection
) -> None:
    connect(ours)
    [delivery_id] = fail(postgres, OURS, add_schedule(ours)["schedule_id"], 1)
    postgres.execute(
        "insert into impact_in.callbacks (event_id, platform, provider_event, provider_reference, outcome,"
        " error_code, occurred_at, state, delivery_id) values (gen_random_uuid(), 'benevity',"
        " 'delivery.failed', 'T-1', 'failed', 'E-17', '2026-10-01T00:00:00Z', 'applied', %s)",
        (delivery_id,),
    )
    [said] = ours.get(f"/deliveries/{delivery_id}")["callbacks"]
    assert (said["provider_event"], said["outcome"], said["error_code"]) == (
        "delivery.failed", "failed", "E-17",
    )  # fmt: skip
    assert_problem(theirs.ask("GET", f"/deliveries/{delivery_id}"), "scheduled-not-found", 404)
