"""What the applications expect of the stores: schemas, streams, and the administrator's key."""

from __future__ import annotations

import asyncio
from contextlib import closing

import psycopg

from ingest import tombstone_file
from ingest.api_keys import register_key
from ingest.migrate import migrate_clickhouse, migrate_postgres
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from ingest.streams import ensure_streams
from orchestration.stack.layout import Layout


def store_settings(layout: Layout) -> StoreSettings:
    """The addresses of this platform's stores, whatever the environment says."""
    return StoreSettings.model_validate(
        {
            "postgres_url": layout.postgres_url,
            "clickhouse_url": layout.clickhouse_url,
            "nats_url": layout.nats_url,
            "impact_text_keys_file": layout.text_keys,
            "impact_text_keys": layout.overrides.get("IMPACT_TEXT_KEYS"),
        }
    )


def migrate(settings: StoreSettings) -> list[str]:
    """Bring the three stores to this version; returns the migrations applied. Doing it twice is safe."""
    with closing(postgres_connection(settings)) as connection:
        applied = [f"postgres/{name}" for name in migrate_postgres(connection)]
        connection.execute("create schema if not exists dagster")
        connection.commit()
    with closing(clickhouse_client(settings)) as client:
        applied += [f"clickhouse/{name}" for name in migrate_clickhouse(client)]
    asyncio.run(_create_streams(settings))
    return applied


def register_admin_key(layout: Layout, connection: psycopg.Connection) -> None:
    """Let the platform's own admin key through the API. Only its hash is stored."""
    key = layout.environment()["IMPACT_ADMIN_KEY"]
    register_key(connection, key, None, "platform administrator", "system_admin")
    connection.commit()


def prepare(layout: Layout) -> list[str]:
    """Everything above; returns the migrations applied."""
    settings = store_settings(layout)
    applied = migrate(settings)
    with closing(postgres_connection(settings)) as connection:
        register_admin_key(layout, connection)
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        tombstone_file.merge(connection, layout.home)  # before anything is taken in
    return applied


async def _create_streams(settings: StoreSettings) -> None:
    client = await nats_client(settings, name="migrations")
    try:
        await ensure_streams(client.jetstream())
    finally:
        await client.close()
