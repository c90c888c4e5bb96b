"""Requests per caller and minute: a fixed window, counted in this process."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_S = 60


@dataclass(frozen=True)
class Allowance:
    limit: int
    remaining: int
    reset_at: int  # Unix time at which the window ends
    is_exceeded: bool

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As they go out."""
        return [
            (b"x-ratelimit-limit", b"%d" % self.limit),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            (b"x-ratelimit-reset", b"%d" % self.reset_at),
        ]


class RateLimiter:
    """Counts one minute of the clock at a time; the counters of the last minute are dropped as a whole."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}

    def take(self, caller: str, limit: int, now: float) -> Allowance:
        """Count one request of `caller` at the Unix time `now`."""
        window = int(now) // WINDOW_S
        if window != self._window:
            self._window, self._counts = window, {}
        count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return Allowance(limit, max(0, limit - count), (window + 1) * WINDOW_S, count > limit)
