"""Imports a set of files in the order they depend on each other, whatever becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.backfill import BackfillError, BatchResult, FileAlreadyImported, Progress, import_file
from ingest.backfill.detect import detect
from ingest.backfill.source import open_source
from ingest.stores import StoreSettings

# Whose company an event counts for depends on these, so they go before the files that mention them.
FIRST_FORMATS = ("enrollments-v1", "buddy-matches")


@dataclass
class Landed:
    """What became of each file."""

    imported: list[BatchResult] = field(default_factory=list)
    imported_before: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)  # by file name: why nothing of it was imported

    @property
    def event_count(self) -> int:
        return sum(result.event_count for result in self.imported)


def import_files(
    paths: Sequence[Path], settings: StoreSettings, *, error_folder: Path, log: Callable[[str], None]
) -> Landed:
    """Import every file that can be; one that cannot is a problem in the answer and keeps no other out."""
    landed = Landed()
    for path in _in_dependent_order(paths, landed.problems):

        def show(progress: Progress, file_name: str = path.name) -> None:
            log(
                f"{file_name}: {progress.rows_done:,} of {progress.total_rows:,} rows,"
                f" {progress.event_count:,} events, {progress.error_rows:,} rejected"
            )

        try:
            landed.imported.append(import_file(path, settings, error_folder=error_folder, on_progress=show))
        except FileAlreadyImported as known:
            landed.imported_before.append(path.name)
            log(str(known))
        except BackfillError as problem:
            landed.problems[path.name] = str(problem)
    return landed


def _in_dependent_order(paths: Sequence[Path], problems: dict[str, str]) -> list[Path]:
    ranked = []
    for path in paths:
        try:
            name = detect(open_source(path)).name
        except BackfillError as problem:
            problems[path.name] = str(problem)
        except OSError as error:
            problems[path.name] = f"{path} cannot be read: {error.strerror}"
        else:
            rank = FIRST_FORMATS.index(name) if name in FIRST_FORMATS else len(FIRST_FORMATS)
            ranked.append((rank, path))
    return [path for _, path in sorted(ranked)]
