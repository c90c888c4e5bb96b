"""`impact privacy requests` and `impact privacy audit verify`: what is open, and is the record whole."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from ingest.stores import StoreSettings, postgres_connection
from orchestration.console import out
from orchestration.privacy.requests import audit

_LIST = """
select request_id, right_asked, state, progress, due_at, due_at < now() and finished_at is null,
    coalesce(error, '')
from privacy.requests
where %(all)s or state not in ('completed', 'cancelled')
order by due_at, request_id limit 200
"""


def requests(
    all_: Annotated[bool, typer.Option("--all", help="Also what is completed or cancelled.")] = False,
) -> None:
    """List requests by the time they are due, those that need somebody's help included; without names."""
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        rows = connection.execute(_LIST, {"all": all_}).fetchall()
    table = Table(box=None)
    for name in ("request", "right", "state", "%", "due", "error"):
        table.add_column(name, overflow="fold")
    for request_id, right, state, progress, due, is_late, error in rows:
        table.add_row(
            str(request_id), right, state, str(progress), f"{due:%Y-%m-%d}{' late' if is_late else ''}", error
        )
    out.print(table if rows else "No request is open.")


def verify(
    expect: Annotated[
        str | None, typer.Option(help="A head that an earlier run printed, kept elsewhere: SEQUENCE:HASH.")
    ] = None,
) -> None:
    """Reckon the audit chain again from its first row. Ends with 1 if it is broken."""
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        try:
            chain = audit.verify(connection, expected_head=expect)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    if chain.problem is not None:
        typer.echo(f"broken: {chain.problem}", err=True)
        raise typer.Exit(1)
    typer.echo(f"whole: {chain.length} rows, head {chain.head_name}")
