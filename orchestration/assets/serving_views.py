"""The materialized views that the API reads, built and tested by dbt on Postgres.

dbt creates a view that is missing and replaces one whose SQL has changed. Refreshing those that are there
is the publication's part: all of them in the transaction that changes the tables, so that no two views
differ in version.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.assets.dbt_graph import read_manifest, translator
from orchestration.assets.declarations import WAREHOUSE_POOL
from orchestration.dbt import DbtTargets
from orchestration.resources import DataFolder, Dbt, Stores
from orchestration.standing import Serving


def serving_view_assets(targets: DbtTargets) -> dg.AssetsDefinition:
    """The models of target `postgres`, with their tests as asset checks."""
    manifest = read_manifest(targets.postgres)

    @dbt_assets(
        manifest=manifest,
        name="serving_views",
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def serving_views(
        context: dg.AssetExecutionContext, dbt: Dbt, stores: Stores, data_folder: DataFolder
    ) -> Iterator[Any]:
        with stores.postgres() as postgres:
            yield from dbt.build(
                context,
                data_folder.dbt_targets.postgres,
                manifest,
                built=Serving(postgres),
                variables={"DBT_VIEWS_ARE_FRESH": "true"},
            )

    return serving_views
