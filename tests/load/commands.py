"""`impact load …`: one command per load.

Ends with 0 if every budget was kept, 1 if one was not, and 3 if the run is void, because its account did not
balance: then no figure of it counts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from orchestration.console import explained, out
from orchestration.stack.errors import PlatformError
from tests.benchmarks import reports
from tests.load import freshness as fresh
from tests.load import mixed as day
from tests.load import platform, scenarios
from tests.load.outcome import BREACHED, BUDGETS, KEPT, VOID, Outcome, budgets_of
from tests.load.platform import Target
from tests.load.reads import ENVIRONMENT, company_with_figures
from tests.load.report import write

Duration = Annotated[float, typer.Option("--duration", min=1, help="Seconds of load.")]
Own = Annotated[bool, typer.Option("--own", help="Start a platform for it and remove it afterwards.")]
Folder = Annotated[Path, typer.Option("--folder", file_okay=False, help="Where the report goes.")]
Budgets = Annotated[Path, typer.Option("--budgets", exists=True, dir_okay=False, help="What is to be kept.")]
Rate = Annotated[float, typer.Option("--rate", min=0.1, help="By the clock, a second.")]


def ingest(
    rate: Rate = 1000,
    duration: Duration = 300,
    texts: Annotated[bool, typer.Option("--texts", help="Every fifth is a rating with a text.")] = False,
    own: Own = False,
    folder: Folder = reports.FOLDER,
    budgets: Budgets = BUDGETS,
) -> None:
    """Send signed webhooks and await the last in the warehouse. They stay: sessions of test people."""
    _run(
        own,
        folder,
        budgets,
        lambda target: scenarios.ingest(target, rate=rate, seconds=duration, texts=texts),
    )


def reads(
    users: Annotated[int, typer.Option(min=1, max=10_000, help="Connections.")] = 100,
    rate: Rate = 1050,
    duration: Duration = 120,
    own: Own = False,
    folder: Folder = reports.FOLDER,
    budgets: Budgets = BUDGETS,
) -> None:
    """Ask for the documents of a company's dashboard; needs the demo's figures, or makes them with --own."""
    _run(
        own,
        folder,
        budgets,
        lambda target: scenarios.reads(
            target,
            company_with_figures(target, may_make=own),
            users=users,
            rate=rate,
            seconds=duration,
        ),
        ENVIRONMENT,
    )


def stream(
    clients: Annotated[int, typer.Option(min=1, max=100_000, help="Live streams.")] = 1000,
    rate: Rate = 200,
    duration: Duration = 120,
    own: Own = False,
    folder: Folder = reports.FOLDER,
    budgets: Budgets = BUDGETS,
) -> None:
    """Publish updates of one company to many live streams; each has to get each, once and in order."""
    _run(
        own,
        folder,
        budgets,
        lambda target: scenarios.streams(target, clients=clients, rate=rate, seconds=duration),
        STREAMS_LAST,
    )


def freshness(
    events: Annotated[int, typer.Option(min=1, help="Sessions, one after the other.")] = 5,
    own: Own = False,
    folder: Folder = reports.FOLDER,
    budgets: Budgets = BUDGETS,
) -> None:
    """Send single webhooks and await each one's number at the API."""
    _run(own, folder, budgets, lambda target: fresh.freshness(target, events=events), ENVIRONMENT)


def mixed(
    rate: Rate = 200,
    users: Annotated[int, typer.Option(min=1, help="Readers.")] = 50,
    read_rate: Annotated[float, typer.Option(min=0.1, help="Their reads a second, together.")] = 100,
    clients: Annotated[int, typer.Option(min=1, help="Live streams.")] = 500,
    update_rate: Annotated[float, typer.Option(min=0.1, help="Updates a second.")] = 20,
    backfill: Annotated[int, typer.Option(min=0, help="Rows of history imported meanwhile.")] = 1_000_000,
    duration: Duration = 300,
    own: Own = False,
    folder: Folder = reports.FOLDER,
    budgets: Budgets = BUDGETS,
) -> None:
    """Everything at once: webhooks with texts, readers, live streams, refreshes, and a file of history."""
    _run(
        own,
        folder,
        budgets,
        lambda target: day.mixed(
            target, company_with_figures(target, may_make=own), rate=rate, users=users, read_rate=read_rate,
            clients=clients, update_rate=update_rate, seconds=duration, backfill_rows=backfill,
        ),
        ENVIRONMENT | STREAMS_LAST,
    )  # fmt: skip


def compare(
    against: Annotated[str, typer.Option(help="A version: a tag, a branch or a commit.")],
    pairs: Annotated[int, typer.Option(min=8, help="Of slices, one of each version.")] = 20,
    rate: Rate = 300,
    seconds: Annotated[float, typer.Option(min=0.5, help="Length of a slice.")] = 4,
    plant: Annotated[
        float, typer.Option(min=0, max=1, help="Slow this checkout down by such a share, to see it noticed.")
    ] = 0,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for an idle machine before each slice.")
    ] = 20,
    name: Annotated[str, typer.Option(help="Of the report's files.")] = "load_compare",
    folder: Folder = reports.FOLDER,
) -> None:
    """Measure this checkout and another version by turns. Ends with 1 if it is slower, 3 if undecided."""
    from tests.load import compare as comparing

    with explained(), _told():
        found, judged = comparing.compare(
            against, pairs=pairs, rate=rate, seconds=seconds, plant=plant, patience_s=patience
        )
        page = comparing.write(found, judged, folder, name)
    out.print(page, markup=False, soft_wrap=True)
    raise typer.Exit({"not slower": KEPT, "slower": BREACHED, "undecided": VOID}[judged.value])


# A stream that ends by its age would look like one that was lost.
STREAMS_LAST = {"STREAM_LIFETIME_S": "86400"}


def _run(
    own: bool,
    folder: Path,
    budgets: Path,
    load: Callable[[Target], Outcome],
    environment: Mapping[str, str] | None = None,
) -> None:
    with explained(), _told():
        with platform.chosen(own, _progress, environment=environment) as target:
            outcome = load(target)
        outcome.command = " ".join(["impact", *sys.argv[1:]])
        limits = budgets_of(outcome.name, budgets)
        page = write(outcome, limits, folder)
        code = outcome.exit_code(limits)
    out.print(page, markup=False, soft_wrap=True)
    if code != KEPT:
        raise typer.Exit(code)


@contextmanager
def _told() -> Iterator[None]:
    """Problems of a generator are the operator's to solve, too."""
    try:
        yield
    except (RuntimeError, OSError) as error:
        raise PlatformError(f"the load was broken off, and no report written: {error}") from error


def _progress(line: str) -> None:
    out.print(f"  {line}", style="dim", markup=False)
