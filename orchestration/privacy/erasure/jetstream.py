"""Takes people's messages out of JetStream streams, their bytes too.

Every message of a stream that may name people is looked at: what a consumer has acknowledged, or the
warehouse has collapsed, nobody could list. A message that names one of them is deleted by its sequence,
which overwrites its bytes. A work queue forgets settled messages without overwriting them; once it is empty,
its files are begun anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg, RetentionPolicy, StreamInfo
from nats.js.errors import APIError, NotFoundError

from ingest.jetstream import client_of
from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure.subjects import Words
from orchestration.privacy.erasure.sweeping import Swept

_FETCH = 2_000
_FETCH_BYTES = 32 << 20  # a message may have 1 MiB
_USUAL_ENDS = (b"Batch Completed", b"Message Size Exceeds MaxBytes")
_FIELDS_WITHOUT_DOMAIN = (
    9  # of `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<of consumer>.<at>.<pending>`
)
_FETCH_S = 5.0
_EMPTY_TRIES = 20
_EMPTY_PAUSE_S = 0.25


class Streams:
    """Sweeps streams for one set of people."""

    def __init__(self, js: JetStreamContext, words: Words) -> None:
        self._js = js
        self._words = words

    async def sweep(self, relation: Relation) -> Swept:
        """Delete the messages of one stream that name anybody of them."""
        try:
            info = await self._js.stream_info(relation.name)
        except NotFoundError:
            return Swept(0, detail={"absent": True})
        looked_at, found = 0, []
        async for sequence, content in messages(self._js, info):
            looked_at += 1
            if any(self._words.found_in(part) for part in content):
                found.append(sequence)
        for sequence in found:
            with suppress(
                NotFoundError, APIError
            ):  # gone by now: settled, or expired; the verifier looks again
                await self._js.delete_msg(relation.name, sequence)
        return Swept(len(found), detail={"messages": looked_at, "through": info.state.last_seq})

    async def begin_files_anew(self, declarations: Declarations) -> Swept:
        """Drop the files of work queues, which hold settled messages; waits a while until they are empty."""
        queues: list[str] = []
        for relation in declarations.of_store("jetstream"):
            if not relation.is_erased_here:
                continue
            try:
                info = await self._js.stream_info(relation.name)
            except NotFoundError:
                continue
            if info.config.retention == RetentionPolicy.WORK_QUEUE:
                queues.append(relation.name)
        begun = dict(zip(queues, await asyncio.gather(*map(self._begin_anew, queues)), strict=True))
        return Swept(
            0,
            detail={
                "begun_anew": [name for name, is_anew in begun.items() if is_anew],
                "still_in_use": [name for name, is_anew in begun.items() if not is_anew],
            },
        )

    async def _begin_anew(self, stream: str) -> bool:
        for _ in range(_EMPTY_TRIES):
            state = (await self._js.stream_info(stream)).state
            if state.messages == 0:
                # Everything below the next sequence: what arrives in this moment is above it, and stays.
                await self._js.purge_stream(stream, seq=state.last_seq + 1)
                return True
            await asyncio.sleep(_EMPTY_PAUSE_S)
        return False


async def messages(js: JetStreamContext, info: StreamInfo) -> AsyncIterator[tuple[int, tuple[bytes, ...]]]:
    """Every message of this moment: its sequence, and its subject, headers and body as bytes.

    Raises TimeoutError if the broker stops delivering before the last one.
    """
    if not info.state.messages:
        return
    if info.config.retention == RetentionPolicy.WORK_QUEUE:
        # Its one consumer is the worker's; there are few messages, and each is asked for.
        for sequence in range(info.state.first_seq, info.state.last_seq + 1):
            try:
                message = await js.get_msg(info.config.name or "", seq=sequence)
            except NotFoundError:
                continue
            yield sequence, _content(message)
        return
    reading = _Reading(js, info.config.name or "", info.state.last_seq)
    async with aclosing(reading.each()) as each:
        async for one in each:
            yield one


class _Reading:
    """All messages of a stream up to a sequence, batch after batch, the next one on its way meanwhile."""

    def __init__(self, js: JetStreamContext, stream: str, through: int) -> None:
        self._js = js
        self._client = client_of(js)
        self._stream = stream
        self._through = through
        self._arrived: list[tuple[int, tuple[bytes, ...]]] = []
        self._wanted, self._is_over = 0, True  # of the open request; whether there is none
        self._is_last = False  # nothing comes after what has arrived
        self._count = 0
        self._problem: str | None = None
        self._changed = asyncio.Event()

    async def each(self) -> AsyncGenerator[tuple[int, tuple[bytes, ...]]]:
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=30,
            mem_storage=True, filter_subject=">",
        )  # fmt: skip
        name = (await self._js.add_consumer(self._stream, config)).name
        inbox = self._client.new_inbox()
        subscription = await self._client.subscribe_sink(inbox, self._take)
        try:
            while True:
                await self._ask(name, inbox)
                try:
                    await asyncio.wait_for(self._changed.wait(), _FETCH_S)
                except TimeoutError:
                    if await self._is_at_the_end(name):
                        return
                    raise  # there is more, and what was not looked at is not known
                self._changed.clear()
                if self._problem is not None:
                    raise TimeoutError(f"{self._stream} stopped delivering: {self._problem}")
                batch, self._arrived, is_last = self._arrived, [], self._is_last
                if not batch and await self._is_at_the_end(name):
                    return
                if not is_last:
                    await self._ask(name, inbox)
                for sequence, content in batch:
                    if sequence <= self._through:
                        yield sequence, content
                if is_last:
                    return
        finally:
            self._client.sinks.pop(subscription._id, None)
            await subscription.unsubscribe()
            await self._js.delete_consumer(self._stream, name)

    async def _ask(self, consumer: str, inbox: str) -> None:
        if not self._is_over:
            return
        self._wanted, self._is_over = _FETCH, False
        request = {"batch": _FETCH, "max_bytes": _FETCH_BYTES, "expires": int(_FETCH_S / 2 * 1e9)}
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{consumer}", json.dumps(request).encode(), reply=inbox
        )

    async def _is_at_the_end(self, consumer: str) -> bool:
        """Whether the broker has nothing more, and nothing that it sent is still on its way."""
        info = await self._js.consumer_info(self._stream, consumer)
        sent = info.delivered.consumer_seq if info.delivered else 0
        return not info.num_pending and sent <= self._count

    def _take(self, subject: bytes, reply: bytes, headers: bytes | None, data: bytes) -> None:
        if headers is not None and headers.startswith(b"NATS/1.0 "):  # a status: the request is over
            said = headers.partition(b"\r\n")[0].removeprefix(b"NATS/1.0 ")
            if not said.startswith((b"404", b"408")) and not said.endswith(_USUAL_ENDS):
                self._problem = said.decode(errors="replace")
            self._is_over = True
            self._changed.set()
            return
        fields = reply.split(b".")
        first = 4 if len(fields) == _FIELDS_WITHOUT_DOMAIN else 6
        sequence, pending = int(fields[first + 1]), int(fields[first + 4])
        self._arrived.append((sequence, (subject, headers or b"", data)))
        self._count += 1
        self._wanted -= 1
        if int(fields[first + 2]) != self._count:
            self._problem = f"message {self._count} of {self._stream} was lost on its way"
        self._is_over = self._wanted == 0
        self._is_last = sequence >= self._through or pending == 0
        if self._is_over or self._is_last:
            self._changed.set()


def _content(message: RawStreamMsg) -> tuple[bytes, ...]:
    headers = "\n".join(f"{name}: {value}" for name, value in (message.headers or {}).items())
    return (message.subject or "").encode(), headers.encode(errors="replace"), message.data or b""
