"""The ways in, and what reads behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from ingest.sealing.keys import BlockingTextKeys
from ingest.stores import StoreSettings, postgres_connection
from tests.gate.conftest import companies, judge, readers, tables
from tests.ingest.conftest import clickhouse, language, nats, pool, postgres, receiver, run, senders, way
from tests.text_keys import master_keys

__all__ = [
    "clickhouse", "companies", "judge", "language", "nats", "pool", "postgres", "readers", "receiver", "run",
    "senders", "tables", "way",
]  # fmt: skip


@pytest.fixture
def keys(store_settings: StoreSettings) -> Iterator[BlockingTextKeys]:
    connection: psycopg.Connection
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield BlockingTextKeys(connection, master_keys())
