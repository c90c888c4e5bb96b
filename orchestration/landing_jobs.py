"""What somebody decides about a batch, as jobs: release or discard it, resume the unfinished."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import dagster as dg
import psycopg
from pydantic import Field

from orchestration.assets.declarations import LANDING_POOL
from orchestration.landing_folder import LandedFile, landed_files
from orchestration.landing_report import log_raw_events, report_file, sha256_of
from orchestration.resources import DataFolder, Stores

_UNFINISHED = """
select file_name, file_sha256 from ingest.batches
where status in ('pending', 'running', 'failed', 'paused') order by created_at
"""


class Decision(dg.Config):
    """Which batch, and who decided."""

    batch_id: str = Field(description="The withheld batch, as its failed check names it.")
    decided_by: str = Field(description="Who decided: a user name or a ticket, kept with the batch.")


@dg.op(pool=LANDING_POOL)
def release_batch(
    context: dg.OpExecutionContext, config: Decision, stores: Stores, data_folder: DataFolder
) -> None:
    """Publish a withheld batch as it is."""
    from ingest.backfill import decide

    decide.release_batch(stores.settings, UUID(config.batch_id), by=config.decided_by)
    _report_again(context, stores, data_folder, UUID(config.batch_id))


@dg.op(pool=LANDING_POOL)
def discard_batch(
    context: dg.OpExecutionContext, config: Decision, stores: Stores, data_folder: DataFolder
) -> None:
    """Drop a withheld batch, so that its file, or a corrected one, can be imported anew."""
    from ingest.backfill import decide

    decide.discard_batch(stores.settings, UUID(config.batch_id), by=config.decided_by)
    _report_again(context, stores, data_folder, UUID(config.batch_id))


@dg.op(pool=LANDING_POOL)
def resume_batches(context: dg.OpExecutionContext, stores: Stores, data_folder: DataFolder) -> None:
    """Go on with every unfinished batch whose file is in the landing folder."""
    from orchestration.landing import FileOutcome, import_files

    with stores.postgres() as connection:
        files, missing = _unfinished(connection, landed_files(data_folder.landing))
    for name in missing:
        context.log.warning(f"{name} is not finished and not in the landing folder; put it back to go on")

    def report(outcome: FileOutcome) -> None:
        report_file(context, stores, data_folder, outcome, files[outcome.path])
        log_raw_events(context, outcome.results)

    landed = import_files(
        list(files),
        stores.settings,
        error_folder=data_folder.landing / "errors",
        log=context.log.info,
        gate=data_folder.gate(),
        on_file=report,
    )
    context.add_output_metadata({
        "resumed": [result.file_name for result in landed.imported],
        "missing": missing,
        "problems": landed.problems,
    })  # fmt: skip
    if landed.problems:
        raise dg.Failure("; ".join(landed.problems.values()), allow_retries=False)


@dg.job(description="Publish a withheld batch as it is. Config: its id, and who decided.")
def release_withheld_batch() -> None:
    release_batch()


@dg.job(description="Drop a withheld batch; its file can be imported anew. Config: its id, and who decided.")
def discard_withheld_batch() -> None:
    discard_batch()


@dg.job(
    description="Go on with every import that was interrupted and whose file is still in the landing folder."
)
def resume_paused_batches() -> None:
    resume_batches()


def _report_again(
    context: dg.OpExecutionContext, stores: Stores, data_folder: DataFolder, batch_id: UUID
) -> None:
    """Let the file's checks show the decision, if the file is still there."""
    from orchestration.landing import FileOutcome

    with stores.postgres() as connection:
        row = connection.execute(
            "select file_name, file_sha256 from ingest.batches where batch_id = %s", (batch_id,)
        ).fetchone()
    for file in _same_content(landed_files(data_folder.landing), *row) if row else ():
        report_file(context, stores, data_folder, FileOutcome(file.path), file)


def _unfinished(
    connection: psycopg.Connection, files: Sequence[LandedFile]
) -> tuple[dict[Path, LandedFile], list[str]]:
    found: dict[Path, LandedFile] = {}
    missing: list[str] = []
    for name, sha256 in connection.execute(_UNFINISHED):
        same = _same_content(files, name, sha256)
        found.update((file.path, file) for file in same[:1])
        if not same:
            missing.append(name)
    return found, missing


def _same_content(files: Sequence[LandedFile], name: str, sha256: bytes) -> list[LandedFile]:
    """The files of this name, anywhere in the folder, that still hold these bytes."""
    return [file for file in files if file.path.name == name and sha256_of(file.path) == sha256]
