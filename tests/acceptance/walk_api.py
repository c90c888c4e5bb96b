"""The API as clients meet it: versions in every address, one catalogue, and a client that reads it."""

from __future__ import annotations

import httpx
import psycopg

from impact_client import Impact
from tests.acceptance.programme import COMPANY, Programme, Reader, learner
from tests.ingest.arrangements import person_of

# Of no version: what every server of its kind has under just that name, and the pages that describe versions.
WITHOUT_VERSION = (
    "/healthz", "/readyz", "/metrics", "/api-docs", "/problems", "/schemas", "/docs", "/redoc",
    "/openapi.json", "/live", "/static",
)  # fmt: skip


def test_public_routes_have_their_version(admin: Reader, programme: Programme) -> None:
    paths = httpx.get(f"{admin.url}/openapi.json", timeout=60).json()["paths"]
    assert len(paths) > 50
    assert [path for path in paths if not path.startswith(("/v1/", *WITHOUT_VERSION))] == []
    glance = f"companies/{COMPANY}/at-a-glance?period={programme.month}"
    old, new = programme.user.get(f"/{glance}"), programme.user.get(f"/v1/{glance}")
    assert old.status_code == new.status_code == 200
    assert old.json() == new.json()
    assert {"deprecation", "sunset", "link"} <= set(old.headers)
    assert "deprecation" not in new.headers


def test_the_catalogue_has_every_route_that_is_served(admin: Reader) -> None:
    catalogue = httpx.get(f"{admin.url}/api-docs/catalog", timeout=60).json()
    served = httpx.get(f"{admin.url}/openapi.json", timeout=60).json()["paths"]
    assert set(served) <= set(catalogue["paths"])
    assert any(path.startswith("/v1/webhooks/") for path in catalogue["paths"])  # of the other processes too


def test_the_python_client_reads_reporting_journeys_and_labels(
    published: Programme, postgres: psycopg.Connection
) -> None:
    who = person_of(postgres, "email", learner(1))[0]
    with Impact(published.user.url, published.user.key, company_id=COMPANY) as impact:
        glance = impact.reporting.get_at_a_glance(published.month)
        assert glance.inputs.total_sessions == len(published.sessions)
        assert {flag.flag for flag in impact.journey.get_flags(who).flags} >= {"mentor_ready"}
        assert impact.q2q.classify("I found a job", provider="local").model.provider == "local"
