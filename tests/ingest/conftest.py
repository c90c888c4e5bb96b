"""Connections to the embedded stores, one per test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection, postgres_pool


@pytest.fixture
def clickhouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
async def pool(store_settings: StoreSettings) -> AsyncIterator[asyncpg.Pool]:
    async with await postgres_pool(store_settings) as pool:
        yield pool
