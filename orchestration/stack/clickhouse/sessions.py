"""Sessions by their `session_id`: one statement at a time, forgotten when nobody uses them.

Used from the event loop alone. Closing a context blocks, so the caller does that on a worker thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from orchestration.stack.clickhouse.context import Context
from orchestration.stack.clickhouse.errors import ClickHouseError


@dataclass
class _Session:
    context: Context
    is_locked: bool = True
    expires_at: float = 0.0


class Sessions:
    def __init__(
        self, make: Callable[[], Context], limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make, self._limit, self._clock = make, limit, clock
        self._sessions: dict[str, _Session] = {}

    def acquire(self, session_id: str, *, must_exist: bool = False) -> Context:
        """Lock a session for one statement, making it if it is new."""
        session = self._sessions.get(session_id)
        if session is None:
            if must_exist:
                raise ClickHouseError(372, "SESSION_NOT_FOUND", f"Session {session_id} not found")
            if len(self._sessions) >= self._limit:
                raise ClickHouseError(
                    202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                    f"Too many sessions: {self._limit} are open; close_session=1 and session_timeout end one",
                )  # fmt: skip
            self._sessions[session_id] = session = _Session(self._make())
        elif session.is_locked:
            raise ClickHouseError(
                373, "SESSION_IS_LOCKED", f"Session {session_id} is locked by a concurrent client"
            )
        session.is_locked = True
        return session.context

    def release(self, session_id: str, *, timeout_s: int) -> None:
        session = self._sessions[session_id]
        session.is_locked, session.expires_at = False, self._clock() + timeout_s

    def end(self, session_id: str) -> Context:
        """Forget a session the caller holds."""
        return self._sessions.pop(session_id).context

    def expired(self) -> list[Context]:
        """Forget the sessions nobody used in time."""
        now = self._clock()
        over = [
            key
            for key, session in self._sessions.items()
            if not session.is_locked and session.expires_at <= now
        ]
        return [self.end(key) for key in over]

    def all(self) -> list[Context]:
        """Forget every session, when the front stops."""
        return [self.end(key) for key in list(self._sessions)]

    def __len__(self) -> int:
        return len(self._sessions)
