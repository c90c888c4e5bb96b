"""Exports as Dagster shows them: a sensor that finds what is due, and runs to watch, retry and repeat."""

import time
from datetime import UTC, datetime
from uuid import UUID

import dagster as dg
import psycopg
from pydantic import Field

from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.master import MasterKeys
from orchestration.privacy.declarations import declared
from orchestration.privacy.export.exporting import export, remove_expired
from orchestration.privacy.requests import attempts, audit, store
from orchestration.privacy.requests.model import EXPORTS, PrivacyRequest, StateError
from orchestration.privacy.requests.regions import RegionSettings
from orchestration.resources import DataFolder, Stores

TAG = {"impact/privacy": "export"}
REQUEST_TAG = "impact/privacy_request"
# A look that finds nothing stays for a while, since Dagster looks no more than every five seconds. Less than
# those, so that no look is left out.
PATIENCE_S = 4.0
RETRIES = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)


class RequestConfig(dg.Config):
    """Which request."""

    request_id: str = Field(description="The request, as /v1/privacy/requests names it.")


@dg.op(retry_policy=RETRIES)
def read_and_pack(
    context: dg.OpExecutionContext, config: RequestConfig, stores: Stores, data_folder: DataFolder
) -> None:
    """Read every declared source of a person and pack the file. The run holds counts, and nothing of anybody.

    May be run again at any time until the request is completed: the file is made anew.
    """
    request_id = UUID(config.request_id)

    def tell(key: str, rows: int) -> None:
        relation, _, name = key.partition(":")
        context.log_event(
            dg.AssetMaterialization(
                ["privacy", "export", relation, *name.split(".")],
                metadata={"dagster/row_count": rows, "request": str(request_id)},
            )
        )

    with stores.postgres() as postgres, stores.clickhouse(yields=False) as clickhouse:  # somebody waits
        try:
            request = store.begin(postgres, request_id, context.run_id)
        except StateError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        try:
            keys = BlockingTextKeys(postgres, MasterKeys.of(stores.settings))
            done = export(postgres, clickhouse, keys, request, declared(), data_folder.home, tell)
        except Exception as error:
            if context.retry_number >= RETRIES.max_retries:
                # The type alone: a store's own message may quote a value.
                store.advance(
                    postgres, request_id, "failed", actor=f"run:{context.run_id}", error=type(error).__name__
                )
            raise
    table = ["| source | rows |", "|---|---|", *(f"| {key} | {rows} |" for key, rows in done.rows.items())]
    context.add_output_metadata(
        {
            "request": str(request_id),
            "rows": sum(done.rows.values()),
            "bytes": done.packed.size,
            "sources": dg.MetadataValue.md("\n".join(table)),
            "left_out": dg.MetadataValue.json(done.left_out),
        }
    )


@dg.job(
    description="Make the file of one request for access or portability. A sensor runs it.",
    tags={**TAG, "dagster/max_runtime": "1800", "dagster/max_retries": "3"},
)
def export_subject() -> None:
    read_and_pack()


@dg.sensor(
    job_name=export_subject.name,
    minimum_interval_seconds=4,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def privacy_exports_sensor(context: dg.SensorEvaluationContext, stores: Stores) -> dg.SensorResult:
    """Starts a run per request that is due: one per attempt, and another where one ended before it began.

    Where none is, the next one that is asked for within `PATIENCE_S` starts at once.
    """
    with stores.postgres() as postgres:
        store.listen(postgres)
        ends = time.monotonic() + PATIENCE_S
        waiting = _due(postgres)
        while not waiting and store.wait_for_news(postgres, max(0.0, ends - time.monotonic())):
            waiting = _due(postgres)
    return dg.SensorResult([asked for one in waiting if (asked := _run_of(context.instance, one))])


def _run_of(instance: dg.DagsterInstance, request: PrivacyRequest) -> dg.RunRequest | None:
    attempt = f"{request.request_id}:{request.attempt}"
    key = attempts.next_run_key(instance, attempt, datetime.now(UTC))
    if key is None:
        return None
    return dg.RunRequest(
        run_key=key,
        run_config={"ops": {"read_and_pack": {"config": {"request_id": str(request.request_id)}}}},
        tags={
            REQUEST_TAG: str(request.request_id),
            attempts.TAG: attempt,
            # Of runs that wait, Dagster takes the one with the highest number.
            "dagster/priority": str(-request.priority),
        },
    )


def _due(postgres: psycopg.Connection) -> list[PrivacyRequest]:
    due = store.due(postgres, datetime.now(UTC), region=RegionSettings().impact_region)
    return [one for one in due if one.right in EXPORTS]


@dg.op
def remove_old_exports(context: dg.OpExecutionContext, stores: Stores, data_folder: DataFolder) -> None:
    """Delete the files of exports whose link has ended."""
    with stores.postgres() as postgres:
        count = remove_expired(postgres, data_folder.home, datetime.now(UTC))
    context.log.info(f"{count} exports were deleted at the end of their time")


@dg.op
def verify_audit_chain(context: dg.OpExecutionContext, stores: Stores) -> None:
    """Reckon the audit chain again; the run's metadata keep its head, to be compared with later ones."""
    with stores.postgres() as postgres:
        chain = audit.verify(postgres)
    if chain.problem is not None:
        raise dg.Failure(
            f"the audit chain of privacy requests is broken: {chain.problem}. Keep the database as it is, and"
            " compare it with a backup",
            allow_retries=False,
        )
    context.add_output_metadata({"rows": chain.length, "head": chain.head_name})


@dg.job(
    description="Delete exports past their time and verify the audit chain of privacy requests.", tags=TAG
)
def keep_privacy_records() -> None:
    remove_old_exports()
    verify_audit_chain()


privacy_records_schedule = dg.ScheduleDefinition(
    name="privacy_records_schedule",
    job=keep_privacy_records,
    cron_schedule="37 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Hourly, so that no export can be fetched, or lies there, much longer than its link says.",
)
