"""Figures that Prometheus finds in the stores' own records, whichever process wrote them.

Read when somebody scrapes, so what a process did that has ended is counted all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

import asyncpg
import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

log = structlog.get_logger("serving")
_SCRAPE_S = 2.0


async def exposition(collectors: Mapping[str, Awaitable[Collector]]) -> bytes:
    """Prometheus text of all of them, read at once; nothing of one whose records are away.

    A scrape of this process must not wait for a store: its own figures are worth having.
    """
    return b"".join(await asyncio.gather(*(_one(name, found) for name, found in collectors.items())))


async def _one(name: str, reading: Awaitable[Collector]) -> bytes:
    try:
        async with asyncio.timeout(_SCRAPE_S):
            collector = await reading
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning(f"{name}_metrics_not_read", error=type(error).__name__)
        return b""
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)
