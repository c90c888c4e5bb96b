"""A warehouse for these tests alone, beside the one other tests use: same stores, prefixed databases and schemas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event
from ingest.raw_events import event_row, table_of
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.stack.layout import HOST, PROJECT, Layout

DBT_PROJECT = PROJECT / "dbt_project"


class Warehouse:
    """dbt on the embedded stores, with every database and schema name behind one prefix."""

    def __init__(self, layout: Layout, client: ClickHouseClient, prefix: str, work: Path) -> None:
        self.client, self.prefix, self.work = client, prefix, work
        self.environment = {
            **os.environ,
            "CLICKHOUSE_HOST": HOST,
            "CLICKHOUSE_PORT": str(layout.ports.clickhouse),
            "CLICKHOUSE_PASSWORD": layout.secrets.clickhouse_password,
            "POSTGRES_HOST": HOST,
            "POSTGRES_PORT": str(layout.ports.postgres),
            "POSTGRES_PASSWORD": layout.secrets.postgres_password,
            # A statement that waits for a reader's lock fails here instead of hanging the tests.
            "PGOPTIONS": "-c lock_timeout=5s",
            "DBT_SCHEMA_PREFIX": prefix,
            "DO_NOT_TRACK": "1",
        }

    def dbt(self, *arguments: str, target: str = "clickhouse") -> list[dict[str, Any]]:
        """Run dbt and return its results; a failure shows dbt's own output."""
        done = subprocess.run(
            [Path(sys.executable).parent / "dbt", "--no-use-colors", *arguments,
             "--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT, "--target", target,
             "--target-path", self.target_path(target), "--log-path", self.work / "logs"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return self.artifact(target, "run_results")["results"] if arguments[0] in ("run", "build") else []

    def target_path(self, target: str) -> Path:
        return self.work / target

    def artifact(self, target: str, name: str) -> dict[str, Any]:
        """One of dbt's own reports: manifest, catalog or run_results."""
        return json.loads((self.target_path(target) / f"{name}.json").read_text())

    def insert(self, events: Iterable[Event]) -> None:
        self.client.insert_arrow(f"{self.prefix}raw.events", table_of(event_row(event) for event in events))

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Every row of a table such as marts.fct_sessions, sorted, so that equal contents are equal lists."""
        return list(self.client.query(f"select {columns} from {self.prefix}{table} order by all").result_rows)

    def command(self, sql: str) -> None:
        self.client.command(sql)


@pytest.fixture(scope="session")
def warehouse(
    embedded_stores: Layout, store_settings: StoreSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    prefix = f"t{uuid4().hex[:8]}_"
    with closing(clickhouse_client(store_settings)) as client, _serving_schema(store_settings, prefix):
        client.command(f"create database {prefix}raw")
        for table in ("events", "companies", "company_members", "program_instances"):
            client.command(f"create table {prefix}raw.{table} as raw.{table}")
        yield Warehouse(embedded_stores, client, prefix, tmp_path_factory.mktemp("dbt"))
        for database in ("raw", "staging", "intermediate", "marts"):
            client.command(f"drop database if exists {prefix}{database}")


@contextmanager
def _serving_schema(settings: StoreSettings, prefix: str) -> Iterator[None]:
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        connection.execute(f"create schema {prefix}serving")
        connection.execute(
            f"create table {prefix}serving.metrics_company_period"
            " (like serving.metrics_company_period including all)"
        )
        yield
        connection.execute(f"drop schema {prefix}serving cascade")
