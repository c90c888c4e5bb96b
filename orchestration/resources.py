"""What assets work with: the three stores, the landing folder and dbt.

Making a resource opens nothing. Each context manager below opens one connection and closes it.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from dagster_dbt import DbtCliResource
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.dbt import EXECUTABLE, PROJECT_DIR, DbtTarget, DbtTargets, environment

if TYPE_CHECKING:
    from ingest.backfill.gate import Gate


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
    def clickhouse(self) -> Iterator[ClickHouseClient]:
        with closing(clickhouse_client(self.settings)) as client:
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
        *,
        count_rows: Callable[[str], int],
        full_refresh: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[Any]:
        """Build what the run selects, in one dbt invocation, and yield Dagster's events as they come.

        `count_rows` is given the quoted name of each table just built; `variables` are added to dbt's
        environment.
        """
        # Unit tests check SQL, not data: `make test` runs them, and a refresh need not.
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        if full_refresh:
            arguments.append("--full-refresh")
        dbt = _DbtCommand(
            project_dir=str(PROJECT_DIR),
            profiles_dir=str(PROJECT_DIR),
            target=target.name,
            dbt_executable=str(EXECUTABLE),
        )
        with _variables({**self.environment(), **(variables or {})}):
            invocation = dbt.cli(arguments, context=context, target_path=target.run_folder)
            for event in invocation.stream():
                if isinstance(event, dg.Output):
                    model = invocation.manifest["nodes"][event.metadata["unique_id"].value]
                    if model["config"]["materialized"] != "view":  # counting a view would be running it
                        rows = count_rows(model["relation_name"])
                        context.add_output_metadata(
                            {"dagster/row_count": rows}, output_name=event.output_name
                        )
                yield event


class _DbtCommand(DbtCliResource):
    """dagster-dbt's client without the second dbt it starts in this process.

    That one counts rows, which a query does: 2 s of CPU per refresh to start it, and 10 s more because the
    counting waits in a busy loop (dagster-dbt 0.29). To be dropped when dagster-dbt makes it optional.
    """

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


@contextmanager
def _variables(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while: dagster-dbt passes this process's environment on to dbt."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
