"""Sends what publications announced, with the worker's own sender: whichever of the two is there first."""

from __future__ import annotations

from ingest.outbox import OutboxSender
from ingest.stores import StoreSettings, nats_client, postgres_pool


async def send_pending_updates(settings: StoreSettings) -> int:
    """Return when everything announced before is on its stream; says how much still waited for that."""
    nats = await nats_client(settings, name="dagster")
    try:
        async with await postgres_pool(settings, max_size=2) as pool:
            return await OutboxSender(pool, nats.jetstream()).send_pending()
    finally:
        await nats.close()
