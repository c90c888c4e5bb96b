"""A company's ring and the clients that are level with it: they are written to in rounds.

A round is one pass over the clients, one write to each socket, all of it in calls of the event loop: no task
is woken for an event. What arrives during a round, and during the rest after it, leaves in the next one, so
the more there is to do, the more events go in a write.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from prometheus_client import Counter

from serving.stream import wire
from serving.stream.ring import Batch, Ring

# Frames and bytes per write: many for one system call in a burst, few for the buffer of a slow client.
BATCH = 128
BATCH_BYTES = 32 << 10
# Clients written to before the event loop looks at anything else: a third of a millisecond.
STEP = 32
# Seconds of rest per second of a round: the same events cost fewer writes, and other requests get their turn.
REST = 0.3
# A socket that was full is looked at again this often.
LOOK_S = 0.01


class Follower:
    """A client that is level with its ring, or nearly. `left` is done when the ring can do no more for it."""

    __slots__ = ("cursor", "left", "sequence", "transport")

    def __init__(self, transport: asyncio.Transport, cursor: int, sequence: int) -> None:
        self.transport = transport
        self.cursor = cursor
        self.sequence = sequence  # up to which the client has everything
        self.left: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Channel:
    def __init__(
        self, ring: Ring, deliveries: Counter, sign_of_life: Callable[[], tuple[int, bytes]]
    ) -> None:
        """`sign_of_life` gives the position of the log, and the frame that tells a quiet client of it."""
        self.ring = ring
        self._deliveries = deliveries
        self._sign_of_life = sign_of_life
        self._followers: dict[Follower, None] = {}
        self._full: dict[Follower, None] = {}  # their sockets take nothing now
        self._next: asyncio.Handle | None = None  # a step of a round, or the round after the rest
        self._look: asyncio.Handle | None = None
        self._is_due = False  # something came that the round under way may have passed by
        self._is_beat_due = False
        self._rests_until = 0.0

    def push(self, sequence: int, frame: bytes) -> None:
        self.ring.push(sequence, frame)
        self._wake()

    def beat(self) -> None:
        """Send every client that has everything a sign of life."""
        self._is_beat_due = True
        self._wake()

    def join(self, follower: Follower) -> None:
        """Write to a client from its cursor on, until it leaves."""
        self._followers[follower] = None
        if follower.cursor != self.ring.head:
            self._wake()

    def leave(self, follower: Follower) -> None:
        self._followers.pop(follower, None)
        self._full.pop(follower, None)
        if not follower.left.done():
            follower.left.set_result(None)

    def dismiss(self) -> None:
        """Let every client leave: the log is another one, or the process stops."""
        for follower in (*self._followers, *self._full):
            self.leave(follower)

    def _wake(self) -> None:
        self._is_due = True
        if self._next is None:
            self._schedule(self._rests_until - time.monotonic())

    def _schedule(self, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        if delay_s > 0:
            self._next = loop.call_later(delay_s, self._begin)
        else:
            self._next = loop.call_soon(self._begin)

    def _begin(self) -> None:
        is_beat, self._is_beat_due, self._is_due = self._is_beat_due, False, False
        self._step(list(self._followers), 0, is_beat, time.monotonic())

    def _step(self, followers: list[Follower], start: int, is_beat: bool, started: float) -> None:
        """Write to some clients of a round, and leave the others to the next turn of the event loop."""
        ring = self.ring
        sign: tuple[int, bytes] | None = None
        batch: Batch | None = None
        data = b""
        delivered = 0
        is_behind = False
        stop = start + STEP
        for follower in followers[start:stop]:
            cursor = follower.cursor
            if follower.left.done() or (cursor == ring.head and not is_beat):
                continue
            if follower.transport.is_closing():
                self._followers.pop(follower)  # its task hears of it
            elif follower.transport.get_write_buffer_size():
                self._put_aside(follower)
            elif ring.has_lost(cursor):
                self.leave(follower)
            elif cursor == ring.head:
                if sign is None:
                    position, frame = self._sign_of_life()
                    sign = position, wire.chunk(frame)
                follower.sequence = sign[0]
                follower.transport.write(sign[1])
            else:
                if (latest := ring.batch(cursor, BATCH, BATCH_BYTES)) is not batch:
                    batch, data = latest, wire.chunk(latest.data)
                follower.cursor, follower.sequence = latest.cursor, latest.sequence
                delivered += latest.cursor - cursor
                is_behind = is_behind or latest.cursor < ring.head
                follower.transport.write(data)
        self._deliveries.inc(delivered)
        if is_behind:
            self._is_due = True
        if stop < len(followers):
            self._next = asyncio.get_running_loop().call_soon(self._step, followers, stop, is_beat, started)
            return
        ended = time.monotonic()
        self._next = None
        self._rests_until = ended + REST * (ended - started)
        if self._is_due:
            self._schedule(self._rests_until - ended)

    def _put_aside(self, follower: Follower) -> None:
        self._followers.pop(follower)
        self._full[follower] = None
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(LOOK_S, self._look_again)

    def _look_again(self) -> None:
        """Take back the clients whose sockets have taken everything."""
        self._look = None
        for follower in list(self._full):
            if not follower.transport.get_write_buffer_size():
                del self._full[follower]
                self.join(follower)
        if self._full:
            self._look = asyncio.get_running_loop().call_later(LOOK_S, self._look_again)
