"""Publishing a group: all of it on disk, duplicates dropped one by one, failure said."""

from __future__ import annotations

import uuid
from contextlib import aclosing

import pytest
from nats.aio.client import Client as NatsClient
from nats.js import JetStreamContext

from ingest import pull
from ingest.jetstream import BrokerUnavailableError, Message, acknowledge, publish_all
from ingest.pull import Pull


def dead(count: int) -> list[Message]:
    return [Message("dead.test.message", b"%d" % number, str(uuid.uuid4())) for number in range(count)]


async def stored(nats: NatsClient) -> int:
    return (await nats.jetstream().stream_info("DEAD_LETTERS")).state.messages


@pytest.mark.parametrize("count", [0, 1, 3, 4, 500, 1203])
async def test_every_message_is_stored_in_order(nats: NatsClient, count: int) -> None:
    js = nats.jetstream()
    before = (await js.stream_info("DEAD_LETTERS")).state
    await publish_all(js, dead(count))
    assert await stored(nats) == before.messages + count
    if count:
        last = await js.get_msg("DEAD_LETTERS", seq=before.last_seq + count)
        assert last.data == b"%d" % (count - 1)


@pytest.mark.parametrize("count", [2, 20])
async def test_messages_that_are_known_are_dropped_and_the_others_stored(
    nats: NatsClient, count: int
) -> None:
    before = await stored(nats)
    messages = dead(count)
    await publish_all(nats.jetstream(), messages[: count // 2])
    await publish_all(nats.jetstream(), messages)
    await publish_all(nats.jetstream(), messages)
    assert await stored(nats) == before + count


async def test_a_copy_within_one_group_is_stored_once(nats: NatsClient) -> None:
    before = await stored(nats)
    await publish_all(nats.jetstream(), dead(5) + dead(1) * 2)
    assert await stored(nats) == before + 6


async def test_messages_for_several_streams_go_together(nats: NatsClient) -> None:
    before = await stored(nats)
    updates = [Message("updates.test.x", b"", str(uuid.uuid4())) for _ in range(5)]
    await publish_all(nats.jetstream(), [*dead(5), *updates])
    assert await stored(nats) == before + 5


@pytest.mark.parametrize("count", [1, 10])
async def test_no_stream_is_said(nats: NatsClient, count: int) -> None:
    homeless = [Message("nowhere.x", b"", str(uuid.uuid4())) for _ in range(count)]
    with pytest.raises(BrokerUnavailableError):
        await publish_all(nats.jetstream(), homeless)


async def test_batches_of_large_messages_are_small(nats: NatsClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "BATCH_BYTES", 120_000)
    js = nats.jetstream()
    name = uuid.uuid4().hex
    await publish_all(js, [Message(f"dead.{name}.x", b" " * 1000, str(uuid.uuid4())) for _ in range(400)])
    sizes = []
    async with aclosing(await opened(js, name, batch=300, linger_s=0.5)) as pulled:
        while messages := await pulled.fetch():
            await acknowledge(messages)
            sizes.append(len(messages))
    assert sum(sizes) == 400
    assert max(sizes) <= 120
    await js.delete_consumer("DEAD_LETTERS", name)


async def test_what_was_not_fetched_goes_to_the_next_reader_at_once(nats: NatsClient) -> None:
    js = nats.jetstream()
    name = uuid.uuid4().hex
    await publish_all(js, [Message(f"dead.{name}.x", b"", str(uuid.uuid4())) for _ in range(30)])
    async with aclosing(await opened(js, name, batch=10)) as first:
        taken = await first.fetch()
        await acknowledge(taken)
        assert await first._wait(10, 5)  # the next ten are here, and nobody fetches them
        assert len(first._arrived) == 10
    seen = {message.place().sequence for message in taken}
    async with aclosing(await opened(js, name, batch=30)) as second:
        while len(seen) < 30 and (messages := await second.fetch()):
            await acknowledge(messages)
            seen.update(message.place().sequence for message in messages)
    assert len(seen) == 30
    await js.delete_consumer("DEAD_LETTERS", name)


async def test_a_consumer_that_is_gone_is_said(nats: NatsClient) -> None:
    js = nats.jetstream()
    name = uuid.uuid4().hex
    async with aclosing(await opened(js, name, batch=10)) as pulled:
        assert await pulled.fetch() == []
        await js.delete_consumer("DEAD_LETTERS", name)
        with pytest.raises(BrokerUnavailableError, match="Consumer Deleted"):
            await pulled.fetch()


async def opened(js: JetStreamContext, name: str, *, batch: int, linger_s: float = 0.02) -> Pull:
    return await Pull.open(
        js, stream="DEAD_LETTERS", durable=name, ack_wait_s=30, batch=batch, idle_s=0.5, linger_s=linger_s,
        subjects=f"dead.{name}.>",
    )  # fmt: skip
