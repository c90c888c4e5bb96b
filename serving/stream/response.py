"""One client's stream, as a plain ASGI response.

It waits for nothing but the ring and the socket: `send` returns when the socket takes more, so a slow client
holds one batch and its place, never a queue. What it missed meanwhile is in the ring, or else in the log.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from serving.metrics import Metrics
from serving.stream import frames
from serving.stream.hub import Hub, HubUnavailableError
from serving.stream.ring import Ring

log = structlog.get_logger("serving.stream")

# Frames per write: many for one system call in a burst, few for the buffer of a slow client's socket.
BATCH = 64
_DIGITS_OF_A_SEQUENCE = 19
# How long a client's event id may be ahead of what this process has read before the client has to come back.
_AHEAD_S = 2.0
_GOODBYE_S = 1.0


@dataclass(frozen=True)
class StreamLimits:
    lifetime_s: float
    retry_ms: int


class UpdateStream(Response):
    """Everything of one company behind `last_event_id`, then what comes, until the lifetime is over."""

    def __init__(
        self, hub: Hub, metrics: Metrics, company: str, last_event_id: str | None, limits: StreamLimits
    ) -> None:
        super().__init__(
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )
        del self.headers["Content-Length"]
        self._hub = hub
        self._metrics = metrics
        self._company = company
        self._last_event_id = last_event_id
        self._limits = limits
        self._ends_at = 0.0  # on the clock of the event loop
        self._position = 0  # sequence up to which the client has everything

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Without a look at `receive`, the server would keep writing to a client that has gone.
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel(leaving)
            await _cancel(writing)
        if not writing.cancelled():
            writing.result()

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._ends_at = asyncio.get_running_loop().time() + self._limits.lifetime_s
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._ends_at):
                try:
                    async with self._hub.joined(self._company) as ring:
                        await self._stream(send, ring)
                except HubUnavailableError as error:
                    log.warning("stream_ended_early", company_id=self._company, reason=str(error))
        await self._end(send)

    async def _stream(self, send: Send, ring: Ring) -> None:
        await _send(send, frames.retry(self._limits.retry_ms))
        cursor = await self._start(send, ring)
        while not self._hub.is_closing and not self._is_over():
            if ring.has_lost(cursor):
                self._metrics.stream_catch_ups.inc()
                cursor = await self._catch_up(send, ring)
            elif cursor < ring.head:
                batch = ring.batch(cursor, BATCH)
                self._metrics.stream_deliveries.inc(batch.cursor - cursor)
                cursor, self._position = batch.cursor, batch.sequence
                await _send(send, batch.data)
            else:
                await ring.wait()
                if cursor == ring.head and not self._hub.is_closing:
                    await _send(send, frames.KEEP_ALIVE)

    def _is_over(self) -> bool:
        # Looked at here too, because the timeout around the stream is a cancellation, and see `_cancel`.
        return asyncio.get_running_loop().time() >= self._ends_at

    async def _start(self, send: Send, ring: Ring) -> int:
        """Replay what the client missed or say that this cannot be done; returns its place in the ring."""
        after, refusal = await self._resume_point()
        cursor, upto = ring.head, self._hub.position
        if refusal is not None:
            self._metrics.stream_resumes.labels(refusal).inc()
            await _send(send, frames.reset(upto, refusal))
        else:
            if after is not None:
                self._metrics.stream_resumes.labels("resumed").inc()
                await self._replay(send, after, upto)
            await _send(send, frames.position(upto))
        self._position = upto
        return cursor

    async def _resume_point(self) -> tuple[int | None, str | None]:
        """The sequence to resume behind, if one was given, or the reason why it cannot be resumed."""
        given = self._last_event_id
        if given is None:
            return None, None
        if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS_OF_A_SEQUENCE):
            return None, "malformed"
        after = int(given)
        state = await self._hub.state()
        if after > state.last:
            return None, "unknown"
        if after < state.first - 1:
            return None, "expired"
        # Another process may have told the client more than this one has read yet.
        await self._hub.reached(after, within_s=_AHEAD_S)
        return after, None

    async def _catch_up(self, send: Send, ring: Ring) -> int:
        """The client's next frame left the ring: read it from the log, or say what the log no longer has."""
        state = await self._hub.state()
        cursor, upto = ring.head, self._hub.position
        if state.last < self._position:
            await _send(send, frames.reset(upto, "recreated"))
        else:
            if state.first > self._position + 1:
                await _send(send, frames.gap(self._position + 1, state.first - 1))
                self._position = state.first - 1
            await self._replay(send, self._position, upto)
        self._position = upto
        return cursor

    async def _replay(self, send: Send, after: int, upto: int) -> None:
        async with aclosing(self._batches(after, upto)) as batches:
            async for batch in batches:
                self._metrics.stream_deliveries.inc(len(batch))
                await _send(send, b"".join(batch))
        if after < upto:
            # Retention may have overtaken the reading; then this client cannot know what it did not get.
            state = await self._hub.state()
            if state.first > after + 1:
                await _send(send, frames.gap(after + 1, state.first - 1))

    async def _batches(self, after: int, upto: int) -> AsyncGenerator[Sequence[bytes], None]:
        batch: list[bytes] = []
        async with aclosing(self._hub.history(self._company, after, upto)) as records:
            async for record in records:
                batch.append(frames.event(record.sequence, record.name, record.data))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def _end(self, send: Send) -> None:
        """A clean end: the client comes back by itself, and not at the same moment as all the others."""
        retry_ms = self._limits.retry_ms + secrets.randbelow(self._limits.retry_ms + 1)
        with suppress(TimeoutError):  # a client that does not read is not waited for
            async with asyncio.timeout(_GOODBYE_S):
                await send({"type": "http.response.body", "body": frames.retry(retry_ms), "more_body": False})


async def _cancel(task: asyncio.Task[None]) -> None:
    """End a task for certain: before Python 3.12 `asyncio.wait_for`, in nats-py too, may swallow a cancel."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.1)


async def _send(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
