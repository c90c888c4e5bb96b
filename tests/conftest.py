"""One set of real embedded stores per test process, on free ports, beside any running platform.

`embedded_stores` are the three stores, migrated. The whole platform, for end-to-end tests only, is in
`tests/whole_platform`. Each has its own folder, so that neither sees the other's data.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer

from ingest.stores import StoreSettings
from ingest.tombstones import key_of
from orchestration.stack import preparation
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.priority import BEHIND_ANSWERS
from tests import text_keys
from tests.embedded import running
from tests.folders import FolderScheduling, folder_of

# A run starts some hundred processes. Where this is set, each compiles whatever it imports.
os.environ["PYTHONDONTWRITEBYTECODE"] = ""
sys.dont_write_bytecode = False

# The running API and its figures, for every folder that asks it.
pytest_plugins = ("tests.serving.fixtures",)

# A developer's own key must not pay for a test run. Empty: a missing variable would be looked for in `.env`.
os.environ["ANTHROPIC_API_KEY"] = ""
# The cores are never idle while several processes test: a refresh that waits for that waits for all of them.
os.environ["IMPACT_BACKGROUND_NICENESS"] = str(BEHIND_ANSWERS + 1)
# Whoever imports Dagster's definitions as Dagster does leaves dbt's manifests in the data folder: not in the
# project's, where `make up` would take them for somebody else's. Each process has a folder
# of its own, whatever it inherits.
os.environ["IMPACT_HOME"] = tempfile.mkdtemp(prefix="impact-tests-")

# The folders that take longest come first, so that no process is left with one of them in the end.
LONGEST = ("whole_platform", "warehouse", "serving", "privacy", "ingest", "sdk", "journey", "impact_in")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A warehouse's life is followed from its first event on, before others fill it for their own questions.
    ranks = {folder: rank for rank, folder in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (
            ranks.get(folder_of(item.nodeid), len(LONGEST)),
            "filled_warehouse" in getattr(item, "fixturenames", ()),
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FolderScheduling:
    config.option.loadscopereorder = False  # in the order above, not by the number of tests
    return FolderScheduling(config, log)


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    opened = Layout.open(tmp_path_factory.mktemp("impact"), Ports.free())
    # Settings and resources that this process makes seal with the keys its platform's processes have.
    os.environ[text_keys.FILE] = str(opened.text_keys)
    # Both also know the erased by one key: with tombstones of another a process takes nothing in.
    key_of(opened.home)
    home = Path(os.environ["IMPACT_HOME"]) / "privacy"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(opened.home / "privacy" / "tombstones.key", home)
    return opened


@pytest.fixture(scope="session")
def embedded_stores(layout: Layout) -> Iterator[Layout]:
    """The three stores, migrated and with their streams."""
    with running(layout, stores_only=True):
        yield layout


@pytest.fixture(scope="session")
def store_settings(embedded_stores: Layout) -> StoreSettings:
    settings = preparation.store_settings(embedded_stores)
    text_keys.use(settings)
    return settings
