"""Retention as a compliance officer sees it: an asset a day, with what ended, and a check that asks again."""

import asyncio
from datetime import UTC, datetime

import dagster as dg

from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY, WAREHOUSE_POOL
from orchestration.privacy.retention.enforcing import RetentionSettings, enforce, renew_master_key
from orchestration.privacy.retention.outcome import Outcome
from orchestration.resources import DataFolder, Stores

KEY = ["privacy", "retention"]
# The newest proof of every relation. `left_count` null is not zero.
_UNPROVEN = """
select relation, left_count, proven_at from (
    select distinct on (relation, period) relation, left_count, proven_at
    from privacy.retention_proofs order by relation, period, proof_id desc
) as newest
where left_count is distinct from 0
"""


@dg.asset(
    key=KEY,
    group_name="privacy",
    owners=[PLATFORM_TEAM],
    kinds={"clickhouse", "postgres", "nats"},
    freshness_policy=REBUILT_NIGHTLY,
    pool=WAREHOUSE_POOL,  # a refresh must not read what is being rewritten
    retry_policy=dg.RetryPolicy(max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL),
)
def retention(
    context: dg.AssetExecutionContext, stores: Stores, data_folder: DataFolder
) -> dg.MaterializeResult[None]:
    """End what has been kept for its time, and replace the master key of texts after an erasure."""
    now = datetime.now(UTC)
    settings = RetentionSettings.model_validate(
        {**stores.settings.model_dump(exclude_none=True), "impact_home": data_folder.home}
    )

    def report(outcome: Outcome) -> None:
        context.log.info(f"{outcome.relation}: {outcome.removed_count} ended, {outcome.left_count} left")

    async def run() -> list[Outcome]:
        async with stores.jetstream() as js:
            return await enforce(settings, js, now, report=report)

    outcomes = asyncio.run(run())
    rotation = renew_master_key(settings, now)
    return dg.MaterializeResult(
        metadata={
            "ended_count": sum(outcome.removed_count for outcome in outcomes),
            "unproven_count": sum(not outcome.is_proven for outcome in outcomes),
            "master_key_renewed": rotation is not None,
            "proofs": dg.MetadataValue.table([_record(outcome) for outcome in outcomes]),
        }
    )


@dg.asset_check(asset=KEY)
def nothing_is_kept_longer_than_allowed(stores: Stores) -> dg.AssetCheckResult:
    """After the newest pass every relation was counted, and nothing was left in any."""
    with stores.postgres() as postgres:
        unproven = postgres.execute(_UNPROVEN).fetchall()
    return dg.AssetCheckResult(
        passed=not unproven,
        metadata={"unproven": ", ".join(f"{relation} ({left})" for relation, left, _ in unproven) or "none"},
    )


enforce_retention = dg.define_asset_job(
    "enforce_retention",
    dg.AssetSelection.assets(KEY),
    description="End what has been kept for its time. Nightly, before the warehouse is built anew.",
)

retention_schedule = dg.ScheduleDefinition(
    name="retention_schedule",
    job=enforce_retention,
    cron_schedule="45 0 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Before the nightly rebuild: what ends in raw.events makes the next refresh a full build.",
)


def _record(outcome: Outcome) -> dg.TableRecord:
    return dg.TableRecord({
        "relation": outcome.relation,
        "period": outcome.period,
        "kept_since": outcome.kept_since.isoformat(),
        "ended": outcome.removed_count,
        "left": -1 if outcome.left_count is None else outcome.left_count,
        "proof_query": outcome.proof_query,
    })  # fmt: skip
