"""Deliveries on the embedded stores, to partners that are simulated and otherwise real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing

import asyncpg
import pytest

from ingest.stores import StoreSettings, postgres_connection
from tests.impact_in.world import World
from tests.ingest.conftest import nats, pool, receiver, senders, way  # noqa: F401 the way in of callbacks
from tests.partners.server import Partners, running
from tests.serving.figures import create_views


@pytest.fixture(scope="session")
def served_views(store_settings: StoreSettings) -> None:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        create_views(connection)


@pytest.fixture
async def partners() -> Partners:
    return Partners()


@pytest.fixture
async def world(
    store_settings: StoreSettings, served_views: None, partners: Partners
) -> AsyncIterator[World]:
    async with (
        asyncpg.create_pool(
            store_settings.postgres_url.get_secret_value(), min_size=0, max_size=8
        ) as postgres,
        running(partners) as address,
    ):
        world = World(postgres, address)
        try:
            yield world
        finally:
            await world.close()
