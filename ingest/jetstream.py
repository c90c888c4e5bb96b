"""JetStream as the pipeline uses it: publish a group and see it acknowledged, pull a batch and settle it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, Header
from nats.js.errors import APIError

PUBLISH_TIMEOUT_S = 20.0
BATCH = 500  # the broker takes at most 1,000 in one batch
SMALLEST_BATCH = 4
BATCH_BYTES = 32 << 20  # bodies may have 1 MiB each, and a batch is held in memory
FIRST_BATCH = 50


class BrokerUnavailableError(Exception):
    """NATS is away, refused, or did not acknowledge in time. Publishing again is safe."""


class Message(NamedTuple):
    """`message_id` lets the broker drop a second copy within the stream's duplicate window."""

    subject: str
    payload: bytes
    message_id: str
    headers: Mapping[str, str] = {}


async def publish_all(js: JetStreamContext, messages: Sequence[Message]) -> None:
    """Return once the broker has every message on disk; raises `BrokerUnavailableError` otherwise.

    A batch costs the broker one sync instead of one per message: ten times as many messages per second.
    """
    by_stream: dict[str, list[Message]] = {}
    for message in messages:
        by_stream.setdefault(message.subject.partition(".")[0], []).append(message)
    try:
        async with asyncio.timeout(PUBLISH_TIMEOUT_S):
            for group in by_stream.values():
                for start in range(0, len(group), BATCH):
                    await _publish(js, group[start : start + BATCH])
    except (nats.errors.Error, OSError) as error:  # OSError: also what a timeout is
        raise BrokerUnavailableError(f"not acknowledged: {type(error).__name__}: {error}") from error


async def _publish(js: JetStreamContext, messages: Sequence[Message]) -> None:
    if len(messages) >= SMALLEST_BATCH:
        try:
            await _publish_batch(js, messages)
            return
        except APIError:
            # One message that the stream knows already refuses its whole batch; one by one, only that one is.
            pass
    await _publish_each(js, messages)


async def _publish_batch(js: JetStreamContext, messages: Sequence[Message]) -> None:
    batch_id = uuid.uuid4().hex
    *some, last = (
        message._replace(
            headers={**message.headers, Header.BATCH_ID: batch_id, Header.BATCH_SEQUENCE: str(position)}
        )
        for position, message in enumerate(messages, start=1)
    )
    client = js._nc  # the context has no public way to publish without awaiting an acknowledgement
    for message in some:
        await client.publish(message.subject, message.payload, headers=_headers(message))
    commit = last._replace(headers={**last.headers, Header.BATCH_COMMIT: "1"})
    await js.publish(commit.subject, commit.payload, headers=_headers(commit), timeout=PUBLISH_TIMEOUT_S)


async def _publish_each(js: JetStreamContext, messages: Iterable[Message]) -> None:
    acknowledgements = []
    try:
        for message in messages:
            acknowledgement = await js.publish_async(
                message.subject, message.payload, headers=_headers(message)
            )
            acknowledgements.append(acknowledgement)
        await asyncio.gather(*acknowledgements)
    finally:
        for acknowledgement in acknowledgements:
            # An acknowledgement lost with its connection never comes; cancelled, it frees its place.
            acknowledgement.cancel()


def _headers(message: Message) -> dict[str, str]:
    return {"Nats-Msg-Id": message.message_id, **message.headers}


class Pull:
    """Batches of a durable consumer: waits long for the first message, then briefly for more."""

    def __init__(
        self, subscription: JetStreamContext.PullSubscription, *, batch: int, idle_s: float, linger_s: float
    ) -> None:
        self._subscription = subscription
        self._batch = batch
        self._idle_s = idle_s
        self._linger_s = linger_s
        # A pull names a number of messages, not of bytes: the first are few, and after large ones few again.
        self._usual_bytes = BATCH_BYTES / FIRST_BATCH

    @classmethod
    async def open(
        cls, js: JetStreamContext, *, stream: str, durable: str, ack_wait_s: float, batch: int,
        idle_s: float = 5.0, linger_s: float,
        subjects: str | None = None, headers_only: bool = False,
    ) -> Pull:  # fmt: skip
        """Create or update the durable consumer and pull from it."""
        await js.add_consumer(
            stream,
            ConsumerConfig(
                durable_name=durable,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ack_wait_s,
                max_ack_pending=4 * batch,
                filter_subject=subjects,
                headers_only=headers_only or None,
            ),
        )
        subscription = await js.pull_subscribe_bind(
            durable=durable, stream=stream, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        return cls(subscription, batch=batch, idle_s=idle_s, linger_s=linger_s)

    async def fetch(self) -> list[Msg]:
        """The next messages, at most one batch; empty when none came for `idle_s`."""
        messages = await self._fetch(1, self._idle_s)
        most = min(self._batch - 1, int(BATCH_BYTES / self._usual_bytes))
        if messages and most > 0:
            messages += await self._fetch(most, self._linger_s)
        if messages:
            mean = sum(len(message.data) for message in messages) / len(messages)
            self._usual_bytes = max(mean, self._usual_bytes / 2)
        return messages

    async def has_settled(self, sequence: int) -> bool:
        """Whether every message of the stream up to `sequence` has been acknowledged or ended."""
        info = await self._subscription.consumer_info()
        is_idle = not info.num_pending and not info.num_ack_pending
        return is_idle or (info.ack_floor is not None and info.ack_floor.stream_seq >= sequence)

    async def aclose(self) -> None:
        await self._subscription.unsubscribe()

    async def _fetch(self, count: int, timeout_s: float) -> list[Msg]:
        try:
            return await self._subscription.fetch(count, timeout=timeout_s)
        except TimeoutError:
            return []


async def acknowledge(messages: Iterable[Msg]) -> None:
    for message in messages:
        await message.ack()


async def hand_back(messages: Iterable[Msg], *, delay_s: float) -> None:
    """Have what is not settled delivered again after a pause; if NATS is away it comes back by itself."""
    try:
        for message in messages:
            if not message.is_acked:
                await message.nak(delay=delay_s)
    except nats.errors.Error:
        return
