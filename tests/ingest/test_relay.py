"""The relay hands over every inbox row and forgets it only afterwards."""

from __future__ import annotations

import json
import uuid

import asyncpg
import psycopg
import pytest
from nats.aio.client import Client as NatsClient

from ingest import relay as relay_module
from ingest.jetstream import BrokerUnavailableError
from ingest.relay import Relay


def keep(postgres: psycopg.Connection, body: bytes = b"{}", problem: str | None = None) -> str:
    """An inbox row, as the receiver leaves it; returns its delivery id."""
    delivery_id = str(uuid.uuid4())
    postgres.execute(
        "insert into ingest.inbox (source, delivery_id, kind, headers, body, problem)"
        " values ('kintell', %s, 'session-completed', %s, %s, %s)",
        (delivery_id, json.dumps({"x-kintell-signature": f"t=1763028000,v1={'0' * 64}"}), body, problem),
    )  # fmt: skip
    return delivery_id


def waiting(postgres: psycopg.Connection) -> int:
    return postgres.execute("select count(*) from ingest.inbox").fetchone()[0]


@pytest.fixture
def empty(postgres: psycopg.Connection) -> None:
    postgres.execute("delete from ingest.inbox")


@pytest.mark.usefixtures("empty")
class TestRelay:
    async def test_a_row_becomes_a_message_and_goes(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        delivery_id = keep(postgres, b'{"a": 1}')
        js = nats.jetstream()
        before = (await js.stream_info("INBOX")).state.last_seq
        assert await Relay(pool, js).move() == 1
        assert waiting(postgres) == 0
        message = await js.get_msg("INBOX", seq=before + 1)
        assert message.subject == "inbox.kintell.session-completed"
        assert message.data == b'{"a": 1}'
        assert message.headers["Nats-Msg-Id"] == f"kintell:{delivery_id}"
        assert message.headers["Impact-Sent-At"] == "2025-11-13T10:00:00+00:00"

    async def test_a_row_with_a_problem_becomes_a_dead_letter(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        keep(postgres, b"{", problem="JSON is malformed")
        js = nats.jetstream()
        before = (await js.stream_info("INBOX")).state.last_seq
        await Relay(pool, js).move()
        letter = await js.get_last_msg("DEAD_LETTERS", "dead.kintell.session-completed")
        assert (letter.data, letter.headers["Impact-Reason"]) == (b"{", "JSON is malformed")
        assert (await js.stream_info("INBOX")).state.last_seq == before

    async def test_without_the_broker_the_rows_stay(
        self,
        postgres: psycopg.Connection,
        pool: asyncpg.Pool,
        nats: NatsClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        keep(postgres)
        await nats.close()
        with pytest.raises(BrokerUnavailableError):
            await Relay(pool, nats.jetstream()).move()
        assert waiting(postgres) == 1

    async def test_two_relays_share_the_work_and_large_bodies_go_in_small_batches(
        self,
        postgres: psycopg.Connection,
        pool: asyncpg.Pool,
        nats: NatsClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(relay_module, "BATCH_BYTES", 2500)
        for _ in range(6):
            keep(postgres, b" " * 1000)
        relay = Relay(pool, nats.jetstream())
        assert [await relay.move() for _ in range(3)] == [3, 3, 0]
