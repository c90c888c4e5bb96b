"""Connections to the embedded stores, one per test, and one running receiver for all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.backfill import BatchResult, import_file
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection, postgres_pool
from orchestration.stack.layout import Layout
from tests.ingest.backfill_files import LanguageFile
from tests.ingest.processes import Process, Sender, running
from tests.ingest.senders import OTHER_SECRETS, AnySender, secrets_of
from tests.ingest.way import Way


@pytest.fixture
def clickhouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture
def unmerged(clickhouse: ClickHouseClient) -> Iterator[None]:
    """A merge would collapse an event that was loaded twice, and no count would show it."""
    clickhouse.command("system stop merges raw.events")
    yield
    clickhouse.command("system start merges raw.events")


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
async def pool(store_settings: StoreSettings) -> AsyncIterator[asyncpg.Pool]:
    async with await postgres_pool(store_settings) as pool:
        yield pool


@pytest.fixture
async def nats(store_settings: StoreSettings) -> AsyncIterator[NatsClient]:
    client = await nats_client(store_settings, name="test")
    yield client
    await client.close()


@pytest.fixture(scope="session")
def receiver(embedded_stores: Layout) -> Iterator[Process]:
    with running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", **OTHER_SECRETS) as process:
        yield process


@pytest.fixture(scope="session")
def sender(receiver: Process, embedded_stores: Layout) -> Sender:
    return Sender(receiver.url, embedded_stores.secrets.webhook_secret_kintell)


@pytest.fixture
def language(tmp_path: Path) -> LanguageFile:
    return LanguageFile(tmp_path / "language.csv")


@pytest.fixture
def run(store_settings: StoreSettings, tmp_path: Path) -> Callable[..., BatchResult]:
    """Imports a file of one table."""

    def run_import(path: Path, **options: Any) -> BatchResult:
        return import_file(path, store_settings, error_folder=tmp_path / "landing" / "errors", **options)

    return run_import


@pytest.fixture
def senders(receiver: Process, embedded_stores: Layout) -> Callable[[str], AnySender]:
    secrets = secrets_of(embedded_stores)
    return lambda source: AnySender(receiver.url, source, secrets[source])


@pytest.fixture
def way(pool: asyncpg.Pool, nats: NatsClient, senders: Callable[[str], AnySender]) -> Way:
    return Way(pool, nats, senders)
