"""API keys over the API: who makes them, how far they reach, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from typer.testing import CliRunner

from ingest.api_keys import key_sha256
from orchestration.cli import app as impact
from orchestration.stack.layout import Layout
from tests.serving.running import OURS, THEIRS, Api, assert_problem, poll

BASE = "/v1/keys"
METRICS, TRENDS = f"/v1/companies/{OURS}/metrics", f"/v1/companies/{OURS}/trends?metric=sessions_count"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(api: Api, new_key: Callable[..., str]) -> Ask:
    key = new_key(OURS, "company_admin", rate_limit_per_minute=100_000)

    def send(method: str, path: str = "", by: str = key, **json: Any) -> httpx.Response:
        return httpx.request(
            method, f"{api.url}{BASE}{path}", headers={"X-API-Key": by}, json=json or None, timeout=60
        )

    return send


def listed(ask: Ask, name: str) -> dict[str, Any]:
    (found,) = [one for one in ask("GET").json()["items"] if one["name"] == name]
    return found  # type: ignore[no-any-return]


def test_a_key_is_made_narrowed_listed_and_ended(api: Api, ask: Ask) -> None:
    made = ask("POST", name="narrow", scopes=["report:view"], api_version="2026-11-27")
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    key = made.json()["key"]
    assert api.get(METRICS, key).status_code == 200
    document = assert_problem(api.get(TRENDS, key), "scope-forbidden", 403)
    assert "analytics:view" in str(document["detail"])
    found = listed(ask, "narrow")
    assert (found["scopes"], found["api_version"]) == (["report:view"], "2026-11-27")
    assert key not in ask("GET").text
    ended = ask("DELETE", f"/{found['key_id']}")
    assert ended.json()["revoked_at"] == ask("DELETE", f"/{found['key_id']}").json()["revoked_at"]
    poll(lambda: api.get(METRICS, key).status_code == 401, what="the refusal")


def test_nobody_makes_a_key_that_may_more_than_they(api: Api, ask: Ask) -> None:
    assert_problem(ask("POST", name="root", role="system_admin"), "invalid-parameter", 422)
    maker = ask("POST", name="maker", role="company_admin", scopes=["api_key:create", "report:view"]).json()[
        "key"
    ]
    assert_problem(ask("POST", by=maker, name="wide"), "scope-forbidden", 403)
    assert ask("POST", by=maker, name="same", scopes=["report:view"]).status_code == 201
    assert_problem(ask("GET", by=maker), "scope-forbidden", 403)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ({"scopes": ["data:delete"]}, "does not have data:delete"),
        ({"scopes": ["no:such"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"api_version": "newest"}, "api_version"),
        ({"name": ""}, "name"),
    ],
)
def test_a_key_that_cannot_be_says_why(ask: Ask, order: dict[str, Any], says: str) -> None:
    document = assert_problem(ask("POST", **{"name": "x", **order}), "invalid-parameter", 422)
    assert says in str(document["detail"])


def test_another_companys_keys_do_not_exist(
    ask: Ask, api: Api, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    theirs = new_key(THEIRS)
    (key_id,) = postgres.execute(
        "select key_id from ingest.api_keys where key_sha256 = %s", (key_sha256(theirs),)
    ).fetchone()
    assert str(key_id) not in ask("GET").text
    assert_problem(ask("DELETE", f"/{key_id}"), "key-not-found", 404)
    assert_problem(ask("POST", f"/{key_id}/regenerate"), "key-not-found", 404)
    assert_problem(ask("POST", name="x", company_id=str(THEIRS)), "company-forbidden", 403)
    assert_problem(ask("DELETE", f"/{uuid4()}"), "key-not-found", 404)


def test_a_new_key_takes_an_old_ones_place(api: Api, ask: Ask) -> None:
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    old = ask("POST", name="rotated", scopes=["report:view"], expires_at=until).json()["key"]
    key_id = listed(ask, "rotated")["key_id"]
    new = ask("POST", f"/{key_id}/regenerate", overlap_s=3600).json()
    assert new["scopes"] == ["report:view"]
    assert datetime.fromisoformat(new["expires_at"]) == datetime.fromisoformat(until)
    assert [api.get(METRICS, key).status_code for key in (old, new["key"])] == [200, 200]
    ends = {one["key_id"]: one["expires_at"] for one in ask("GET").json()["items"]}[key_id]
    assert datetime.fromisoformat(ends) < datetime.now(UTC) + timedelta(seconds=3601)
    assert ask("POST", f"/{key_id}/regenerate").status_code == 201  # ends it now
    poll(lambda: api.get(METRICS, old).status_code == 401, what="the refusal")
    assert_problem(ask("POST", f"/{key_id}/regenerate"), "key-over", 409)


def test_a_narrowed_key_opens_a_stream_of_what_it_may_see(api: Api, ask: Ask) -> None:
    wide = ask("POST", name="wide", role="company_admin").json()["key"]
    narrow = ask("POST", name="narrow stream", role="company_admin", scopes=["report:view"]).json()["key"]
    topics = {
        key: httpx.post(f"{api.url}/v1/stream/session", headers={"X-API-Key": key}).json()["topics"]
        for key in (wide, narrow)
    }
    assert set(topics[wide]) - set(topics[narrow]) == {"safety", "privacy", "journey"}
    assert_problem(api.get("/v1/stream/updates?topics=safety", narrow), "role-forbidden", 403)


def test_the_command_line_makes_and_lists_narrowed_keys(
    api: Api, embedded_stores: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in embedded_stores.environment().items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    wanted = ["--scope", "report:view", "--scope", "analytics:view", "--api-version", "2026-11-27"]
    made = run(impact, ["keys", "create", "by hand", "--company", str(OURS), *wanted])
    assert made.exit_code == 0, made.output
    key = made.stdout.split()[-1]
    assert api.get(TRENDS, key).status_code == 200
    assert_problem(api.get(f"/v1/companies/{OURS}/export/csrd", key), "scope-forbidden", 403)
    assert "analytics:view report:view" in run(impact, ["keys", "list", "--company", str(OURS)]).stdout
    refused = run(impact, ["keys", "create", "x", "--company", str(OURS), "--scope", "system:admin"])
    assert refused.exit_code == 2
    assert "does not have system:admin" in refused.output
