"""One pass over everything that is due: planned, then sent. Any number of passes may run at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import asyncpg

from orchestration.impact_in.delivering import Deliverer
from orchestration.impact_in.planning import Rules, is_anything_due, plan
from orchestration.impact_in.settings import DeliverySettings
from orchestration.impact_in.vault import Vault

LINGER = timedelta(seconds=20)  # a retry that is this near is waited for


async def run_due(postgres_url: str, settings: DeliverySettings) -> Counter[str]:
    """Plan and send what is due, and return when nothing is due for a while; counts what was done."""
    pool = await asyncpg.create_pool(postgres_url, min_size=0, max_size=8, command_timeout=60)
    try:
        enabled = settings.enabled_platforms()
        rules = Rules(enabled, settings.default_cadences())
        counts = await plan(pool, rules, datetime.now(UTC))
        deliverer = Deliverer(
            pool, Vault(settings.sealer()), enabled=enabled, private_hosts=settings.impact_in_private_hosts
        )
        counts += await deliverer.drain(linger_s=LINGER.total_seconds())
        return counts
    finally:
        await pool.close()


async def anything_due(postgres_url: str, settings: DeliverySettings) -> bool:
    """Whether a pass would find something to do now."""
    connection = await asyncpg.connect(postgres_url, timeout=5, command_timeout=10)
    try:
        if not settings.default_cadences():
            is_unscheduled = False
        else:
            is_unscheduled = await connection.fetchval(
                "select exists (select from impact_in.connections as connections"
                " where connections.platform = any($1) and not exists (select from impact_in.schedules"
                " as schedules"
                "  where schedules.company_id = connections.company_id and schedules.platform ="
                " connections.platform))",
                list(settings.default_cadences()),
            )
        return is_unscheduled or await is_anything_due(
            connection, settings.enabled_platforms(), datetime.now(UTC), LINGER
        )
    finally:
        await connection.close()


def run_due_blocking(postgres_url: str, settings: DeliverySettings) -> Counter[str]:
    return asyncio.run(run_due(postgres_url, settings))
