"""Every contract in `pacts/` is true of its provider: the running API, live updates, the journey engine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import psycopg
import pytest
from nats.js import JetStreamContext

from ingest.forwarding import Forwarder
from ingest.stores import StoreSettings, nats_client
from orchestration.journey.changes import Changes, FlagChange, MilestoneChange
from orchestration.journey.people import BEGINNING, Key, Person
from orchestration.journey.rules.loading import load_rules
from orchestration.journey.versions import Version
from orchestration.journey.writing import write
from orchestration.publication.updates import send_pending_updates
from tests.contracts import states
from tests.contracts.conftest import FOLDER
from tests.contracts.names import API, COMPANY, HAS_FIGURES, JOURNEY_ENGINE, KEY, LIVE_UPDATES, PARTICIPANT
from tests.serving.figures import Marts
from tests.serving.running import Api
from tests.serving.sse import position

CONTRACTS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
STREAM = "/v1/stream/updates"


def of(provider: str) -> list[str]:
    """The contracts that a provider has to keep."""
    return [name for name, contract in CONTRACTS.items() if contract["provider"]["name"] == provider]


@pytest.fixture
def clean(postgres: psycopg.Connection) -> Iterator[psycopg.Connection]:
    states.remove(postgres)
    yield postgres
    states.remove(postgres)


def verifier(provider: str, contract: Path) -> Any:
    from pact import Verifier

    # 127.0.0.1 as the API is asked at; a name would be another host to the verifier. The first text that is
    # labelled waits for the model to be loaded.
    return Verifier(provider, host="127.0.0.1").add_source(contract).set_request_timeout(300_000)


def verify(prepared: Any) -> None:
    """Hold the provider to the contract; RuntimeError if it does not keep it."""
    try:
        prepared.verify()
    finally:
        # pact-python 4.2 stops its own servers and leaves their sockets open.
        for part in (prepared._state_handler, prepared._message_producer):
            if (server := getattr(part, "_server", None)) is not None:
                server.server_close()


def test_each_contract_is_somebodys() -> None:
    providers = {contract["provider"]["name"] for contract in CONTRACTS.values()}
    assert providers == {API, LIVE_UPDATES, JOURNEY_ENGINE}
    assert {"python-sdk", "gateway-reporting", "sse-bridge"} <= {
        contract["consumer"]["name"] for contract in CONTRACTS.values()
    }


@pytest.mark.parametrize("name", of(API))
def test_the_api_keeps(name: str, api: Api, marts: Marts, clean: psycopg.Connection) -> None:
    def handler(state: str, parameters: dict[str, Any] | None) -> None:
        states.bring_about(clean, state)

    verify(verifier(API, FOLDER / f"{name}.json").add_transport(url=api.url).state_handler(handler))


def test_a_contract_that_the_api_does_not_keep_is_noticed(
    api: Api, marts: Marts, clean: psycopg.Connection, tmp_path: Path
) -> None:
    contract = json.loads(json.dumps(CONTRACTS[f"gateway-reporting-{API}"]))
    (page,) = (one for one in contract["interactions"] if one["response"]["status"] == 200)
    page["response"]["body"]["content"]["inputs"]["moon_phase"] = 1
    contract["interactions"] = [page]
    (tmp_path / "changed.json").write_text(json.dumps(contract))

    def handler(state: str, parameters: dict[str, Any] | None) -> None:
        states.bring_about(clean, state)

    changed = verifier(API, tmp_path / "changed.json").add_transport(url=api.url).state_handler(handler)
    with pytest.raises(RuntimeError):
        verify(changed)


@pytest.fixture
def told(
    api: Api, marts: Marts, clean: psycopg.Connection, store_settings: StoreSettings
) -> dict[str, list[tuple[bytes, dict[str, str]]]]:
    """What the journey engine's writer and a publication really send, as events and as live updates."""
    states.bring_about(clean, HAS_FIGURES)
    try:
        return asyncio.run(_told(api, marts, store_settings))
    finally:
        marts.publish({COMPANY: 0})


async def _told(
    api: Api, marts: Marts, settings: StoreSettings
) -> dict[str, list[tuple[bytes, dict[str, str]]]]:
    nats = await nats_client(settings, name="contracts")
    js: JetStreamContext = nats.jetstream()
    before = await position(js)
    connection = await asyncpg.connect(settings.postgres_url.get_secret_value())
    try:
        async with connection.transaction():
            await write(connection, [_changes()], datetime.now(UTC), uuid4())
        rows = await connection.fetch(
            "select event from ingest.event_outbox where subject like $1", f"events.{COMPANY}.%"
        )
        events = [bytes(row["event"]) for row in rows]
        await asyncio.to_thread(marts.publish, {COMPANY: 1})
        await send_pending_updates(settings)
        await _forward_all(js)
    finally:
        await connection.close()
        await nats.close()
    return {
        JOURNEY_ENGINE: [(event, {}) for event in events],
        LIVE_UPDATES: [*await _streamed(api, before, 3), *await _streamed(api, "not-an-id", 1)],
    }


def _changes() -> Changes:
    """A flag and a milestone as the engine hands them to its writer."""
    key, now = Key(COMPANY, PARTICIPANT), datetime.now(UTC)
    rule = next(one for one in load_rules() if one.flag == "mentor_ready")
    version = Version(1, rule, BEGINNING)
    flag = FlagChange(key, "mentor_ready", version, True, True, False, now, None, True, "3 sessions")
    reached = MilestoneChange(key, "mentor_ready", version, now - timedelta(hours=1), None, "3 sessions")
    return Changes(Person(key), flags=[flag], milestones=[reached])


async def _forward_all(js: JetStreamContext) -> None:
    target = (await js.stream_info("EVENTS")).state.last_seq
    forwarder = Forwarder(js)
    pull = await forwarder.pull(idle_s=0.3)
    try:
        while not await pull.has_settled(target):
            if messages := await pull.fetch():
                await forwarder.forward(messages)
    finally:
        await pull.aclose()


async def _streamed(api: Api, last_id: str, kinds: int) -> list[tuple[bytes, dict[str, str]]]:
    """The first event of each of so many names that a stream brings."""
    found: dict[str, tuple[bytes, dict[str, str]]] = {}
    headers = {"Authorization": f"Bearer {KEY}", "Last-Event-ID": last_id}
    topics = {"topics": "metrics,journey"}
    async with (
        asyncio.timeout(60),
        httpx.AsyncClient(base_url=api.url, timeout=60) as http,
        http.stream("GET", STREAM, headers=headers, params=topics) as answer,
    ):
        block: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                block[name] = value
                continue
            # A figure that was unknown before has no earlier value; the contracts are about one that had.
            if (
                "data" in block
                and json.loads(block["data"]).get("data", {}).get("previousValue", 0) is not None
            ):
                where = {"event": block["event"], "id": block["id"]}
                found.setdefault(block["event"], (block["data"].encode(), where))
            if len(found) >= kinds and {"metric.updated", "reset"} & found.keys():
                break
            block = {}
    return list(found.values())


def test_what_is_sent_keeps(told: dict[str, list[tuple[bytes, dict[str, str]]]]) -> None:
    names = {
        "a milestone that was reached": "orchestration.milestone.reached",
        "a flag that changed": "orchestration.flag.updated",
    }
    for provider, sent in told.items():
        by_name = {json.loads(event).get("type", "reset"): (event, where) for event, where in sent}

        def produce(name: str, metadata: dict[str, Any] | None, _sent: Any = by_name) -> Any:
            event, where = _sent[names.get(name, name)]
            return {"contents": event, "metadata": dict(where), "content_type": "application/json"}

        for name in of(provider):
            verify(verifier(provider, FOLDER / f"{name}.json").message_handler(produce))
