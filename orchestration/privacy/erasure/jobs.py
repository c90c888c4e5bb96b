"""Erasure as Dagster shows it: a run per batch of requests, a step per lane, to watch, retry and repeat.

A step that is run again does what is left of its lane, and a run from a failed step goes on with the same
erasure.
"""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import dagster as dg
from pydantic import Field

from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.automation import refresh_warehouse
from orchestration.privacy.erasure.carrying_out import Erasure, LeftoverError
from orchestration.privacy.erasure.certificates import (
    CertificateError,
    check,
    public_bytes,
    signing_key,
    stored,
)
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import SWEEPING, Lane
from orchestration.privacy.erasure.sweeping import UnsweepableError
from orchestration.privacy.erasure.verifying import verify
from orchestration.privacy.requests import attempts, store
from orchestration.privacy.requests.regions import RegionSettings
from orchestration.resources import DataFolder, Stores

TAG = {"impact/privacy": "erasure"}
ERASURE_TAG = "impact/erasure"
# A store that is away comes back; what was left somewhere is swept again before it is counted again.
RETRIES = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)
CHECKED_NIGHTLY = 20
_MOST_AT_ONCE = 1_000


class ErasureConfig(dg.Config):
    """Which requests one erasure carries out."""

    request_ids: list[str] = Field(description="Requests, as /v1/privacy/requests names them.")


@dg.op(retry_policy=RETRIES)
def set_tombstones(
    context: dg.OpExecutionContext, config: ErasureConfig, stores: Stores, data_folder: DataFolder
) -> str:
    """Open the erasure, let nobody of them in from now on, and make sealed texts unreadable."""
    requests = [UUID(one) for one in config.request_ids]
    try:
        erasure = Erasure.of_due(_place(stores, data_folder), requests, context.run_id)
    except UnsweepableError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.instance.add_run_tags(context.run_id, {ERASURE_TAG: str(erasure.erasure_id)})
    return _lane(context, erasure, "tombstones")


@dg.op(retry_policy=RETRIES)
def erase_from_postgres(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Take the people out of Postgres: first of all out of what the API serves."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "postgres")


@dg.op(retry_policy=RETRIES)
def erase_what_arrived(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Rewrite the tables that arrivals fill: events, texts, verdicts. It waits for nobody."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "arrivals")


@dg.op(retry_policy=RETRIES)
def erase_from_clickhouse(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Rewrite the tables that are built, once a refresh under way has ended; what is derived goes first."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "clickhouse")


@dg.op(retry_policy=RETRIES)
def erase_from_jetstream(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Delete the messages that name them: replay buffers, dead letters, retries, updates."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "jetstream")


@dg.op(retry_policy=RETRIES)
def erase_from_folders(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Take their lines out of files: landed, refused, quarantined; and their earlier exports."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "folders")


@dg.op(retry_policy=RETRIES)
def count_what_is_left(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Look for them everywhere once more. What still holds somebody is swept by the next attempt."""
    erasure = _erasure(context, erasure_id, stores, data_folder)
    if context.retry_number:
        for lane in SWEEPING[1:]:
            erasure.lane(lane, context.log.info)
    try:
        report = erasure.count_again()
    except LeftoverError as error:
        if context.retry_number >= RETRIES.max_retries:
            erasure.failed(error)
        raise
    rows = [f"| {one.relation} | {one.state} | {one.looked_at} | {one.remaining} |" for one in report.counts]
    context.add_output_metadata(
        {
            "relations": len(report.counts),
            "left": report.remaining,
            "counts": dg.MetadataValue.md(
                "\n".join(["| relation | | looked at | left |", "|---|---|---:|---:|", *rows])
            ),
        }
    )
    return erasure_id


@dg.op(retry_policy=RETRIES)
def write_files_anew(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> str:
    """Leave nothing of what was deleted in the stores' own files and logs."""
    return _lane(context, _erasure(context, erasure_id, stores, data_folder), "files")


@dg.op(retry_policy=RETRIES)
def sign_certificate(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> None:
    """Sign what was counted since the last table was swept, or is counted now; complete the requests."""
    certificate = _erasure(context, erasure_id, stores, data_folder).certify()
    said = certificate.said
    context.log_event(
        dg.AssetMaterialization(
            ["privacy", "erasure_certificates"],
            metadata={
                "certificate": said["certificate_id"],
                "sequence": said["sequence"],
                "people": said["person_count"],
                "rows_erased": sum(one["before"] or 0 for one in said["steps"]),
                "rows_remaining": said["rows_remaining"],
                "sha256": certificate.sha256.hex(),
            },
        )
    )


@dg.failure_hook(required_resource_keys={"stores", "data_folder"})
def note_failure(context: dg.HookContext) -> None:
    """A request whose erasure stopped says so, and waits for a person or the next run."""
    stores, data_folder = context.resources.stores, context.resources.data_folder
    place = _place(stores, data_folder)
    with place.postgres() as connection:
        row = connection.execute(
            "select erasure_id from privacy.erasures where run_id = %s and state <> 'certified'",
            (context.run_id,),
        ).fetchone()
    if row is not None:
        error = context.op_exception or RuntimeError()
        Erasure(place, row[0], context.run_id).failed(error.__cause__ or error)  # type: ignore[arg-type]


@dg.job(
    description="Erase the people of requests that are due, in one pass over all stores, and certify it.",
    tags={**TAG, "dagster/max_runtime": "14400", "dagster/max_retries": "3"},
    hooks={note_failure},
)
def erase_people() -> None:
    arrived = erase_what_arrived(erase_from_postgres(set_tombstones()))
    swept = erase_from_clickhouse(erase_from_folders(erase_from_jetstream(arrived)))
    sign_certificate(write_files_anew(count_what_is_left(swept)))


@dg.sensor(
    job_name=erase_people.name,
    minimum_interval_seconds=4,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def erasures_sensor(context: dg.SensorEvaluationContext, stores: Stores) -> dg.SensorResult | dg.SkipReason:
    """One run for all erasures that are due: a thousand people cost little more than one."""
    region = RegionSettings().impact_region
    with stores.postgres() as postgres:
        due = [one for one in store.due(postgres, datetime.now(UTC), region=region) if one.right == "erasure"]
    if not due:
        return dg.SkipReason("no erasure is due")
    under_way = context.instance.get_runs_count(
        dg.RunsFilter(
            job_name=erase_people.name,
            statuses=[
                dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
                dg.DagsterRunStatus.STARTED,
            ],
        )
    )  # fmt: skip
    if under_way:
        return dg.SkipReason("an erasure is under way; what is due waits for the next one")
    batch = sorted((str(one.request_id), one.attempt) for one in due[:_MOST_AT_ONCE])
    attempt = sha256(repr(batch).encode()).hexdigest()[:24]
    key = attempts.next_run_key(context.instance, attempt, datetime.now(UTC))
    if key is None:
        return dg.SkipReason("a run for what is due ended a moment ago; another follows if it is still due")
    return dg.SensorResult(
        [
            dg.RunRequest(
                run_key=key,
                run_config={
                    "ops": {"set_tombstones": {"config": {"request_ids": [one for one, _ in batch]}}}
                },
                tags={attempts.TAG: attempt},
            )
        ]
    )


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[erase_people],
    request_job=refresh_warehouse,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def recompute_after_erasure(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """Figures that counted the people are computed anew, and published with the next data version."""
    return dg.RunRequest(run_key=f"erased:{context.dagster_run.run_id}")


certificates_asset = dg.AssetSpec(
    ["privacy", "erasure_certificates"],
    description="Certificates of erasure, signed and chained. A run of `erase_people` makes one.",
    group_name="privacy",
    owners=[PLATFORM_TEAM],
    kinds={"postgres"},
)


@dg.asset_check(asset=certificates_asset.key)
def nobody_erased_came_back(stores: Stores, data_folder: DataFolder) -> dg.AssetCheckResult:
    """The newest certificates hold, and of everybody ever erased nothing is there."""
    place = _place(stores, data_folder)
    problems = []
    with stores.postgres() as postgres:
        names = postgres.execute(
            "select certificate_id::text from privacy.certificates order by sequence desc limit %s",
            (CHECKED_NIGHTLY,),
        ).fetchall()
        for (name,) in names:
            try:
                one = stored(postgres, name)
                if one is not None:
                    check(one, public_key=public_bytes(signing_key(place.home)), connection=postgres)
            except CertificateError as error:
                problems.append(f"{name}: {error}")
        report = asyncio.run(verify(place))
        postgres.execute(
            "update privacy.certificates set verified_at = now(), remaining_count = %s"
            " where certificate_id::text = any(%s)",
            (report.remaining, [name for (name,) in names]),
        )
    return dg.AssetCheckResult(
        passed=report.is_clean and not problems,
        metadata={
            "certificates": len(names),
            "left": report.remaining,
            "found": report.explained(),
            "problems": dg.MetadataValue.json(problems),
        },
    )


verify_certificates = dg.define_asset_job(
    "verify_certificates",
    selection=dg.AssetSelection.checks(nobody_erased_came_back),
    description="Check the newest certificates, and count again what is left of everybody ever erased.",
    tags=TAG,
)
verify_certificates_schedule = dg.ScheduleDefinition(
    name="verify_certificates_schedule",
    job=verify_certificates,
    cron_schedule="20 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Nightly: what came back is found within a day.",
)


def _lane(context: dg.OpExecutionContext, erasure: Erasure, lane: Lane) -> str:
    done = erasure.lane(lane, context.log.info)
    with erasure.place.postgres() as connection:
        rows = connection.execute(
            "select step, rows_before, rows_after from privacy.erasure_steps"
            " where erasure_id = %s and lane = %s order by position",
            (erasure.erasure_id, lane),
        ).fetchall()
    table = ["| relation | before | after |", "|---|---:|---:|"]
    table += [f"| {step} | {before} | {after} |" for step, before, after in rows]
    context.add_output_metadata(
        {
            "erasure": str(erasure.erasure_id),
            "steps_done": len(done),
            "rows": sum(before or 0 for _, before, _ in rows),
            "relations": dg.MetadataValue.md("\n".join(table)),
        }
    )
    return str(erasure.erasure_id)


def _place(stores: Stores, data_folder: DataFolder) -> Place:
    return Place(stores.settings, data_folder.home)


def _erasure(
    context: dg.OpExecutionContext, erasure_id: str, stores: Stores, data_folder: DataFolder
) -> Erasure:
    return Erasure(_place(stores, data_folder), UUID(erasure_id), context.run_id)
