"""The rules over the API: listed, described, checked and tried; on the caller's own company alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from orchestration.journey.rules.loading import RULE_FILES
from tests.serving.running import OURS, THEIRS, Api

MENTOR_READY = (RULE_FILES / "mentor_ready.yaml").read_text()
YEAR = {"first": "2025-12-01T00:00:00Z", "last": "2026-11-23T00:00:00Z"}


@pytest.fixture(scope="module")
def ask(api: Api, new_key: Callable[..., str]) -> Callable[..., httpx.Response]:
    key = new_key(OURS, "company_user", rate_limit_per_minute=10_000)

    def call(path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        url = f"{api.url}/v1/journey/rules{path}"
        return httpx.request("GET" if body is None else "POST", url, headers=headers, json=body, timeout=60)

    return call


def test_rules_are_listed_and_shown(ask: Callable[..., httpx.Response]) -> None:
    listed = {rule["id"]: rule for rule in ask("").json()["items"]}
    assert listed["mentor_ready_001"]["has_effect"] is True
    assert listed["mentor_ready_rated_001"]["has_effect"] is False
    shown = ask("/mentor_ready_001").json()
    assert shown["definition"]["facts"]["language_sessions"]["count"] == "kintell_sessions"
    assert ask("/schema").json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert ask("/nobody_knows").json()["type"] == "/problems/rule-not-found"


def test_a_wrong_file_is_an_answer_with_lines(ask: Callable[..., httpx.Response]) -> None:
    assert ask("/validate", {"text": MENTOR_READY}).json()["is_valid"] is True
    answer = ask("/validate", {"text": MENTOR_READY.replace("priority", "prio")}).json()
    assert [(one["line"], one["suggestion"]) for one in answer["problems"]] == [
        (MENTOR_READY.splitlines().index("priority: 10") + 1, "did you mean 'priority'?")
    ]


def test_a_dry_run_says_what_is_missing(ask: Callable[..., httpx.Response]) -> None:
    answer = ask("/dry-run", {"text": MENTOR_READY, "person_id": str(uuid4())}).json()
    assert answer["person"]["holds"] is False
    assert [one["actual"] for one in answer["person"]["missing"]] == [0]
    assert ask("/dry-run", {"text": MENTOR_READY}).json()["holds_count"] == 0


def test_a_backtest_is_of_the_own_company_and_of_a_year(ask: Callable[..., httpx.Response]) -> None:
    answer = ask("/backtest", {"text": MENTOR_READY, "against": MENTOR_READY, **YEAR})
    assert answer.status_code == 200, answer.text
    assert [len(version["weeks"]) for version in answer.json()["versions"]] == [52, 52]
    theirs = ask("/backtest", {"text": MENTOR_READY, "company_id": str(THEIRS), **YEAR})
    assert theirs.json()["type"] == "/problems/company-forbidden"
    assert ask("/backtest", {"text": MENTOR_READY, **YEAR, "last": "2028-01-01T00:00:00Z"}).status_code == 422


def test_who_reads_figures_does_not_try_rules_on_people(api: Api, our_key: str) -> None:
    answer = httpx.post(
        f"{api.url}/v1/journey/rules/dry-run", json={"text": MENTOR_READY}, timeout=60,
        headers={"Authorization": f"Bearer {our_key}"},
    )  # fmt: skip
    assert answer.json()["type"] == "/problems/role-forbidden"
