"""`impact webhooks rotate|secrets`: the secrets of webhook sources from the command line."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.stores import StoreSettings, postgres_connection
from ingest.webhooks import secret_store
from ingest.webhooks.settings import ReceiverSettings
from ingest.webhooks.sources import BY_NAME

WIDTH_OF_THE_LIST = 150
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def rotate(
    source: Annotated[str, typer.Argument(help="The source, such as kintell; `secrets` lists them.")],
    overlap: Annotated[
        str, typer.Option(help="How long the secrets of today stay good: 24h, 7d; 0h ends them now.")
    ] = "24h",
    from_stdin: Annotated[
        bool, typer.Option("--from-stdin", help="Read the secret the sender made, instead of making one.")
    ] = False,
) -> None:
    """Give a source a new secret, shown now and never again. Running receivers know it within a second."""
    if source not in BY_NAME:
        raise typer.BadParameter(f"there is no source {source}; there are {', '.join(BY_NAME)}")
    duration = parse_overlap(overlap)
    receiver = ReceiverSettings()
    if (sealer := receiver.sealer()) is None:
        raise typer.BadParameter(
            "IMPACT_WEBHOOK_SECRETS_KEY is not set: stored secrets are encrypted with it. Set it to a long"
            " random text, the same for this command and for every receiver."
        )
    secret = sys.stdin.readline().strip() if from_stdin else secret_store.new_secret()
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            secret_id = secret_store.rotate(connection, source, secret, overlap=duration, sealer=sealer)
        except secret_store.SecretRefusedError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
    typer.echo(f"{secret_id} is the secret of {source} from now on; older ones end in {overlap}.", err=True)
    if receiver.secrets()[source]:
        variable = BY_NAME[source].secret_variable
        typer.echo(f"The secret in {variable} stays good until it is taken out of the environment.", err=True)
    if not from_stdin:
        typer.echo("The secret, shown only now; keep it like a password:", err=True)
        typer.echo(secret)  # alone on standard output, for SECRET=$(impact webhooks rotate …)


def secrets() -> None:
    """Show which secrets every source has: since when, until when, and when a delivery last used one."""
    receiver = ReceiverSettings()
    with closing(postgres_connection(StoreSettings())) as connection:
        stored = secret_store.stored_secrets(connection)
    now = datetime.now(UTC)
    table = Table("source", "secret", "state", "created", "expires", "last used", box=None)
    for name, source in BY_NAME.items():
        rows = [row for row in stored if row.source == name]
        for row in rows:
            table.add_row(
                name,
                str(row.secret_id),
                row.state(now),
                _time(row.created_at, ""),
                _time(row.expires_at, "when rotated"),
                _time(row.last_used_at, "never"),
            )
        given = len(receiver.secrets()[name])
        if given:
            count = "" if given == 1 else f" ({given})"
            table.add_row(name, f"{source.secret_variable}{count}", "active", "", "when unset", "not kept")
        if not rows and not given:
            table.add_row(name, "none", "refused with 503", "", "", "")
    # Wider than a narrow terminal: half an id helps nobody.
    console = Console()
    console.width = max(console.width, WIDTH_OF_THE_LIST)
    console.print(table)


def parse_overlap(text: str) -> timedelta:
    """`90m`, `24h` or `7d` as a duration of at most 90 days."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    duration = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if duration is None or duration > timedelta(days=90):
        raise typer.BadParameter("the overlap is a number with s, m, h or d, at most 90d: 24h, 7d, 0h")
    return duration


def _time(moment: datetime | None, otherwise: str) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else otherwise
