"""Takes people's messages out of JetStream streams, their bytes too.

Every message of a stream that may name people is looked at: what a consumer has acknowledged, or the
warehouse has collapsed, nobody could list. A message that names one of them is deleted by its sequence,
which overwrites its bytes. A work queue forgets settled messages without overwriting them; once it is empty,
its files are begun anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg, RetentionPolicy, StreamInfo
from nats.js.errors import APIError, NotFoundError

from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure.subjects import Words
from orchestration.privacy.erasure.sweeping import Swept

_FETCH = 1_000
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
        """Drop the files of work queues, which hold settled messages; waits a while until each is empty."""
        emptied: list[str] = []
        waiting: list[str] = []
        for relation in declarations.of_store("jetstream"):
            if not relation.is_erased_here:
                continue
            try:
                info = await self._js.stream_info(relation.name)
            except NotFoundError:
                continue
            if info.config.retention == RetentionPolicy.WORK_QUEUE:
                (emptied if await self._begin_anew(relation.name) else waiting).append(relation.name)
        return Swept(0, detail={"begun_anew": emptied, "still_in_use": waiting})

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
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=30, mem_storage=True,
        filter_subject=">",
    )  # fmt: skip
    made = await js.add_consumer(info.config.name or "", config)
    pull = await js.pull_subscribe_bind(consumer=made.name, stream=info.config.name or "")
    try:
        while True:
            try:
                batch = await pull.fetch(_FETCH, timeout=_FETCH_S)
            except TimeoutError:
                if (await pull.consumer_info()).num_pending:
                    raise  # there is more, and what was not looked at is not known
                return
            for one in batch:
                sequence = one.metadata.sequence.stream
                if sequence > info.state.last_seq:
                    return
                yield sequence, _content(one)
                if sequence == info.state.last_seq or one.metadata.num_pending == 0:
                    return
    finally:
        await pull.unsubscribe()
        await js.delete_consumer(info.config.name or "", made.name)


def _content(message: RawStreamMsg | Msg) -> tuple[bytes, ...]:
    headers = "\n".join(f"{name}: {value}" for name, value in (message.headers or {}).items())
    return (message.subject or "").encode(), headers.encode(errors="replace"), message.data or b""
