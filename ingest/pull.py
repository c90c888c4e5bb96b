"""Pulling a durable consumer: batch after batch, the next one on its way while the last is worked on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

import nats.errors
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from ingest.jetstream import BrokerUnavailableError, client_of, hand_back
from ingest.nats_wire import PipelineClient, Received

BATCH_BYTES = 32 << 20  # bodies may have 1 MiB each, and a batch is held in memory
REQUEST_S = 30.0  # how long the broker keeps one request open
LOOK_S = 1.0  # a request that was lost with its connection is noticed after at most this long
LINGER_PER_MESSAGE_S = 0.001

# How the broker says that a request is over: timed out, nothing there, fulfilled, or the next is too large.
_USUAL_ENDS = (b"408", b"404")
_FULFILLED = b"Batch Completed"
_NO_ROOM = b"Message Size Exceeds MaxBytes"


async def has_settled(js: JetStreamContext, stream: str, durable: str, sequence: int) -> bool:
    """Whether the consumer has acknowledged, or ended, every message of the stream up to `sequence`."""
    info = await js.consumer_info(stream, durable)
    is_idle = not info.num_pending and not info.num_ack_pending
    return is_idle or (info.ack_floor is not None and info.ack_floor.stream_seq >= sequence)


class Pull:
    """Batches of a durable consumer. Waits long for the first message, then for more as long as it pays.

    A batch that follows a small one comes at once; after a large one, messages are gathered for up to
    `linger_s`, since a batch costs its reader more than the messages in it.
    """

    def __init__(
        self, client: PipelineClient, js: JetStreamContext, stream: str, durable: str,
        *, batch: int, idle_s: float, linger_s: float,
    ) -> None:  # fmt: skip
        self._client = client
        self._js = js
        self._stream, self._durable = stream, durable
        self._batch = batch
        self._idle_s = idle_s
        self._linger_s = linger_s
        self._inbox = client.new_inbox()
        self._arrived: list[Received] = []
        self._arrived_bytes = 0
        self._is_full = False  # the next message would be too many bytes
        self._wanted = 0  # messages that the open request may still bring
        self._asked_at = 0.0
        self._connection_count = 0
        self._last_count = 0
        self._problem: str | None = None
        self._changed = asyncio.Event()
        self._subscription: Subscription | None = None

    @classmethod
    async def open(
        cls, js: JetStreamContext, *, stream: str, durable: str, ack_wait_s: float, batch: int,
        idle_s: float = 5.0, linger_s: float,
        subjects: str | Sequence[str] | None = None, headers_only: bool = False,
    ) -> Pull:  # fmt: skip
        """Create or update the durable consumer and pull from it."""
        await js.add_consumer(
            stream,
            ConsumerConfig(
                durable_name=durable,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ack_wait_s,
                max_ack_pending=4 * batch,
                filter_subject=subjects if isinstance(subjects, str) else None,
                filter_subjects=None if subjects is None or isinstance(subjects, str) else list(subjects),
                headers_only=headers_only or None,
            ),
        )
        pull = cls(
            client_of(js), js, stream, durable, batch=batch, idle_s=idle_s, linger_s=linger_s,
        )  # fmt: skip
        pull._subscription = await pull._client.subscribe_sink(pull._inbox, pull._receive)
        return pull

    async def fetch(self) -> list[Received]:
        """The next messages, a batch or `BATCH_BYTES` at most; empty when none came for `idle_s`."""
        if not await self._wait(1, self._idle_s):
            return []
        linger_s = min(self._linger_s, self._last_count * LINGER_PER_MESSAGE_S)
        if linger_s:
            await self._wait(self._batch, linger_s)
        if self._problem is None:
            await self._ask(held_count=0, held_bytes=0)  # comes while these are worked on
        messages, self._arrived, self._arrived_bytes, self._is_full = self._arrived, [], 0, False
        self._last_count = len(messages)
        return messages

    async def has_settled(self, sequence: int) -> bool:
        """Whether every message of the stream up to `sequence` has been acknowledged or ended."""
        return await has_settled(self._js, self._stream, self._durable, sequence)

    async def each(self, take: Callable[[list[Received]], Awaitable[object]]) -> None:
        """Hand batches to `take` until cancelled, or until it raises; closes the pull in the end."""
        async with aclosing(self):
            while True:
                if messages := await self.fetch():
                    await take(messages)

    async def aclose(self) -> None:
        """End the open request and hand back what came and nobody fetched."""
        if self._subscription is None:
            return
        try:
            await self._subscription.unsubscribe()
            await self._client.flush(timeout=1)  # what was on its way is here afterwards
        except (nats.errors.Error, OSError):
            return  # it comes back by itself
        finally:
            self._client.sinks.pop(self._subscription._id, None)
            await hand_back(self._arrived, delay_s=0)

    async def _wait(self, count: int, timeout_s: float) -> bool:
        """Wait until `count` messages are there, or a batch's bytes; whether any is."""
        until = time.monotonic() + timeout_s
        while len(self._arrived) < count and not self._is_full:
            await self._ask(held_count=len(self._arrived), held_bytes=self._arrived_bytes)
            left_s = until - time.monotonic()
            if left_s <= 0:
                break
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(left_s, LOOK_S))
            except TimeoutError:
                continue
        return bool(self._arrived)

    async def _ask(self, *, held_count: int, held_bytes: int) -> None:
        """Have a request open for what a batch lacks that has so much already."""
        if self._problem is not None:
            raise BrokerUnavailableError(f"{self._stream} cannot be pulled: {self._problem}")
        now, connections = time.monotonic(), self._client.stats["reconnects"]
        is_open = self._wanted > 0 and self._connection_count == connections
        if is_open and now < self._asked_at + REQUEST_S + LOOK_S:
            return
        room, bytes_left = self._batch - held_count, BATCH_BYTES - held_bytes
        if room <= 0 or bytes_left <= 0:
            return
        self._wanted, self._asked_at, self._connection_count = room, now, connections
        request = {"batch": room, "max_bytes": bytes_left, "expires": int(REQUEST_S * 1e9)}
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._durable}",
            json.dumps(request).encode(),
            reply=self._inbox,
        )

    def _receive(self, subject: bytes, reply: bytes, headers: bytes | None, data: bytes) -> None:
        if headers is not None and headers.startswith(b"NATS/1.0 "):
            self._end(headers)
            return
        self._arrived.append(Received(self._client, subject, reply, headers, data))
        self._arrived_bytes += len(data)
        self._wanted -= 1
        if len(self._arrived) == 1 or self._wanted <= 0:
            self._changed.set()

    def _end(self, status: bytes) -> None:
        """The broker has closed the request, with what it brought or with a reason that will not pass."""
        self._wanted = 0
        code, _, text = status.partition(b"\r\n")[0].removeprefix(b"NATS/1.0 ").partition(b" ")
        if text.startswith(_NO_ROOM):
            self._is_full = bool(self._arrived)
        elif code not in _USUAL_ENDS and not text.startswith(_FULFILLED):
            self._problem = f"{code.decode()} {text.decode()}"
        self._changed.set()
