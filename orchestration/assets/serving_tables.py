"""The tables that the API's views are built on: marts, copied into Postgres in one publication."""

from collections.abc import Iterator

import dagster as dg

from ingest import leases
from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY, WAREHOUSE_POOL
from orchestration.publication.publish import count_differences, publish
from orchestration.publication.tables import SERVED_TABLES, ServedTable
from orchestration.resources import Stores
from orchestration.run_tracing import traced


def _key(table: ServedTable) -> dg.AssetKey:
    return dg.AssetKey(["serving_tables", table.name])


@dg.multi_asset(
    name="served_marts",
    specs=[
        dg.AssetSpec(
            _key(table),
            deps=[["marts", table.name]],
            description=f"The mart `{table.name}` in Postgres, each row with the version it changed in.",
            group_name="serving",
            owners=[PLATFORM_TEAM],
            kinds={"postgres", "table"},
            freshness_policy=REBUILT_NIGHTLY,
        )
        for table in SERVED_TABLES
    ],
    pool=WAREHOUSE_POOL,
)
def served_marts(context: dg.AssetExecutionContext, stores: Stores) -> Iterator[dg.MaterializeResult[None]]:
    """Make every served table equal to its mart, and refresh the views that read them: one transaction.

    Readers see the old figures or the new ones, on every route alike. Only rows that differ are written,
    under one new data version; each changed number of a company is queued for live streams with them.
    """
    with (
        traced(context, "publish marts") as hop,
        stores.postgres() as postgres,
        leases.building(postgres),
        stores.clickhouse() as clickhouse,
    ):
        publication = publish(postgres, clickhouse, run_id=context.run.run_id)
        if hop and publication.data_version:
            hop.note(data_version=publication.data_version)
    context.log.info(
        f"data version {publication.data_version or 'unchanged'}: {publication.changed_values} numbers to"
        f" announce, {len(publication.refreshed_views)} views refreshed"
    )
    for table in SERVED_TABLES:
        yield dg.MaterializeResult(
            asset_key=_key(table),
            metadata={
                "dagster/row_count": publication.row_counts[table.name],
                "changed_rows": publication.changed_rows[table.name],
                "data_version": publication.data_version or "unchanged",
            },
        )


CHECK = "served_rows_equal_the_mart"


@dg.multi_asset_check(
    name=CHECK,
    specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=_key(table),
            blocking=True,
            description="Every row of the mart is served with the same values, and nothing else is.",
        )
        for table in SERVED_TABLES
    ],
    pool=WAREHOUSE_POOL,
)
def served_rows_equal_the_mart(stores: Stores) -> Iterator[dg.AssetCheckResult]:
    """Compare every served table with its mart again, row by row. The next publication mends what differs."""
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        for table in SERVED_TABLES:
            rows, differing = count_differences(postgres, clickhouse, table)
            yield dg.AssetCheckResult(
                asset_key=_key(table),
                check_name=CHECK,
                passed=differing == 0,
                metadata={"rows_in_the_mart": rows, "rows_that_differ": differing},
            )
