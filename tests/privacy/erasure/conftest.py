"""Stores of these tests' own: they search every file, and write files anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.privacy.erasure.erasing import Place
from orchestration.stack import preparation
from orchestration.stack.layout import Layout, Ports
from tests.embedded import running
from tests.text_keys import FILE


@pytest.fixture(scope="package")
def own_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    layout = Layout.open(tmp_path_factory.mktemp("erasure"), Ports.free())
    with running(layout, stores_only=True):
        yield layout


@pytest.fixture(scope="module")
def place(own_stores: Layout) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPACT_HOME", str(own_stores.home))  # keys of tombstones and texts are this platform's
        patch.setenv(FILE, str(own_stores.home / "text-keys"))
        settings = preparation.store_settings(own_stores)
        for name in ("postgres_url", "clickhouse_url", "nats_url"):  # as a command finds them
            patch.setenv(name.upper(), getattr(settings, name).get_secret_value())
        yield Place(settings, own_stores.home)


@pytest.fixture
def postgres(place: Place) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(place.settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def clickhouse(place: Place) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(place.settings)) as client:
        yield client
