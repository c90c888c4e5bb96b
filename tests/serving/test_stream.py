"""Live updates: scoped to the caller's company, exact across interruptions, never in each other's way."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import Layout
from serving.stream.wire import SEND_BUFFER_BYTES
from tests.serving.running import (
    OURS,
    THEIRS,
    Api,
    assert_problem,
    free_port,
    poll,
    running_api,
    wait_until_ready,
)
from tests.serving.sse import Event, position, publish_update, sse_client

UPDATES = "/v1/stream/updates"


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


async def connected(api: Api, key: str, count: int) -> None:
    """Wait until the API counts this many streams of the caller's company."""
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        while True:
            answer = await http.get(f"{api.url}/v1/stream/stats", headers={"X-API-Key": key})
            if answer.json()["connections"] == count:
                return
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
async def no_stream_is_left(api: Api, our_key: str) -> AsyncIterator[None]:
    yield
    await connected(api, our_key, 0)


@pytest.mark.parametrize("route", [UPDATES, "/v1/stream/stats"])
def test_nobody_is_asked_for_a_credential(api: Api, route: str) -> None:
    assert_problem(api.get(route), "unauthenticated", 401)


def test_another_company_is_refused(api: Api, our_key: str) -> None:
    assert_problem(api.get(f"{UPDATES}?companyId={THEIRS}", our_key), "company-forbidden", 403)


def test_an_administrator_has_to_name_a_company(api: Api, admin_key: str) -> None:
    document = assert_problem(api.get(UPDATES, admin_key), "invalid-parameter", 422)
    assert document["errors"][0]["location"] == "query.companyId"


def test_a_participant_gets_no_stream(api: Api, token: Callable[..., str]) -> None:
    assert_problem(api.get(UPDATES, token(role="participant")), "role-forbidden", 403)


async def test_a_change_appears_with_the_sequence_of_the_log_as_its_id(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    async with sse_client(api.url + UPDATES, our_key) as client:
        taking = asyncio.create_task(client.take(2))
        await connected(api, our_key, 1)
        await publish_update(js, THEIRS, 0)
        first = await publish_update(js, OURS, 1)
        await publish_update(js, THEIRS, 2)
        second = await publish_update(js, OURS, 3)
        events = await taking
    assert [(event.id, event.name) for event in events] == [
        (first, "metric.updated"),
        (second, "metric.updated"),
    ]
    assert [event.data["companyId"] for event in events] == [str(OURS)] * 2
    assert client.retry_ms == 2000


async def test_a_stream_tells_proxies_and_caches_to_stay_away(api: Api, our_key: str) -> None:
    async with (
        httpx.AsyncClient() as http,
        http.stream("GET", api.url + UPDATES, headers={"X-API-Key": our_key}) as response,
    ):
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["x-accel-buffering"] == "no"
        assert "server" not in response.headers


async def test_an_administrator_follows_the_company_named(
    api: Api, admin_key: str, our_key: str, js: JetStreamContext
) -> None:
    async with sse_client(f"{api.url}{UPDATES}", admin_key, await position(js)) as client:
        sequence = await publish_update(js, OURS, 1)
        async for event in client.events(companyId=str(OURS)):
            assert event.id == sequence
            break


async def test_a_line_break_in_the_data_stays_in_the_data(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    async with sse_client(api.url + UPDATES, our_key, await position(js)) as client:
        await js.publish(f"updates.{OURS}.report.generated", b'{\n "a": 1,\r\n "b": 2\n}')
        (event,) = await client.take(1)
    assert (event.name, event.data) == ("report.generated", {"a": 1, "b": 2})


async def test_a_quiet_stream_shows_life_and_resumes_from_where_it_began(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    async with sse_client(api.url + UPDATES, our_key) as client:
        with pytest.raises(TimeoutError):
            await client.take(1, within_s=1.2)
        assert client.comments >= 1
        # No event has come, and yet the client knows its place.
        await connected(api, our_key, 0)
        missed = [await publish_update(js, OURS, number) for number in range(3)]
        assert [event.id for event in await client.take(3)] == missed


async def test_the_query_resumes_where_no_header_can_be_set(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    before = await position(js)
    sequence = await publish_update(js, OURS, 1)
    async with sse_client(api.url + UPDATES, our_key) as client:
        async for event in client.events(lastEventId=before):
            assert event.id == sequence
            break


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(cuts=st.lists(st.integers(0, 40), min_size=1, max_size=8), start_early=st.booleans())
async def test_dropped_connections_lose_and_repeat_nothing(
    api: Api, our_key: str, store_settings: StoreSettings, cuts: list[int], start_early: bool
) -> None:
    """The client drops after each cut while events of two companies come; it ends up with exactly its own."""
    publisher = await nats_client(store_settings, name="publisher of the tests")
    js = publisher.jetstream()
    total = sum(cuts) + 1
    published: list[int] = []

    async def publish() -> None:
        for number in range(total):
            published.append(await publish_update(js, OURS, number))
            if number % 3 == 0:
                await publish_update(js, THEIRS, number)

    async with sse_client(api.url + UPDATES, our_key, await position(js)) as client:
        publishing = asyncio.create_task(publish())
        if not start_early:
            await publishing
        received: list[Event] = []
        for cut in cuts:
            received += await client.take(cut)
        received += await client.take(total - len(received))
        await publishing
    await publisher.close()
    assert [event.id for event in received] == published
    assert [event.data["data"]["value"] for event in received] == list(range(total))


@pytest.mark.parametrize(
    ("given_id", "reason"),
    [
        ("{epoch}-999999999", "unknown"),
        ("ffffffffffff-1", "foreign"),
        ("10000-1", "recreated"),
        ("4711", "malformed"),
        ("{epoch}-", "malformed"),
        ("{epoch}--1", "malformed"),
        ("{epoch}-" + "9" * 30, "malformed"),
        ("{epoch}-1 2", "malformed"),
        ("updates.>", "malformed"),
    ],
)
async def test_an_id_that_cannot_be_resumed_is_answered_with_a_reset(
    api: Api, our_key: str, js: JetStreamContext, given_id: str, reason: str
) -> None:
    epoch = (await position(js)).partition("-")[0]
    async with sse_client(api.url + UPDATES, our_key, given_id.format(epoch=epoch)) as client:
        (reset,) = await client.take(1)
        assert (reset.name, reset.data) == ("reset", {"reason": reason})
        # The reset carries the place to go on from.
        sequence = await publish_update(js, OURS, 1)
        assert [event.id for event in await client.take(1)] == [sequence]


async def test_an_id_older_than_the_log_is_answered_with_a_reset(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    old = await position(js)
    for number in range(3):
        await publish_update(js, OURS, number)
    await js.purge_stream("UPDATES", keep=1)
    async with sse_client(api.url + UPDATES, our_key, old) as client:
        (reset,) = await client.take(1)
    assert (reset.name, reset.data) == ("reset", {"reason": "expired"})


async def test_a_slow_client_misses_nothing_and_holds_nobody_up(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    """The slow one reads nothing while far more than its socket and the ring hold goes by."""
    host, port = api.url.removeprefix("http://").split(":")
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((host, int(port)))
    slow.sendall(f"GET {UPDATES} HTTP/1.1\r\nHost: test\r\nX-API-Key: {our_key}\r\n\r\n".encode())
    filler = "x" * 4000
    count = 1500
    process = psutil.Process(api.process.pid)
    try:
        async with sse_client(api.url + UPDATES, our_key) as fast:
            taking = asyncio.create_task(fast.take(count, within_s=60))
            await connected(api, our_key, 2)
            before = process.memory_info().rss
            published = [
                (
                    await js.publish(f"updates.{OURS}.metric.updated", f'{{"n":{n},"f":"{filler}"}}'.encode())
                ).seq
                for n in range(count)
            ]
            assert [event.id for event in await taking] == published
        grown = process.memory_info().rss - before
        assert grown < 20 << 20, f"{grown} bytes for one stalled client"
        unread = _unread(slow)
        assert 0 < unread <= 2 * SEND_BUFFER_BYTES, f"the kernel keeps {unread} bytes for it"
        received = await asyncio.to_thread(_read_ids, slow, count)
        assert received == published
    finally:
        slow.close()
    metrics = api.get("/metrics").text
    (caught_up,) = [line for line in metrics.splitlines() if line.startswith("sse_catch_ups_total ")]
    assert float(caught_up.split()[1]) >= 1


def _unread(connection: socket.socket) -> int:
    """Bytes that the server's side of a connection has sent and the client's has not taken."""
    ours, theirs = (f"{where[1]:04X}" for where in (connection.getsockname(), connection.getpeername()))
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        if local.endswith(f":{theirs}") and remote.endswith(f":{ours}"):
            return int(queues.split(":")[0], 16)
    raise AssertionError("the server has no such connection")


def _read_ids(connection: socket.socket, count: int) -> list[int]:
    """The ids of `count` events from a raw connection."""
    connection.settimeout(60)
    buffer, ids = b"", []
    while len(ids) < count:
        buffer += connection.recv(65_536)
        *blocks, buffer = buffer.split(b"\n\n")
        ids += [
            int(block.rpartition(b"id: ")[2].split(b"\n")[0].split(b"-")[1])
            for block in blocks
            if b"event: " in block
        ]
    return ids


async def test_a_client_that_goes_away_leaves_nothing_behind(api: Api, our_key: str) -> None:
    process = psutil.Process(api.process.pid)
    await connected(api, our_key, 0)
    before = process.num_fds()
    async with httpx.AsyncClient(timeout=60) as http:
        streams = [
            await http.send(
                http.build_request("GET", api.url + UPDATES, headers={"X-API-Key": our_key}), stream=True
            )
            for _ in range(20)
        ]
        await connected(api, our_key, 20)
        for stream in streams:
            await stream.aclose()
    await connected(api, our_key, 0)
    await asyncio.to_thread(
        poll, lambda: process.num_fds() <= before + 2, what="the closing of their sockets"
    )


async def test_a_restart_of_the_server_loses_nothing(
    embedded_stores: Layout, our_key: str, js: JetStreamContext, tmp_path: Path
) -> None:
    port = str(free_port())
    log = tmp_path / "api.log"
    received: list[Event] = []
    published: list[int] = []
    async with sse_client(f"http://127.0.0.1:{port}{UPDATES}", our_key, await position(js)) as client:
        for _ in range(2):
            with running_api(embedded_stores, log, IMPACT_PORT_API=port) as api:
                wait_until_ready(api)
                published.append(await publish_update(js, OURS, len(published)))
                received += await client.take(len(published) - len(received))
                stream = client.events()
                waiting = asyncio.create_task(anext(stream, None))
                await connected(api, our_key, 1)
                assert await asyncio.to_thread(api.stop) in (0, -signal.SIGTERM)
                # A stream that held the stop up would have been cut off when the server's patience ended.
                assert await waiting is None, "the stream should have ended cleanly"
                assert 2000 <= client.retry_ms <= 4000
                await stream.aclose()
            published.append(await publish_update(js, OURS, len(published)))
        with running_api(embedded_stores, log, IMPACT_PORT_API=port) as api:
            wait_until_ready(api)
            received += await client.take(len(published) - len(received))
    assert [event.id for event in received] == published
    assert "Traceback" not in log.read_text()


async def test_a_stream_ends_after_its_lifetime(
    embedded_stores: Layout, our_key: str, tmp_path: Path
) -> None:
    with running_api(embedded_stores, tmp_path / "api.log", STREAM_LIFETIME_S="1") as api:
        wait_until_ready(api)
        await ends_with_a_goodbye(api, our_key)


async def test_a_stream_ends_with_its_token(api: Api, token: Callable[..., str]) -> None:
    await ends_with_a_goodbye(api, token(exp=time.time() + 3))


async def ends_with_a_goodbye(api: Api, credential: str) -> None:
    """Well before the ten minutes a stream lasts by default."""
    async with sse_client(api.url + UPDATES, credential) as client, asyncio.timeout(120):
        async for _ in client.events():
            pytest.fail("nothing was published")
        assert client.retry_ms >= 2000, "the stream should have ended with a goodbye"


def test_streaming_can_be_switched_off(embedded_stores: Layout, our_key: str, tmp_path: Path) -> None:
    with running_api(embedded_stores, tmp_path / "api.log", STREAMING_ENABLED="false") as api:
        assert_problem(api.get(UPDATES, our_key), "streaming-disabled", 501)
        assert api.get("/readyz").json()["checks"] == {"postgres": "ok", "nats": "off"}
