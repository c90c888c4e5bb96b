"""Hostile requests get a client's error or a closed connection, never a 5xx, and harm nobody who comes after.

`python -m tests.soak.fuzz_receiver` does the same with a million.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client as NatsClient

from ingest.webhooks.sources import routes
from orchestration.stack.layout import Layout
from tests.ingest.processes import Process, Sender, session_completed
from tests.ingest.senders import AnySender, secrets_of, signature_headers, standard_headers
from tests.ingest.way import Way
from tests.soak.fuzzing import fuzz

PATHS = {path: route.source.name for path, route in routes().items()}


async def test_hostile_requests_harm_neither_the_receiver_nor_the_way_behind_it(
    receiver: Process,
    sender: Sender,
    embedded_stores: Layout,
    postgres: psycopg.Connection,
    pool: asyncpg.Pool,
    nats: NatsClient,
) -> None:
    way = Way(pool, nats, lambda source: AnySender(receiver.url, source, ""))
    await way.work()
    # 1,589 of a million are conflicts (docs/reports/receiver_fuzz.json): one of 25 runs of 2,000 has none,
    # and of runs of 8,000 one of 300,000.
    tally = await fuzz(receiver.url, secrets_of(embedded_stores), 8_000, seed=time.time_ns(), connections=8)
    assert tally.requests == 8_000
    assert (tally.server_errors, tally.silent) == (0, 0), tally.answers
    assert tally.accepted > 0
    reasons = {reason for _, reason in tally.answers}
    assert {"schema", "duplicate", "conflict", "signature_mismatch", "unknown_path"} <= reasons
    assert sender.send("session-completed", session_completed()).json() == {"status": "accepted"}
    assert "Traceback" not in receiver.log.read_text()
    assert await way.work()
    assert postgres.execute("select count(*) from ingest.inbox").fetchone() == (0,)


def test_a_head_without_an_end_is_cut_off_and_a_long_one_in_bounds_is_read(receiver: Process) -> None:
    address = urlsplit(receiver.url)
    line = b"x-filler: " + b"a" * 990 + b"\r\n"
    start = b"POST /v1/webhooks/buddy HTTP/1.1\r\nhost: here\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(start + line * 40 + b"\r\n")
        assert connection.recv(12) == b"HTTP/1.1 415"
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(start)
        with contextlib.suppress(ConnectionError):  # the receiver may have hung up while we still send
            for _ in range(2_000):
                connection.sendall(line)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(12) == b"HTTP/1.1 400"
            while connection.recv(4096):
                pass


@pytest.fixture(scope="module")
def secrets(embedded_stores: Layout) -> dict[str, str]:
    return secrets_of(embedded_stores)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(sorted(PATHS)),
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["type", "event_type", "data", "event", "user"]), inner),
            ),
        ).map(lambda value: httpx.Request("POST", "http://x", json=value).content),
    ),
    is_standard=st.booleans(),
    id_=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60),
)
def test_signed_junk_gets_a_client_error(
    sender: Sender,
    secrets: dict[str, str],
    client: httpx.Client,
    path: str,
    body: bytes,
    is_standard: bool,
    id_: str,
) -> None:
    source, at = PATHS[path], int(time.time())
    secret = secrets[source]
    headers = (
        standard_headers(secret, body, id_, at)
        if is_standard
        else {**signature_headers(source, secret, body, at), "X-Delivery-Id": id_}
    )
    response = client.post(
        sender.url + path, content=body, headers={"Content-Type": "application/json", **headers}
    )
    assert response.status_code == 422, response.text
    assert response.json()["errors"]
