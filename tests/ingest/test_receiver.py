"""Every answer of the receiver, and that a 202 means a row in Postgres, one per delivery."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
import uuid

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.webhooks.inbox import INBOX_CHANNEL
from ingest.webhooks.sample import send_sample
from orchestration.stack.layout import Layout
from tests.ingest.processes import Sender, running, session_completed

PATH = "/v1/webhooks/session-completed"


def post(
    sender: Sender, body: bytes, path: str = PATH, delivery_id: str | None = None, **changes: str | None
):
    """A correctly signed request with some headers changed; None leaves one out."""
    headers = sender.headers(body, delivery_id or str(uuid.uuid4()))
    for name, value in changes.items():
        header = name.replace("_", "-").title()
        headers.pop(header, None)
        if value is not None:
            headers[header] = value
    return httpx.post(sender.url + path, content=body, headers=headers)


def assert_problem(response: httpx.Response, status: int, reason: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["reason"] == reason
    assert problem["title"]
    assert problem["detail"]


@pytest.fixture
def body() -> bytes:
    return json.dumps(session_completed()).encode()


def test_a_new_delivery_is_accepted_and_stored_as_it_came(
    sender: Sender, postgres: psycopg.Connection, body: bytes
) -> None:
    response = post(sender, body, delivery_id="d-stored")
    assert (response.status_code, response.json()) == (202, {"status": "accepted"})
    stored = postgres.execute(
        "select body_sha256 from ingest.deliveries where delivery_id = 'd-stored'"
    ).fetchone()
    assert stored == (hashlib.sha256(body).digest(),)
    kept = postgres.execute(
        "select kind, body, problem, headers from ingest.inbox where delivery_id = 'd-stored'"
    )
    kind, raw, problem, headers = kept.fetchone()
    assert (kind, bytes(raw), problem) == ("session-completed", body, None)
    assert headers["x-kintell-signature"].startswith("t=")


def test_the_relay_is_told_of_what_was_stored(
    sender: Sender, postgres: psycopg.Connection, body: bytes
) -> None:
    postgres.execute(f"listen {INBOX_CHANNEL}")
    list(postgres.notifies(timeout=0.2))  # of earlier deliveries
    assert post(sender, body, delivery_id="d-told").status_code == 202
    assert [told.channel for told in postgres.notifies(timeout=30, stop_after=1)] == [INBOX_CHANNEL]


def test_a_kept_header_has_no_signs_that_cannot_be_shown(
    sender: Sender, postgres: psycopg.Connection, body: bytes
) -> None:
    delivery_id = str(uuid.uuid4())
    headers = {name.lower(): value.encode() for name, value in sender.headers(body, delivery_id).items()}
    response = httpx.post(
        sender.url + PATH, content=body, headers={**headers, "user-agent": b"agent\x85\xa0 7"}
    )
    assert response.status_code == 202
    kept = postgres.execute(
        "select headers ->> 'user-agent' from ingest.inbox where delivery_id = %s", (delivery_id,)
    )
    assert kept.fetchone() == ("agent 7",)


def test_the_path_with_the_source_in_it_is_the_same_webhook(sender: Sender, body: bytes) -> None:
    delivery_id = str(uuid.uuid4())
    first = post(sender, body, path="/v1/webhooks/kintell/session-completed", delivery_id=delivery_id)
    assert first.json() == {"status": "accepted"}
    assert post(sender, body, delivery_id=delivery_id).json() == {"status": "duplicate"}


def test_the_same_id_with_another_body_is_a_conflict_and_recorded(
    sender: Sender, postgres: psycopg.Connection
) -> None:
    delivery_id = str(uuid.uuid4())
    assert sender.send("session-completed", session_completed(), delivery_id).status_code == 202
    assert_problem(sender.send("session-completed", session_completed(), delivery_id), 409, "conflict")
    recorded = postgres.execute(
        "select 1 from ingest.delivery_conflicts where delivery_id = %s", (delivery_id,)
    )
    assert len(recorded.fetchall()) == 1


async def test_fifty_concurrent_copies_are_one_row(
    sender: Sender, postgres: psycopg.Connection, body: bytes
) -> None:
    delivery_id = str(uuid.uuid4())
    headers = sender.headers(body, delivery_id)
    async with httpx.AsyncClient() as client:
        responses = await asyncio.gather(
            *(client.post(sender.url + PATH, content=body, headers=headers) for _ in range(50))
        )
    assert [r.status_code for r in responses] == [202] * 50
    assert sorted(r.json()["status"] for r in responses) == ["accepted"] + ["duplicate"] * 49
    counts = postgres.execute(
        "select (select count(*) from ingest.deliveries where delivery_id = %(id)s),"
        " (select count(*) from ingest.inbox where delivery_id = %(id)s)", {"id": delivery_id},
    )  # fmt: skip
    assert counts.fetchone() == (1, 1)


async def test_concurrent_bodies_under_one_id_are_one_row_and_conflicts(
    sender: Sender, postgres: psycopg.Connection
) -> None:
    delivery_id = str(uuid.uuid4())
    bodies = [json.dumps(session_completed()).encode() for _ in range(10)]
    async with httpx.AsyncClient() as client:
        responses = await asyncio.gather(
            *(
                client.post(sender.url + PATH, content=b, headers=sender.headers(b, delivery_id))
                for b in bodies
            )
        )
    assert sorted(r.status_code for r in responses) == [202] + [409] * 9
    recorded = postgres.execute(
        "select count(*) from ingest.delivery_conflicts where delivery_id = %s", (delivery_id,)
    )
    assert recorded.fetchone() == (9,)


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (None, "signature_missing"),
        ("t=soon,v1=" + "0" * 64, "signature_malformed"),
        ("t={now},v1=" + "0" * 64, "signature_mismatch"),
        ("t=1763028000,v1=" + "0" * 64, "signature_stale"),
    ],
)
def test_a_request_that_is_not_authentic_is_refused(
    sender: Sender, body: bytes, signature: str | None, reason: str
) -> None:
    if signature is not None:
        signature = signature.format(now=int(time.time()))
    assert_problem(post(sender, body, x_kintell_signature=signature), 401, reason)


@pytest.mark.parametrize("delivery_id", [None, "", "with space", "x" * 201])
def test_a_delivery_needs_a_usable_id(sender: Sender, body: bytes, delivery_id: str | None) -> None:
    assert_problem(post(sender, body, x_delivery_id=delivery_id), 400, "delivery_id")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "jsonx"])
def test_only_json_is_taken(sender: Sender, body: bytes, content_type: str | None) -> None:
    assert_problem(post(sender, body, content_type=content_type), 415, "content_type")


def test_compressed_json_is_not_taken(sender: Sender, body: bytes) -> None:
    assert_problem(post(sender, body, content_encoding="gzip"), 415, "content_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/cloudevents+json"])
def test_other_spellings_of_json_are_taken(sender: Sender, body: bytes, content_type: str) -> None:
    assert post(sender, body, content_type=content_type).status_code == 202


@pytest.mark.parametrize("size", [(1 << 20) + 1, 3 << 20])
def test_a_body_over_the_limit_is_refused_and_its_sender_hears_why(sender: Sender, size: int) -> None:
    assert_problem(post(sender, b" " * size), 413, "body_too_large")


def test_a_chunked_body_over_the_limit_is_refused(sender: Sender) -> None:
    headers = sender.headers(b"", "chunked")
    response = httpx.post(sender.url + PATH, content=(b" " * 65536 for _ in range(20)), headers=headers)
    assert_problem(response, 413, "body_too_large")


def test_a_body_of_just_the_limit_is_read(sender: Sender) -> None:
    body = json.dumps(session_completed(unknown="")).encode()
    body = body[:-1] + b" " * ((1 << 20) - len(body)) + b"}"
    assert post(sender, body).status_code == 202


def test_other_paths_and_methods(sender: Sender) -> None:
    assert_problem(httpx.post(f"{sender.url}/v1/webhooks/unknown"), 404, "unknown_path")
    response = httpx.get(sender.url + PATH)
    assert_problem(response, 405, "method")
    assert response.headers["allow"] == "POST"


def test_the_path_without_a_version_names_its_successor(sender: Sender) -> None:
    before = deprecated_requests(sender)
    for method in ("GET", "POST"):
        old = httpx.request(method, f"{sender.url}/webhooks/buddy-events", json={})
        new = httpx.request(method, f"{sender.url}/v1/webhooks/buddy-events", json={})
        assert (old.status_code, old.content) == (new.status_code, new.content)
        assert old.headers["deprecation"] == "@1795737600"
        assert old.headers["sunset"] == "Thu, 27 May 2027 00:00:00 GMT"
        assert old.headers["link"] == '</v1/webhooks/buddy-events>; rel="successor-version"'
        assert not {"deprecation", "sunset", "link"} & set(new.headers)
    assert deprecated_requests(sender) == before + 2


def deprecated_requests(sender: Sender) -> float:
    found = re.search(
        r'^webhook_deprecated_requests_total\{source="buddy"\} (\S+)$',
        httpx.get(f"{sender.url}/metrics").text,
        re.MULTILINE,
    )
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", ""),
        (b"[]", ""),
        (json.dumps(session_completed()).encode().replace(b"LS-", b"\xff"), "session_id"),
        (b"[" * 100_000, ""),
        (json.dumps(session_completed(duration_minutes=481)).encode(), "duration_minutes"),
        (json.dumps(session_completed(duration_minutes=0)).encode(), "duration_minutes"),
        (json.dumps(session_completed(session_type="SECRET-VALUE")).encode(), "session_type"),
        (json.dumps(session_completed(participant_email="SECRET-VALUE")).encode(), "participant_email"),
        (json.dumps(session_completed(volunteer_email=None)).encode(), "volunteer_email"),
        (json.dumps(session_completed(scheduled_at="2025-10-02T16:00:00")).encode(), "scheduled_at"),
        (json.dumps(session_completed(completed_at="2025-10-02T15:59:59Z")).encode(), ""),
        (json.dumps(session_completed(scheduled_at="0001-01-01T00:00:00+14:00")).encode(), ""),
        (json.dumps(session_completed(language_level="D1")).encode(), "language_level"),
        (json.dumps(session_completed(topics=["work", 7])).encode(), "topics[1]"),
        (json.dumps(session_completed(session_id="LS-1\n")).encode(), "session_id"),
    ],
)
def test_a_signed_body_that_breaks_its_contract_is_kept_and_explained_without_its_values(
    sender: Sender, postgres: psycopg.Connection, body: bytes, field: str
) -> None:
    delivery_id = str(uuid.uuid4())
    response = post(sender, body, delivery_id=delivery_id)
    assert_problem(response, 422, "schema")
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert "SECRET-VALUE" not in response.text
    kept = postgres.execute(
        "select problem from ingest.inbox where delivery_id = %s", (delivery_id,)
    ).fetchall()
    assert len(kept) == 1
    assert kept[0][0].startswith(field)
    assert "SECRET-VALUE" not in kept[0][0]
    claimed = postgres.execute("select 1 from ingest.deliveries where delivery_id = %s", (delivery_id,))
    assert claimed.fetchone() is None


def test_all_problems_are_named_at_once(sender: Sender) -> None:
    response = sender.send(
        "session-completed", session_completed(duration_minutes=0, session_type=7, session_id=None)
    )
    assert {e["field"] for e in response.json()["errors"]} == {
        "duration_minutes",
        "session_type",
        "session_id",
    }


def test_a_corrected_body_may_come_under_the_same_id(sender: Sender) -> None:
    delivery_id = str(uuid.uuid4())
    assert (
        sender.send("session-completed", session_completed(duration_minutes=0), delivery_id).status_code
        == 422
    )
    assert sender.send("session-completed", session_completed(), delivery_id).json() == {"status": "accepted"}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("rating-created", {
            "rating_id": "R-1", "session_id": "LS-1", "from_role": "participant", "rating": 4.5,
            "created_at": "2025-10-02T17:00:00+02:00", "feedback_text": "Snakket om jobb",
        }),
        ("booking-confirmed", {
            "booking_id": "B-1", "session_type": "mentorship", "participant_email": " Taras.B@example.org ",
            "volunteer_email": "jon.s@example.com", "scheduled_at": "2025-11-02T16:00:00Z", "new": [1],
        }),
    ],
)  # fmt: skip
def test_the_other_kinds_are_taken(sender: Sender, kind: str, payload: dict[str, object]) -> None:
    assert sender.send(kind, payload).json() == {"status": "accepted"}


def test_it_counts_what_it_did(sender: Sender) -> None:
    def count(line: str) -> float:
        return sum(
            float(x.rsplit(" ", 1)[1])
            for x in httpx.get(f"{sender.url}/metrics").text.splitlines()
            if x.startswith(line)
        )

    before = count('webhook_accepted_total{kind="session-completed",source="kintell"}')
    sender.send("session-completed", session_completed())
    assert count('webhook_accepted_total{kind="session-completed",source="kintell"}') == before + 1
    assert count("webhook_received_total") >= count("webhook_accepted_total")
    assert count("webhook_inbox_commit_seconds_count") == count("webhook_inbox_commit_deliveries_count") > 0
    assert httpx.get(f"{sender.url}/readyz").json() == {"status": "ready"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    signed=st.booleans(),
    headers=st.dictionaries(
        st.sampled_from(["x-kintell-signature", "x-delivery-id", "content-type", "content-length-x"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    ),
)
def test_junk_gets_a_client_error(sender: Sender, body: bytes, signed: bool, headers: dict[str, str]) -> None:
    good = sender.headers(body, "fuzz") if signed else {}
    raw = {name.lower(): value.encode("latin-1") for name, value in {**good, **headers}.items()}
    response = httpx.post(sender.url + PATH, content=body, headers=raw)
    assert 400 <= response.status_code < 500


def test_without_postgres_nothing_is_accepted(embedded_stores: Layout) -> None:
    nobody = "postgresql://impact:x@127.0.0.1:1/impact"
    with running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", POSTGRES_URL=nobody) as lonely:
        sender = Sender(lonely.url, embedded_stores.secrets.webhook_secret_kintell)
        response = sender.send("session-completed", session_completed())
        assert_problem(response, 503, "unavailable")
        assert int(response.headers["retry-after"]) > 0
        assert httpx.get(f"{lonely.url}/readyz").status_code == 503
        assert httpx.get(f"{lonely.url}/healthz").status_code == 200


def test_a_source_without_a_secret_is_refused_and_the_log_says_so(
    embedded_stores: Layout, body: bytes
) -> None:
    with running(
        embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", IMPACT_WEBHOOK_SECRET_KINTELL=" "
    ) as process:
        response = post(Sender(process.url, ""), body)
        assert_problem(response, 503, "no_secret")
        assert "IMPACT_WEBHOOK_SECRET_KINTELL" in process.log.read_text()


def test_two_secrets_are_active_during_a_rotation_and_neither_is_logged(embedded_stores: Layout) -> None:
    old, new = "whsec_old-secret", "whsec_new-secret"
    with running(
        embedded_stores,
        "ingest.webhooks",
        "IMPACT_PORT_WEBHOOKS",
        IMPACT_WEBHOOK_SECRET_KINTELL=f"{new}, {old}",
    ) as process:
        for secret in (old, new):
            assert (
                Sender(process.url, secret).send("session-completed", session_completed()).status_code == 202
            )
        assert (
            Sender(process.url, f"{new}, {old}").send("session-completed", session_completed()).status_code
            == 401
        )
        log = process.log.read_text()
        assert old not in log
        assert new not in log


def test_the_sample_is_accepted_and_a_refusal_is_a_result(sender: Sender) -> None:
    sent = send_sample(sender.url, sender.secret)
    assert (sent.status, sent.answer) == (202, '{"status":"accepted"}')
    again = send_sample(sender.url, sender.secret, delivery_id=sent.delivery_id)
    assert again.status == 409  # a new session under the same delivery id
    assert send_sample(sender.url, "wrong").status == 401
