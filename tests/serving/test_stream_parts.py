"""Clients that are behind the ring read the log together, and each gets exactly what is behind it."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.msg import Msg

from ingest.stores import StoreSettings, nats_client
from serving.stream.history import Chunk
from serving.stream.parts import Parts
from tests.serving.running import OURS, Api
from tests.serving.sse import position, publish_update, sse_client

COMPANY, VIEW = "company", frozenset({"metric.updated"})
# Sequences of one company in a log that others write to as well.
LOG = [(sequence, b"<%d>" % sequence) for sequence in range(3, 600, 7)]
CREATED = "$JS.EVENT.ADVISORY.CONSUMER.CREATED.UPDATES.*"


def read(after: int, upto: int, *, has_gap: bool = False) -> Chunk:
    return Chunk("epoch", [one for one in LOG if after < one[0] <= upto], upto, has_gap)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@given(
    reads=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 200), st.integers(0, 4)), max_size=40),
    asked=st.lists(st.integers(0, 800), min_size=1, max_size=40),
    most_bytes=st.integers(0, 500),
)
def test_what_is_found_is_what_the_log_has(
    reads: list[tuple[int, int, int]], asked: list[int], most_bytes: int
) -> None:
    clock = Clock()
    parts = Parts(most_bytes=most_bytes, kept_s=10, clock=clock)
    for after, length, seconds in reads:
        clock.now += seconds
        parts.keep(COMPANY, VIEW, after, read(after, after + length))
        assert parts.size <= most_bytes
    for after in asked:
        if (found := parts.find(COMPANY, VIEW, after)) is not None:
            assert found.after > after
            assert found.frames == read(after, found.after).frames
        assert parts.find("another", VIEW, after) is None
        assert parts.find(COMPANY, frozenset({"safety.flagged"}), after) is None
    clock.now += 10
    assert all(parts.find(COMPANY, VIEW, after) is None for after in asked)
    assert parts.size == 0


def test_a_part_ends_where_the_next_begins_and_a_gap_is_nobody_elses() -> None:
    parts = Parts()
    parts.keep(COMPANY, VIEW, 200, read(200, 300))
    parts.keep(COMPANY, VIEW, 50, read(50, 100, has_gap=True))
    assert parts.find(COMPANY, VIEW, 60) is None
    assert parts.next_after(COMPANY, VIEW, 60) == 200
    assert parts.next_after(COMPANY, VIEW, 200) is None
    parts.clear()
    assert parts.find(COMPANY, VIEW, 250) is None


async def test_many_that_are_behind_cost_few_readings(
    api: Api, our_key: str, store_settings: StoreSettings
) -> None:
    created: list[bytes] = []

    async def hear(message: Msg) -> None:
        created.append(message.data)

    nats = await nats_client(store_settings, name="publisher of the tests")
    js = nats.jetstream()
    begin = await position(js)
    filler = "x" * 1000
    published = [await publish_update(js, OURS, number, filler=filler) for number in range(600)]
    url = f"{api.url}/v1/stream/updates"

    async def behind(last_event_id: str, expected: list[int]) -> None:
        async with sse_client(url, our_key, last_event_id) as client:
            assert [event.id for event in await client.take(len(expected))] == expected

    # One stays, so that there is a ring, and it begins at its end: the others are all behind it.
    async with sse_client(url, our_key) as staying:
        following = asyncio.create_task(staying.follow([]))
        await behind(begin, published)
        await nats.subscribe(CREATED, cb=hear)
        await nats.flush()
        epoch = begin.partition("-")[0]
        places = range(0, 600, 20)
        await asyncio.gather(
            *(behind(f"{epoch}-{published[place]}", published[place + 1 :]) for place in places)
        )
        await nats.flush()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    await nats.close()
    assert len(created) < len(places) / 3
