"""Reviewers see their company's flagged texts, each look is on record, no decision is overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from ingest.contracts.kintell import KintellRatingCreated
from ingest.events import Event, decode, new_event
from ingest.raw_events import event_row, insert_events
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.gate.texts import text_id
from tests.serving.running import OURS, THEIRS, Api, assert_problem

QUEUE, REVIEW = "/v1/safety/queue", "/v1/safety/review"
RUDE = "You are an idiot and should never have been a mentor"
WRITTEN = datetime(2026, 9, 14, 12, 30, tzinfo=UTC)


class Reviewers:
    """Callers of the review routes."""

    def __init__(self, api: Api, first: str, second: str, admin: str, theirs: str) -> None:
        self.api, self.first, self.second, self.admin, self.theirs = api, first, second, admin, theirs

    def ask(self, method: str, path: str, key: str | None = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.first}", **options.pop("headers", {})}
        return httpx.request(method, self.api.url + path, headers=headers, timeout=30, **options)

    def decide(self, item: UUID, decision: str, version: int, key: str | None = None, **more: Any) -> Any:
        return self.ask(
            "POST", f"{REVIEW}/{item}", key, json={"decision": decision, **more},
            headers={"If-Match": f'"{version}"'},
        )  # fmt: skip


@pytest.fixture(scope="session")
def reviewers(api: Api, new_key: Callable[..., str], admin_key: str) -> Reviewers:
    ours = [new_key(OURS, "company_admin", rate_limit_per_minute=100_000) for _ in range(2)]
    theirs = new_key(THEIRS, "company_admin", rate_limit_per_minute=100_000)
    return Reviewers(api, ours[0], ours[1], admin_key, theirs)


@pytest.fixture
def raise_item(store_settings: StoreSettings, postgres: psycopg.Connection) -> Callable[..., UUID]:
    """As the gate does it: an item, and its text in the warehouse."""

    def make(
        company_id: UUID | None = OURS, *, is_crisis: bool = False, due: timedelta = timedelta(hours=4),
        **changes: Any,
    ) -> UUID:  # fmt: skip
        event = said(RUDE, company_id)
        with clickhouse_client(store_settings) as client:
            insert_events(client, [event_row(event)], token=str(event.id))
        row = {
            "item_id": uuid4(), "text_id": text_id(event.subject), "event_id": event.id,
            "text_type": "kintell_feedback", "company_id": company_id, "written_at": WRITTEN,
            "language": "en", "action": "escalate" if is_crisis else "hold",
            "category": "self_harm" if is_crisis else "harassment",
            "categories": ["self_harm" if is_crisis else "harassment"], "rules": [f"test.{uuid4().hex}"],
            "severity": "critical" if is_crisis else "high", "confidence": 0.9, "safety_version": "test-1",
            "is_crisis": is_crisis, "state": "escalated" if is_crisis else "pending",
            "raised_at": datetime.now(UTC), "due_at": datetime.now(UTC) + due, **changes,
        }  # fmt: skip
        columns = ", ".join(row)
        values = ", ".join(["%s"] * len(row))
        postgres.execute(f"insert into safety.review_items ({columns}) values ({values})", list(row.values()))
        return UUID(str(row["item_id"]))

    return make


def said(words: str, company_id: UUID | None) -> Event:
    rating = uuid4()
    return new_event(
        KintellRatingCreated(
            rating_id=rating, session_id=rating, from_role="participant", participant_id=rating,
            feedback_text=words, created_at=WRITTEN,
        ),
        subject=f"rating/{rating}", company_id=company_id, source="/webhooks/kintell",
        source_time=WRITTEN, origin="test:1",
    )  # fmt: skip


def test_the_queue_shows_cries_for_help_first_then_what_is_due(
    reviewers: Reviewers, raise_item: Callable[..., UUID]
) -> None:
    language = uuid4().hex[:10]
    later = raise_item(due=timedelta(hours=9), language=language)
    crisis = raise_item(is_crisis=True, due=timedelta(hours=20), language=language)
    overdue = raise_item(due=timedelta(hours=-1), language=language)
    raise_item(THEIRS, language=language)
    found, cursor = [], ""
    while cursor is not None:
        page = reviewers.ask(
            "GET", f"{QUEUE}?language={language}&limit=1{cursor and '&cursor=' + cursor}"
        ).json()
        found += page["items"]
        cursor = page["next_cursor"]
    assert [one["item_id"] for one in found] == [str(crisis), str(overdue), str(later)]
    assert [one["is_overdue"] for one in found] == [False, True, False]
    assert "idiot" not in json.dumps(found)
    everybody = reviewers.ask("GET", f"{QUEUE}?language={language}", reviewers.admin).json()["items"]
    assert len(everybody) == 4
    for query, expected in (
        ("severity=critical", [crisis]), ("overdue=true", [overdue]),
        ("category=harassment", [overdue, later]),
        ("state=approved", []), ("free=true", [crisis, overdue, later]), ("mine=true", []),
    ):  # fmt: skip
        items = reviewers.ask("GET", f"{QUEUE}?language={language}&{query}").json()["items"]
        assert [one["item_id"] for one in items] == [str(one) for one in expected], query


def test_a_look_at_a_text_is_on_record_before_the_text_is_shown(
    reviewers: Reviewers, raise_item: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    item = raise_item()
    answer = reviewers.ask("GET", f"{QUEUE}/{item}")
    assert answer.json()["text"] == RUDE
    assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"1"', "no-store")
    [(viewer, request_id)] = postgres.execute(
        "select viewer, request_id from safety.text_views where item_id = %s", (item,)
    ).fetchall()
    assert viewer.startswith("key:")
    assert request_id == answer.headers["x-request-id"]
    log = reviewers.api.log.read_text()
    assert "flagged_text_read" in log
    assert "idiot" not in log


def test_another_companys_texts_do_not_exist(
    reviewers: Reviewers, raise_item: Callable[..., UUID], our_key: str, postgres: psycopg.Connection
) -> None:
    item, nobodys = raise_item(), raise_item(None)
    for path, method in ((f"{QUEUE}/{item}", "GET"), (f"{QUEUE}/{item}/claim", "POST")):
        assert_problem(reviewers.ask(method, path, reviewers.theirs), "review-item-not-found", 404)
        assert_problem(reviewers.ask(method, path, our_key), "role-forbidden", 403)
    assert_problem(reviewers.decide(item, "approved", 1, reviewers.theirs), "review-item-not-found", 404)
    assert_problem(reviewers.ask("GET", f"{QUEUE}/{nobodys}"), "review-item-not-found", 404)
    assert reviewers.ask("GET", f"{QUEUE}/{nobodys}", reviewers.admin).status_code == 200
    assert_problem(reviewers.ask("GET", f"{QUEUE}?companyId={THEIRS}"), "company-forbidden", 403)
    [count] = postgres.execute(
        "select count(*) from safety.text_views where item_id = %s", (item,)
    ).fetchone() or (1,)
    assert count == 0


def test_a_decision_is_kept_told_and_final(
    reviewers: Reviewers, raise_item: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    item = raise_item()
    assert_problem(
        reviewers.ask("POST", f"{REVIEW}/{item}", json={"decision": "approved"}), "version-required", 428
    )
    assert_problem(reviewers.decide(item, "approved", 7), "review-changed", 412)
    answer = reviewers.decide(item, "rejected", 1, notes="plain insult")
    assert (answer.status_code, answer.json()["state"], answer.headers["etag"]) == (200, "rejected", '"2"')
    assert_problem(reviewers.decide(item, "approved", 2), "review-closed", 409)
    [(decision, is_final, is_right, notes)] = postgres.execute(
        "select decision, is_final, is_flag_right, notes from safety.review_decisions where item_id = %s",
        (item,),
    ).fetchall()
    assert (decision, is_final, is_right, notes) == ("rejected", True, True, "plain insult")
    [event] = completed(postgres, item)
    assert (event.companyid, event.data.decision, event.data.notes) == (OURS, "rejected", None)
    shown = reviewers.ask("GET", f"{QUEUE}/{item}").json()
    assert [one["notes"] for one in shown["decisions"]] == ["plain insult"]


def completed(postgres: psycopg.Connection, item: UUID) -> list[Event]:
    rows = postgres.execute("select event from ingest.event_outbox").fetchall()
    events = [decode(bytes(row[0])) for row in rows]
    return [one for one in events if getattr(one.data, "flag_id", None) == item]


def test_of_two_reviewers_at_once_one_decides(reviewers: Reviewers, raise_item: Callable[..., UUID]) -> None:
    item = raise_item()
    first = reviewers.decide(item, "escalated", 1)
    assert (first.status_code, first.json()["state"], first.json()["version"]) == (200, "escalated", 2)
    assert_problem(reviewers.decide(item, "approved", 1, reviewers.second), "review-changed", 412)


def test_it_takes_two_to_let_a_cry_for_help_pass(
    reviewers: Reviewers, raise_item: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    item = raise_item(is_crisis=True)
    first = reviewers.decide(item, "approved", 1).json()
    assert (first["state"], first["awaits_second_reviewer"], first["version"]) == ("escalated", True, 2)
    assert completed(postgres, item) == []
    assert_problem(reviewers.decide(item, "approved", 2), "second-reviewer-needed", 409)
    second = reviewers.decide(item, "approved", 2, reviewers.second, is_flag_right=True).json()
    assert (second["state"], second["awaits_second_reviewer"]) == ("approved", False)
    labels = postgres.execute(
        "select is_final, is_flag_right from safety.review_decisions where item_id = %s"
        " order by item_version",
        (item,),
    ).fetchall()
    assert labels == [(False, None), (True, True)]


def test_a_claim_keeps_others_away_until_it_ends(
    reviewers: Reviewers, raise_item: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    item = raise_item()
    claim = f"{QUEUE}/{item}/claim"
    assert reviewers.ask("POST", claim, json={"minutes": 5}).json()["assignee"].startswith("key:")
    assert reviewers.ask("POST", claim).status_code == 200
    assert_problem(reviewers.ask("POST", claim, reviewers.second), "review-claimed", 409)
    assert_problem(reviewers.decide(item, "approved", 1, reviewers.second), "review-claimed", 409)
    assert reviewers.ask("DELETE", claim, reviewers.second).json()["assignee"]
    assert reviewers.ask("DELETE", claim).json()["assignee"] is None
    assert reviewers.ask("POST", claim, reviewers.second).status_code == 200
    postgres.execute(
        "update safety.review_items set lease_until = now() - interval '1 s' where item_id = %s", (item,)
    )
    assert reviewers.ask("POST", claim).status_code == 200
    assert reviewers.decide(item, "approved", 1).status_code == 200
    assert_problem(reviewers.ask("POST", claim), "review-closed", 409)


def test_each_rules_precision_is_what_reviewers_said(
    reviewers: Reviewers, raise_item: Callable[..., UUID]
) -> None:
    rule = f"test.{uuid4().hex}"
    items = [raise_item(rules=[rule]) for _ in range(4)]
    for item, decision in zip(items, ("rejected", "rejected", "approved", "escalated"), strict=True):
        reviewers.decide(item, decision, 1)
    found = {one["rule"]: one for one in reviewers.ask("GET", "/v1/safety/rules").json()["items"]}
    assert found[rule] == {
        "rule": rule, "language": "en", "decided_count": 3, "right_count": 2, "precision": 0.6667,
        "is_questionable": False,
    }  # fmt: skip
    theirs = reviewers.ask("GET", "/v1/safety/rules", reviewers.theirs).json()["items"]
    assert rule not in {one["rule"] for one in theirs}


def test_a_text_is_screened_for_whoever_takes_it_in_and_not_kept(
    api: Api, our_key: str, postgres: psycopg.Connection
) -> None:
    def screen(text: str, **more: Any) -> httpx.Response:
        return httpx.post(
            f"{api.url}/v1/safety/screen", timeout=120, headers={"Authorization": f"Bearer {our_key}"},
            json={"content_id": "m-17", "content_type": "message", "text": text, **more},
        )  # fmt: skip

    def items() -> Any:
        return postgres.execute("select count(*) from safety.review_items").fetchone()

    before = items()
    fine = screen("I learned new skills, and the audience studied whatever it wanted").json()
    assert (fine["safe"], fine["action"], fine["flags"], fine["content_id"]) == (True, "allow", [], "m-17")
    rude = screen(RUDE).json()
    assert (rude["safe"], rude["requires_review"], rude["language"]) == (False, True, "en")
    assert RUDE[rude["flags"][0]["start"] : rude["flags"][0]["end"]] == "idiot"
    cry = screen("I want to end my life", language="en").json()
    assert (cry["action"], cry["safe"]) == ("escalate", False)
    personal = screen("Call me on +47 912 34 567").json()
    assert (personal["safe"], [one["type"] for one in personal["flags"]]) == (True, ["pii"])
    assert_problem(screen(""), "invalid-parameter", 422)
    assert items() == before
    assert "idiot" not in api.log.read_text()
