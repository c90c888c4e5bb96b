"""Texts: abuse and spam are caught, a flag is told, and a reviewer decides."""

from __future__ import annotations

from typing import Any

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from tests.acceptance.conftest import until
from tests.acceptance.programme import RUDE, Programme

SPAM = (
    "Earn 5000 USD a week from home!!! Click https://cheap-loans.example/win and https://cheap-loans.example/now"
    " or write to WhatsApp +47 912 34 567"
)
PLAIN = "My mentor helped me with my CV and now I dare to call employers."
GATE_S = 240.0


def test_abuse_and_spam_are_caught_and_plain_words_pass(programme: Programme) -> None:
    abuse, spam, plain = (_screened(programme, text) for text in (RUDE, SPAM, PLAIN))
    assert ({"harassment"} <= _types(abuse), abuse["safe"], abuse["requires_review"]) == (True, False, True)
    assert ({"spam", "solicitation"} & _types(spam) != set(), spam["safe"]) == (True, False), spam
    assert (plain["safe"], plain["flags"]) == (True, [])


def _screened(programme: Programme, text: str) -> dict[str, Any]:
    order = {"content_id": "a-1", "content_type": "message", "text": text}
    answer = programme.ours.post("/v1/safety/screen", order)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _types(screened: dict[str, Any]) -> set[str]:
    return {flag["type"] for flag in screened["flags"]}


@pytest.fixture(scope="module")
def item(programme: Programme) -> dict[str, Any]:
    """The rude text of the file, as it waits for a reviewer of the company."""
    until(lambda: _queue(programme), within_s=GATE_S, what="the rude text waits for a reviewer")
    return _queue(programme)[0]


def test_a_flagged_text_is_an_event_and_a_live_update(
    programme: Programme, item: dict[str, Any], clickhouse: ClickHouseClient
) -> None:
    update = programme.our_updates.wait_for(
        lambda event: event.name == "safety.flag.raised", within_s=60, what="the flag is told"
    )
    assert update.data["data"]["flagId"] == item["item_id"]  # type: ignore[index]
    assert "idiot" not in str(update.data)
    until(
        lambda: (
            clickhouse.query(
                "select count() from raw.events where event_type = 'safety.flag.raised'"
                " and positionCaseInsensitive(data, {id:String}) > 0",
                {"id": item["item_id"]},
            ).result_rows
            == [(1,)]
        ),
        what="the flag is one event",
    )
    assert not programme.their_updates.named("safety.flag.raised")


def test_reviewers_find_decide_and_are_held_to_it(programme: Programme, item: dict[str, Any]) -> None:
    path = f"/v1/safety/review/{item['item_id']}"
    assert programme.theirs.get(f"/v1/safety/queue/{item['item_id']}").status_code == 404
    assert programme.user.get("/v1/safety/queue").status_code == 403
    shown = programme.ours.get(f"/v1/safety/queue/{item['item_id']}").json()
    assert shown["text"] == RUDE
    decision = {"decision": "rejected", "notes": "an insult", "is_flag_right": True}
    version = {"If-Match": f'"{item["version"]}"'}
    decided = programme.ours.post(path, decision, **version)
    assert (decided.status_code, decided.json()["state"]) == (200, "rejected"), decided.text
    assert programme.ours.post(path, {"decision": "approved"}, **version).status_code in (409, 412)


def _queue(programme: Programme) -> list[dict[str, Any]]:
    return [one for one in programme.ours.items("/v1/safety/queue") if one["category"] == "harassment"]
