"""One client's stream, as a plain ASGI response.

While the client is level with its ring, the ring's channel writes to it and the response waits. What is rare
is done here: the beginning, what it missed and only the log has, and the end. `send` returns when the socket
takes more, so a slow client holds one batch and its place, never a queue.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, aclosing, contextmanager, suppress
from dataclasses import dataclass

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from serving.metrics import Metrics
from serving.stream import frames, wire
from serving.stream.channel import BATCH, BATCH_BYTES, Channel, Follower
from serving.stream.hub import Hub, HubUnavailableError
from serving.stream.ring import Ring
from serving.stream.visibility import View

log = structlog.get_logger("serving.stream")

_EVENT_ID = re.compile(r"([0-9a-f]{1,16})-([0-9]{1,19})", re.ASCII)
# How long a client's event id may be ahead of what this process has read before the client has to come back.
_AHEAD_S = 2.0
_GOODBYE_S = 1.0
# A client that has not taken what it was sent by then is slow: the log is not kept open for it.
_AT_ONCE_S = 0.05


@dataclass(frozen=True)
class Subscription:
    """What a client asked for, and may have."""

    company: str
    view: View
    last_event_id: str | None
    is_conflated: bool  # of a figure only the newest value, where the client has to catch up
    lifetime_s: float
    retry_ms: int


class UpdateStream(Response):
    """Everything of one company behind `last_event_id`, then what comes, until the lifetime is over."""

    def __init__(
        self,
        hub: Hub,
        metrics: Metrics,
        subscription: Subscription,
        revocation: AbstractContextManager[asyncio.Future[None]],
    ) -> None:
        super().__init__(
            media_type="text/event-stream",
            headers={
                "Cache-Control": "no-cache",
                "X-Accel-Buffering": "no",
                "Transfer-Encoding": "chunked",  # said, because the channel writes the chunks
            },
        )
        del self.headers["Content-Length"]
        self._hub = hub
        self._metrics = metrics
        self._asked = subscription
        self._revocation = revocation
        self._ends_at = 0.0  # on the clock of the event loop
        self._position = 0  # sequence up to which the client has everything
        self._generation = hub.generation  # of the log that the position is in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Without a look at `receive`, the server would keep writing to a client that has gone.
        self._transport = wire.transport_of(scope)
        wire.bound_unread(self._transport)
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_disconnected(receive))
        with self._revocation as revoked:
            try:
                await asyncio.wait({writing, leaving, revoked}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _cancel(leaving)
                await _cancel(writing)
            if revoked.done() and writing.cancelled():
                await self._end(send)
        if not writing.cancelled():
            writing.result()

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._ends_at = asyncio.get_running_loop().time() + self._asked.lifetime_s
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._ends_at):
                try:
                    async with self._hub.joined(self._asked.company, self._asked.view) as channel:
                        await self._stream(send, channel)
                except HubUnavailableError as error:
                    log.warning("stream_ended_early", company_id=self._asked.company, reason=str(error))
        await self._end(send)

    async def _stream(self, send: Send, channel: Channel) -> None:
        await _send(send, frames.retry(self._asked.retry_ms))
        hub, ring = self._hub, channel.ring
        cursor = await self._start(send, ring)
        while not hub.is_closing and not self._is_over():
            if self._generation != hub.generation:
                cursor = await self._begin_again(send, ring, "recreated")
            elif ring.has_lost(cursor):
                self._metrics.stream_catch_ups.inc()
                cursor = await self._catch_up(send, ring)
            else:
                cursor = await self._follow(channel, Follower(self._transport, cursor, self._position))

    async def _follow(self, channel: Channel, follower: Follower) -> int:
        """Be written to by the channel, until it can do no more; the client's place in the ring then."""
        channel.join(follower)
        try:
            await follower.left
        finally:
            channel.leave(follower)
            self._position = follower.sequence
        return follower.cursor

    def _is_over(self) -> bool:
        # Looked at here too, because the timeout around the stream is a cancellation, and see `_cancel`.
        return asyncio.get_running_loop().time() >= self._ends_at

    async def _start(self, send: Send, ring: Ring) -> int:
        """Replay what the client missed or say that this cannot be done; returns its place in the ring."""
        after, refusal = await self._resume_point()
        if refusal is not None:
            self._metrics.stream_resumes.labels(refusal).inc()
            return await self._begin_again(send, ring, refusal)
        if after is None:
            cursor = ring.head
        else:
            self._metrics.stream_resumes.labels("resumed").inc()
            self._position = after
            place = None
            if not self._asked.is_conflated:
                place = await self._hub.find(ring, self._asked.company, self._asked.view, after)
            cursor = place if place is not None else await self._catch_up(send, ring)
        if cursor == ring.head:
            await self._tell_position(send, frames.position(self._hub.epoch, self._hub.position))
        return cursor

    async def _resume_point(self) -> tuple[int | None, str | None]:
        """The sequence to resume behind, if one was given, or the reason why it cannot be resumed."""
        given = self._asked.last_event_id
        if given is None:
            return None, None
        if (parts := _EVENT_ID.fullmatch(given)) is None:
            return None, "malformed"
        epoch, after = parts[1], int(parts[2])
        state = await self._hub.state()
        if epoch != state.epoch:
            # An epoch is a time: the log was made anew since, or the id was never one of this platform.
            return None, "recreated" if int(epoch, 16) < int(state.epoch, 16) else "foreign"
        if after > state.last:
            return None, "unknown"
        if after < state.first - 1:
            return None, "expired"
        # Another process may have told the client more than this one has read yet.
        await self._hub.reached(after, within_s=_AHEAD_S)
        return after, None

    async def _begin_again(self, send: Send, ring: Ring, reason: str) -> int:
        """Tell the client to fetch everything again; it goes on from this moment."""
        hub = self._hub
        cursor, self._position, self._generation = ring.head, hub.position, hub.generation
        await _send(send, frames.reset(hub.epoch, self._position, reason))
        return cursor

    async def _catch_up(self, send: Send, ring: Ring) -> int:
        """Send from the log, part by part, until the ring has what follows; the client's place in it."""
        hub, asked = self._hub, self._asked
        with self._reading_the_log():
            while (cursor := ring.find(self._position)) is None and self._generation == hub.generation:
                if asked.is_conflated:
                    chunk = await hub.history(
                        asked.company, asked.view, self._position, upto=hub.position, is_conflated=True
                    )
                    await self._send_pieces(send, _pieces(chunk.frames))
                    self._position = chunk.after
                else:
                    await self._read_on(send)
        return ring.head if cursor is None else cursor

    async def _read_on(self, send: Send) -> None:
        """Send parts of the log as long as the client takes each at once; the last one however slow it is."""
        hub, asked = self._hub, self._asked
        parts = hub.histories(asked.company, asked.view, self._position, upto=hub.position)
        async with aclosing(parts):
            async for chunk in parts:
                pieces = _pieces(chunk.frames)
                after = chunk.after
                if not await self._send_at_once(send, pieces):
                    break
                self._position = after
            else:
                return
        await self._send_pieces(send, pieces)
        self._position = after

    async def _send_at_once(self, send: Send, pieces: Iterator[tuple[int, bytes, int]]) -> bool:
        """Whether the client took every piece without being waited for; the others stay in the iterator."""
        while await wire.is_drained(self._transport, within_s=_AT_ONCE_S):
            if (piece := next(pieces, None)) is None:
                return True
            await self._send_pieces(send, iter((piece,)))
        return False

    async def _send_pieces(self, send: Send, pieces: Iterator[tuple[int, bytes, int]]) -> None:
        for sequence, data, count in pieces:
            await _send(send, data)
            self._position = sequence
            self._metrics.stream_deliveries.inc(count)

    @contextmanager
    def _reading_the_log(self) -> Iterator[None]:
        self._hub.readers += 1
        try:
            yield
        finally:
            self._hub.readers -= 1

    async def _tell_position(self, send: Send, frame: bytes) -> None:
        self._position = self._hub.position
        await _send(send, frame)

    async def _end(self, send: Send) -> None:
        """A clean end: the client comes back by itself, and not at the same moment as all the others."""
        retry_ms = self._asked.retry_ms + secrets.randbelow(self._asked.retry_ms + 1)
        with suppress(TimeoutError):  # a client that does not read is not waited for
            async with asyncio.timeout(_GOODBYE_S):
                await send({"type": "http.response.body", "body": frames.retry(retry_ms), "more_body": False})


def _pieces(told: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes, int]]:
    """Frames joined to writes, each with the sequence it brings the client to and how many they are."""
    piece: list[bytes] = []
    size = 0
    for place, (sequence, frame) in enumerate(told, 1):
        piece.append(frame)
        size += len(frame)
        if size >= BATCH_BYTES or len(piece) == BATCH or place == len(told):
            yield sequence, b"".join(piece), len(piece)
            piece, size = [], 0


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
