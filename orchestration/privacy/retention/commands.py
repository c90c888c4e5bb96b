"""`impact privacy retention|keep`: what is kept for how long, ended now, set for a company."""

from __future__ import annotations

import asyncio
import getpass
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from ingest.stores import StoreSettings, nats_client, postgres_connection
from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import PeriodRefusedError, override, periods

WIDTH = 100


def retention(
    enforce: Annotated[bool, typer.Option("--enforce", help="End what is over now, and prove it.")] = False,
) -> None:
    """List the periods; with --enforce, end what is over and show what was counted afterwards."""
    if enforce:
        _show(asyncio.run(_enforce()))
        return
    listed = Table("period", "days", "a company may set", "age counts from")
    for name, period in periods().items():
        bounds = f"{period.bounds[0]} to {period.bounds[1]}" if period.bounds else "nothing else"
        listed.add_row(name, str(period.days), bounds, period.clock.partition(".")[0])
    Console(width=WIDTH).print(listed)


def keep(
    company_id: Annotated[UUID, typer.Argument(help="The company.")],
    period: Annotated[str, typer.Argument(help="A period that has bounds.")],
    days: Annotated[int | None, typer.Argument(help="Days; without them, the common period again.")] = None,
) -> None:
    """Let a company keep its data for another time than others, within the bounds."""
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        try:
            override(connection, company_id, period, days, by=f"cli:{getpass.getuser()}")
        except PeriodRefusedError as refused:
            raise typer.BadParameter(str(refused)) from refused
    common = periods()[period].days
    typer.echo(f"{period} of company {company_id}: {days or common} days, from the next pass on.")


async def _enforce() -> list[Outcome]:
    from orchestration.privacy.retention.enforcing import RetentionSettings, enforce, renew_master_key

    settings, now = RetentionSettings(), datetime.now(UTC)
    nats = await nats_client(settings, name="retention")
    try:
        outcomes = await enforce(settings, nats.jetstream(), now)
    finally:
        await nats.close()
    renew_master_key(settings, now)
    return outcomes


def _show(outcomes: list[Outcome]) -> None:
    shown = Table("relation", "period", "kept since", "ended", "left")
    for one in outcomes:
        left = "not counted" if one.left_count is None else f"{one.left_count:,}"
        shown.add_row(one.relation, one.period, f"{one.kept_since:%Y-%m-%d}", f"{one.removed_count:,}", left)
    Console(width=WIDTH).print(shown)
    if unproven := [one.relation for one in outcomes if not one.is_proven]:
        typer.echo(f"Not proven: {', '.join(unproven)}", err=True)
        raise typer.Exit(1)
