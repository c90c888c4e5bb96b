"""The warehouse's documentation as two static pages, which the API serves under /dbt-docs."""

import dagster as dg

from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY
from orchestration.dbt import build_docs
from orchestration.resources import DataFolder, Dbt


@dg.asset(
    key=["serving", "dbt_docs"],
    deps=[["serving", "updates"]],  # not its data: the numbers go first
    group_name="serving",
    owners=[PLATFORM_TEAM],
    kinds={"dbt", "html"},
    freshness_policy=REBUILT_NIGHTLY,
)
def dbt_docs(dbt: Dbt, data_folder: DataFolder) -> dg.MaterializeResult[None]:
    """Lineage, columns and tests of both dbt targets, rebuilt when the dbt project has changed."""
    targets = data_folder.dbt_targets
    built = build_docs(targets, dbt.environment())
    return dg.MaterializeResult(
        metadata={
            "rebuilt": ", ".join(built) or "nothing: the project has not changed",
            **{target.docs_name: dg.MetadataValue.path(target.docs_path) for target in targets},
        }
    )
