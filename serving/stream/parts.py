"""Parts of the log that were read a moment ago, for all clients that are behind the ring just then.

After a restart hundreds may be. Each of them reading the same events for itself, they wait for one another
for longer than a connection lasts, and the next connection begins where this one did.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import NamedTuple

from serving.stream.history import Chunk
from serving.stream.visibility import View

MOST_BYTES = 16 << 20
# As long as a client that comes back at once needs; what is taken out of the log is not shown for longer.
KEPT_S = 10.0


class _Part(NamedTuple):
    company: str
    view: View
    after: int  # the part is complete from behind here on
    chunk: Chunk
    size: int
    until: float


class Parts:
    """What is behind a sequence, if somebody read it lately. Bounded in bytes and in time."""

    def __init__(
        self,
        *,
        most_bytes: int = MOST_BYTES,
        kept_s: float = KEPT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_bytes = most_bytes
        self._kept_s = kept_s
        self._clock = clock
        self._of: defaultdict[tuple[str, View], list[_Part]] = defaultdict(list)  # none overlaps another
        self._by_age: deque[_Part] = deque()
        self.size = 0  # bytes of the frames

    def find(self, company: str, view: View, after: int) -> Chunk | None:
        """What follows a sequence, as far as the part goes that has it; None if no part does."""
        self._forget(self._clock())
        parts = self._of.get((company, view), [])
        place = bisect_right(parts, after, key=attrgetter("after")) - 1
        if place < 0 or parts[place].chunk.after <= after:
            return None
        chunk = parts[place].chunk
        first = bisect_right(chunk.frames, after, key=itemgetter(0))
        return chunk._replace(frames=chunk.frames[first:]) if first else chunk

    def next_after(self, company: str, view: View, after: int) -> int | None:
        """Behind which sequence the next part begins: so far at most is worth reading."""
        parts = self._of.get((company, view), [])
        place = bisect_right(parts, after, key=attrgetter("after"))
        return parts[place].after if place < len(parts) else None

    def keep(self, company: str, view: View, after: int, chunk: Chunk) -> None:
        """Remember what was read behind a sequence; not what has gaps, nor what another part has."""
        if chunk.has_gap or chunk.after <= after:
            return
        upto = self.next_after(company, view, after)
        if self.find(company, view, after) is not None or (upto is not None and upto < chunk.after):
            return
        now = self._clock()
        size = sum(len(frame) for _, frame in chunk.frames)
        part = _Part(company, view, after, chunk, size, now + self._kept_s)
        parts = self._of[company, view]
        parts.insert(bisect_right(parts, after, key=attrgetter("after")), part)
        self._by_age.append(part)
        self.size += size
        self._forget(now)

    def clear(self) -> None:
        """Forget everything: the log is another one now."""
        self._of.clear()
        self._by_age.clear()
        self.size = 0

    def _forget(self, now: float) -> None:
        while self._by_age and (self._by_age[0].until <= now or self.size > self._most_bytes):
            part = self._by_age.popleft()
            parts = self._of[part.company, part.view]
            parts.remove(part)
            if not parts:
                del self._of[part.company, part.view]
            self.size -= part.size
