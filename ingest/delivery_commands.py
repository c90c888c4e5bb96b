"""`impact deliveries show SOURCE DELIVERY_ID`: what became of one delivery."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.deliveries import Story, story
from ingest.stores import StoreSettings, postgres_pool

WIDTH = 160


def show(
    source: Annotated[str, typer.Argument(help="Such as kintell.")],
    delivery_id: Annotated[str, typer.Argument(help="As the sender's X-Delivery-Id header had it.")],
) -> None:
    """Show when a delivery came, what became of it, and its event."""
    found = asyncio.run(_ask(source, delivery_id))
    if found is None:
        typer.echo(f"Nothing ever came from {source} under the delivery id {delivery_id}.", err=True)
        raise typer.Exit(1)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(f"{source} {delivery_id}: {found.outcome}", markup=False)
    table = Table("at (UTC)", "what happened", box=None)
    for step in found.steps:
        table.add_row(f"{step.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3], step.what)
    console.print(table)


async def _ask(source: str, delivery_id: str) -> Story | None:
    async with await postgres_pool(StoreSettings(), max_size=1) as pool:
        return await story(pool, source, delivery_id)
