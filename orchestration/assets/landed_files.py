"""Files of the landing folder, one partition each: counts as metadata, and what each was judged as."""

import warnings
from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingest.quality.suites import CLAIMS
from orchestration.assets.declarations import LANDING_POOL, PLATFORM_TEAM
from orchestration.feeding import feeding
from orchestration.landing_folder import landed_files as files_in
from orchestration.landing_report import LANDED_FILES, PUBLISHED, READABLE, log_raw_events, report_file
from orchestration.resources import DataFolder, Stores

partitions = dg.DynamicPartitionsDefinition(name="landed_files")
_ABOUT = {
    READABLE: "A format claims the file, and it could be read to its end.",
    PUBLISHED: "No batch of the file is withheld, paused or in quarantine.",
    **CLAIMS,
}

with warnings.catch_warnings():
    # Checks per partition are new in Dagster. Without them a good file would hide a bad one before it.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    checks = [
        dg.AssetCheckSpec(name, asset=LANDED_FILES, description=about, partitions_def=partitions)
        for name, about in _ABOUT.items()
    ]


@dg.multi_asset(
    name="landed_files",
    specs=[
        dg.AssetSpec(
            LANDED_FILES,
            description="A file of history as events, judged before they are published.",
            group_name="ingestion",
            owners=[PLATFORM_TEAM],
            kinds={"csv", "clickhouse"},
            partitions_def=partitions,
            skippable=True,
        )
    ],
    check_specs=checks,
    can_subset=True,  # a check has a result only for what its files are judged by
    pool=LANDING_POOL,
    # Starting a run and loading Great Expectations takes longer than most files, so one run takes many.
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def landed_files(context: dg.AssetExecutionContext, stores: Stores, data_folder: DataFolder) -> Iterator[Any]:
    """Import the run's files and report on each as soon as it is done.

    A file that was imported before shows its batch again. One that cannot be read fails the run, after the
    others are in; one that is withheld does not, as it landed and waits for a decision.
    """
    from orchestration.landing import FileOutcome, import_files  # polars: 60 MB that only this run needs

    here = {file.key: file for file in files_in(data_folder.landing)}
    files = {here[key].path: here[key] for key in context.partition_keys if key in here}
    problems = {
        key: "the file is no longer in the landing folder"
        for key in context.partition_keys
        if key not in here
    }

    def report(outcome: FileOutcome) -> None:
        file = files[outcome.path]
        if outcome.problem:
            problems[file.key] = outcome.problem
        report_file(context, stores, data_folder, outcome, file)
        log_raw_events(context, outcome.results)

    with stores.postgres() as postgres, feeding(postgres):
        import_files(
            list(files),
            stores.settings,
            error_folder=data_folder.landing / "errors",
            log=context.log.info,
            gate=data_folder.gate(),
            on_file=report,
        )
    yield from ()  # every event was logged when its file was done
    if problems:
        raise dg.Failure(
            "; ".join(f"{key}: {problem}" for key, problem in sorted(problems.items())), allow_retries=False
        )
