"""Imports a set of files in the order they depend on each other, whatever becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from ingest.backfill import BackfillError, BatchResult, FileAlreadyImported, Gate, Progress
from ingest.backfill.detect import detect
from ingest.backfill.importer import Options, import_source
from ingest.backfill.tables import open_tables
from ingest.stores import StoreSettings

# Who somebody is, and whose company an event counts for, depends on these: they go first, in this order.
FIRST_FORMATS = ("kintell-users", "buddy-users", "enrollments", "buddy-matches", "buddy-simple")


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file, which is a table or (the buddy system's JSON and XLSX exports) several."""

    path: Path
    results: tuple[BatchResult, ...] = ()  # of the tables that are new
    problem: str | None = None  # why something of it was not imported, and what to do
    seconds: float = 0.0

    @property
    def imported_before(self) -> bool:
        return not self.results and not self.problem


@dataclass
class Landed:
    """What became of each file."""

    imported: list[BatchResult] = field(default_factory=list)
    imported_before: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)  # by file name: why something was not imported

    @property
    def event_count(self) -> int:
        return sum(result.event_count for result in self.imported)


def import_files(
    paths: Sequence[Path],
    settings: StoreSettings,
    *,
    error_folder: Path,
    log: Callable[[str], None],
    gate: Gate | None = None,
    on_file: Callable[[FileOutcome], None] | None = None,
) -> Landed:
    """Import every file that can be; one that cannot is a problem in the answer and keeps no other out.

    `on_file` hears of each file as soon as it is done.
    """
    landed = Landed()
    for path in sorted(paths, key=lambda path: (_rank(path), path)):
        outcome = _import(path, settings, error_folder=error_folder, log=log, gate=gate)
        landed.imported.extend(outcome.results)
        if outcome.problem:
            landed.problems[path.name] = outcome.problem
        elif outcome.imported_before:
            landed.imported_before.append(path.name)
        if on_file:
            on_file(outcome)
    return landed


def _import(
    path: Path, settings: StoreSettings, *, error_folder: Path, log: Callable[[str], None], gate: Gate | None
) -> FileOutcome:
    started = perf_counter()
    results, problems = [], []

    def show(progress: Progress) -> None:
        log(
            f"{path.name}, {progress.stage}: {progress.rows_done:,} of {progress.total_rows:,} rows,"
            f" {progress.event_count:,} events, {progress.error_rows:,} rejected"
        )

    options = Options(error_folder=error_folder, gate=gate, on_progress=show)
    try:
        for source in open_tables(path):
            try:
                results.append(import_source(source, settings, options))
            except FileAlreadyImported as known:
                log(str(known))
            except BackfillError as problem:
                problems.append(str(problem))
    except BackfillError as problem:
        problems.append(str(problem))
    except OSError as error:
        problems.append(f"{path} cannot be read: {error.strerror}")
    return FileOutcome(path, tuple(results), "; ".join(problems) or None, perf_counter() - started)


def _rank(path: Path) -> int:
    """When its turn is. A file that cannot be told goes last: its import says what is wrong with it."""
    try:
        names = [detect(source).name for source in open_tables(path)]
    except (BackfillError, OSError):
        return len(FIRST_FORMATS)
    ranks = [rank for rank, first in enumerate(FIRST_FORMATS) for name in names if name.startswith(first)]
    return min(ranks, default=len(FIRST_FORMATS))
