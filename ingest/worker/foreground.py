"""One of our processes in the foreground: its work, its health over HTTP, and an orderly end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from ingest.worker.http import serve
from ingest.worker.supervision import Supervisor


async def run_in_foreground(work: Callable[[Supervisor], Awaitable[None]], *, host: str, port: int) -> None:
    """Do `work` until SIGTERM or SIGINT, serving `/healthz` and `/metrics`; raises what the work raised."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    supervisor = Supervisor()
    runner = await serve(supervisor, host=host, port=port)
    working = asyncio.ensure_future(work(supervisor))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        working.cancel()
        outcomes = await asyncio.gather(working, stopping, return_exceptions=True)
        await runner.cleanup()
    if isinstance(outcomes[0], Exception):
        raise outcomes[0]
