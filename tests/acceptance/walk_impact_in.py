"""Deliveries: what comes due is tried, every try is on record, and a failure can be sent again.

The tests tell one story in their order: the partner refuses the report first, and takes it the next time.
"""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from orchestration.stack.layout import Layout
from tests.acceptance.conftest import until
from tests.acceptance.programme import COMPANY, Programme, impact
from tests.partners.server import OPTIONS, SECRETS

PLATFORM = "goodera"
SCHEDULER_S = 240.0  # the scheduler looks every half minute, and its run waits for what else Dagster runs


@pytest.fixture(scope="module")
def failed(
    platform: Layout, published: Programme, partners: str, postgres: psycopg.Connection
) -> dict[str, Any]:
    """The delivery of a monthly schedule that came due and was refused by the partner."""
    options = [f"--option={name}={OPTIONS[name]}" for name in ("organization_id", "project_id")]
    impact(
        platform, "impact-in", "connect", str(COMPANY), PLATFORM, f"http://{partners}/{PLATFORM}", *options
    )
    impact(
        platform, "impact-in", "secret", str(COMPANY), PLATFORM, "api_key", given=SECRETS["api_key"] + "\n"
    )
    impact(platform, "impact-in", "gate", str(COMPANY), PLATFORM, "on")
    httpx.post(f"http://{partners}/_misbehave", json={"partner": PLATFORM, "faults": ["reject_schema"]})
    made = published.ours.post("/v1/impact-in/schedules", {"platform": PLATFORM, "cadence": "monthly"})
    assert made.status_code in (200, 201), made.text
    # The first of this month is in the past for whoever waits for the next.
    postgres.execute(
        "update impact_in.schedules set next_due_at = date_trunc('month', now()), missed = 'latest'"
        " where schedule_id = %s",
        (made.json()["schedule_id"],),
    )
    until(
        lambda: _delivery(published).get("status") == "failed",
        within_s=SCHEDULER_S,
        what="the scheduler has tried the report",
        every_s=1,
    )
    return _delivery(published)


def test_a_schedule_that_comes_due_is_tried_by_the_scheduler(
    published: Programme, failed: dict[str, Any]
) -> None:
    assert (failed["period"], failed["error_class"]) == (published.month, "rejected")
    [schedule] = published.ours.items("/v1/impact-in/schedules")
    assert schedule["next_due_at"] > failed["due_at"]


def test_every_attempt_is_on_record(published: Programme, failed: dict[str, Any]) -> None:
    attempts = published.ours.get(f"/v1/impact-in/deliveries/{failed['delivery_id']}").json()["attempts"]
    assert attempts[0]["number"] == 1
    assert (attempts[0]["kind"], attempts[0]["http_status"], attempts[0]["decision"]) == (
        "send",
        422,
        "give_up",
    )
    assert all(attempt["finished_at"] for attempt in attempts)


def test_a_failed_delivery_is_sent_again_and_arrives_once(
    published: Programme, failed: dict[str, Any], partners: str
) -> None:
    again = published.ours.post(f"/v1/impact-in/scheduled/{failed['delivery_id']}/replay")
    assert again.status_code in (200, 202), again.text
    until(
        lambda: _delivery(published)["status"] == "delivered",
        within_s=SCHEDULER_S,
        what="what was replayed is delivered",
        every_s=1,
    )
    held = httpx.get(f"http://{partners}/_state", timeout=60).json()
    assert len(held["accepted"]) == 1
    assert held["problems"] == []
    assert (
        len(published.ours.get(f"/v1/impact-in/deliveries/{failed['delivery_id']}").json()["attempts"]) == 2
    )


def _delivery(published: Programme) -> dict[str, Any]:
    items = published.ours.items("/v1/impact-in/deliveries")
    return items[0] if items else {}
