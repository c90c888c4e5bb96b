"""The way in: authentic or refused, once, tried again, kept when nothing helps, and history from files."""

from __future__ import annotations

import csv
import json
import time
import uuid

import httpx
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.webhooks.signatures import sign
from orchestration.stack.layout import Layout
from tests.acceptance.conftest import until
from tests.acceptance.programme import FILE_ROWS, WRONG_ROWS, Programme, Reader
from tests.ingest.processes import Sender, session_completed

PATH = "/v1/webhooks/session-completed"


def test_what_is_not_authentic_is_refused(kintell: Sender) -> None:
    body = json.dumps(session_completed()).encode()
    good = kintell.headers(body, str(uuid.uuid4()))
    old = kintell.headers(body, str(uuid.uuid4()), at=int(time.time()) - 3600)
    forged = {**good, "X-Kintell-Signature": sign(b"a guess", body, timestamp=int(time.time()))}
    unsigned = {name: value for name, value in good.items() if name != "X-Kintell-Signature"}

    def status(content: bytes, headers: dict[str, str]) -> int:
        return httpx.post(kintell.url + PATH, content=content, headers=headers, timeout=60).status_code

    assert [status(body, headers) for headers in (unsigned, forged, old)] == [401, 401, 401]
    assert status(body + b" ", good) == 401  # one byte more than was signed
    assert status(body, good) == 202


def test_a_delivery_sent_again_is_one_record(
    kintell: Sender, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    delivery_id, session = str(uuid.uuid4()), session_completed()
    answers = [kintell.send("session-completed", session, delivery_id) for _ in range(5)]
    # Under another id it is another delivery, and the same fact.
    answers.append(kintell.send("session-completed", session))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert [answer.json()["status"] for answer in answers] == ["accepted", *["duplicate"] * 4, "accepted"]
    recorded = postgres.execute(
        "select count(*) from ingest.deliveries where delivery_id = %s", (delivery_id,)
    )
    assert recorded.fetchone() == (1,)
    # What was said again a second later is the same event, said at another time.
    query = (
        "select uniqExact(event_id), count() - uniqExact(source_time) from raw.events"
        " where subject = {subject:String}"
    )
    subject = {"subject": f"session/{session['session_id']}"}
    until(lambda: clickhouse.query(query, subject).result_rows == [(1, 0)], what="its one event is stored")


def test_what_keeps_failing_is_kept_and_can_be_replayed(
    kintell: Sender, admin: Reader, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    """A constraint that this one delivery breaks stands for any fault of ours."""
    delivery_id, session = str(uuid.uuid4()), session_completed()
    postgres.execute(
        f"alter table ingest.event_ids add constraint acceptance check (origin <> 'kintell:{delivery_id}')"
        " not valid"
    )
    try:
        assert kintell.send("session-completed", session, delivery_id).status_code == 202
        until(lambda: _letters(admin, delivery_id), what="the delivery becomes a dead letter")
    finally:
        postgres.execute("alter table ingest.event_ids drop constraint acceptance")
    [letter] = _letters(admin, delivery_id)
    assert (letter["attempts"], letter["state"]) == (4, "waiting")  # one try and three more
    assert letter["reason"].startswith("CheckViolationError")
    replayed = admin.post("/v1/ops/dead-letters/replay", {"ids": [letter["letter_id"]]})
    assert replayed.status_code == 200, replayed.text
    until(
        lambda: (
            clickhouse.query(
                "select count() from raw.events where subject = {subject:String}",
                {"subject": f"session/{session['session_id']}"},
            ).result_rows
            == [(1,)]
        ),
        what="what was replayed is an event",
    )


def _letters(admin: Reader, delivery_id: str) -> list[dict[str, object]]:
    return [one for one in admin.items("/v1/ops/dead-letters?limit=100") if one["delivery_id"] == delivery_id]


def test_a_file_of_ten_thousand_rows_is_imported(
    platform: Layout, programme: Programme, clickhouse: ClickHouseClient, postgres: psycopg.Connection
) -> None:
    assert programme.import_s < 300
    batch = postgres.execute(
        "select total_rows, error_rows, status from ingest.batches where file_name = %s",
        (programme.file.name,),
    ).fetchone()
    assert batch == (FILE_ROWS, WRONG_ROWS, "completed")
    # What is wrong comes back as rows that can be corrected and imported.
    [path] = (platform.home / "landing" / "errors").glob(f"{programme.file.stem}-*.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == WRONG_ROWS
    assert {int(row["session_id"].rpartition("-")[2]) % 100 for row in rows} == {7}
    stored = clickhouse.query(
        "select uniqExact(event_id) from raw.events where startsWith(subject, 'session/LS-12-')"
    ).result_rows
    assert stored == [(FILE_ROWS - WRONG_ROWS,)]
