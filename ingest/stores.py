"""The three stores: where they are, and a client of each.

Every client speaks the store's own protocol, so an embedded store and a real server are one code path.
Clients are made once per process, in its entry point, and passed on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
import clickhouse_connect
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient
from psycopg.abc import RV, PQGen
from psycopg.rows import TupleRow
from pydantic import Field, Secret
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.nats_wire import PipelineClient
from ingest.tracebacks import words_of_postgres


class StoreSettings(BaseSettings):
    """Addresses of the stores, from the environment or `.env`. They hold passwords, hence `Secret`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    postgres_url: Secret[str] = Field(description="postgresql://user:password@host:port/database")
    clickhouse_url: Secret[str] = Field(description="http://user:password@host:port")
    nats_url: Secret[str] = Field(description="nats://user:password@host:port")
    # Neither is a default: with a known key everybody could read what people wrote.
    impact_text_keys_file: Path | None = Field(
        None, description="File with the master key of people's texts, the newest in its first line"
    )
    impact_text_keys: Secret[str] | None = Field(
        None, description="The master key itself instead of a file; several, newest first, with commas"
    )


async def postgres_pool(settings: StoreSettings, *, max_size: int = 8) -> asyncpg.Pool:
    """A pool of asyncio connections, opened lazily; the caller closes it."""
    return await asyncpg.create_pool(
        settings.postgres_url.get_secret_value(), min_size=0, max_size=max_size, command_timeout=60
    )


def postgres_connection(settings: StoreSettings, *, autocommit: bool = False) -> psycopg.Connection:
    """One blocking connection, for Dagster assets, migrations and the command line."""
    return _Connection.connect(settings.postgres_url.get_secret_value(), autocommit=autocommit)


class _Connection(psycopg.Connection[TupleRow]):
    """Its errors quote no data, since Dagster keeps their words and terminals show them. `diag` has all."""

    def wait(self, gen: PQGen[RV], *arguments: Any, **named: Any) -> RV:
        try:
            return super().wait(gen, *arguments, **named)
        except psycopg.Error as error:
            if error.sqlstate:
                error.args = (words_of_postgres(error, error.sqlstate),)
            raise


def clickhouse_client(settings: StoreSettings, /, **options: Any) -> ClickHouseClient:
    """A blocking ClickHouse client over HTTP. Not for concurrent use: make one per thread."""
    url = urlsplit(settings.clickhouse_url.get_secret_value())
    return clickhouse_connect.get_client(
        host=url.hostname,
        port=url.port,
        username=unquote(url.username or "default"),
        password=unquote(url.password or ""),
        secure=url.scheme == "https",
        # No statement of ours needs what an earlier one left, and a session outlives its client by a minute.
        autogenerate_session_id=False,
        **options,
    )


async def nats_client(settings: StoreSettings, *, name: str) -> NatsClient:
    """A connection that reconnects for ever; `name` shows up in the broker's connection list."""
    client = PipelineClient()
    await client.connect(settings.nats_url.get_secret_value(), name=name, max_reconnect_attempts=-1)
    return client
