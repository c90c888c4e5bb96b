"""How much one source may send, so that a sender gone wild leaves the others their share."""

from __future__ import annotations


class TokenBucket:
    """`per_second` on average, with a burst of one second's worth; 0 or less is no limit."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._burst = max(per_second, 1.0)
        self._tokens = self._burst
        self._filled_at: float | None = None

    def wait_s(self, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one. `now` is a monotonic time."""
        if self._per_second <= 0:
            return 0.0
        if self._filled_at is not None:
            gained = (now - self._filled_at) * self._per_second
            self._tokens = min(self._burst, self._tokens + gained)
        self._filled_at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._per_second
