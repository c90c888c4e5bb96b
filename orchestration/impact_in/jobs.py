"""Deliveries as Dagster shows them: a sensor that looks for what is due, and runs one can see and repeat."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import dagster as dg

from orchestration.impact_in.orders import replay_period
from orchestration.impact_in.running import look, run_due
from orchestration.impact_in.settings import DeliverySettings
from orchestration.resources import Stores

TAG = {"impact/deliveries": "true"}
_LATEST = """
select deliveries.company_id, deliveries.platform, deliveries.period, deliveries.revision, deliveries.status,
    deliveries.attempt_count, deliveries.http_status, deliveries.error
from impact_in.scheduled_deliveries as deliveries
where exists (select from impact_in.attempts as attempts
    where attempts.delivery_id = deliveries.delivery_id and attempts.started_at >= %s)
order by (deliveries.status = 'failed') desc, deliveries.company_id, deliveries.platform limit 200
"""


class DeliveryConfig(dg.Config):
    """Everything that is due; with company and period, also what failed of them before, sent again."""

    company_id: str = ""
    period: str = ""
    platform: str = ""


@dg.op
def deliver_what_is_due(context: dg.OpExecutionContext, config: DeliveryConfig, stores: Stores) -> None:
    """Plan and send; the run shows every delivery it touched. Fails when one of them has failed for good."""
    settings = DeliverySettings()
    if bool(config.company_id) != bool(config.period):
        raise dg.Failure("give company_id and period together, or neither of them")
    started_at = datetime.now(UTC)
    if config.company_id:
        context.instance.add_run_tags(
            context.run_id, {"impact/company": config.company_id, "impact/period": config.period}
        )
        context.log.info(
            f"{asyncio.run(_replay(stores.postgres_url, config))} failed deliveries are sent again"
        )
    counts = asyncio.run(run_due(stores.postgres_url, settings))
    with stores.postgres() as postgres:
        rows = postgres.execute(_LATEST, (started_at,)).fetchall()
    table = [
        "| company | platform | period | revision | status | requests | HTTP | error |",
        "|---" * 8 + "|",
    ]
    table += ["| " + " | ".join("" if value is None else str(value) for value in row) + " |" for row in rows]
    told: dict[str, int | dg.MetadataValue[str]] = {
        **{name: count for name, count in counts.items() if count},
        "deliveries": dg.MetadataValue.md("\n".join(table)),
    }
    if counts["failed"]:
        raise dg.Failure(
            f"{counts['failed']} deliveries have failed for good: see /v1/impact-in/deliveries?status=failed,"
            " mend the cause, and replay them",
            metadata=told, allow_retries=False,
        )  # fmt: skip
    context.add_output_metadata(told)


async def _replay(postgres_url: str, config: DeliveryConfig) -> int:
    connection = await asyncpg.connect(postgres_url, timeout=5)
    try:
        return await replay_period(
            connection, UUID(config.company_id), config.period, config.platform or None, actor="dagster"
        )
    finally:
        await connection.close()


@dg.job(
    description="Plan and send the reports that are due to companies' CSR suites; the sensor runs it.",
    tags={**TAG, "dagster/max_runtime": "7200"},
)
def deliver_impact() -> None:
    deliver_what_is_due()


@dg.sensor(
    job_name=deliver_impact.name,
    minimum_interval_seconds=29,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def deliveries_sensor(context: dg.SensorEvaluationContext, stores: Stores) -> dg.RunRequest | dg.SkipReason:
    """Applies callbacks, and starts a run when something is due, one at a time. Two would also send once."""
    settings = DeliverySettings()
    is_due = asyncio.run(look(stores.postgres_url, settings))
    if not settings.scheduler_enabled:
        return dg.SkipReason("SCHEDULER_ENABLED is off")
    under_way = context.instance.get_run_records(
        dg.RunsFilter(
            job_name=deliver_impact.name,
            statuses=[dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED],
        ),
        limit=1,
    )
    if under_way:
        return dg.SkipReason(f"run {under_way[0].dagster_run.run_id} is sending")
    if not is_due:
        return dg.SkipReason("nothing is due")
    return dg.RunRequest()
