"""Counts restarts inside supervisord, which itself keeps none. Loaded by it as an RPC interface."""

from __future__ import annotations

import time
from typing import Any, TypedDict

from supervisor import events  # type: ignore[import-untyped]
from supervisor.states import ProcessStates  # type: ignore[import-untyped]

NAMESPACE = "restarts"
_DIED = (ProcessStates.EXITED, ProcessStates.BACKOFF, ProcessStates.FATAL, ProcessStates.UNKNOWN)


class Restarts(TypedDict):
    """How often a child was started again because it had died, and when last (seconds since 1970)."""

    count: int
    last_at: float


class RestartsInterface:
    def __init__(self) -> None:
        self._restarts: dict[str, Restarts] = {}
        events.subscribe(events.ProcessStateStartingEvent, self._note)

    def _note(self, event: Any) -> None:
        # A start from STOPPED was asked for by somebody: only the others are restarts.
        if event.from_state in _DIED:
            name = event.process.config.name
            count = self._restarts[name]["count"] if name in self._restarts else 0
            self._restarts[name] = Restarts(count=count + 1, last_at=time.time())

    def all(self) -> dict[str, Restarts]:
        """Restarts per child since the supervisor started; a child that never died is missing."""
        return self._restarts


def interface(_supervisord: Any, **_config: Any) -> RestartsInterface:
    return RestartsInterface()
