"""Bytes between the event loop and the thread a statement runs on, some way ahead of whoever is slower.

The engine then works without a pause while pieces come in and go out, and a slow client costs bounded memory.
A statement has one thread, so the thread may wait.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any

AHEAD = 4 << 20
"""Bytes of an INSERT that wait for the engine before its client is held up."""

PIECES_AHEAD = 8
"""Pieces of an answer that wait for its client before the engine is held up."""


class AbandonedError(Exception):
    """The INSERT's data will not come to their end."""


class Feed:
    """Data of an INSERT: put on the event loop, iterated over once on a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting, self._is_abandoned, self._is_closed = 0, False, False
        self._has_room = asyncio.Event()

    async def put(self, piece: bytes) -> None:
        """Hand over; waits for room unless the thread takes no more."""
        self._pieces.put(piece)
        self._waiting += len(piece)
        while self._waiting > AHEAD and not self._is_closed:
            self._has_room.clear()
            await self._has_room.wait()

    def end(self, *, is_abandoned: bool = False) -> None:
        self._is_abandoned = is_abandoned
        self._pieces.put(None)

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._pieces.get()) is not None:
            yield piece
            self._loop.call_soon_threadsafe(self._make_room, len(piece))
        if self._is_abandoned:
            raise AbandonedError

    def close(self) -> None:
        """From the thread: it takes no more, whatever the reason."""
        self._is_closed = True
        self._loop.call_soon_threadsafe(self._has_room.set)

    def _make_room(self, size: int) -> None:
        self._waiting -= size
        self._has_room.set()


async def read_ahead(
    on_thread: Callable[..., Awaitable[Any]], take: Callable[[], bytes | bytearray]
) -> AsyncGenerator[bytes | bytearray, None]:
    """The pieces `take` makes on a thread, until it makes an empty one. Close it, and the thread is free."""
    loop = asyncio.get_running_loop()
    made: asyncio.Queue[bytes | bytearray] = asyncio.Queue()
    room, is_over = threading.Semaphore(PIECES_AHEAD), threading.Event()

    def make() -> None:
        piece: bytes | bytearray
        try:
            while not is_over.is_set() and (piece := take()):
                loop.call_soon_threadsafe(made.put_nowait, piece)
                room.acquire()
        finally:
            loop.call_soon_threadsafe(made.put_nowait, b"")

    making = asyncio.ensure_future(on_thread(make))
    try:
        while piece := await made.get():
            room.release()
            yield piece
        await making
    finally:
        is_over.set()
        room.release()
        await asyncio.gather(making, return_exceptions=True)
