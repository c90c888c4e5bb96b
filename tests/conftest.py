"""One set of real embedded stores per test run, on free ports, beside any running platform."""

from __future__ import annotations

import asyncio
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.migrate import migrate_clickhouse, migrate_postgres
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from ingest.streams import ensure_streams
from orchestration.stack import stores
from orchestration.stack.layout import HOST, Layout, Ports


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return Layout.open(tmp_path_factory.mktemp("impact"), Ports.free())


@pytest.fixture(scope="session")
def embedded_stores(layout: Layout) -> Iterator[Layout]:
    """The three stores, migrated and with their streams."""
    children = [stores.nats(layout), stores.postgres(layout), stores.clickhouse(layout)]
    processes = []
    try:
        for child in children:
            with (layout.home / "logs" / f"{child.name}.log").open("wb") as log:
                processes.append(
                    subprocess.Popen(
                        child.command,
                        env=stores.child_environment(layout, child),
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        settings = store_settings_of(layout)
        _wait_until_ready(layout, settings)
        with closing(postgres_connection(settings)) as connection:
            migrate_postgres(connection)
        with closing(clickhouse_client(settings)) as client:
            migrate_clickhouse(client)
        asyncio.run(_create_streams(settings))
        yield layout
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def store_settings(embedded_stores: Layout) -> StoreSettings:
    return store_settings_of(embedded_stores)


def store_settings_of(layout: Layout) -> StoreSettings:
    return StoreSettings(
        _env_file=None,
        postgres_url=layout.postgres_url,
        clickhouse_url=layout.clickhouse_url,
        nats_url=layout.nats_url,
    )


async def _create_streams(settings: StoreSettings) -> None:
    client = await nats_client(settings, name="tests")
    await ensure_streams(client.jetstream())
    await client.close()


def _wait_until_ready(layout: Layout, settings: StoreSettings, deadline_s: float = 60) -> None:
    until = time.monotonic() + deadline_s
    probes = {
        "postgres": lambda: postgres_connection(settings).close(),
        "clickhouse": lambda: urllib.request.urlopen(f"http://{HOST}:{layout.ports.clickhouse}/ping").close(),
        "nats": lambda: urllib.request.urlopen(f"http://{HOST}:{layout.ports.nats_monitor}/healthz").close(),
    }
    for name, probe in probes.items():
        while True:
            try:
                probe()
                break
            except Exception:
                if time.monotonic() > until:
                    log = (Path(layout.home) / "logs" / f"{name}.log").read_text(errors="replace")
                    pytest.fail(f"{name} did not start within {deadline_s} s; its log:\n{log[-4000:]}")
                time.sleep(0.1)
