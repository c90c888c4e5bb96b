"""The warehouse: every dbt model on ClickHouse, from staging to the marts, in one dbt invocation."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from ingest import leases
from orchestration.assets.dbt_graph import read_manifest, translator
from orchestration.assets.declarations import WAREHOUSE_POOL
from orchestration.dbt import DbtTargets
from orchestration.resources import DataFolder, Dbt, Stores


class WarehouseConfig(dg.Config):
    """How to build the warehouse."""

    full_refresh: bool = False


def warehouse_assets(targets: DbtTargets) -> dg.AssetsDefinition:
    """The models of target `clickhouse`, with their tests as asset checks."""

    @dbt_assets(
        manifest=read_manifest(targets.clickhouse),
        name="warehouse",
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def warehouse(
        context: dg.AssetExecutionContext,
        config: WarehouseConfig,
        dbt: Dbt,
        stores: Stores,
        data_folder: DataFolder,
    ) -> Iterator[Any]:
        with (
            stores.postgres() as postgres,
            leases.building(postgres),
            stores.clickhouse() as clickhouse,
        ):

            def count_rows(table: str) -> int:
                return int(clickhouse.query(f"select count() from {table}").result_rows[0][0])  # noqa: S608 - quoted by dbt

            yield from dbt.build(
                context,
                data_folder.dbt_targets.clickhouse,
                count_rows=count_rows,
                full_refresh=config.full_refresh,
            )

    return warehouse
