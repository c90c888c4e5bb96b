"""People's rights: a file of everything, an erasure through every table, and an audit of both.

The tests follow one person in their order, so the export still has what the erasure takes away.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.stack.layout import Layout
from tests.acceptance.conftest import until
from tests.acceptance.programme import Programme, Reader, impact
from tests.ingest.arrangements import person_of

EMAIL = "participant5@example.org"  # of the file of history
RUN_S = 300.0
_HELD = (
    "select count() from raw.events"
    " where person_id = {id:UUID} or positionCaseInsensitive(data, {text:String}) > 0"
)


@pytest.fixture(scope="module")
def person(published: Programme, postgres: psycopg.Connection) -> UUID:
    return person_of(postgres, "email", EMAIL)[0]


@pytest.fixture(scope="module")
def export(admin: Reader, person: UUID) -> dict[str, Any]:
    return _completed(
        admin, admin.post("/v1/privacy/export", {"subject": {"provider": "email", "external_id": EMAIL}})
    )


@pytest.fixture(scope="module")
def erasure(admin: Reader, person: UUID, export: dict[str, Any]) -> dict[str, Any]:
    order = {"subject": {"person_id": str(person)}, "immediate": True, "reason": "asked for by ticket 12"}
    return _completed(admin, admin.post("/v1/privacy/delete", order))


def test_an_export_is_a_zip_of_everything(
    admin: Reader, export: dict[str, Any], person: UUID, clickhouse: ClickHouseClient
) -> None:
    file = admin.get(export["download"]["url"])
    assert file.status_code == 200
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
        assert {"index.html", "manifest.json"} <= names
        events = json.loads(packed.read("data/clickhouse/raw.events.json"))
        data = {name: packed.read(name).decode() for name in names if name.startswith("data/")}
    # Of the sources: the request itself is an event, too, and comes after the file.
    stored = clickhouse.query(
        "select distinct toString(event_id) from raw.events"
        " where person_id = {id:UUID} and startsWith(event_type, 'kintell.')",
        {"id": str(person)},
    ).result_rows
    assert stored
    assert {row["event_id"] for row in events} >= {event for (event,) in stored}
    assert [name for name, text in data.items() if EMAIL in text]  # by which Postgres knows them


def test_an_erasure_goes_through_everything_and_is_confirmed(
    platform: Layout, erasure: dict[str, Any], person: UUID, clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
) -> None:  # fmt: skip
    assert _count(clickhouse, person) == 0
    known = postgres.execute("select count(*) from ingest.person_identities where person_id = %s", (person,))
    assert known.fetchone() == (0,)
    [found] = postgres.execute(
        "select erasure_id, state from privacy.erasures where %s = any(request_ids)", (erasure["request_id"],)
    ).fetchall()
    assert found[1] == "certified"
    # Signature, chain, and a count of today over every table that is declared.
    said = impact(platform, "privacy", "verify", str(found[0])).stdout
    assert "signature and chain hold" in said


def test_every_request_is_in_the_audit(
    platform: Layout, export: dict[str, Any], erasure: dict[str, Any], postgres: psycopg.Connection
) -> None:
    for request in (export, erasure):
        rows = postgres.execute(
            "select action from privacy.audit where request_id = %s", (request["request_id"],)
        ).fetchall()
        assert rows, f"the audit does not know request {request['request_id']}"
    impact(platform, "privacy", "audit", "verify")


def _completed(admin: Reader, answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 202), answer.text
    told: dict[str, Any] = {}

    def is_over() -> bool:
        told.update(admin.get(answer.json()["status_url"]).json())
        assert told["state"] != "failed", told["error"]
        return told["state"] == "completed"

    until(is_over, within_s=RUN_S, what=f"request {answer.json()['request_id']} is carried out", every_s=0.5)
    return told


def _count(clickhouse: ClickHouseClient, person: UUID) -> int:
    [(count,)] = clickhouse.query(_HELD, {"id": str(person), "text": str(person)}).result_rows
    return int(count)
