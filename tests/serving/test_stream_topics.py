"""Who sees what, what a client that is far behind gets, and what each is told when the log lost something."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from nats.js import JetStreamContext

from ingest.api_keys import revoke_key
from ingest.stores import StoreSettings, nats_client
from ingest.streams import STREAMS
from ingest.updates import TOPIC_ROLES, UPDATES
from orchestration.stack.layout import Layout
from serving.metrics import Metrics
from serving.stream import frames
from serving.stream.history import read_chunk
from serving.stream.hub import Hub
from serving.stream.log import LogState, Record
from serving.stream.ring import Ring
from serving.stream.visibility import NAMES, view_of
from tests.serving.running import (
    OURS,
    QUIET,
    THEIRS,
    Api,
    assert_problem,
    free_port,
    running_api,
    wait_until_ready,
)
from tests.serving.sse import Event, SseClient, position, publish_update, sse_client

STREAM = "/v1/stream/updates"


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


def test_every_name_is_in_one_topic_and_safety_is_for_administrators() -> None:
    assert sorted(name for names in NAMES.values() for name in names) == sorted(UPDATES)
    for role in ("system_admin", "company_admin"):
        assert view_of(role, None) == frozenset(UPDATES)
    for role in ("company_user", "api_client"):
        hidden = frozenset(UPDATES) - view_of(role, None)
        assert hidden == NAMES["safety"] | NAMES["privacy"]
        assert not [name for name in view_of(role, None) if name.startswith(("safety.", "privacy."))]
    assert set(TOPIC_ROLES) == {"safety", "privacy"}


async def test_a_topic_brings_its_own_events_and_a_role_only_what_it_may_see(
    api: Api, new_key: Callable[..., str], js: JetStreamContext
) -> None:
    user, admin = new_key(OURS, "company_user"), new_key(OURS, "company_admin")
    before = await position(js)
    names = [
        "metric.updated", "safety.flag.raised", "journey.flag.updated", "privacy.request.updated",
        "nobody.declared.this", "journey.milestone.reached",
    ]  # fmt: skip
    for number, name in enumerate(names):
        await publish_update(js, OURS, number, name)
    seen: dict[str, list[str]] = {}
    for who, key, topics, count in (
        ("user", user, None, 3), ("user, journey", user, "journey", 2), ("admin", admin, None, 5),
        ("admin, safety and metrics", admin, "safety,metrics", 2),
    ):  # fmt: skip
        # From the log, as nothing of this is in a ring; the last one is live.
        async with sse_client(
            api.url + STREAM + (f"?topics={topics}" if topics else ""), key, before
        ) as client:
            seen[who] = [event.name for event in await client.take(count)]
    assert seen == {
        "user": ["metric.updated", "journey.flag.updated", "journey.milestone.reached"],
        "user, journey": ["journey.flag.updated", "journey.milestone.reached"],
        "admin": [name for name in names if name in UPDATES],
        "admin, safety and metrics": ["metric.updated", "safety.flag.raised"],
    }


async def test_live_events_of_a_hidden_topic_do_not_come(
    api: Api, new_key: Callable[..., str], js: JetStreamContext
) -> None:
    async with sse_client(api.url + STREAM, new_key(OURS, "company_user")) as client:
        taking = asyncio.create_task(client.take(1))
        await connections(api, new_key(OURS, "company_user"), 1)
        await publish_update(js, OURS, 1, "safety.flag.raised")
        await publish_update(js, OURS, 2, "report.generated")
        assert [event.name for event in await taking] == ["report.generated"]


def test_a_topic_that_is_not_there_or_not_ones_own_is_refused(api: Api, new_key: Callable[..., str]) -> None:
    user = new_key(OURS, "company_user")
    document = assert_problem(api.get(f"{STREAM}?topics=metrics,hours", user), "invalid-parameter", 422)
    assert "journey" in str(document["detail"])
    assert "hours" not in str(document["detail"])
    assert_problem(api.get(f"{STREAM}?topics=safety", user), "role-forbidden", 403)


@pytest.mark.parametrize(
    ("topic", "scope"),
    [("journey", "data:read"), ("safety", "safety:review"), ("privacy", "privacy:manage")],
)
def test_a_narrowed_key_streams_no_subject_that_it_may_not_read(
    api: Api, new_key: Callable[..., str], topic: str, scope: str
) -> None:
    narrow = new_key(OURS, "company_admin", scopes=["report:view"])
    assert not NAMES[topic] & view_of("company_admin", None, frozenset({"report:view"}))  # type: ignore[index]
    assert NAMES[topic] <= view_of("company_admin", None, frozenset({"report:view", scope}))  # type: ignore[index]
    assert_problem(api.get(f"{STREAM}?topics={topic}", narrow), "role-forbidden", 403)


async def test_a_client_whose_topic_is_quiet_keeps_up_with_the_log(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    async with sse_client(f"{api.url}{STREAM}?topics=reports", our_key, await position(js)) as client:
        taking = asyncio.create_task(client.take(1, within_s=3))
        await connections(api, our_key, 1)
        sequence = await publish_update(js, OURS, 1)
        with pytest.raises(TimeoutError):
            await taking
        assert client.last_event_id is not None
        assert int(client.last_event_id.split("-")[1]) >= sequence


async def test_a_client_far_behind_may_have_the_newest_of_each_figure(
    api: Api, our_key: str, js: JetStreamContext
) -> None:
    """More than the ring of 64 holds: the others get everything."""
    before = await position(js)
    published = []
    for number in range(100):
        name = "report.generated" if number % 40 == 0 else "metric.updated"
        data = {"metric": f"m{number % 3}", "periodGrain": "month", "period": "2026-09"}
        published.append((await publish_update(js, OURS, number, name, **data), number, name))
    async with sse_client(f"{api.url}{STREAM}?conflate=true", our_key, before) as client:
        notice, *events = await client.take(1 + 3 + 3)
        following = await publish_update(js, OURS, 100)
        (next_one,) = await client.take(1)
    assert notice.name == "conflated"
    epoch = before.split("-")[0]
    assert notice.data == {
        "from": f"{epoch}-{int(before.split('-')[1]) + 1}", "to": f"{epoch}-{published[-1][0]}",
    }  # fmt: skip
    assert [event.data["data"]["value"] for event in events] == [0, 40, 80, 97, 98, 99]
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert next_one.id == following
    async with sse_client(api.url + STREAM, our_key, before) as client:
        assert [event.id for event in await client.take(100)] == [sequence for sequence, _, _ in published]


async def test_what_the_log_lost_while_a_client_was_behind_is_told_with_its_range(
    store_settings: StoreSettings,
) -> None:
    client = await nats_client(store_settings, name="reader")
    js = client.jetstream()
    epoch, _, before = (await position(js)).partition("-")
    published = [await publish_update(js, OURS, number) for number in range(10)]
    await js.purge_stream("UPDATES", seq=published[4])  # all before the fifth
    chunk = await read_chunk(
        client, client, epoch, str(OURS), view_of("system_admin", None), int(before), published[-1]
    )
    await client.close()
    assert [sequence for sequence, _ in chunk.frames] == [published[3], *published[4:]]
    assert chunk.frames[0][1] == frames.gap(epoch, int(before) + 1, published[3])
    assert (chunk.after, chunk.has_gap) == (published[-1], True)


async def test_what_a_process_did_not_get_to_read_is_told_to_each_of_its_clients(
    store_settings: StoreSettings,
) -> None:
    """Between two readings the log may lose its beginning, and within one a part."""
    hub = Hub(store_settings, Metrics(), ring_size=64, heartbeat_s=60)
    made = datetime(2026, 11, 27, tzinfo=UTC)
    hub._continue_from(LogState(made, 1, 5))
    async with hub.joined(str(OURS), NAMES["metrics"]) as ours, hub.joined(str(THEIRS), NAMES["journey"]):
        hub._handle(Record(6, str(OURS), "metric.updated", b"{}"))
        hub._continue_from(LogState(made, 9, 20))
        hub._handle(Record(12, str(THEIRS), "metric.updated", b"{}"))
        hub._handle(Record(13, str(OURS), "metric.updated", b"{}"))
        told = ours.ring.batch(0, 10, 10_000).data.decode()
    assert re.findall(r"id: \w+-(\d+)\nevent: ([a-z.]+)", told) == [
        ("6", "metric.updated"), ("8", "gap"), ("11", "gap"), ("13", "metric.updated"),
    ]  # fmt: skip
    assert f'"from":"{hub.epoch}-7","to":"{hub.epoch}-8"' in told


async def test_a_log_that_was_made_anew_is_noticed_by_all(
    embedded_stores: Layout, our_key: str, store_settings: StoreSettings, tmp_path: Path, js: JetStreamContext
) -> None:
    """By those connected within seconds, and by those that come back with an id of the old one."""
    config = next(stream for stream in STREAMS if stream.name == "UPDATES")
    with running_api(embedded_stores, tmp_path / "api.log", STREAM_HEARTBEAT_S="0.5") as api:
        wait_until_ready(api)
        old = await position(js)
        received: list[Event] = []
        async with sse_client(api.url + STREAM, our_key, old) as client:
            following = asyncio.create_task(client.follow(received))
            await connections(api, our_key, 1)
            await publish_update(js, OURS, 1)
            await arrival(received, 1)
            await js.delete_stream("UPDATES")
            await js.add_stream(config)
            await arrival(received, 2)
            assert (received[1].name, received[1].data) == ("reset", {"reason": "recreated"})
            sequence = await publish_update(js, OURS, 2)
            await arrival(received, 3)
            assert (received[2].id, received[2].epoch) == (sequence, received[1].epoch)
            assert received[2].epoch != received[0].epoch
            following.cancel()
        async with sse_client(api.url + STREAM, our_key, old) as client:
            (reset,) = await client.take(1)
            assert reset.data == {"reason": "recreated"}


async def test_a_revoked_key_ends_its_streams_and_no_other(
    api: Api, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    kept, revoked = new_key(QUIET), new_key(QUIET)
    [(key_id,)] = postgres.execute(
        "select key_id from ingest.api_keys where company_id = %s order by created_at desc limit 1", (QUIET,)
    ).fetchall()
    async with sse_client(api.url + STREAM, kept) as one, sse_client(api.url + STREAM, revoked) as other:
        staying = asyncio.create_task(one.take(1))
        ending = asyncio.create_task(anext(other.events(), None))
        await connections(api, kept, 2)
        revoke_key(postgres, key_id)
        async with asyncio.timeout(60):
            assert await ending is None, "a clean end, and no event"
        assert not staying.done()
        staying.cancel()
    assert other.retry_ms is not None


async def test_streams_share_one_consumer_however_many_they_are(
    api: Api, our_key: str, their_key: str, js: JetStreamContext
) -> None:
    before = await position(js)
    for number in range(20):
        await publish_update(js, OURS, number)
    async with sse_client(api.url + STREAM, our_key, before) as first:
        await first.take(20)
    async with httpx.AsyncClient(timeout=60) as http:
        streams = [
            await http.send(
                http.build_request(
                    "GET", api.url + STREAM, headers={"X-API-Key": key, "Last-Event-ID": before}
                ),
                stream=True,
            )
            for key in (our_key, their_key)
            for _ in range(15)
        ]
        await connections(api, our_key, 15)
        # Those of processes that ended and of readings of the log are gone within seconds.
        async with asyncio.timeout(60):
            while len(await js.consumers_info("UPDATES")) > 1:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        [consumer] = await js.consumers_info("UPDATES")
        assert consumer.config.description == "follows for live streams"
        stats = api.get("/v1/stream/stats", our_key).json()
        assert (stats["consumers"], stats["reading_log"], stats["connections"]) == (1, 0, 15)
        assert stats["epoch"] == before.split("-")[0]
        for stream in streams:
            await stream.aclose()
    await connections(api, our_key, 0)


async def test_replacing_each_of_two_processes_in_turn_loses_nothing(
    embedded_stores: Layout, our_key: str, js: JetStreamContext, tmp_path: Path
) -> None:
    """A client behind a balancer: every reconnection goes to the other process, whichever is up."""
    ports = [str(free_port()), str(free_port())]
    urls = [f"http://127.0.0.1:{port}{STREAM}" for port in ports]
    published: list[int] = []
    received: list[Event] = []
    stop = asyncio.Event()

    async def publish() -> None:
        while not stop.is_set():
            published.append(await publish_update(js, OURS, len(published)))
            await publish_update(js, THEIRS, len(published))
            await asyncio.sleep(0.01)

    async def follow(client: SseClient) -> None:
        turn = 0
        while True:
            client.url = urls[turn % 2]
            turn += 1
            try:
                await client.follow(received)
            except httpx.TransportError:
                await asyncio.sleep(0.05)

    def start(number: int) -> object:
        return running_api(
            embedded_stores,
            tmp_path / f"api{number}.log",
            IMPACT_PORT_API=ports[number % 2],
            STREAM_RETRY_MS="50",
        )

    async with sse_client(urls[0], our_key, await position(js)) as client:
        processes = [start(0), start(1)]
        for process in processes:
            wait_until_ready(await asyncio.to_thread(process.__enter__))
        tasks = [asyncio.create_task(publish()), asyncio.create_task(follow(client))]
        try:
            for number in (0, 1):
                await arrival(received, len(received) + 20)
                await asyncio.to_thread(processes[number].__exit__, None, None, None)
                processes[number] = start(number + 2)
                wait_until_ready(await asyncio.to_thread(processes[number].__enter__))
            await arrival(received, len(received) + 20)
            stop.set()
            await tasks[0]
            await arrival(received, len(published))
        finally:
            for task in tasks:
                task.cancel()
            for process in processes:
                await asyncio.to_thread(process.__exit__, None, None, None)
    assert [event.id for event in received] == published


class TestRing:
    def test_a_place_is_found_as_long_as_nothing_behind_it_is_missing(self) -> None:
        ring = Ring(4, covers_after=10)
        assert [ring.find(9), ring.find(10), ring.find(50)] == [None, 0, 0]
        for sequence in (12, 15, 17):
            ring.push(sequence, b"%d;" % sequence)
        assert [ring.find(after) for after in (10, 11, 12, 14, 16, 17)] == [0, 0, 1, 1, 2, 3]
        ring.put_before([(7, b"7;")], covers_after=5)
        assert [ring.find(after) for after in (4, 5, 6, 7, 11, 12)] == [None, -1, -1, 0, 0, 1]
        assert ring.batch(-1, 10, 3) == (b"7;12;", 1, 12)
        assert ring.batch(-1, 10, 1000).data == b"7;12;15;17;"
        ring.push(20, b"20;")  # 7 is overwritten, so who has less than 7 may miss something
        assert ring.has_lost(-1)
        assert [ring.find(6), ring.find(7)] == [None, 0]
        assert ring.batch(0, 10, 1000).data == b"12;15;17;20;"


async def arrival(received: list[Event], count: int) -> None:
    async with asyncio.timeout(60):
        while len(received) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def connections(api: Api, key: str, count: int) -> None:
    """Wait until the API counts this many streams of the key's company."""
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        while True:
            answer = await http.get(f"{api.url}/v1/stream/stats", headers={"X-API-Key": key})
            if answer.json()["connections"] == count:
                return
            await asyncio.sleep(0.02)
