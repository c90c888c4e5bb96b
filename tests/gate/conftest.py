"""A gate over the embedded stores, in this process, and texts to put through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import asyncpg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.gate.gate import Gate
from orchestration.gate.judging import Judge
from orchestration.gate.tables import Tables
from tests.embedded import register_company
from tests.gate.readers import COMPANY, OTHER_COMPANY, Readers
from tests.ingest.conftest import clickhouse, language, nats, pool, postgres, receiver, run, senders, way
from tests.text_keys import text_keys

__all__ = ["clickhouse", "language", "nats", "pool", "postgres", "receiver", "run", "senders", "way"]

KEY = b"a key of thirty-two bytes or more"


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The rules as they are installed; loading them takes seconds."""
    return Judge(KEY)


@pytest.fixture(autouse=True)
def companies(store_settings: StoreSettings) -> None:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        for company in (COMPANY, OTHER_COMPANY):
            register_company(connection, company)


@pytest.fixture
def tables(store_settings: StoreSettings) -> Iterator[Tables]:
    with closing(clickhouse_client(store_settings)) as client:
        yield Tables(client)


@pytest.fixture
def gate(pool: asyncpg.Pool, tables: Tables, judge: Judge) -> Gate:
    return Gate(pool, tables, judge, text_keys(pool))


@pytest.fixture
def readers(clickhouse: ClickHouseClient) -> Readers:
    return Readers(clickhouse)
