"""`impact soak`: the platform for an hour with everything switched on, and whether anything gave way."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from orchestration.console import explained
from tests.soak import judging, report
from tests.soak.judging import Claim
from tests.soak.runs import Run

out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
Leaking = Literal["receiver"]


def soak(
    rate: Annotated[float, typer.Option(min=0.1, help="Deliveries a second.")] = 50,
    minutes: Annotated[float, typer.Option(min=0.1, help="For how long to send.")] = 60,
    clients: Annotated[int, typer.Option(help="Of the live stream.")] = 50,
    readers: Annotated[int, typer.Option(help="Of figures, a read a second each.")] = 10,
    seed: Annotated[int, typer.Option(help="Of what is sent, and of who comes back when.")] = 20261127,
    plant_leak: Annotated[
        Leaking | None, typer.Option(help="Lose 1 KB per delivery there, to see that it is noticed.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="A new folder for what the run writes down; a temporary one if left out."),
    ] = None,
    read: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Run nothing: report what a run has left there.")
    ] = None,
    report_to: Annotated[
        Path | None, typer.Option("--report", metavar="PATH", help="Write PATH.md, PATH.json and PATH.png.")
    ] = None,
) -> None:
    """Send for an hour with everything switched on, and say what gave way.

    Starts a platform of its own on free ports. Ctrl-C ends the sending early, settles the accounts and
    reports. Ends with 0 if all claims hold, 1 if one fails, 3 if the ledger is not equal.
    """
    if read is None:
        from tests.soak.soaking import Plan  # what it imports takes seconds
        from tests.soak.soaking import soak as run

        folder = new_folder(folder, "soak")
        with explained():
            run(Plan(rate, minutes, clients, readers, seed, plant_leak or ""), folder, progress)
    found = Run.read(read or folder or Path())
    limits = judging.budgets()
    if report_to:
        write(found, report_to)
    tell(judging.claims(found, limits), read or folder)


def new_folder(given: Path | None, name: str) -> Path:
    """The folder of a run: the one that was named, if it holds none yet."""
    folder = given or Path(tempfile.mkdtemp(prefix=f"impact-{name}-"))
    if (folder / "plan.json").exists():
        raise typer.BadParameter(f"{folder} holds a run already; `--read {folder}` reports it")
    out.print(f"Samples go to {folder}.")
    return folder


def progress(line: str) -> None:
    out.print(f"  {line}", style="dim", markup=False, soft_wrap=True)


def tell(found: list[Claim], folder: Path | None) -> None:
    """Print the claims and end with the status that they ask for."""
    marks = {True: "[green]holds[/green]", False: "[red]FAILS[/red]", None: "[yellow]open[/yellow] "}
    for claim in found:
        out.print(f"{marks[claim.holds]}  {claim.says}: {claim.found}", soft_wrap=True)
    out.print(f"What the run wrote down is in {folder}.")
    raise typer.Exit(judging.exit_status(found))


def write(found: Run, path: Path) -> None:
    limits = judging.budgets()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture: str | None = path.with_suffix(".png").name
    try:
        from tests.soak.picture import draw

        draw(found, path.with_suffix(".png"))
    except ImportError:
        out.print("No picture: matplotlib is not installed; `make install` brings it.", style="yellow")
        picture = None
    path.with_suffix(".md").write_text(report.page(found, limits, picture), encoding="utf-8")
    figures = json.dumps(report.figures(found, limits), indent=1)
    path.with_suffix(".json").write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(soak)
