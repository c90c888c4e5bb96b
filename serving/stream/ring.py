"""The latest events of one company, encoded once, read by any number of clients at their own place.

A client holds a cursor: the number of the next frame it wants. The ring knows only of clients that wait, so a
slow client costs nothing here; it finds its frames overwritten and reads the log instead.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple


class Batch(NamedTuple):
    data: bytes
    cursor: int  # of the frame behind the batch
    sequence: int  # of the batch's last event in the log


class Ring:
    def __init__(self, size: int) -> None:
        self.head = 0  # frames pushed so far; the cursor of a client that has them all
        self._size = size
        self._frames: list[bytes] = [b""] * size
        self._sequences: list[int] = [0] * size
        self._waiting: list[asyncio.Future[None]] = []
        # Clients mostly stand at the same place: the last batch is joined once for all of them.
        self._latest_batch: tuple[int, Batch] | None = None

    def push(self, sequence: int, frame: bytes) -> None:
        place = self.head % self._size
        self._frames[place] = frame
        self._sequences[place] = sequence
        self.head += 1
        self.wake()

    def wake(self) -> None:
        """Let every waiting client look again, also without a new frame."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def wait(self) -> asyncio.Future[None]:
        """Done at the next push or wake."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    def has_lost(self, cursor: int) -> bool:
        """Whether the frame at the cursor has been overwritten."""
        return self.head - cursor > self._size

    def batch(self, cursor: int, most: int) -> Batch:
        """The frames from the cursor on, `most` at most. The cursor must be behind the head and not lost."""
        end = min(self.head, cursor + most)
        if self._latest_batch is not None:
            start, batch = self._latest_batch
            if start == cursor and batch.cursor == end:
                return batch
        data = b"".join(self._frames[number % self._size] for number in range(cursor, end))
        batch = Batch(data, end, self._sequences[(end - 1) % self._size])
        self._latest_batch = (cursor, batch)
        return batch
