"""Keeps the parts of a process running: a part that fails starts again, later each time it fails soon."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from ingest import metrics

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
STEADY_AFTER_S = 30.0

RUNNING = "running"


class Supervisor:
    """Runs each part for ever. `states` says, for `/healthz`, what each is doing."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}

    async def keep(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Run `part` again whenever it fails, until cancelled."""
        pause_s = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            self.states[name] = RUNNING
            try:
                await part()
            except Exception as error:
                if time.monotonic() - started > STEADY_AFTER_S:
                    pause_s = FIRST_PAUSE_S
                metrics.FAILURES.labels(name).inc()
                # The type tells a store that is away; the traceback is for what nobody expected.
                log.warning(
                    "part failed", part=name, error=type(error).__name__, again_in_s=pause_s, exc_info=True
                )
                self.states[name] = f"starts again after {type(error).__name__}"
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
