"""What every source has in common, and the small ones from signed request to event."""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg
import pytest

from ingest.normalise.readers import READERS
from ingest.webhooks.sources import SOURCES
from tests.ingest.arrangements import NOW, employ, iso, person_of, unique
from tests.ingest.bodies import Pair, nested
from tests.ingest.senders import AnySender
from tests.ingest.way import Way


class TestDiscord:
    async def test_feedback_is_a_checkin_of_its_author(self, way: Way, postgres: psycopg.Connection) -> None:
        body = {
            "feedback_id": unique("D"), "discord_user_id": unique("u"), "sentiment": "negative",
            "message": "Det er vanskelig å finne tid.", "created_at": iso(NOW),
        }  # fmt: skip
        event = await way.event("discord", body)
        assert person_of(postgres, "discord", body["discord_user_id"]) == (event.personid, "pending")
        assert (event.type, event.subject) == (
            "buddy.checkin.completed",
            f"checkin/discord/{body['feedback_id']}",
        )
        assert (event.data.mood, await way.text(event, "notes")) == ("struggling", body["message"])

    async def test_a_match_says_whom_it_is_about(self, way: Way, postgres: psycopg.Connection) -> None:
        pair = Pair()
        await way.events(way.sender("buddy").send(pair.created()))
        company_id = employ(postgres, person_of(postgres, "buddy", pair.buddy)[0])
        body = {
            "feedback_id": unique("D"), "discord_user_id": unique("u"), "sentiment": "positive",
            "message": "We went skiing together", "created_at": iso(NOW), "match_id": pair.match,
        }  # fmt: skip
        event = await way.event("discord", body)
        assert event.personid == person_of(postgres, "buddy", pair.participant)[0]
        assert event.companyid == company_id


@pytest.mark.parametrize(
    ("source", "body", "outcome"),
    [
        ("benevity", {"event": "delivery.success", "transactionId": "T"}, "processed"),
        ("benevity", {"event": "delivery.retry", "transactionId": "T"}, "retrying"),
        ("goodera", {"event": "data.received", "batchId": "T"}, "received"),
        (
            "goodera",
            {"event": "data.failed", "batchId": "T", "error": {"code": "E1", "message": "no"}},
            "failed",
        ),
        ("workday", {"event": "enrollment.confirmed", "programId": "T"}, "processed"),
    ],
)
async def test_a_suites_callback_says_what_became_of_a_delivery(
    way: Way, source: str, body: dict[str, Any], outcome: str
) -> None:
    reference, delivery_id = unique("T"), uuid.uuid4()
    sent = {name: reference if value == "T" else value for name, value in body.items()}
    sent |= {"timestamp": int(NOW.timestamp()), "deliveryId": str(delivery_id), "organizationId": "org-1"}
    event = await way.event(source, sent)
    assert (event.type, event.companyid, event.personid) == ("impact.callback.received", None, None)
    assert event.subject == f"impact-callback/{source}/{reference}/{body['event']}"
    assert (event.data.platform, event.data.outcome, event.data.delivery_id) == (source, outcome, delivery_id)
    assert (event.time, event.sourcetime) == (NOW, NOW)


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_every_source_takes_standard_webhooks_and_refuses_a_wrong_signature(source: str, senders) -> None:
    sender = senders(source)
    delivery_id = unique("msg")
    body = json.dumps({"nonsense": unique("x")}).encode()
    response = sender.send(body, is_standard=True, delivery_id=delivery_id).response
    assert (response.status_code, response.json()["reason"]) == (422, "schema")
    forger = AnySender(sender.url, source, "whsec_" + "A" * 44)
    for is_standard in (True, False):
        response = forger.send(body, is_standard=is_standard).response
        assert (response.status_code, response.json()["reason"]) == (401, "signature_mismatch")


def test_the_standard_id_is_the_delivery_id(senders) -> None:
    kintell, id_ = senders("kintell"), unique("msg")
    assert kintell.send(nested(), is_standard=True, delivery_id=id_).response.json() == {"status": "accepted"}
    assert kintell.send(nested(), is_standard=True, delivery_id=id_).response.status_code == 409


@pytest.mark.parametrize(
    ("source", "body", "field"),
    [
        ("kintell", {"event_type": "session.exploded"}, "event_type"),
        ("kintell", {"session_id": "LS-1"}, "event_type"),
        ("buddy", {"type": "kintell.session.completed", "data": {}}, "type"),
        ("upskilling", {"event_type": "SECRET"}, "event_type"),
        ("upskilling", {}, "type"),
        ("benevity", {"event": "SECRET", "transactionId": "T", "timestamp": 1763028000}, "event"),
        ("discord", b"{", ""),
        ("upskilling", b"\xff", ""),
    ],
)
def test_a_body_of_no_known_type_is_explained_and_kept(
    source: str, body: object, field: str, senders, postgres: psycopg.Connection
) -> None:
    sent = senders(source).send(body)
    assert sent.response.status_code == 422
    assert [error["field"] for error in sent.response.json()["errors"]] == [field]
    assert "SECRET" not in sent.response.text
    [problem] = postgres.execute(
        "select problem from ingest.inbox where concat(source, ':', delivery_id) = %s limit 1", (sent.origin,)
    ).fetchone()
    assert problem.startswith(field)
    assert "SECRET" not in problem


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) == {(source.name, kind) for source in SOURCES for kind in source.contracts}
