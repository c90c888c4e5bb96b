"""What a company may spend and has spent on models, over the API and as Prometheus sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ingest.stores import StoreSettings, postgres_connection
from nlp.spend.budget import set_cap
from nlp.spend.cost import Tokens
from nlp.spend.ledger import Call, CapReachedError, Settlement, reserve, settle
from orchestration.ai.events import announce
from tests.serving.running import Api, assert_problem
from tests.serving.test_budgets import new_company

CENT = 10_000


@pytest.fixture
def company(postgres: psycopg.Connection) -> UUID:
    """A company that may spend a dollar a month."""
    company_id = new_company(postgres)
    set_cap(postgres, company_id, Decimal(1), datetime.now(UTC).date().replace(day=1), set_by="test")
    return company_id


@pytest.fixture
def key(new_key: Callable[..., str], company: UUID) -> str:
    return new_key(company)


@pytest.fixture
def spend(store_settings: StoreSettings, company: UUID) -> Callable[..., None]:
    """Pays for calls."""

    def pay(*amounts: int, purpose: str = "q2q_scoring", settled: bool = True) -> None:
        for amount in amounts:
            with postgres_connection(store_settings) as connection:
                call = Call(
                    company, "anthropic", "claude-haiku-5-5", "q2q-claude-v1", purpose, uuid4(), is_batch=True
                )
                at = datetime.now(UTC)
                kept = reserve(connection, announce, call, amount, at=at, valid_for=timedelta(hours=1))
                if settled:
                    tokens = Tokens(input=100, write_5m=20, read=3, output=40)
                    paid = Settlement("answered", at, amount, tokens, latency_ms=250.0)
                    settle(connection, announce, kept.call_id, paid)

    return pay


def test_a_company_that_has_spent_nothing_has_everybodys_cap(
    api: Api, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    budget = api.get("/v1/ai/budget", new_key(new_company(postgres))).json()
    assert budget["cap_usd"] == budget["remaining_usd"] == 1000
    assert (budget["spent_usd"], budget["mode"], budget["used_share"]) == (0, "direct", 0)


def test_the_budget_and_the_costs_are_the_ledgers(
    api: Api, company: UUID, key: str, spend: Callable[..., None]
) -> None:
    spend(80 * CENT, 5 * CENT)
    spend(10 * CENT, purpose="evaluation")
    spend(CENT, settled=False)
    budget = api.get("/v1/ai/budget", key).json()
    now = datetime.now(UTC)
    assert budget == {
        "company_id": str(company),
        "month": f"{now:%Y-%m}",
        "currency": "USD",
        "cap_usd": 1.0,
        "spent_usd": 0.95,
        "reserved_usd": 0.01,
        "remaining_usd": 0.04,
        "used_share": 0.95,
        "reached_thresholds": [80, 90, 95],
        "mode": "batch",
        "refused_count": 0,
        "resets_at": (now.replace(day=28) + timedelta(days=4)).strftime("%Y-%m-01T00:00:00+00:00"),
    }
    costs = api.get("/v1/ai/costs", key).json()
    assert costs["total_usd"] == 0.95
    by_purpose = {item["purpose"]: item for item in costs["items"]}
    assert by_purpose["q2q_scoring"] == {
        "day": f"{now:%Y-%m-%d}", "provider": "anthropic", "model": "claude-haiku-5-5",
        "model_version": "q2q-claude-v1", "purpose": "q2q_scoring", "calls_count": 2, "failed_calls_count": 0,
        "input_tokens": 246, "output_tokens": 80, "cost_usd": 0.85,
    }  # fmt: skip
    assert by_purpose["evaluation"]["cost_usd"] == 0.1
    tomorrow = f"{now + timedelta(days=1):%Y-%m-%d}"
    assert api.get(f"/v1/ai/costs?from={tomorrow}&to={tomorrow}", key).json()["items"] == []


def test_another_companys_money_is_not_shown(api: Api, company: UUID, their_key: str, admin_key: str) -> None:
    for route in ("/v1/ai/budget", "/v1/ai/costs"):
        assert_problem(api.get(f"{route}?companyId={company}", their_key), "company-forbidden", 403)
        assert_problem(api.get(route, admin_key), "invalid-parameter", 422)
        assert api.get(f"{route}?companyId={company}", admin_key).status_code == 200
        assert_problem(api.get(route), "unauthenticated", 401)


def test_days_that_make_no_sense_are_refused(api: Api, key: str) -> None:
    for days in ("from=2026-11-02&to=2026-11-01", "from=2020-01-01&to=2026-11-01", "from=yesterday"):
        assert_problem(api.get(f"/v1/ai/costs?{days}", key), "invalid-parameter", 422)


def test_prometheus_sees_the_ledger_with_bounded_labels(
    api: Api, company: UUID, spend: Callable[..., None]
) -> None:
    spend(97 * CENT)
    with pytest.raises(CapReachedError):
        spend(4 * CENT)
    text = httpx.get(f"{api.url}/metrics", timeout=60).text
    ours = {
        (sample.name, sample.labels.get("kind") or sample.labels.get("status")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("company_id") == str(company)
    }
    assert ours == {
        ("ai_requests_total", "answered"): 1,
        ("ai_tokens_used_total", "input"): 123,
        ("ai_tokens_used_total", "output"): 40,
        ("ai_cost_dollars_total", None): 0.97,
        ("ai_request_duration_seconds_count", None): 1,
        ("ai_request_duration_seconds_sum", None): 0.25,
        ("ai_budget_limit_dollars", None): 1.0,
        ("ai_budget_remaining_dollars", None): 0.03,
        ("q2q_requests_total", None): 1,
        ("q2q_tokens_total", None): 163,
        ("q2q_cost_dollars_total", None): 0.97,
    }
    alerts = {
        sample.labels["threshold"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "ai_budget_alerts_total"
    }
    assert alerts.keys() == {"80", "90", "95", "100"}
    assert min(alerts.values()) >= 1
