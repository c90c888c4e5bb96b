"""`impact backfill FILE`: import one file of history from the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from ingest.backfill.errors import ERRORS, WARNINGS, BackfillError
from ingest.backfill.formats import FORMATS
from ingest.backfill.importer import BatchResult, import_file
from ingest.backfill.importer import Progress as ImportProgress
from ingest.stores import StoreSettings


class BackfillSettings(BaseSettings):
    """Where the platform keeps its files."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(Path(".impact"), description="Data folder of the platform")

    @property
    def error_folder(self) -> Path:
        return self.impact_home / "landing" / "errors"


def backfill(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file")],
    format_name: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}; else found by its columns")
    ] = None,
    exported_at: Annotated[
        datetime | None,
        typer.Option(help="When the source wrote the file (UTC): decides which version is newer"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row and write nothing")] = False,
) -> None:
    """Import one CSV file of history. Repeated, the command goes on with an interrupted import."""
    console = Console(highlight=False)
    try:
        with _progress_bar(console) as bar:
            task = bar.add_task(path.name, total=None)

            def show(progress: ImportProgress) -> None:
                bar.update(task, completed=progress.rows_done, total=progress.total_rows)

            result = import_file(
                path,
                StoreSettings(),
                error_folder=BackfillSettings().error_folder,
                format_name=format_name,
                exported_at=exported_at.replace(tzinfo=UTC) if exported_at else None,
                dry_run=dry_run,
                on_progress=show,
            )
    except BackfillError as problem:
        console.print(f"[red]Nothing imported.[/red] {problem}", soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Stopped. What was done is kept; repeat the command to go on.")
        raise typer.Exit(130) from None
    _report(console, result)


def _progress_bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _report(console: Console, result: BatchResult) -> None:
    title = f"batch {result.batch_id}" if result.batch_id else "dry run, nothing written"
    console.print(f"{result.file_name}: {result.file_format}, {title}", soft_wrap=True)
    if result.resumed_after_row:
        console.print(f"went on after row {result.resumed_after_row:,}")
    table = Table("rows", "taken", "said before", "rejected", "events", "seconds", box=None)
    table.add_row(
        f"{result.total_rows:,}", f"{result.success_rows:,}", f"{result.skipped_rows:,}",
        f"{result.error_rows:,}", f"{result.event_count:,}", f"{result.seconds:.1f}",
    )  # fmt: skip
    console.print(table)
    for code, count in result.errors.items():
        console.print(f"  {code}  {count:>9,}  {ERRORS[code].meaning}", soft_wrap=True)
    for code, count in result.warnings.items():
        console.print(f"  {code}  {count:>9,}  {WARNINGS[code]}", soft_wrap=True)
    if result.error_file:
        console.print(f"Rejected rows, to be corrected and imported: {result.error_file}", soft_wrap=True)
