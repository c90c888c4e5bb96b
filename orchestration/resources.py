"""What assets work with: the three stores, the landing folder and dbt.

Making a resource opens nothing. Each context manager below opens one connection and closes it.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.dbt import DbtTarget, DbtTargets, environment
from orchestration.dbt_building import Building

if TYPE_CHECKING:
    from ingest.backfill.gate import Gate
    from orchestration.standing import Built

# As dbt_project/profiles.yml has it: what runs in the background yields inside ClickHouse too (ADR 89).
BEHIND_QUESTIONS = {"os_thread_priority": 15}


class Stores(dg.ConfigurableResource):  # type: ignore[type-arg]  # generic only for IO managers
    """Postgres, ClickHouse and NATS under the addresses every process of the platform gets."""

    postgres_url: str
    clickhouse_url: str
    nats_url: str

    @property
    def settings(self) -> StoreSettings:
        return StoreSettings.model_validate(
            {
                "postgres_url": self.postgres_url,
                "clickhouse_url": self.clickhouse_url,
                "nats_url": self.nats_url,
            }
        )

    @contextmanager
    def postgres(self) -> Iterator[psycopg.Connection]:
        with closing(postgres_connection(self.settings, autocommit=True)) as connection:
            yield connection

    @contextmanager
    def clickhouse(self, *, yields: bool = True) -> Iterator[ClickHouseClient]:
        with closing(clickhouse_client(self.settings, settings=BEHIND_QUESTIONS if yields else {})) as client:
            yield client

    @asynccontextmanager
    async def jetstream(self) -> AsyncIterator[JetStreamContext]:
        client = await nats_client(self.settings, name="dagster")
        try:
            yield client.jetstream()
        finally:
            await client.close()

    @asynccontextmanager
    async def async_postgres(self) -> AsyncIterator[psycopg.AsyncConnection]:
        async with await psycopg.AsyncConnection.connect(self.postgres_url) as connection:
            yield connection


class DataFolder(dg.ConfigurableResource):  # type: ignore[type-arg]
    """`<IMPACT_HOME>`: where files to import land and dbt keeps its artifacts."""

    path: str
    api_url: str = ""  # which serves the pages built here

    @property
    def home(self) -> Path:
        return Path(self.path).resolve()

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def quality_docs(self) -> Path:
        return self.home / "quality"

    @property
    def quality_docs_url(self) -> str:
        return f"{self.api_url}/docs/data-quality" if self.api_url else self.quality_docs.as_uri()

    def gate(self) -> "Gate":
        """Judges landed batches; made anew for each use, as it holds nothing."""
        from ingest.quality.gate import ExpectationsGate  # behind it is polars, which only imports need

        return ExpectationsGate(self.quality_docs)

    @property
    def dbt_targets(self) -> DbtTargets:
        return DbtTargets.at(self.home)


class Dbt(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Runs dbt against the platform's stores."""

    stores: dg.ResourceDependency[Stores]

    def environment(self) -> dict[str, str]:
        return environment(clickhouse_url=self.stores.clickhouse_url, postgres_url=self.stores.postgres_url)

    def build(
        self,
        context: dg.AssetExecutionContext,
        target: DbtTarget,
        manifest: Mapping[str, Any],
        *,
        built: "Built",
        full_refresh: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[Any]:
        """Build what the run selects of a target and yield Dagster's events as they come.

        `built` is the store it builds in; `variables` are added to dbt's environment.
        """
        building = Building(context, target, manifest, built, {**self.environment(), **(variables or {})})
        return building.events(full_refresh=full_refresh)
