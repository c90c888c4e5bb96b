"""x"""

import dagster as dg

from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.resources import DataFolder, Stores

@dg.asset(key=["ingest", "backfilled_files"], group_name="ingestion", owners=[PLATFORM_TEAM], kinds={"csv"})
def backfilled_files(stores: Stores, data_folder: DataFolder) -> None:
    """Files."""
