"""The engine beside receiver, worker and API, as processes: from signed webhooks to what coordinators see."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.api_keys import create_key
from ingest.events import Event, decode, encode
from ingest.jetstream import Message, publish_all
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from ingest.streams import event_subject
from orchestration.journey import proof
from orchestration.stack.layout import Layout
from tests.embedded import register_company
from tests.ingest.arrangements import iso, person_of, unique
from tests.ingest.processes import Process, Sender, running, running_worker, session_completed, wait_until
from tests.journey.people import Participant, store
from tests.serving.running import Api, assert_problem, running_api, wait_until_ready
from tests.serving.sse import SseClient

NOW = datetime.now(UTC).replace(microsecond=0)
FLAG, MILESTONE = "orchestration.flag.updated", "orchestration.milestone.reached"


@contextmanager
def running_journey(layout: Layout, **environment: str) -> Iterator[Process]:
    # A short wait, so that a killed engine's messages come back while the test looks.
    environment = {"IMPACT_ACK_WAIT_S": "3", "IMPACT_SWEEP_EVERY_S": "0.5", **environment}
    with running(layout, "orchestration.journey", "IMPACT_PORT_JOURNEY", **environment) as process:
        yield process


@dataclass(frozen=True)
class Coordinator:
    """Somebody of a company who asks the API."""

    api: Api
    key: str

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.ask("GET", path, params=parameters)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.request(
            method, f"{self.api.url}/v1/journey{path}", headers=headers, timeout=60, **options
        )

    def flag(self, person_id: UUID, flag: str) -> dict[str, Any]:
        answer = self.get(f"/participants/{person_id}/flags")
        if answer.status_code == 404:
            return {"is_set": False}
        return next(one for one in answer.json()["flags"] if one["flag"] == flag)


@pytest.fixture(scope="module")
def worker(embedded_stores: Layout) -> Iterator[Process]:
    with running_worker(embedded_stores) as process:
        yield process


@pytest.fixture(scope="module")
def journey(embedded_stores: Layout) -> Iterator[Process]:
    """An engine for the tests that need one running; the first begins with one that it kills."""
    with running_journey(embedded_stores) as process:
        yield process


@pytest.fixture(scope="module")
def api(embedded_stores: Layout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running_api(embedded_stores, tmp_path_factory.mktemp("api") / "api.log") as api:
        wait_until_ready(api)
        yield api


@pytest.fixture
def coordinator(api: Api, store_settings: StoreSettings) -> Callable[..., Coordinator]:
    def of(company_id: UUID | None, role: str = "company_user") -> Coordinator:
        with closing(postgres_connection(store_settings, autocommit=True)) as connection:
            if company_id is not None:
                register_company(connection, company_id)
            return Coordinator(api, create_key(connection, company_id, "test", role))  # type: ignore[arg-type]

    return of


async def test_a_killed_engine_tells_every_change_once(
    embedded_stores: Layout, worker: Process, nats: NatsClient, postgres: psycopg.Connection,
    store_settings: StoreSettings, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    company_id = uuid4()
    register_company(postgres, company_id)
    people = [Participant(company_id) for _ in range(150)]

    def set_count() -> int:
        [count] = postgres.execute(
            "select count(*) from journey.flags where company_id = %s and flag = 'mentor_ready' and is_set",
            (company_id,),
        ).fetchone() or (0,)
        return int(count)

    async def send(people: Sequence[Participant]) -> None:
        for start in range(0, len(people), 10):
            some = people[start : start + 10]
            await publish_all(
                nats.jetstream(),
                [message(who.session(NOW - timedelta(days=days))) for who in some for days in (3, 2, 1)],
            )
            await asyncio.sleep(0.05)

    with running_journey(embedded_stores) as first:
        sending = asyncio.create_task(send(people[:100]))
        await asyncio.to_thread(wait_until, lambda: set_count() >= 10)
        first.popen.send_signal(signal.SIGKILL)
        await asyncio.to_thread(first.popen.wait)
        killed_at = set_count()
    await sending
    await send(people[100:])  # however far the first came, something is left for the second
    second: Process = request.getfixturevalue("journey")
    await asyncio.to_thread(wait_until, lambda: set_count() == len(people), 120)
    await asyncio.to_thread(wait_until, lambda: outbox_is_empty(postgres, company_id))
    health = (await asyncio.to_thread(httpx.get, f"{second.url}/healthz")).json()
    assert (health["status"], set(health["parts"])) == ("ok", {"journey", "stream", "due", "sweep"})
    metrics = (await asyncio.to_thread(httpx.get, f"{second.url}/metrics")).text
    assert 'journey_evaluated_people_total{way="' in metrics
    assert killed_at < len(people)
    for event_type in (FLAG, MILESTONE):
        told = [one.personid for one in await all_on_the_bus(nats, company_id, event_type)
                if event_type == FLAG or one.data.milestone == "mentor_ready"]  # fmt: skip
        assert sorted(told) == sorted(who.person_id for who in people)
    with closing(clickhouse_client(store_settings)) as clickhouse:
        assert [str(one) for one in proof.prove(postgres, clickhouse, datetime.now(UTC)).differences] == []


async def test_three_signed_sessions_make_a_mentor_whom_everybody_sees(
    journey: Process, worker: Process, sender: Sender, api: Api, nats: NatsClient,
    coordinator: Callable[..., Coordinator], postgres: psycopg.Connection, clickhouse: ClickHouseClient,
) -> None:  # fmt: skip
    company_id, participant = uuid4(), f"{unique('p')}@example.org"
    ours, theirs = coordinator(company_id), coordinator(uuid4())
    volunteer = employed(postgres, company_id)
    live = SseClient(f"{api.url}/v1/stream/updates", ours.key)
    heard = asyncio.create_task(live.take(3, within_s=120))
    for days in (9, 6, 3):
        assert (await asyncio.to_thread(send, sender, participant, volunteer, days)).status_code == 202
    await asyncio.to_thread(wait_until, lambda: known(postgres, participant))
    who = person_of(postgres, "email", participant)[0]
    await asyncio.to_thread(wait_until, lambda: ours.flag(who, "mentor_ready")["is_set"])

    # In the API, with the three sessions it follows from.
    flag = ours.flag(who, "mentor_ready")
    sessions = clickhouse.query(
        "select toString(event_id), event_time from raw.events where person_id = {id:UUID}"
        " and event_type = 'kintell.session.completed' order by event_time desc",
        {"id": str(who)},
    ).result_rows
    [why] = flag["why"]
    assert [one["event_id"] for one in why["evidence"]] == [row[0] for row in sessions]
    assert why["facts"] == {"language_sessions": 3.0, "average_rating": None}
    assert datetime.fromisoformat(flag["since"]) == sessions[0][1].replace(tzinfo=UTC)
    assert not ours.flag(who, "followup_needed")["is_set"]

    # On the bus, each once.
    for event_type in (FLAG, MILESTONE):
        event = await on_the_bus(nats, company_id, event_type, who)
        assert event.data.rule_id == "mentor_ready_001" or event_type == MILESTONE
    # And live, as it happened: its first session, then both of the third.
    updates = await heard
    said = [(one.name, one.data["data"]) for one in updates]  # type: ignore[index]
    assert {(name, data.get("flag") or data["milestone"]) for name, data in said} == {
        ("journey.milestone.reached", "first_language_session"),
        ("journey.milestone.reached", "mentor_ready"), ("journey.flag.updated", "mentor_ready"),
    }  # fmt: skip
    assert_problem(theirs.get(f"/participants/{who}/flags"), "participant-not-found", 404)


def test_what_was_believed_can_be_asked_and_a_person_evaluated_again(
    journey: Process, postgres: psycopg.Connection, clickhouse: ClickHouseClient,
    coordinator: Callable[..., Coordinator],
) -> None:  # fmt: skip
    company_id = uuid4()
    ours, admin = coordinator(company_id), coordinator(None, "system_admin")
    who = Participant(company_id)
    path = f"/participants/{who.person_id}"
    store(clickhouse, *(who.session(NOW - timedelta(days=days)) for days in (8, 6)))
    wait_until(lambda: ours.get(f"{path}/flags").status_code == 200)
    flag = ours.flag(who.person_id, "mentor_ready")
    assert flag["is_set"] is False
    [missing] = flag["why"][0]["missing"]
    assert missing["distance"].startswith("1 more language session")

    third = who.session(NOW - timedelta(days=4))
    store(clickhouse, third)
    wait_until(lambda: ours.flag(who.person_id, "mentor_ready")["is_set"])
    before = datetime.now(UTC)
    store(clickhouse, who.session(NOW - timedelta(days=7)))  # late: the third was the fourth
    wait_until(lambda: len(rows_of(ours, path)) == 2)
    [new, old] = rows_of(ours, path)
    assert (new["cause"], new["valid_from"]) == ("correction", iso(NOW - timedelta(days=6)))
    assert old["superseded_at"] == new["recorded_at"]
    five_days_ago = (NOW - timedelta(days=5)).isoformat()
    then = {"as_of": five_days_ago, "known_at": before.isoformat()}
    assert [one["value"] for one in rows_of(ours, path, **then)] == []
    assert [one["value"] for one in rows_of(ours, path, as_of=five_days_ago)] == [True]

    for table in ("raw.events", "journey.events"):  # erased behind the engine's back
        clickhouse.command(f"delete from {table} where person_id = {{id:UUID}}", {"id": str(who.person_id)})
    assert ours.ask("POST", f"{path}/evaluate").status_code == 202
    wait_until(lambda: not ours.flag(who.person_id, "mentor_ready")["is_set"])

    milestone = f"/milestones/{who.person_id}/job_ready"
    assert ours.get(milestone).json()["is_reached"] is False
    order = {"reached_at": NOW.isoformat(), "reason": "has signed a contract"}
    assert ours.ask("POST", milestone, json=order).status_code == 201
    again = ours.ask("POST", milestone, json={**order, "reason": "again"})
    assert (again.status_code, again.json()["reason"]) == (200, "has signed a contract")
    assert "job_ready" in {
        one["milestone"] for one in ours.get(f"/milestones/{who.person_id}").json()["items"]
    }
    wrong = order | {"reached_at": (NOW + timedelta(days=2)).isoformat()}
    assert_problem(ours.ask("POST", milestone, json=wrong), "invalid-parameter", 422)
    assert_problem(admin.get(f"{path}/flags"), "invalid-parameter", 422)
    assert admin.get(f"{path}/flags", companyId=str(company_id)).status_code == 200
    assert_problem(ours.get(f"{path}/flags", companyId=str(uuid4())), "company-forbidden", 403)
    machine = coordinator(company_id, "api_client")
    assert machine.ask("POST", f"{path}/evaluate").status_code == 202  # it may write data


def rows_of(coordinator: Coordinator, path: str, **parameters: str) -> list[dict[str, Any]]:
    items = coordinator.get(f"{path}/history", **parameters).json()["items"]
    return [one for one in items if one["rule_id"] == "mentor_ready_001"]


def send(sender: Sender, participant: str, volunteer: str, days: int) -> httpx.Response:
    at = NOW - timedelta(days=days)
    return sender.send(
        "session-completed",
        session_completed(
            participant_email=participant, volunteer_email=volunteer,
            scheduled_at=iso(at - timedelta(hours=1)), completed_at=iso(at),
        ),
    )  # fmt: skip


def employed(postgres: psycopg.Connection, company_id: UUID) -> str:
    """The email of a volunteer who works for the company."""
    email, person_id = f"{unique('v')}@example.org", uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s)", (person_id,))
    postgres.execute(
        "insert into ingest.person_identities (provider, external_id, person_id) values ('email', %s, %s)",
        (email, person_id),
    )
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, '2025-01-01')",
        (company_id, person_id),
    )
    return email


def known(postgres: psycopg.Connection, email: str) -> bool:
    query = "select 1 from ingest.person_identities where provider = 'email' and external_id = %s"
    return postgres.execute(query, (email,)).fetchone() is not None


def outbox_is_empty(postgres: psycopg.Connection, company_id: UUID) -> bool:
    query = "select 1 from ingest.event_outbox where subject like %s"
    return postgres.execute(query, (f"events.{company_id}.%",)).fetchone() is None


def message(event: Event) -> Message:
    return Message(event_subject(event.companyid, event.type), encode(event), str(event.id))


async def on_the_bus(nats: NatsClient, company_id: UUID, event_type: str, person_id: UUID) -> Event:
    async with asyncio.timeout(60):
        while True:
            found = [one for one in await all_on_the_bus(nats, company_id, event_type)
                     if one.personid == person_id
                     and getattr(one.data, "milestone", "mentor_ready") == "mentor_ready"]  # fmt: skip
            if found:
                [event] = found
                return event
            await asyncio.sleep(0.05)


async def all_on_the_bus(nats: NatsClient, company_id: UUID, event_type: str) -> list[Event]:
    """Every message of the stream, repetitions too."""
    js, subject = nats.jetstream(), event_subject(company_id, event_type)
    info = await js.stream_info("EVENTS", subjects_filter=subject)
    count = (info.state.subjects or {}).get(subject, 0)
    found, sequence = [], 1
    while len(found) < count:
        stored = await js.get_msg("EVENTS", seq=sequence, subject=subject, next=True)
        found.append(decode(stored.data or b""))
        sequence = (stored.seq or sequence) + 1
    return found
