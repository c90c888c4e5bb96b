"""Every message of a stream is looked at, or it is an error: what was not seen is not gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from nats.aio.client import Client as NatsClient
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StreamConfig

from ingest.jetstream import Message, publish_all
from ingest.stores import nats_client
from orchestration.privacy.erasure import jetstream
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.jetstream import messages

NAME, SUBJECT = "LOOKED_AT", "looked.at"


@pytest.fixture
async def js(place: Place) -> AsyncIterator[JetStreamContext]:
    client: NatsClient = await nats_client(place.settings, name="test")
    context = client.jetstream()
    await context.add_stream(
        StreamConfig(name=NAME, subjects=[SUBJECT], retention=RetentionPolicy.LIMITS, allow_atomic=True)
    )
    yield context
    await context.delete_stream(NAME)
    await client.close()


async def filled(js: JetStreamContext, count: int) -> None:
    for start in range(0, count, 500):
        some = range(start, start + 500)
        await publish_all(
            js, [Message(SUBJECT, b"%d" % one, uuid4().hex, {"Number": str(one)}) for one in some]
        )


async def seen(js: JetStreamContext) -> list[int]:
    return [sequence async for sequence, _ in messages(js, await js.stream_info(NAME))]


async def test_every_message_is_seen_once_in_batches(
    js: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jetstream, "_FETCH", 300)
    assert await seen(js) == []
    await filled(js, 1_000)
    assert await seen(js) == list(range(1, 1_001))
    for gone in (1, 300, 301, 1_000):
        await js.delete_msg(NAME, gone)
    assert await seen(js) == [one for one in range(2, 1_000) if one not in (300, 301)]
    contents = [content async for _, content in messages(js, await js.stream_info(NAME))]
    first = contents[0]
    assert first[0] == SUBJECT.encode()
    assert b"Number: 1" in first[1]
    assert first[2] == b"1"


async def test_few_bytes_at_a_time_are_as_good(js: JetStreamContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream, "_FETCH_BYTES", 4_096)
    await filled(js, 500)
    assert await seen(js) == list(range(1, 501))


async def test_a_message_lost_on_its_way_is_an_error(
    js: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(js, 500)
    take = jetstream._Reading._take
    count = 0

    def lossy(self: jetstream._Reading, *frame: bytes) -> None:
        nonlocal count
        count += 1
        if count != 250:
            take(self, *frame)

    monkeypatch.setattr(jetstream._Reading, "_take", lossy)
    with pytest.raises(TimeoutError, match="lost on its way"):
        await seen(js)
