"""An engine over the embedded stores, in this process, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.journey.engine import Engine
from orchestration.journey.people import BEGINNING
from orchestration.journey.rules.loading import load_rules
from orchestration.journey.rules.model import Rule
from orchestration.journey.versions import Version, Versions
from tests.embedded import register_company
from tests.ingest.conftest import clickhouse, nats, pool, postgres, receiver, sender
from tests.journey.people import COMPANY, OTHER_COMPANY, day

__all__ = ["clickhouse", "nats", "pool", "postgres", "receiver", "sender"]


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: day(100))

    def __call__(self) -> datetime:
        return self.now


def versions_of(*rules: Rule) -> Versions:
    return Versions(Version(number, rule, BEGINNING) for number, rule in enumerate(rules, start=1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def shipped() -> Versions:
    return versions_of(*load_rules())


@pytest.fixture(autouse=True)
def companies(store_settings: StoreSettings) -> None:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        for company in (COMPANY, OTHER_COMPANY):
            register_company(connection, company)


@pytest.fixture
def engine_client(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture
def engine(pool: asyncpg.Pool, engine_client: ClickHouseClient, shipped: Versions, clock: Clock) -> Engine:
    return Engine(pool, engine_client, shipped, clock)
