"""One pass over everything that is due: planned, then sent. Any number of passes may run at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg

from orchestration.impact_in import callbacks
from orchestration.impact_in.delivering import Deliverer
from orchestration.impact_in.planning import Rules, is_anything_due, plan
from orchestration.impact_in.settings import DeliverySettings
from orchestration.impact_in.vault import Vault

LINGER = timedelta(seconds=20)  # a retry that is this near is waited for


async def run_due(postgres_url: str, settings: DeliverySettings) -> Counter[str]:
    """Apply callbacks, plan and send, and return when nothing is due for a while; counts what was done."""
    rules = Rules(settings.enabled_platforms(), settings.default_cadences())
    async with _pool(postgres_url) as pool:
        counts = await callbacks.apply(pool, datetime.now(UTC))
        counts += await plan(pool, rules, datetime.now(UTC))
        deliverer = Deliverer(
            pool, Vault(settings.sealer()), enabled=rules.enabled,
            private_hosts=settings.impact_in_private_hosts,
        )  # fmt: skip
        counts += await deliverer.drain(linger_s=LINGER.total_seconds())
        return counts


async def look(postgres_url: str, settings: DeliverySettings) -> bool:
    """Apply callbacks, and say whether a pass would find something to do now."""
    rules = Rules(settings.enabled_platforms(), settings.default_cadences())
    async with _pool(postgres_url) as pool:
        now = datetime.now(UTC)
        await callbacks.apply(pool, now)
        async with pool.acquire() as connection:
            return await is_anything_due(connection, rules, now, LINGER)


@asynccontextmanager
async def _pool(postgres_url: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(
        postgres_url, min_size=0, max_size=8, timeout=5, command_timeout=60
    ) as pool:
        yield pool
