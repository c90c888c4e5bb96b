"""`impact keys create|list|revoke`: API keys from the command line."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from ingest import api_keys
from ingest.api_keys import ApiKeyError, Role
from ingest.stores import StoreSettings, postgres_connection

WIDTH_OF_THE_LIST = 240


def create(
    name: Annotated[str, typer.Argument(help="What the key is for, such as 'cockpit production'.")],
    company: Annotated[UUID | None, typer.Option(help="The company it reads; not for system_admin.")] = None,
    role: Annotated[Role, typer.Option(help="What it may do.")] = "api_client",
    days: Annotated[
        int | None, typer.Option(min=1, help="Days until it expires; for ever if left out.")
    ] = None,
    requests_per_minute: Annotated[int, typer.Option(min=1, help="Its limit.")] = 1000,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="A permission of the role, such as report:view; repeat it. Without any: all of them."
        ),
    ] = None,
    api_version: Annotated[
        str | None, typer.Option(help="The version of the API it stays with, such as 2026-11-27.")
    ] = None,
) -> None:
    """Make an API key. It is shown now and never again."""
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            plaintext = api_keys.create_key(
                connection,
                company,
                name,
                role,
                scopes=scope or None,
                api_version=api_version,
                expires_at=expires_at,
                rate_limit_per_minute=requests_per_minute,
            )
        except ApiKeyError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
    typer.echo("The key, shown only now; keep it like a password:", err=True)
    typer.echo(plaintext)  # alone on standard output, for KEY=$(impact keys create …)


def list_keys(
    company: Annotated[UUID | None, typer.Option(help="Only the keys of this company.")] = None,
) -> None:
    """Show every key with its prefix, role and state; the keys themselves are not kept."""
    with closing(postgres_connection(StoreSettings())) as connection:
        keys = api_keys.list_keys(connection, company)
    now = datetime.now(UTC)
    table = Table(
        "key id", "prefix", "name", "role", "scopes", "version", "company", "state", "last used", box=None
    )
    for key in keys:
        table.add_row(
            str(key.key_id),
            key.prefix,
            key.name,
            key.role,
            " ".join(key.scopes) if key.scopes is not None else "all of the role",
            key.api_version or "newest",
            str(key.company_id or "every company"),
            key.state(now),
            f"{key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never",
        )
    # Wider than a narrow terminal: half an id cannot be copied into `impact keys revoke`.
    console = Console()
    console.width = max(console.width, WIDTH_OF_THE_LIST)
    console.print(table)


def revoke(key_id: Annotated[UUID, typer.Argument(help="The id from `impact keys list`.")]) -> None:
    """End a key. Running API processes refuse it within five seconds."""
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            api_keys.revoke_key(connection, key_id)
        except ApiKeyError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
    typer.echo(f"{key_id} is revoked")
