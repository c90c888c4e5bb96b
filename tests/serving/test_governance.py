"""Whoever reads figures sees which model serves and why; administrators change it, and leave a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from nlp.drift.checks import compare
from nlp.drift.series import ScoredText, distributions
from nlp.drift.store import pin_baseline, replace_checks
from nlp.registry.models import ModelEntry
from nlp.registry.promotion import sync
from tests.nlp.registries import entry, evaluated, file_of, soon
from tests.serving.running import Api, assert_problem


@pytest.fixture
def versions(postgres: psycopg.Connection) -> tuple[ModelEntry, ModelEntry, ModelEntry]:
    """v1 serves, v2 will in an hour, v3 was never evaluated; in a lane of their own."""
    lane = f"lane{uuid.uuid4().hex[:12]}"
    v1, v2, v3 = entry(lane, "v1"), entry(lane, "v2", soon()), entry(lane, "v3", soon(7200))
    sync(postgres, file_of(v1, v2, v3), actor="test")
    evaluated(postgres, v1, v2)
    sync(postgres, file_of(v1, v2, v3), actor="test")
    return v1, v2, v3


@pytest.fixture
def post(api: Api, admin_key: str) -> Callable[..., httpx.Response]:
    def post(path: str, key: str = admin_key, **body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.post(f"{api.url}/v1/q2q/models/{path}", json=body, headers=headers, timeout=30)

    return post


def test_versions_are_shown_as_of_an_instant(
    api: Api, our_key: str, versions: tuple[ModelEntry, ModelEntry, ModelEntry]
) -> None:
    ids = [one.model_id for one in versions]

    def serving(query: str = "") -> list[str]:
        answer = api.get(f"/v1/q2q/models{query}", our_key)
        assert answer.status_code == 200, answer.text
        return [
            one["model_id"] for one in answer.json()["items"] if one["is_serving"] and one["model_id"] in ids
        ]

    later = (datetime.now(UTC) + timedelta(minutes=90)).isoformat().replace("+00:00", "Z")
    assert serving() == ids[:1]
    assert serving(f"?at={later}") == ids[1:2]
    assert serving("?at=2026-11-02T00:00:00Z") == []
    one = api.get(f"/v1/q2q/models/{ids[1]}", our_key).json()
    assert (one["has_passed"], one["failures"], len(one["windows"])) == (True, [], 1)
    assert one["definition"]["model"] == "v2"
    assert api.get(f"/v1/q2q/models/{ids[2]}", our_key).json()["evaluation_id"] is None
    assert_problem(api.get("/v1/q2q/models/nobody", our_key), "model-not-found", 404)
    assert_problem(api.get("/v1/q2q/models?at=yesterday", our_key), "invalid-parameter", 422)


def test_an_administrator_activates_and_deactivates_and_the_audit_names_them(
    post: Callable[..., httpx.Response],
    postgres: psycopg.Connection,
    versions: tuple[ModelEntry, ModelEntry, ModelEntry],
) -> None:
    _, v2, _ = versions
    activated = post(f"{v2.model_id}/activate").json()
    assert activated["is_serving"]
    assert activated["serving"]["is_operators"]
    assert_problem(post(f"{v2.model_id}/activate"), "promotion-refused", 409)
    assert not post(f"{v2.model_id}/deactivate").json()["is_serving"]
    assert_problem(post(f"{v2.model_id}/deactivate"), "promotion-refused", 409)
    actors = postgres.execute(
        "select distinct actor from registry.audit where table_name = 'serving_windows'"
        " and coalesce(row_after, row_before)->>'model_id' = %s",
        (v2.model_id,),
    ).fetchall()
    assert any(actor.startswith("api:") for (actor,) in actors)


def test_a_model_that_has_not_passed_is_refused_with_the_reasons(
    post: Callable[..., httpx.Response], versions: tuple[ModelEntry, ModelEntry, ModelEntry]
) -> None:
    problem = assert_problem(post(f"{versions[2].model_id}/activate"), "gate-not-passed", 409)
    assert "no evaluation of its present definition" in problem["failures"][0]
    assert_problem(post("nobody/activate"), "model-not-found", 404)
    assert_problem(
        post(f"{versions[1].model_id}/activate", at="2020-01-01T00:00:00Z"), "promotion-refused", 409
    )


def test_a_company_may_look_but_not_touch(
    api: Api,
    post: Callable[..., httpx.Response],
    our_key: str,
    versions: tuple[ModelEntry, ModelEntry, ModelEntry],
) -> None:
    for verb in ("activate", "deactivate"):
        assert_problem(post(f"{versions[0].model_id}/{verb}", our_key), "role-forbidden", 403)
    for path in ("models", "evaluations", "drift"):
        assert api.get(f"/v1/q2q/{path}", our_key).status_code == 200
        assert_problem(api.get(f"/v1/q2q/{path}"), "unauthenticated", 401)


def test_evaluations_come_with_their_figures(
    api: Api, our_key: str, versions: tuple[ModelEntry, ModelEntry, ModelEntry]
) -> None:
    [one] = api.get(f"/v1/q2q/evaluations?model_id={versions[0].model_id}", our_key).json()["items"]
    assert one["has_passed"] is True
    assert one["figures"]["languages"]["uk"]["labels"]["confidence_increase"]["support"] >= 10


def test_drift_is_listed_and_counted_for_prometheus(
    api: Api, our_key: str, postgres: psycopg.Connection, versions: tuple[ModelEntry, ModelEntry, ModelEntry]
) -> None:
    model_id = versions[0].model_id
    since = datetime(2026, 11, 9, tzinfo=UTC)
    texts = [ScoredText("en", {"confidence_increase": number % 10 == 0}, {}, 50) for number in range(200)]
    shifted = [ScoredText("en", {"confidence_increase": True}, {}, 50) for _ in range(60)]
    baseline = pin_baseline(
        postgres, model_id, since - timedelta(days=30), since, distributions(texts), actor="test"
    )
    checks = compare(baseline.counts, distributions(shifted), permutations=1000)
    with postgres.transaction():
        replace_checks(postgres, baseline, "daily", since, since + timedelta(days=1), checks, since)
    query = f"model_id={model_id}&grain=daily&language=en&verdict=alert&since=2026-11-01T00:00:00Z"
    [alert] = api.get(f"/v1/q2q/drift?{query}", our_key).json()["items"]
    assert (alert["series"], alert["severity"], alert["window_count"]) == ("confidence_increase", "high", 60)
    assert api.get(f"/v1/q2q/drift?{query}&limit=0", our_key).status_code == 422
    metrics = api.get("/metrics").text
    assert f'q2q_drift_series{{grain="daily",model="{model_id}",verdict="alert"}} 2.0' in metrics
