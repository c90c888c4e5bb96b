"""Companies, their members and programme instances in the warehouse: who counts where."""

from collections.abc import Iterator

import dagster as dg

from ingest import leases
from orchestration.arrivals import RUN_TAG, read_arrivals
from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY, WAREHOUSE_POOL
from orchestration.reference_copy import copy_reference_data
from orchestration.resources import Stores

DESCRIPTIONS = {
    "companies": "Companies whose employees volunteer, as registered in Postgres. Replaced as a whole.",
    "company_members": "Which person belonged to which company, and when. Ids only. Replaced as a whole.",
    "program_instances": "Programmes with their company, if one company runs them. Replaced as a whole.",
    "formula_overrides": "Formula parameters that companies have chosen for themselves. Replaced as a whole.",
    "cohort_definitions": "Groups of a company's participants, as filters. Replaced as a whole.",
    "benchmark_opt_ins": "Companies that let their numbers into benchmarks, since when. Replaced as a whole.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", name],
            description=description,
            group_name="reference",
            owners=[PLATFORM_TEAM],
            kinds={"postgres", "clickhouse"},
            freshness_policy=REBUILT_NIGHTLY,
        )
        for name, description in DESCRIPTIONS.items()
    ],
    pool=WAREHOUSE_POOL,
)
def reference_tables(
    context: dg.AssetExecutionContext, stores: Stores
) -> Iterator[dg.MaterializeResult[None]]:
    """Copy reference data from Postgres into ClickHouse, all tables from one snapshot."""
    with stores.postgres() as postgres, leases.building(postgres), stores.clickhouse() as clickhouse:
        # First of all: this run covers whatever has arrived by now, and the arrivals sensor reads it here.
        arrivals = read_arrivals(postgres, clickhouse)
        context.instance.add_run_tags(context.run.run_id, {RUN_TAG: arrivals.token})
        counts = copy_reference_data(postgres, clickhouse)
    for name, rows in counts.items():
        yield dg.MaterializeResult(asset_key=["raw", name], metadata={"dagster/row_count": rows})


@dg.asset_check(asset=["raw", "company_members"], blocking=True)
def every_member_belongs_to_a_copied_company(stores: Stores) -> dg.AssetCheckResult:
    """A member of a company that was not copied would have hours that count nowhere."""
    with stores.clickhouse() as clickhouse:
        strays = clickhouse.query(
            "select count() from raw.company_members"
            " where company_id not in (select company_id from raw.companies)"
        ).result_rows[0][0]
    return dg.AssetCheckResult(passed=strays == 0, metadata={"members_without_company": strays})
