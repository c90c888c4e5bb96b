"""Old addresses and old versions answer as they always did, and say what took their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from serving import versioning
from serving.metrics import Metrics
from serving.versions import HEADER, NAMES, NEWEST
from tests.serving.running import OURS, Api, assert_problem

OLD = NAMES[0]
BENCHMARKS = f"/v1/companies/{OURS}/benchmarks?compare_with=all"
METRICS = f"/companies/{OURS}/metrics?limit=1"
DEPRECATED = {"deprecation", "sunset", "link"}


def test_an_address_without_a_version_answers_and_names_its_successor(api: Api, our_key: str) -> None:
    old, new = api.get(METRICS, our_key), api.get(f"/v1{METRICS}", our_key)
    assert (old.status_code, old.content, old.headers["etag"]) == (200, new.content, new.headers["etag"])
    assert old.headers["deprecation"] == f"@{datetime(2026, 11, 27, tzinfo=UTC).timestamp():.0f}"
    assert parsedate_to_datetime(old.headers["sunset"]) == datetime(2027, 5, 27, tzinfo=UTC)
    links = dict(reversed(part.strip().split("; rel=")) for part in old.headers["link"].split(","))
    assert links['"successor-version"'] == f"</v1/companies/{OURS}/metrics>"
    assert api.get(links['"deprecation"'].strip("<>")).status_code == 200
    assert not DEPRECATED & set(new.headers)


def test_every_first_segment_is_answered_without_its_version(api: Api, our_key: str) -> None:
    for path in ("/stream/stats", "/q2q/taxonomy", "/ai/budget", "/journey/rules", "/impact-in/schedules",
                 "/metrics/sessions_count/evidence"):  # fmt: skip
        answer = api.get(path, our_key)
        assert answer.status_code == api.get(f"/v1{path}", our_key).status_code, path
        assert answer.json().get("type") != "/problems/not-found", path
        assert set(answer.headers) >= DEPRECATED, path


def test_counters_for_prometheus_are_no_old_address(api: Api) -> None:
    assert not DEPRECATED & set(api.get("/metrics").headers)
    assert not DEPRECATED & set(api.get("/healthz").headers)


def test_an_old_address_of_nothing_is_not_said_to_have_a_successor(api: Api, our_key: str) -> None:
    answer = api.get("/companies/nowhere/made-up", our_key)
    assert_problem(answer, "not-found", 404)
    assert not DEPRECATED & set(answer.headers)


def test_old_addresses_are_counted_by_key_and_never_by_person(
    api: Api, new_key: Callable[..., str], token: Callable[..., str]
) -> None:
    key, person = new_key(OURS), f"person-{uuid4()}"
    for credential in (key, key, token(userId=person)):
        assert api.get(METRICS, credential).status_code == 200
    text = api.get("/metrics").text
    assert person not in text
    counts = {
        sample.labels["caller"]: sample.value
        for family in text_string_to_metric_families(text)
        if family.name == "api_deprecated_requests"
        for sample in family.samples
        if sample.labels["route"] == "/v1/companies/{company_id}/metrics"
    }
    assert 2.0 in [count for caller, count in counts.items() if caller.startswith("key:")]
    assert counts["user"] >= 1


async def test_the_counter_has_a_last_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versioning, "MOST_SERIES", 2)
    metrics = Metrics()

    class Found:
        path = "/v1/things/{id}"

    async def route(scope: dict, receive: object, send: Callable) -> None:
        scope["route"] = Found
        scope["state"]["caller"] = type("Caller", (), {"caller_id": scope["who"], "api_version": None})
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict:
        return {"type": "http.request", "body": b""}

    async def send(message: object) -> None:
        return

    app = versioning.ApiVersions(route, metrics, {"things"}, ())
    for who in ("key:a", "key:b", "key:c", "key:d", "key:a"):
        scope = {"type": "http", "method": "GET", "path": "/things/1", "headers": [], "state": {}, "who": who}
        await app(scope, receive, send)
    counted = {
        sample.labels["caller"]: sample.value
        for family in metrics.registry.collect()
        if family.name == "api_deprecated_requests"
        for sample in family.samples
        if sample.name.endswith("_total")
    }
    assert counted == {"key:a": 2, "key:b": 1, "others": 2}


def test_the_newest_version_is_answered_unless_another_is_named(api: Api, our_key: str) -> None:
    plain, old = api.get(BENCHMARKS, our_key), api.get(BENCHMARKS, our_key, **{HEADER: OLD})
    assert (plain.headers[HEADER], old.headers[HEADER]) == (NEWEST, OLD)
    [[new_item, *_], [old_item, *_]] = plain.json()["items"], old.json()["items"]
    assert "companies_count" not in new_item
    assert "peers_count" not in old_item
    assert old_item["companies_count"] == new_item["peers_count"]
    assert list(old_item).index("companies_count") == list(new_item).index("peers_count")
    assert len(old.content) == int(old.headers["content-length"])


def test_a_key_stays_with_its_version_until_the_header_says_otherwise(
    api: Api, new_key: Callable[..., str]
) -> None:
    for day, version in ((OLD, OLD), ("2026-10-15", OLD), ("2020-01-01", OLD), ("2027-01-01", NEWEST)):
        key = new_key(OURS, api_version=day)
        answer = api.get(BENCHMARKS, key)
        assert answer.headers[HEADER] == version, day
        assert ("companies_count" in answer.json()["items"][0]) is (version == OLD), day
        # An operation that has not changed is of that version, too.
        assert api.get(f"/v1{METRICS}", key).headers[HEADER] == version, day
    pinned = new_key(OURS, api_version=OLD)
    assert "peers_count" in api.get(BENCHMARKS, pinned, **{HEADER: NEWEST}).json()["items"][0]


def test_a_version_that_is_none_is_refused_with_those_there_are(api: Api, our_key: str) -> None:
    document = assert_problem(api.get(BENCHMARKS, our_key, **{HEADER: "2020-01-01"}), "version-unknown", 400)
    assert document["versions"] == list(NAMES)
    assert "2020-01-01" not in json.dumps(document)


def test_copies_of_two_versions_do_not_stand_in_for_each_other(api: Api, our_key: str) -> None:
    old, new = api.get(BENCHMARKS, our_key, **{HEADER: OLD}), api.get(BENCHMARKS, our_key)
    assert old.headers["etag"] != new.headers["etag"]
    assert HEADER in old.headers["vary"]

    def status(etag: str, version: str) -> int:
        return api.get(BENCHMARKS, our_key, **{HEADER: version, "If-None-Match": etag}).status_code

    assert status(old.headers["etag"], OLD) == 304
    assert status(new.headers["etag"], NEWEST) == 304
    assert status(old.headers["etag"], NEWEST) == 200
    assert status(new.headers["etag"], OLD) == 200
    assert status(f'"x", W/{old.headers["etag"]}', OLD) == 304


def test_problems_call_fields_as_the_client_does(api: Api, our_key: str) -> None:
    def refused(version: str, **body: object) -> dict[str, object]:
        answer = httpx.post(
            f"{api.url}/v1/q2q/classify",
            json={"text": "a text", **body},
            headers={"Authorization": f"Bearer {our_key}", HEADER: version},
        )
        return assert_problem(answer, "invalid-parameter", 422)

    for version, body, location in (
        (OLD, {"context_type": "letter"}, "body.context_type"),
        (NEWEST, {"context": {"type": "letter"}}, "body.context.type"),
        (NEWEST, {"context_type": "survey"}, "body.context_type"),  # what it was called
    ):
        document = refused(version, **body)
        assert [error["location"] for error in document["errors"]] == [location]
        assert str(document["detail"]).startswith(f"{location}:")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff"])
def test_what_is_no_object_is_refused_in_every_version_alike(api: Api, our_key: str, body: bytes) -> None:
    answers = [
        httpx.post(
            f"{api.url}/v1/q2q/classify",
            content=body,
            headers={
                "Authorization": f"Bearer {our_key}",
                HEADER: version,
                "Content-Type": "application/json",
            },
        )
        for version in NAMES
    ]
    shown = [(answer.status_code, answer.json()["type"], answer.json()["detail"]) for answer in answers]
    assert len(set(shown)) == 1
    assert shown[0][0] in (400, 422)


def test_versions_are_listed_with_what_changed(api: Api) -> None:
    listed = api.get("/api-docs/versions").json()
    assert [one["version"] for one in listed["versions"]] == list(NAMES)
    assert [one["is_newest"] for one in listed["versions"]] == [False] * (len(NAMES) - 1) + [True]
    for one in listed["versions"]:
        assert api.get(one["specification"]).json()["info"]["version"] == one["version"]


def test_the_catalogue_is_read_without_other_hosts(api: Api) -> None:
    catalogue = api.get("/api-docs/catalog").json()
    assert {"/v1/companies/{company_id}/sroi", "/v1/webhooks/kintell", "/healthz"} <= set(catalogue["paths"])
    page = api.get("/api-docs/")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    for text in (
        "reporting_getSROI",
        "webhooks_kintell",
        "metric.updated",
        "kintell.session.completed",
        NEWEST,
    ):
        assert text in page.text
    for link in ("/api-docs/serving.json", "/api-docs/webhooks.json", "/api-docs/asyncapi.json"):
        assert f'href="{link}"' in page.text
        assert api.get(link).status_code == 200
    assert_problem(api.get("/api-docs/nothing.json"), "not-found", 404)
    assert api.get("/api-docs/..%2fsettings.json").status_code == 404
