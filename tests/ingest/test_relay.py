"""The relay hands over every inbox row and forgets it only when it is settled."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import psycopg
import pytest
from nats.aio.client import Client as NatsClient

from ingest import relay as relay_module
from ingest.jetstream import BrokerUnavailableError
from ingest.normalise.delivery import AcceptedDelivery
from ingest.normalise.normaliser import Normaliser
from ingest.relay import Relay
from tests.ingest.processes import session_completed
from tests.text_keys import text_keys


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
    async def test_a_row_is_handed_over_as_it_came_and_goes(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        delivery_id = keep(postgres, b'{"a": 1}')
        taken: list[AcceptedDelivery] = []

        async def take(deliveries: Sequence[AcceptedDelivery]) -> None:
            taken.extend(deliveries)

        assert await Relay(pool, nats.jetstream(), take).move() == 1
        assert waiting(postgres) == 0
        [delivery] = taken
        assert (delivery.origin, delivery.kind) == (f"kintell:{delivery_id}", "session-completed")
        assert delivery.body == b'{"a": 1}'
        assert delivery.sent_at == datetime(2025, 11, 13, 10, tzinfo=UTC)

    async def test_a_row_that_cannot_become_an_event_is_kept_as_a_dead_letter_and_goes(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        delivery_id = keep(postgres, b'{"a": 1}')
        js = nats.jetstream()
        await Relay(pool, js, Normaliser(pool, js, text_keys(pool)).take).move()
        assert waiting(postgres) == 0
        letter = await js.get_last_msg("DEAD_LETTERS", "dead.kintell.session-completed")
        assert (letter.data, letter.headers["Impact-Delivery-Id"]) == (b'{"a": 1}', delivery_id)

    async def test_a_row_stays_when_whoever_takes_it_fails(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        keep(postgres)

        async def take(_: Sequence[AcceptedDelivery]) -> None:
            raise BrokerUnavailableError("not acknowledged")

        with pytest.raises(BrokerUnavailableError):
            await Relay(pool, nats.jetstream(), take).move()
        assert waiting(postgres) == 1

    async def test_a_row_with_a_problem_becomes_a_dead_letter(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, nats: NatsClient
    ) -> None:
        keep(postgres, b"{", problem="JSON is malformed")
        js = nats.jetstream()
        await Relay(pool, js, Normaliser(pool, js, text_keys(pool)).take).move()
        letter = await js.get_last_msg("DEAD_LETTERS", "dead.kintell.session-completed")
        assert (letter.data, letter.headers["Impact-Reason"]) == (b"{", "JSON is malformed")

    async def test_without_the_broker_the_rows_stay(
        self,
        postgres: psycopg.Connection,
        pool: asyncpg.Pool,
        nats: NatsClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        keep(postgres, json.dumps(session_completed()).encode())
        js = nats.jetstream()
        await nats.close()
        with pytest.raises(BrokerUnavailableError):
            await Relay(pool, js, Normaliser(pool, js, text_keys(pool)).take).move()
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
        relay = Relay(pool, nats.jetstream(), Normaliser(pool, nats.jetstream(), text_keys(pool)).take)
        assert [await relay.move() for _ in range(3)] == [3, 3, 0]
