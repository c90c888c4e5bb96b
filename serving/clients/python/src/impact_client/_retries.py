"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import httpx

from impact_client._answers import retry_after_s

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_PASSING = frozenset({429, 502, 503, 504})
_STILL_RUNNING = 10  # times as many tries: nothing is wrong, and the answer is being made

# POSTs that the API takes twice for once, without a key that says so.
REPEATABLE = re.compile(
    r"/v1/(journey/milestones/[^/]+/[^/]+|journey/participants/[^/]+/evaluate"
    r"|privacy/requests/[^/]+/cancel|safety/screen|stream/session)$"
)


@dataclass(frozen=True)
class Retries:
    """How often and how patiently. `Retries(attempts=1)` sends everything once."""

    attempts: int = 4
    first_wait_s: float = 0.5  # doubled with every try, and half of it at random
    longest_wait_s: float = 30.0  # of one wait; a longer `Retry-After` is raised at once

    def after_error(self, request: httpx.Request, error: httpx.TransportError, attempt: int) -> float | None:
        """Seconds to wait before the next try; None if there is none.

        A request that may have arrived is sent again only where the API takes it twice for once.
        """
        never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        if attempt >= self.attempts or not (never_sent or is_repeatable(request)):
            return None
        return self._pause(attempt)

    def after_answer(self, request: httpx.Request, response: httpx.Response, attempt: int) -> float | None:
        """Seconds to wait before the next try; None if this answer is the one."""
        asked = retry_after_s(response)
        # 409 with Retry-After: the request of this Idempotency-Key is still being worked on.
        is_passing = response.status_code in _PASSING or (response.status_code == 409 and asked is not None)
        allowed = self.attempts
        if response.status_code == 409 and allowed > 1:
            allowed *= _STILL_RUNNING
        if attempt >= allowed or not is_passing:
            return None
        if response.status_code != 429 and not is_repeatable(request):  # after a 429 nothing was done
            return None
        if asked is None:
            return self._pause(attempt)
        return asked if asked <= self.longest_wait_s else None

    def _pause(self, attempt: int) -> float:
        longest: float = min(self.longest_wait_s, self.first_wait_s * 2 ** (attempt - 1))
        return longest * (0.5 + random.random() / 2)  # noqa: S311 spreads clients, keeps no secret


def is_repeatable(request: httpx.Request) -> bool:
    """Whether sending it twice is the same as once."""
    return (
        request.method in _SAFE
        or "idempotency-key" in request.headers
        or REPEATABLE.search(request.url.path) is not None
    )
