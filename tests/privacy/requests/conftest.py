"""Two companies and their people, on the embedded stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from tests.embedded import register_company


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def clickhouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@dataclass(frozen=True)
class People:
    """Makes companies and people of them; each test has its own."""

    postgres: psycopg.Connection

    def company(self) -> UUID:
        company_id = uuid4()
        register_company(self.postgres, company_id)
        return company_id

    def person(self, *companies: UUID, email: str | None = None, name: str | None = None) -> UUID:
        """A person whom these companies employ."""
        person_id = uuid4()
        self.postgres.execute(
            "insert into ingest.people (person_id, status, first_name, last_name)"
            " values (%s, 'known', %s, %s)",
            (person_id, name, name and f"{name}son"),
        )
        for company_id in companies:
            self.postgres.execute(
                "insert into ingest.company_members (company_id, person_id, joined_on)"
                " values (%s, %s, '2025-01-01')",
                (company_id, person_id),
            )
        if email is not None:
            self.postgres.execute(
                "insert into ingest.person_identities (provider, external_id, person_id)"
                " values ('email', %s, %s)",
                (email, person_id),
            )
        return person_id


@pytest.fixture
def people(postgres: psycopg.Connection) -> People:
    return People(postgres)
