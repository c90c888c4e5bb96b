"""History from files: every CSV file in the landing folder, imported once."""

from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from orchestration.assets.declarations import LANDING_POOL, PLATFORM_TEAM
from orchestration.assets.landed_files import partitions
from orchestration.feeding import feeding
from orchestration.landing_folder import landed_files
from orchestration.landing_report import log_raw_events, report_file
from orchestration.resources import DataFolder, Stores

if TYPE_CHECKING:
    from orchestration.landing import FileOutcome, Landed


class BackfillConfig(dg.Config):
    """Which files to import."""

    paths: list[str] = Field(
        default=[], description="Files, absolute or in the landing folder; none given: every file in it."
    )


@dg.asset(
    key=["ingest", "backfilled_files"],
    group_name="ingestion",
    owners=[PLATFORM_TEAM],
    kinds={"csv", "clickhouse"},
    pool=LANDING_POOL,
)
def backfilled_files(
    context: dg.AssetExecutionContext, config: BackfillConfig, stores: Stores, data_folder: DataFolder
) -> dg.MaterializeResult[None]:
    """Files from the landing folder, as events in the warehouse.

    A file that was imported before is passed over by its content; an interrupted import goes on where it
    stopped; rejected rows are written to a file in `landing/errors`. A file that cannot be read fails the
    run, after the others are in.
    """
    from orchestration.landing import import_files  # polars: 60 MB that only this run needs

    here = {file.path: file for file in landed_files(data_folder.landing)}
    # `landing / path` is `path` itself where that is absolute.
    paths = [data_folder.landing / path for path in config.paths] or list(here)

    def report(outcome: "FileOutcome") -> None:
        # Files from elsewhere have no partition; the table below names them.
        if file := here.get(outcome.path):
            context.instance.add_dynamic_partitions(str(partitions.name), [file.key])
            report_file(context, stores, data_folder, outcome, file)

    with stores.postgres() as postgres, feeding(postgres):
        landed = import_files(
            paths,
            stores.settings,
            error_folder=data_folder.landing / "errors",
            log=context.log.info,
            gate=data_folder.gate(),
            on_file=report,
        )
    log_raw_events(context, landed.imported)
    if landed.problems:
        raise dg.Failure("; ".join(landed.problems.values()), metadata=_summary(landed), allow_retries=False)
    return dg.MaterializeResult(metadata=_summary(landed))


def _summary(landed: "Landed") -> dict[str, dg.MetadataValue]:
    records = [
        dg.TableRecord({
            "file": result.file_name, "format": result.file_format, "batch_id": str(result.batch_id),
            "rows": result.total_rows, "taken": result.success_rows, "said_before": result.skipped_rows,
            "rejected": result.error_rows, "events": result.event_count,
            "error_file": str(result.error_file or ""), "status": result.status,
        })
        for result in landed.imported
    ]  # fmt: skip
    withheld = {
        result.file_name: f"batch {result.batch_id} waits for the job release_withheld_batch or"
        f" discard_withheld_batch; not met: {'; '.join((result.verdict or {}).get('critical', ()))}"
        for result in landed.imported
        if result.status == "withheld"
    }
    return {
        "dagster/row_count": dg.MetadataValue.int(landed.event_count),
        "files": dg.MetadataValue.table(records, schema=FILE_COLUMNS),
        "imported_before": dg.MetadataValue.json(landed.imported_before),
        "withheld": dg.MetadataValue.json(withheld),
        "problems": dg.MetadataValue.json(landed.problems),
    }


FILE_COLUMNS = dg.TableSchema(
    [
        dg.TableColumn("file"),
        dg.TableColumn("format"),
        dg.TableColumn("batch_id"),
        dg.TableColumn("rows", "int"),
        dg.TableColumn("taken", "int", description="rows that became events"),
        dg.TableColumn("said_before", "int", description="rows the platform knew already"),
        dg.TableColumn("rejected", "int"),
        dg.TableColumn("events", "int"),
        dg.TableColumn("status", description="completed, or withheld from the marts until somebody decides"),
        dg.TableColumn(
            "error_file", description="the rejected rows with the reason, to be corrected and imported"
        ),
    ]
)
