"""What happens with the landing folder by itself, and the jobs for what somebody has to decide."""

from collections.abc import Sequence

import dagster as dg

from orchestration.assets.landed_files import partitions
from orchestration.landing_folder import LandedFile, Settled, landed_files, ranges
from orchestration.landing_report import FINGERPRINT, LANDED_FILES
from orchestration.resources import DataFolder

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
UNFINISHED = [
    status
    for status in dg.DagsterRunStatus
    if status not in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
]

import_landed_files = dg.define_asset_job(
    "import_landed_files",
    dg.AssetSelection.assets(LANDED_FILES),
    description="Import the files of the chosen partitions. The landing sensor runs it.",
)

backfill_landing_files = dg.define_asset_job(
    "backfill_landing_files",
    dg.AssetSelection.assets(["ingest", "backfilled_files"]),
    description="Import every file in the landing folder that was not imported yet, or those given, at once.",
)
IMPORTS = (import_landed_files.name, backfill_landing_files.name)


@dg.sensor(
    job=import_landed_files, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING
)
def landing_sensor(context: dg.SensorEvaluationContext, data_folder: DataFolder) -> dg.SensorResult:
    """Imports each new or changed file of the landing folder once it has stopped growing."""
    ready, known = Settled.decode(context.cursor).look(landed_files(data_folder.landing))
    if not ready:
        waiting = f"{len(known.seen)} files may still grow" if known.seen else "no new file"
        return dg.SensorResult(skip_reason=waiting, cursor=known.encode())
    if under_way := _import_under_way(context.instance):
        # It may be importing these very files; if not, they go together in the next run.
        return dg.SensorResult(
            skip_reason=f"{len(ready)} files wait for import {under_way}", cursor=known.encode()
        )
    imported = _imported(context.instance, ready)
    wanted = [file.key for file in ready if file not in imported]
    existing = context.instance.get_dynamic_partitions(str(partitions.name))
    new = sorted(set(wanted).difference(existing))
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(tags={RANGE_START: first, RANGE_END: last})
            for first, last in ranges(wanted, [*existing, *new])
        ],
        skip_reason=None if wanted else f"{len(ready)} new files were imported by hand",
        dynamic_partitions_requests=[partitions.build_add_request(new)] if new else [],
        cursor=known.take(ready).encode(),
    )


def _import_under_way(instance: dg.DagsterInstance) -> str | None:
    for job in IMPORTS:
        runs = instance.get_run_records(dg.RunsFilter(job_name=job, statuses=UNFINISHED), limit=1)
        if runs:
            return runs[0].dagster_run.run_id
    return None


def _imported(instance: dg.DagsterInstance, files: Sequence[LandedFile]) -> list[LandedFile]:
    """Those of the files that somebody imported as they are now."""
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(LANDED_FILES, asset_partitions=[file.key for file in files]),
        limit=max(100, 3 * len(files)),
    ).records
    seen = {
        (record.partition_key, mark.value)
        for record in records
        if record.asset_materialization and (mark := record.asset_materialization.metadata.get(FINGERPRINT))
    }
    return [file for file in files if (file.key, file.fingerprint) in seen]
