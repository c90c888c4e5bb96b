"""`impact backfill`: import files of history, and decide about those that wait."""

from __future__ import annotations

import contextlib
import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

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

from ingest.backfill.encoding import ENCODINGS
from ingest.backfill.errors import ERRORS, WARNINGS, BackfillError, UnknownBatch
from ingest.backfill.formats import FORMATS
from ingest.backfill.importer import BatchResult, import_tables
from ingest.backfill.importer import Progress as ImportProgress
from ingest.quality.gate import ExpectationsGate
from ingest.stores import StoreSettings


class BackfillSettings(BaseSettings):
    """Where the platform keeps its files."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(Path(".impact"), description="Data folder of the platform")

    @property
    def error_folder(self) -> Path:
        return self.impact_home / "landing" / "errors"

    @property
    def quality_folder(self) -> Path:
        return self.impact_home / "quality"


def backfill(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (also .gz), JSON or XLSX")],
    format_name: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}; else found by its columns")
    ] = None,
    exported_at: Annotated[
        datetime | None,
        typer.Option(help="When the source wrote the file (UTC): decides which version is newer"),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(ENCODINGS)}; else told by the bytes")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row and write nothing")] = False,
) -> None:
    """Import one file of history. Repeated, the command goes on with an interrupted import."""
    console = Console(highlight=False)
    if encoding not in (None, *ENCODINGS):
        raise typer.BadParameter(f"choose one of {', '.join(ENCODINGS)}", param_hint="--encoding")
    settings = BackfillSettings()
    with _explained(console, "Nothing imported."), _progress_bar(console) as bar:
        task = bar.add_task(path.name, total=None)

        def show(progress: ImportProgress) -> None:
            bar.update(
                task, description=f"{path.name} {progress.stage}", completed=progress.rows_done,
                total=progress.total_rows,
            )  # fmt: skip

        for result in import_tables(
            path,
            StoreSettings(),
            error_folder=settings.error_folder,
            format_name=format_name,
            exported_at=exported_at.replace(tzinfo=UTC) if exported_at else None,
            dry_run=dry_run,
            on_progress=show,
            encoding=encoding,
            gate=ExpectationsGate(settings.quality_folder),
        ):
            _report(console, result)


def release(batch_id: Annotated[UUID, typer.Argument(help="A withheld batch")]) -> None:
    """Publish a withheld batch, whatever its gate said. Who did it is kept with the batch."""
    from ingest.backfill.decide import release_batch

    console = Console(highlight=False)
    with _explained(console, "Nothing released."):
        batch = release_batch(StoreSettings(), batch_id, by=_who())
        console.print(f"Released batch {batch_id}: {batch.event_count:,} events published.", soft_wrap=True)


def discard(
    batch_id: Annotated[UUID, typer.Argument(help="A withheld batch, or a file in quarantine")],
) -> None:
    """Drop a withheld batch, or forget a file in quarantine; the file may be imported again."""
    from ingest.backfill.decide import discard_batch, discard_quarantined

    console = Console(highlight=False)
    with _explained(console, "Nothing discarded."):
        try:
            batch = discard_batch(StoreSettings(), batch_id, by=_who())
        except UnknownBatch as problem:
            if "is quarantined" not in str(problem):
                raise
            batch = discard_quarantined(StoreSettings(), batch_id, by=_who())
        console.print(f"Discarded batch {batch_id} ({batch.file_name}).", soft_wrap=True)


def withheld() -> None:
    """List the batches that their gate did not let pass, and which expectations failed."""
    _list("withheld", "No batch is withheld.")


def quarantine() -> None:
    """List the files that no programme claims, and why."""
    _list("quarantined", "No file is in quarantine.")


def _list(status: str, nothing: str) -> None:
    from ingest.backfill.decide import waiting

    console = Console(highlight=False)
    found = waiting(StoreSettings(), status)
    for one in found:
        console.print(f"{one.batch_id}  {one.since:%Y-%m-%d %H:%M}  {one.file_name}", soft_wrap=True)
        console.print(f"  {one.why}", soft_wrap=True)
        if one.kept_path:
            console.print(f"  kept as {one.kept_path}", soft_wrap=True)
    if not found:
        console.print(nothing)


def _who() -> str:
    return f"cli:{getpass.getuser()}"


@contextlib.contextmanager
def _explained(console: Console, outcome: str) -> Iterator[None]:
    try:
        yield
    except BackfillError as problem:
        console.print(f"[red]{outcome}[/red] {problem}", soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Stopped. What was done is kept; repeat the command to go on.")
        raise typer.Exit(130) from None


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
    name = f"{result.file_name} ({result.part})" if result.part else result.file_name
    encoding = "" if result.encoding == "utf-8" else f", read as {result.encoding}"
    console.print(f"{name}: {result.file_format}, {title}{encoding}", soft_wrap=True)
    if result.resumed_after_row:
        console.print(f"went on after row {result.resumed_after_row:,}")
    judged: dict[str, Any] = (result.verdict or {}).get("report", {})
    judging_s = judged.get("seconds", 0.0)
    table = Table("rows", "taken", "said before", "rejected", "events", "seconds", "judging", box=None)
    table.add_row(
        f"{result.total_rows:,}", f"{result.success_rows:,}", f"{result.skipped_rows:,}",
        f"{result.error_rows:,}", f"{result.event_count:,}", f"{result.seconds - judging_s:.1f}",
        f"{judging_s:.1f}",
    )  # fmt: skip
    console.print(table)
    for code, count in result.errors.items():
        console.print(f"  {code}  {count:>9,}  {ERRORS[code].meaning}", soft_wrap=True)
    for code, count in result.warnings.items():
        console.print(f"  {code}  {count:>9,}  {WARNINGS[code]}", soft_wrap=True)
    if result.error_file:
        console.print(f"Rejected rows, to be corrected and imported: {result.error_file}", soft_wrap=True)
    for one in judged.get("expectations", ()):
        if one["passed"] is False:
            console.print(
                f"  {one['severity']}: {one['name']}, but is {one['observed']:.4g}. {one['why']}",
                soft_wrap=True,
            )
    if result.status == "withheld":
        failed = ", ".join((result.verdict or {}).get("critical", ()))
        console.print(
            f"[yellow]Withheld[/yellow], not in the marts: {failed}. Decide with"
            f" `impact backfill release {result.batch_id}` or `impact backfill discard {result.batch_id}`.",
            soft_wrap=True,
        )
