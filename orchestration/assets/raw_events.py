"""Raw events in ClickHouse: where the warehouse begins.

The worker loads them as they arrive and reports each load to Dagster as a materialization of this asset.
Running the asset loads what is waiting, through the same code; beside a worker it finds nothing to do.
"""

import asyncio
from dataclasses import asdict

import dagster as dg

from ingest.loader import catch_up
from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY
from orchestration.resources import Stores

KEY = ["raw", "events"]


@dg.asset(
    key=KEY,
    deps=[["ingest", "backfilled_files"], ["ingest", "landed_files"]],
    group_name="ingestion",
    owners=[PLATFORM_TEAM],
    kinds={"nats", "clickhouse"},
    freshness_policy=REBUILT_NIGHTLY,
)
def raw_events(stores: Stores) -> dg.MaterializeResult[None]:
    """Every accepted event once, as the source sent it, with the company it was attributed to.

    Rows come from the EVENTS stream (the worker, and this asset when it is run) and from imported files.
    """
    report = asyncio.run(catch_up(stores.settings))
    with stores.clickhouse() as clickhouse:
        total = clickhouse.query("select count() from raw.events").result_rows[0][0]
    return dg.MaterializeResult(
        metadata={"dagster/row_count": total, **asdict(report), "traces": list(report.traces)}
    )


@dg.asset_check(asset=KEY, blocking=True)
def every_loaded_event_is_unique(stores: Stores) -> dg.AssetCheckResult:
    """No event id stands for two rows once versions of the same row are collapsed."""
    with stores.clickhouse() as clickhouse:
        rows, events = clickhouse.query(
            "select count(), uniqExact(event_id) from raw.events final"
        ).result_rows[0]
    return dg.AssetCheckResult(passed=rows == events, metadata={"rows": rows, "events": events})
