"""What Dagster shows of a landed file: its counts as metadata, what its batches were judged as, as checks.

Read from `ingest.batches` after the import, so that a file which was imported before shows the same again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import dagster as dg
import psycopg
from psycopg.rows import class_row

from ingest.quality.suites import CLAIMS
from orchestration.landing_folder import LandedFile
from orchestration.resources import DataFolder, Stores

if TYPE_CHECKING:
    from ingest.backfill import BatchResult
    from orchestration.landing import FileOutcome

LANDED_FILES = dg.AssetKey(["ingest", "landed_files"])
READABLE = "file_is_readable"
PUBLISHED = "batches_are_published"
FINGERPRINT = "fingerprint"  # of the file as it was imported: the sensor leaves it alone while it stays so
_DONE = ("completed", "discarded")

_BATCHES = """
select distinct on (part) batch_id, part, file_format, status, coalesce(total_rows, 0) as total_rows,
    success_rows, error_rows, skipped_rows, event_count, error_file_path, error_summary, verdict, problem
from ingest.batches
where file_sha256 = %s
order by part, created_at desc
"""


@dataclass(frozen=True)
class BatchRecord:
    """A row of `ingest.batches`."""

    batch_id: UUID
    part: str
    file_format: str
    status: str
    total_rows: int
    success_rows: int
    error_rows: int
    skipped_rows: int
    event_count: int
    error_file_path: str | None
    error_summary: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    problem: str | None

    @property
    def report(self) -> Mapping[str, Any]:
        report: Mapping[str, Any] = (self.verdict or {}).get("report", {})
        return report

    @property
    def critical(self) -> Sequence[str]:
        critical: Sequence[str] = (self.verdict or {}).get("critical", ())
        return critical


def report_file(
    context: dg.OpExecutionContext | dg.AssetExecutionContext,
    stores: Stores,
    data_folder: DataFolder,
    outcome: FileOutcome,
    file: LandedFile,
) -> None:
    """Log what became of a landed file: its materialization, its checks, and the events that are new."""
    docs_url = data_folder.quality_docs_url
    with stores.postgres() as connection:
        batches = batches_of(connection, outcome.path)
    if not outcome.problem:
        context.log_event(
            dg.AssetMaterialization(
                LANDED_FILES,
                partition=file.key,
                description="imported before" if outcome.imported_before else None,
                metadata={
                    **metadata_of(batches, seconds=outcome.seconds, docs_url=docs_url),
                    FINGERPRINT: file.fingerprint,
                },
            )
        )
    for evaluation in checks_of(file.key, batches, problem=outcome.problem, docs_url=docs_url):
        context.log_event(evaluation)  # type: ignore[arg-type]  # Dagster takes them, its annotation does not


def log_raw_events(
    context: dg.OpExecutionContext | dg.AssetExecutionContext, results: Iterable[BatchResult]
) -> None:
    """Show published batches on the raw events too, as the worker shows its loads."""
    for result in results:
        if result.status == "completed":
            context.log_event(
                dg.AssetMaterialization(
                    ["raw", "events"],
                    metadata={"loaded_row_count": result.event_count, "batch_id": str(result.batch_id)},
                )
            )


def batches_of(connection: psycopg.Connection, path: Path) -> list[BatchRecord]:
    """The newest batch of each part of a file, by its bytes. Empty if it was never imported, or is gone."""
    try:
        sha256 = sha256_of(path)
    except OSError:
        return []
    with connection.cursor(row_factory=class_row(BatchRecord)) as cursor:
        return cursor.execute(_BATCHES, (sha256,)).fetchall()


def sha256_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def metadata_of(batches: Sequence[BatchRecord], *, seconds: float, docs_url: str) -> dict[str, Any]:
    """The counts of a file, all its batches together, and where to read on."""
    warnings: Counter[str] = Counter()
    for batch in batches:
        warnings.update(batch.error_summary.get("warnings", {}))
    error_files = [batch.error_file_path for batch in batches if batch.error_file_path]
    return {
        "status": ", ".join(dict.fromkeys(batch.status for batch in batches)),
        "batch_id": ", ".join(str(batch.batch_id) for batch in batches),
        "format": ", ".join(batch.file_format for batch in batches),
        "rows": sum(batch.total_rows for batch in batches),
        "success": sum(batch.success_rows for batch in batches),
        "errors": sum(batch.error_rows for batch in batches),
        "skipped": sum(batch.skipped_rows for batch in batches),
        "warnings": warnings.total(),
        "dagster/row_count": sum(batch.event_count for batch in batches),
        "seconds": round(seconds, 2),
        "judging_seconds": sum(batch.report.get("seconds", 0) for batch in batches),
        **({"error_file": dg.MetadataValue.path(error_files[0])} if error_files else {}),
        **_links(batches, docs_url),
    }


def checks_of(
    key: str, batches: Sequence[BatchRecord], *, problem: str | None, docs_url: str
) -> Iterator[dg.AssetCheckEvaluation]:
    """One evaluation per claim that was judged, and whether the file could be read and reached the marts."""
    yield _evaluation(key, READABLE, passed=problem is None, description=problem)
    if not batches or problem:
        return
    advice = " ".join(_what_to_do(batch) for batch in batches if batch.status not in _DONE)
    published = all(batch.status in _DONE for batch in batches)
    yield _evaluation(
        key, PUBLISHED, passed=published, description=advice or None, metadata=_links(batches, docs_url)
    )
    for claim in CLAIMS:
        judged = [
            one
            for batch in batches
            for one in batch.report.get("expectations", ())
            if one["claim"] == claim and one["passed"] is not None
        ]
        if judged:
            yield _claim_evaluation(key, claim, judged, _links(batches, docs_url))


def _claim_evaluation(
    key: str, claim: str, judged: Sequence[Mapping[str, Any]], links: Mapping[str, Any]
) -> dg.AssetCheckEvaluation:
    failed = [one for one in judged if not one["passed"]]
    is_critical = any(one["severity"] == "critical" for one in failed)
    rows = sorted({row for one in failed for row in one["rows"]})
    return _evaluation(
        key,
        claim,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        description=" ".join(f"{one['name']}, but is {one['observed']:.4g}. {one['why']}" for one in failed)
        or None,
        metadata={
            **{f"{one['name']} ({one['severity']})": one["observed"] for one in judged},
            **({"rows to look at": ", ".join(map(str, rows))} if rows else {}),
            **links,
        },
    )


def _what_to_do(batch: BatchRecord) -> str:
    if batch.status == "withheld":
        return (
            f"Batch {batch.batch_id} is withheld from the marts, since this is not met:"
            f" {'; '.join(batch.critical)}. Discard it with the job discard_withheld_batch and put a"
            " corrected file into the landing folder, or publish it with the job release_withheld_batch."
        )
    if batch.status == "quarantined":
        return f"Batch {batch.batch_id} is in quarantine: {batch.problem}"
    return f"Batch {batch.batch_id} is {batch.status}; resume_paused_batches goes on with it."


def _links(batches: Sequence[BatchRecord], docs_url: str) -> dict[str, Any]:
    pages = {
        f"data_docs{f' {batch.part}' if batch.part else ''}": batch.report.get("page") for batch in batches
    }
    return {name: dg.MetadataValue.url(f"{docs_url}/{page}") for name, page in pages.items() if page}


def _evaluation(
    key: str,
    name: str,
    *,
    passed: bool,
    description: str | None = None,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    metadata: Mapping[str, Any] | None = None,
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=LANDED_FILES,
        check_name=name,
        passed=passed,
        severity=severity,
        description=description,
        metadata=metadata,
        partition=key,
    )
