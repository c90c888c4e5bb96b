"""The tables that the API's views are built on: marts, copied from ClickHouse into Postgres."""

import dagster as dg

from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY, WAREHOUSE_POOL
from orchestration.publication.copy import count_differences, publish_table
from orchestration.publication.tables import METRICS_COMPANY_PERIOD
from orchestration.resources import Stores

KEY = ["serving_tables", METRICS_COMPANY_PERIOD.name]


@dg.asset(
    key=KEY,
    deps=[["marts", METRICS_COMPANY_PERIOD.name]],
    group_name="serving",
    owners=[PLATFORM_TEAM],
    kinds={"postgres", "table"},
    freshness_policy=REBUILT_NIGHTLY,
    pool=WAREHOUSE_POOL,
)
def served_metrics_company_period(
    context: dg.AssetExecutionContext, stores: Stores
) -> dg.MaterializeResult[None]:
    """Metrics per company and period in Postgres, equal to the mart of the same name.

    One transaction: readers see the old rows or the new ones. Only rows that differ are written, under a new
    data version; each changed number is queued for live streams in the same transaction.
    """
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        publication = publish_table(postgres, clickhouse, METRICS_COMPANY_PERIOD, run_id=context.run.run_id)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": publication.row_count,
            "changed_rows": publication.changed_rows,
            "changed_values": publication.changed_values,
            "data_version": publication.data_version or "unchanged",
        }
    )


@dg.asset_check(asset=KEY, blocking=True)
def served_rows_equal_the_mart(stores: Stores) -> dg.AssetCheckResult:
    """Every row of the mart is served with the same values, and nothing else is."""
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        rows, differing = count_differences(postgres, clickhouse, METRICS_COMPANY_PERIOD)
    return dg.AssetCheckResult(
        passed=differing == 0, metadata={"rows_in_the_mart": rows, "rows_that_differ": differing}
    )
