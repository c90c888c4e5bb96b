"""The last step of a refresh: tell live streams which numbers changed."""

import asyncio

import dagster as dg

from orchestration.arrivals import pending_updates
from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY
from orchestration.publication.updates import send_pending_updates
from orchestration.resources import Stores

KEY = ["serving", "updates"]


def updates_asset(views: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """`serving/updates`, downstream of every view that a client may fetch again on hearing of a change."""

    @dg.asset(
        key=KEY,
        deps=sorted(views.keys),
        group_name="serving",
        owners=[PLATFORM_TEAM],
        kinds={"nats"},
        freshness_policy=REBUILT_NIGHTLY,
    )
    def updates(stores: Stores) -> dg.MaterializeResult[None]:
        """Messages on the UPDATES stream, one per changed number, sent after the views show the new number.

        The worker sends them as the publication commits; here is seen that all have left, and sent what has
        not.
        """
        sent = asyncio.run(send_pending_updates(stores.settings))
        return dg.MaterializeResult(metadata={"dagster/row_count": sent})

    return updates


@dg.asset_check(asset=KEY)
def no_change_is_left_unannounced(stores: Stores) -> dg.AssetCheckResult:
    """The outbox is empty after sending: a row in it is a number that dashboards have not heard of."""
    with stores.postgres() as postgres:
        return dg.AssetCheckResult(passed=not pending_updates(postgres))
