"""A warehouse for these tests alone: the same stores as other tests use, prefixed databases and schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event
from ingest.raw_events import event_row, insert_events
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.publication.tables import SERVED_TABLES
from orchestration.stack.layout import HOST, PROJECT, Layout
from tests.warehouse.dbt_process import run_dbt
from tests.warehouse.history import DELIVERIES
from tests.warehouse.ids import COMPANIES, MEMBERS

DBT_PROJECT = PROJECT / "dbt_project"
REFERENCE = (
    "companies", "company_members", "program_instances", "formula_overrides", "cohort_definitions",
    "benchmark_opt_ins",
)  # fmt: skip


class Warehouse:
    """dbt on the embedded stores, with every database and schema name behind one prefix."""

    def __init__(
        self,
        layout: Layout,
        client: ClickHouseClient,
        prefix: str,
        work: Path,
        environment: Mapping[str, str] = MappingProxyType({}),
        *,
        definitions_stand: bool = False,
    ) -> None:
        """`definitions_stand`: the same models are built elsewhere with every contract compared; not here."""
        self.client, self.prefix, self.work = client, prefix, work
        self.models_built: set[str] = {"clickhouse"} if definitions_stand else set()  # targets
        self.environment = {
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
            **environment,
        }

    def dbt(self, *arguments: str, target: str = "clickhouse", **variables: str) -> list[dict[str, Any]]:
        """Run dbt, with variables of the project, and return its results; a failure shows its output."""
        output = self.work / "output"
        options = {
            "--project-dir": DBT_PROJECT, "--profiles-dir": DBT_PROJECT, "--target": target,
            # No margin: a build recomputes what is new and nothing else, so that whatever it misses shows.
            "--vars": json.dumps({"longest_insert_s": 0, **variables}),
            "--target-path": self.target_path(target), "--log-path": self.work / "logs",
        }  # fmt: skip
        flags = [str(part) for option in options.items() for part in option]
        # What has been built once is built again as a refresh does it, and of each statement nobody reads.
        is_again = arguments[0] in ("run", "seed", "build") and target in self.models_built
        stands = {"DBT_DEFINITIONS_STAND": "true"} if is_again else {}
        settings = ("--no-use-colors", "--log-level-file", "none")
        succeeded = run_dbt(
            arguments,
            [*flags, *settings],
            {**self.environment, **stands},
            output=output,
            project=self.work.parent / f"{target}{self.environment.get('CLICKHOUSE_CLUSTER', '')}.project",
        )
        assert succeeded, output.read_text()[-8000:]
        if arguments[0] in ("run", "build"):
            self.models_built.add(target)
        return self.artifact(target, "run_results")["results"] if arguments[0] in ("run", "build") else []

    def target_path(self, target: str) -> Path:
        return self.work / target

    def is_built(self, target: str) -> bool:
        return (self.target_path(target) / "run_results.json").exists()

    def artifact(self, target: str, name: str) -> dict[str, Any]:
        """One of dbt's own reports: manifest, catalog or run_results."""
        return json.loads((self.target_path(target) / f"{name}.json").read_text())

    def insert(self, events: Iterable[Event]) -> None:
        rows = [event_row(event) for event in events]
        insert_events(self.client, rows, token=uuid4().hex, table=f"{self.prefix}raw.events")

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Every row of a table such as marts.fct_sessions, sorted, so that equal contents are equal lists."""
        return list(self.client.query(f"select {columns} from {self.prefix}{table} order by all").result_rows)

    def columns(self, table: str) -> list[str]:
        return list(self.client.query(f"select * from {self.prefix}{table} limit 0").column_names)

    def command(self, sql: str) -> None:
        self.client.command(sql)


@pytest.fixture(scope="session")
def warehouse(
    embedded_stores: Layout, store_settings: StoreSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    prefix = f"t{uuid4().hex[:8]}_"
    with (
        closing(clickhouse_client(store_settings)) as client,
        _serving_schema(store_settings, prefix),
        raw_tables(client, prefix),
    ):
        yield Warehouse(embedded_stores, client, prefix, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def filled_warehouse(warehouse: Warehouse) -> Warehouse:
    """The warehouse as other modules left it, or filled and built if this module runs alone."""
    if not warehouse.rows("raw.events", "event_id"):
        for events in DELIVERIES:
            warehouse.insert(events)
    for target in ("clickhouse", "postgres"):
        if not warehouse.is_built(target):
            warehouse.dbt("build", "--resource-type", "seed", "--resource-type", "model", target=target)
    return warehouse


@contextmanager
def raw_tables(client: ClickHouseClient, prefix: str) -> Iterator[None]:
    """The tables that dbt reads, with companies and one member. All behind the prefix goes in the end."""
    client.command(f"create database {prefix}raw")
    for table in ("events", *REFERENCE):
        client.command(f"create table {prefix}raw.{table} as raw.{table}")
    client.command(f"create database {prefix}nlp")
    for table in ("cleared_texts", "text_scores"):
        client.command(f"create table {prefix}nlp.{table} as nlp.{table}")
    companies = ", ".join(
        f"('{company}', '{name} AS')" for name, company in zip("ABC", COMPANIES, strict=True)
    )
    client.command(f"insert into {prefix}raw.companies (company_id, name) values {companies}")
    members = ", ".join(f"('{company}', '{person}', '2020-01-01')" for person, company in MEMBERS.items())
    client.command(
        f"insert into {prefix}raw.company_members (company_id, person_id, joined_on) values {members}"
    )
    try:
        yield
    finally:
        for database in ("raw", "nlp", "seeds", "staging", "intermediate", "marts"):
            client.command(f"drop database if exists {prefix}{database}")


@contextmanager
def _serving_schema(settings: StoreSettings, prefix: str) -> Iterator[None]:
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        connection.execute(f"create schema {prefix}serving")
        for table in SERVED_TABLES:
            connection.execute(
                f"create table {prefix}serving.{table.name} (like {table.served} including all)"
            )
        yield
        connection.execute(f"drop schema {prefix}serving cascade")
