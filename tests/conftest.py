"""One set of real embedded stores per test run, on free ports, beside any running platform.

`embedded_stores` are the three stores, migrated. `platform` is everything, started as `impact up` does it:
only end-to-end tests ask for it. Each has its own folder, so that neither sees the other's data.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.stores import StoreSettings
from orchestration.stack import platform as stack_platform
from orchestration.stack import preparation
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout, Ports


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole platform comes last: while it is up, every other test has less of the machine."""
    items.sort(key=lambda item: "platform" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return Layout.open(tmp_path_factory.mktemp("impact"), Ports.free())


@pytest.fixture(scope="session")
def embedded_stores(layout: Layout) -> Iterator[Layout]:
    """The three stores, migrated and with their streams."""
    yield from _running(layout, stores_only=True)


@pytest.fixture(scope="session")
def store_settings(embedded_stores: Layout) -> StoreSettings:
    return store_settings_of(embedded_stores)


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    """The whole platform, healthy. `platform.environment()` has its addresses and secrets."""
    layout = Layout.open(tmp_path_factory.mktemp("platform"), Ports.free())
    yield from _running(layout, stores_only=False)


def store_settings_of(layout: Layout) -> StoreSettings:
    return preparation.store_settings(layout)


def _running(layout: Layout, *, stores_only: bool) -> Iterator[Layout]:
    try:
        stack_platform.up(layout, print, stores_only=stores_only)
    except PlatformError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        yield layout
    finally:
        stack_platform.down(layout)
