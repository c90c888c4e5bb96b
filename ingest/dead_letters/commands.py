"""`impact dead-letters list|show|replay|discard`: dead letters from the command line."""

from __future__ import annotations

import asyncio
import getpass
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import asyncpg
import typer
from nats.js import JetStreamContext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ingest.dead_letters import letters, settling
from ingest.dead_letters.letter import original_headers
from ingest.dead_letters.letters import Letter, LetterFilter, State
from ingest.failures import ErrorClass
from ingest.stores import StoreSettings, nats_client, postgres_pool

T = TypeVar("T")
WIDTH = 160
CONNECT_S = 5.0

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Source = Annotated[str | None, typer.Option(help="Such as kintell; `events` for unreadable events.")]
Kind = Annotated[str | None, typer.Option(help="Such as session-completed.")]
Class = Annotated[ErrorClass | None, typer.Option("--error-class", help="Why they were given up.")]
Since = Annotated[
    str | None,
    typer.Option(help="Died at or after: a UTC time such as 2026-11-24T10:00, or 2h, 30m, 3d ago."),
]
Until = Annotated[str | None, typer.Option(help="Died before, in the same form.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Letter ids; all that match the options if left out.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many, the oldest first.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how many it would be.")]
PerSecond = Annotated[float, typer.Option(min=0.1, help="At most so many a second.")]


def list_letters(
    source: Source = None,
    kind: Kind = None,
    error_class: Class = None,
    since: Since = None,
    until: Until = None,
    state: Annotated[State | None, typer.Option(help="Their state.")] = "waiting",
    every_state: Annotated[bool, typer.Option("--all", help="Whatever their state.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 50,
) -> None:
    """List dead letters, newest first: those that wait, unless asked otherwise."""
    wanted = _filter(source, kind, error_class, since, until, None)

    async def ask(pool: asyncpg.Pool) -> list[Letter]:
        return await letters.find(pool, wanted, state=None if every_state else state, limit=limit)

    found = asyncio.run(_with_postgres(ask))
    console = _console()
    if not found:
        console.print("No dead letters" + ("." if every_state else f" in the state {state}."))
        return
    table = Table(
        "id", "died at (UTC)", "source/kind", "delivery or message", "class", "tries", "reason", box=None
    )
    if every_state or state != "waiting":
        table.add_column("state")
    for one in found:
        cells = [
            str(one.letter_id),
            f"{one.died_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            f"{one.source}/{one.kind}",
            one.delivery_id or one.message_key,
            one.error_class,
            str(one.attempts),
            one.reason,
        ]
        table.add_row(*cells, *([one.state] if len(table.columns) == len(cells) + 1 else []))
    console.print(table)
    if len(found) == limit:
        console.print(f"The newest {limit}; --limit shows more.")


def show(
    letter_id: Annotated[int, typer.Argument(help="The id from `impact dead-letters list`.")],
    payload: Annotated[
        bool, typer.Option("--payload", help="Its bytes too, to standard output. They may be personal.")
    ] = False,
) -> None:
    """Show everything known of one dead letter."""

    async def ask(pool: asyncpg.Pool, js: JetStreamContext) -> tuple[Letter | None, object]:
        return await letters.get(pool, letter_id), await letters.original(js, letter_id)

    found, original = asyncio.run(_with_stores(ask))
    if found is None:
        raise typer.BadParameter(
            f"there is no dead letter {letter_id}; `impact dead-letters list --all` lists them"
        )
    table = Table(box=None, show_header=False)
    for field in fields(found):
        if (value := getattr(found, field.name)) is not None:
            table.add_row(field.name, value.isoformat() if isinstance(value, datetime) else str(value))
    data = getattr(original, "data", None)
    table.add_row("payload", "gone from the stream" if original is None else f"{len(data or b'')} bytes")
    for name, value in original_headers(getattr(original, "headers", None) or {}).items():
        table.add_row(name, value)
    _console(stderr=payload).print(table)
    if payload and data:
        sys.stdout.buffer.write(data)


def replay(
    ids: Ids = None,
    source: Source = None,
    kind: Kind = None,
    error_class: Class = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    per_second: PerSecond = 500.0,
    dry_run: DryRun = False,
) -> None:
    """Send dead letters back to where they failed, to be processed anew. Doing it twice has one effect."""
    _settle("replay", _filter(source, kind, error_class, since, until, ids), limit, per_second, dry_run)


def discard(
    ids: Ids = None,
    source: Source = None,
    kind: Kind = None,
    error_class: Class = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    per_second: PerSecond = 500.0,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the bytes of dead letters for good. What was discarded, when and by whom stays known."""
    wanted = _filter(source, kind, error_class, since, until, ids)
    if not (yes or dry_run):
        count = asyncio.run(_with_postgres(lambda pool: letters.count_waiting(pool, wanted)))
        count = min(count, limit or count)
        typer.confirm(f"Delete {count} dead letters? They cannot be replayed afterwards.", abort=True)
    _settle("discard", wanted, limit, per_second, dry_run)


def _settle(
    action: settling.Action, wanted: LetterFilter, limit: int | None, per_second: float, dry_run: bool
) -> None:
    console = _console()
    columns = (TextColumn(action), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:

        async def work(pool: asyncpg.Pool, js: JetStreamContext) -> settling.Settled:
            matched = await letters.count_waiting(pool, wanted)
            task = bar.add_task(action, total=min(matched, limit or matched))
            return await settling.settle(
                pool, js, action, wanted, actor=f"cli:{getpass.getuser()}", limit=limit,
                per_second=per_second, dry_run=dry_run,
                progress=lambda done: bar.update(task, completed=done),
            )  # fmt: skip

        result = asyncio.run(_with_stores(work))
    done = {"replay": "sent back", "discard": "discarded"}[action]
    if dry_run:
        console.print(f"{result.matched_count} dead letters would be {done}. Nothing was changed.")
        return
    if not result.matched_count:
        console.print("No dead letter that waits matches.")
        return
    gone = f"; {result.gone_count} had lost their bytes" if result.gone_count else ""
    console.print(
        f"{result.settled_count} dead letters {done}{gone}. Action {result.action_id} in the audit."
    )


def _filter(
    source: str | None, kind: str | None, error_class: ErrorClass | None,
    since: str | None, until: str | None, ids: list[int] | None,
) -> LetterFilter:  # fmt: skip
    return LetterFilter(source, kind, error_class, moment(since), moment(until), ids or None)


def moment(text: str | None) -> datetime | None:
    """A UTC time, or so many minutes, hours or days ago."""
    if text is None:
        return None
    if ago := re.fullmatch(r"(\d+)([mhd])", text):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither a time such as 2026-11-24T10:00 nor 2h, 30m or 3d"
        ) from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _console(*, stderr: bool = False) -> Console:
    console = Console(highlight=False, stderr=stderr)
    if not console.is_terminal:
        console.width = WIDTH  # half an id or reason is of no use in a file
    return console


async def _with_postgres(work: Callable[[asyncpg.Pool], Awaitable[T]]) -> T:
    async with await postgres_pool(StoreSettings(), max_size=2) as pool:
        return await work(pool)


async def _with_stores(work: Callable[[asyncpg.Pool, JetStreamContext], Awaitable[T]]) -> T:
    settings = StoreSettings()
    try:
        async with asyncio.timeout(CONNECT_S):
            nats = await nats_client(settings, name="dead-letters")
    except TimeoutError:
        raise typer.BadParameter("NATS does not answer; `impact status` shows what runs") from None
    try:
        async with await postgres_pool(settings, max_size=2) as pool:
            return await work(pool, nats.jetstream())
    finally:
        await nats.close()
