"""`impact privacy seal|rotate-key`: seal what was written in the clear, replace the master key of texts."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from ingest.sealing.keys import BlockingTextKeys, rotate
from ingest.sealing.master import KEPT, MasterKeyError, MasterKeys
from ingest.sealing.rows import seal_rows
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection


def seal() -> None:
    """Seal the texts of events that were stored before texts were sealed. Repeated, it goes on."""
    settings = StoreSettings()
    with (
        closing(clickhouse_client(settings)) as clickhouse,
        closing(postgres_connection(settings, autocommit=True)) as connection,
        # Of their own: keys are kept while the rows that need them are rewritten in a longer transaction.
        closing(postgres_connection(settings, autocommit=True)) as for_keys,
    ):
        keys = BlockingTextKeys(for_keys, _master(settings))
        count = seal_rows(
            clickhouse, connection, keys,
            report=lambda month, rows: typer.echo(f"{month}: {rows:,} events sealed"),
        )  # fmt: skip
    typer.echo(f"Sealed the texts of {count:,} events; no event holds a text in the clear now.")


def rotate_key(
    drop_unreadable: Annotated[
        bool,
        typer.Option(
            "--drop-unreadable", help="Delete keys that no master key opens, as after restoring a backup."
        ),
    ] = False,
) -> None:
    """Wrap the keys of all people's texts by a new master key. Nothing has to be restarted for it."""
    settings = StoreSettings()
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        try:
            done = rotate(
                connection, _master(settings), now=datetime.now(UTC), drop_unreadable=drop_unreadable
            )
        except MasterKeyError as error:
            raise typer.BadParameter(str(error)) from error
    typer.echo(f"{done.rewrapped_count:,} keys are wrapped by master key {done.version} now.")
    if drop_unreadable:
        typer.echo(f"{done.dropped_count:,} keys that nothing opens were deleted: their texts read as gone.")
    if done.kept:
        typer.echo(
            f"Kept for backups of the last {KEPT.days} days: {', '.join(done.kept)}."
            " Older backups are dark for whom was forgotten since."
        )


def _master(settings: StoreSettings) -> MasterKeys:
    try:
        return MasterKeys.of(settings)
    except MasterKeyError as error:
        raise typer.BadParameter(str(error)) from error
