"""The platform's real definitions over the test run's own stores."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from ingest.stores import StoreSettings
from orchestration.definitions import build_definitions
from orchestration.resources import Stores
from orchestration.settings import OrchestrationSettings
from orchestration.stack.layout import Layout
from tests.orchestration.publishing import Stage, staged


@pytest.fixture(scope="session")
def stores(embedded_stores: Layout) -> Stores:
    return Stores(
        postgres_url=embedded_stores.postgres_url,
        clickhouse_url=embedded_stores.clickhouse_url,
        nats_url=embedded_stores.nats_url,
    )


@pytest.fixture(scope="session")
def definitions(embedded_stores: Layout, stores: Stores) -> dg.Definitions:
    settings = OrchestrationSettings(
        _env_file=None,
        impact_home=embedded_stores.home,
        clickhouse_url=embedded_stores.clickhouse_url,
        postgres_url=embedded_stores.postgres_url,
    )
    return build_definitions(settings, stores)


@pytest.fixture
def stage(store_settings: StoreSettings) -> Iterator[Stage]:
    with staged(store_settings) as made:
        yield made
