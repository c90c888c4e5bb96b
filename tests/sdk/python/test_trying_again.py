"""A call is tried again where that is safe and may help, and ends with an exception that says what it was."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from impact_client import (
    API_VERSION,
    ApiUnreachable,
    AsyncImpact,
    Impact,
    ImpactProblem,
    Retries,
    UnexpectedAnswer,
    problems,
)
from impact_client._retries import is_repeatable
from tests.sdk.python.conftest import QUICK
from tests.sdk.python.scripted import Scripted, hangs_up, problem, says

COMPANY = "aaaaaaaa-0000-4000-8000-000000000001"
STATS = {
    "is_following": True, "epoch": "1", "position": 1, "consumers": 1, "reading_log": 0, "rings": 0,
    "connections": 0, "companies": [],
}  # fmt: skip
DELIVERY = "dddddddd-0000-4000-8000-000000000004"


def client(script: Scripted, retries: Retries = QUICK) -> Impact:
    return Impact(script.url, "teei_test_x", company_id=COMPANY, retries=retries)


@pytest.mark.parametrize(
    "trouble",
    [problem("unavailable", 503, retry_after="0"), says(502, b"<html>", "text/html"), hangs_up],
    ids=["a store is away", "a proxy is away", "the connection broke"],
)
def test_a_read_is_tried_again(script: Scripted, trouble: object) -> None:
    script.answers = [trouble, trouble, says(200, STATS)]  # type: ignore[list-item]
    with client(script) as impact:
        assert impact.stream.get_stats().position == 1
    assert len(script.asked) == 3


def test_the_last_try_is_what_is_raised(script: Scripted) -> None:
    script.answers = [problem("unavailable", 503, retry_after="0", instance="urn:uuid:1")]
    with client(script) as impact, pytest.raises(problems.Unavailable) as raised:
        impact.stream.get_stats()
    assert len(script.asked) == QUICK.attempts
    assert (raised.value.status, raised.value.retry_after_s) == (503, 0.0)
    assert "urn:uuid:1" in str(raised.value)


def test_no_answer_at_all_names_the_call_and_not_its_parameters() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with Impact(nobody, "teei_test_x", retries=QUICK) as impact, pytest.raises(ApiUnreachable) as raised:
        impact.reporting.get_at_a_glance("2026-Q2", company_id=COMPANY)
    assert "GET" in str(raised.value)
    assert f"try {QUICK.attempts} of {QUICK.attempts}" in str(raised.value)
    assert "2026-Q2" not in str(raised.value)
    assert isinstance(raised.value.__cause__, httpx.ConnectError)


def test_what_may_have_been_done_is_not_done_again(script: Scripted) -> None:
    script.answers = [hangs_up]
    with client(script) as impact, pytest.raises(ApiUnreachable):
        impact.impact_in.replay(DELIVERY)
    assert len(script.asked) == 1


def test_what_was_refused_before_anything_was_done_is_tried_again(script: Scripted) -> None:
    script.answers = [problem("rate-limited", 429, retry_after="0"), problem("scheduled-not-found", 404)]
    with client(script) as impact, pytest.raises(problems.ScheduledNotFound):
        impact.impact_in.replay(DELIVERY)
    assert len(script.asked) == 2


def test_a_repeated_classification_is_the_same_request(script: Scripted) -> None:
    script.answers = [
        hangs_up, problem("request-still-running", 409, retry_after="0"), problem("text-held", 422, item_id="7")  # noqa: E501
    ]  # fmt: skip
    with client(script) as impact, pytest.raises(problems.TextHeld) as raised:
        impact.q2q.classify("I dare to call employers now")
    keys = {asked.headers["idempotency-key"] for asked in script.asked}
    assert len(script.asked) == 3
    assert len(keys) == 1
    assert raised.value.members["item_id"] == "7"
    with client(script) as impact, pytest.raises(problems.TextHeld):
        impact.q2q.classify("I dare to call employers now")
    assert script.asked[-1].headers["idempotency-key"] not in keys


def test_a_wait_that_is_too_long_is_told_at_once(script: Scripted) -> None:
    script.answers = [problem("budget-exceeded", 429, retry_after="86400")]
    with client(script) as impact, pytest.raises(problems.BudgetExceeded) as raised:
        impact.reporting.get_metrics()
    assert len(script.asked) == 1
    assert raised.value.retry_after_s == 86400


def test_a_kind_of_problem_that_came_later_is_a_problem(script: Scripted) -> None:
    script.answers = [problem("moon-is-full", 409)]
    with client(script) as impact, pytest.raises(ImpactProblem) as raised:
        impact.reporting.get_metrics()
    assert type(raised.value) is ImpactProblem
    assert raised.value.type == "/problems/moon-is-full"


def test_an_answer_of_something_else_is_said_to_be_that(script: Scripted) -> None:
    script.answers = [says(204)]
    with client(script) as impact, pytest.raises(UnexpectedAnswer, match="StreamStats"):
        impact.stream.get_stats()


def test_a_token_that_is_over_is_replaced_once(script: Scripted) -> None:
    tokens = iter(["old", "new", "never"])
    script.answers = [problem("unauthenticated", 401), says(200, STATS)]
    with Impact(script.url, lambda: next(tokens), retries=QUICK) as impact:
        impact.stream.get_stats()
        impact.stream.get_stats()
    assert [asked.headers["authorization"] for asked in script.asked] == [
        "Bearer old",
        "Bearer new",
        "Bearer new",
    ]
    script.answers = [problem("unauthenticated", 401)]
    with Impact(script.url, "teei_test_x", retries=QUICK) as impact, pytest.raises(problems.Unauthenticated):
        impact.stream.get_stats()


def test_the_version_that_the_package_knows_goes_with_every_call(script: Scripted) -> None:
    script.answers = [says(200, STATS)]
    with Impact(script.url, "teei_test_x") as impact:
        impact.stream.get_stats()
    assert script.asked[0].headers["x-api-version"] == API_VERSION
    assert script.asked[0].headers["user-agent"].startswith("impact-client-python/")


async def test_calls_wait_beside_each_other(script: Scripted) -> None:
    script.answers = [problem("unavailable", 503, retry_after="0"), says(200, STATS)]
    async with AsyncImpact(script.url, "teei_test_x", retries=QUICK) as impact:
        answers = await asyncio.gather(*(impact.stream.get_stats() for _ in range(5)))
    assert [answer.position for answer in answers] == [1] * 5


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/v1/companies/x/metrics", {}, True),
        ("POST", "/v1/privacy/export", {}, False),
        ("POST", "/v1/privacy/export", {"Idempotency-Key": "1"}, True),
        ("POST", "/v1/journey/milestones/x/job_ready", {}, True),
        ("POST", "/v1/impact-in/scheduled/x/replay", {}, False),
        ("POST", "/v1/impact-in/deliveries/bulk-replay", {}, False),
    ],
)
def test_what_is_repeatable(method: str, path: str, headers: dict[str, str], *, expected: bool) -> None:
    assert is_repeatable(httpx.Request(method, f"http://x{path}", headers=headers)) is expected
