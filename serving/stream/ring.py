"""The latest events of one company, encoded once, read by any number of clients at their own place.

A client holds a cursor: the number of the next frame it wants. The ring knows of no client, so a slow one
costs nothing here; it finds its frames overwritten and reads the log instead. `covers_after` says from which
sequence on nothing is missing, so a client that comes back mostly finds its place here as well.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Batch(NamedTuple):
    data: bytes
    cursor: int  # of the frame behind the batch
    sequence: int  # of the batch's last event in the log


class Ring:
    def __init__(self, size: int, covers_after: int) -> None:
        self.head = 0  # the cursor of a client that has every frame
        self.tail = 0  # the cursor of the oldest frame; below zero once older ones were put before it
        self.covers_after = covers_after
        self.lock = asyncio.Lock()  # of whoever puts older frames in
        self._size = size
        self._frames: list[bytes] = [b""] * size
        self._sequences: list[int] = [0] * size
        # Clients mostly stand at the same place: the last batch is joined once for all of them.
        self._latest_batch: tuple[int, Batch] | None = None

    @property
    def room(self) -> int:
        """How many older frames can be put in."""
        return self._size - (self.head - self.tail)

    def push(self, sequence: int, frame: bytes) -> None:
        place = self.head % self._size
        if not self.room:
            self.covers_after = self._sequences[place]
            self.tail += 1
        self._frames[place] = frame
        self._sequences[place] = sequence
        self.head += 1

    def put_before(self, records: Sequence[tuple[int, bytes]], covers_after: int) -> None:
        """Put in older frames, at most `room`, so that nothing is missing behind `covers_after`."""
        for sequence, frame in reversed(records):
            self.tail -= 1
            self._frames[self.tail % self._size] = frame
            self._sequences[self.tail % self._size] = sequence
        self.covers_after = covers_after
        self._latest_batch = None

    def begin_again(self, covers_after: int) -> None:
        """Forget every frame: the log they came from is not the one that is followed now."""
        self.tail = self.head
        self.covers_after = covers_after

    def has_lost(self, cursor: int) -> bool:
        """Whether the frame at the cursor has been overwritten."""
        return cursor < self.tail

    def find(self, after: int) -> int | None:
        """The cursor of the first frame behind a sequence; None if frames behind it may be missing here."""
        if after < self.covers_after:
            return None
        return (
            bisect_right(
                range(self.tail, self.head), after, key=lambda number: self._sequences[number % self._size]
            )
            + self.tail
        )

    def batch(self, cursor: int, most: int, most_bytes: int) -> Batch:
        """The frames from the cursor on, `most` at most, and no more once they are `most_bytes` long.

        The cursor must be behind the head and not lost.
        """
        end = min(self.head, cursor + most)
        if self._latest_batch is not None:
            start, batch = self._latest_batch
            if start == cursor and (batch.cursor == end or len(batch.data) >= most_bytes):
                return batch
        frames: list[bytes] = []
        length = 0
        for number in range(cursor, end):
            frame = self._frames[number % self._size]
            frames.append(frame)
            length += len(frame)
            if length >= most_bytes:
                break
        end = cursor + len(frames)
        batch = Batch(b"".join(frames), end, self._sequences[(end - 1) % self._size])
        self._latest_batch = (cursor, batch)
        return batch
