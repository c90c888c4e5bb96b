"""Health, metrics, documentation without the internet, and one shape for every problem."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from orchestration.stack.layout import Layout
from serving.problems import PROBLEM_TYPES
from tests.serving.running import OURS, Api, assert_problem


def test_health_and_readiness(api: Api) -> None:
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {"status": "ready", "checks": {"postgres": "ok", "nats": "ok"}}


def test_a_connection_that_rests_is_kept(api: Api) -> None:
    address = httpx.URL(api.url)
    with closing(HTTPConnection(address.host, address.port, timeout=30)) as connection:
        connection.auto_open = 0  # a second connection would hide that the first was closed
        connection.connect()
        for pause_s in (0, 6):  # uvicorn gives a connection five seconds
            time.sleep(pause_s)
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()


def test_an_unknown_address_is_a_problem(api: Api) -> None:
    assert_problem(api.get("/v1/nowhere"), "not-found", 404)
    assert_problem(api.get("/healthz/"), "not-found", 404)


def test_a_wrong_method_is_a_problem_with_the_right_ones(api: Api) -> None:
    answer = httpx.post(f"{api.url}/healthz")
    assert_problem(answer, "method-not-allowed", 405)
    assert answer.headers["allow"] == "GET"


def test_every_kind_of_problem_is_explained_at_its_address(api: Api) -> None:
    listed = api.get("/problems/").json()
    assert [kind["type"] for kind in listed] == [f"/problems/{slug}" for slug in PROBLEM_TYPES]
    for kind in listed:
        assert api.get(kind["type"]).json() == kind
    assert_problem(api.get("/problems/none"), "not-found", 404)


def test_an_id_that_is_none_is_named(api: Api, our_key: str) -> None:
    answer = api.get("/v1/companies/our-company/metrics", our_key)
    document = assert_problem(answer, "invalid-parameter", 422)
    assert document["errors"][0]["location"] == "path.company_id"
    assert "our-company" not in answer.text


def test_metrics_count_by_route_and_never_by_id(api: Api, our_key: str) -> None:
    for path in (
        f"/v1/companies/{OURS}/metrics",
        "/v1/made-up-1",
        "/v1/made-up-2",
        "/docs/assets/favicon.png",
    ):
        api.get(path, our_key)
    text = api.get("/metrics").text
    assert str(OURS) not in text
    assert "made-up" not in text
    routes = {
        sample.labels["route"]
        for family in text_string_to_metric_families(text)
        if family.name == "http_requests"
        for sample in family.samples
    }
    assert {"/v1/companies/{company_id}/metrics", "unmatched", "/docs/assets"} <= routes


def test_every_answer_carries_security_headers_and_no_server_name(api: Api) -> None:
    for path in ("/healthz", "/nowhere", "/docs", f"/v1/companies/{OURS}/metrics"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers


def test_browsers_of_other_origins_are_kept_out(api: Api, our_key: str) -> None:
    answer = api.get(f"/v1/companies/{OURS}/metrics", our_key, Origin="https://elsewhere.example")
    assert "access-control-allow-origin" not in answer.headers


def test_the_documentation_needs_no_other_host(api: Api) -> None:
    assert api.get("/").headers["location"] == "/docs"
    page = api.get("/docs").text
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    for link in links:
        assert link.startswith("/")
        assert api.get(link).status_code == 200
    assert "//" not in re.sub(r"<!--.*?-->|//.*", "", page).replace("</", "")


def test_the_description_names_every_answer(api: Api) -> None:
    document = api.get("/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    assert {"Problem", "FieldError"} <= set(document["components"]["schemas"])
    guarded = [path for path in document["paths"] if path.startswith("/v1/")]
    assert len(guarded) == 90

    for path in guarded:
        for operation in document["paths"][path].values():
            assert operation["security"] == [{"bearer": []}, {"apiKey": []}]
            assert {"401", "403", "422", "429", "500", "503"} <= set(operation["responses"])
            assert set(operation["responses"]) & {"200", "201", "202", "204"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_dbt_docs_say_when_they_are_not_built_and_appear_once_they_are(
    api: Api, embedded_stores: Layout
) -> None:
    shutil.rmtree(
        embedded_stores.home / "dbt" / "docs", ignore_errors=True
    )  # an earlier test's refresh built them
    for path in ("/dbt-docs/", "/dbt-docs/warehouse/", "/dbt-docs/../../secrets.json"):
        assert_problem(api.get(path), "not-found" if ".." in path else "docs-not-built", 404)
    folder = embedded_stores.home / "dbt" / "docs" / "warehouse"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<title>the warehouse</title>")
    assert 'href="/dbt-docs/warehouse/"' in api.get("/dbt-docs/").text
    assert "the warehouse" in api.get("/dbt-docs/warehouse/").text
    assert_problem(api.get("/dbt-docs/serving/"), "docs-not-built", 404)


def test_data_quality_pages_appear_with_the_first_judged_batch(api: Api, embedded_stores: Layout) -> None:
    folder = embedded_stores.home / "quality"
    shutil.rmtree(folder, ignore_errors=True)
    for path in ("/docs/data-quality/", "/docs/data-quality/suites/sessions.html"):
        assert_problem(api.get(path), "docs-not-built", 404)
    folder.mkdir()
    (folder / "index.html").write_text("<title>judged batches</title>")
    answer = api.get("/docs/data-quality/")
    assert "judged batches" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    shutil.rmtree(folder)


def test_the_contracts_of_the_events_are_served(api: Api) -> None:
    listed = api.get("/schemas/").json()
    assert "/schemas/kintell.session.completed.json" in listed["schemas"]
    assert api.get("/schemas/kintell.session.completed.json").json()["properties"]
    assert "asyncapi: 3" in api.get(listed["asyncapi"]).text


@pytest.mark.parametrize(
    "path",
    [
        "/dbt-docs/%2e%2e/%2e%2e/secrets.json",
        "/docs/data-quality/%2e%2e/secrets.json",
        "/schemas/..%2f..%2fstores.py",
    ],
)
def test_files_outside_the_folders_are_not_served(api: Api, new_key: Callable[..., str], path: str) -> None:
    answer = httpx.get(api.url + path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
