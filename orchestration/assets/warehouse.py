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
from orchestration.run_tracing import traced
from orchestration.standing import Warehouse


class WarehouseConfig(dg.Config):
    """How to build the warehouse."""

    full_refresh: bool = False


def warehouse_assets(targets: DbtTargets) -> dg.AssetsDefinition:
    """The models of target `clickhouse`, with their tests as asset checks."""
    manifest = read_manifest(targets.clickhouse)

    @dbt_assets(
        manifest=manifest,
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
            traced(context, "build marts"),
            stores.postgres() as postgres,
            leases.building(postgres),
            stores.clickhouse() as clickhouse,
        ):
            yield from dbt.build(
                context,
                data_folder.dbt_targets.clickhouse,
                manifest,
                built=Warehouse(clickhouse),
                full_refresh=config.full_refresh,
            )

    return warehouse
