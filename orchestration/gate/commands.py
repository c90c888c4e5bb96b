"""`impact safety try|rescreen`: see what changed rules would do to history, and let them do it."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.sealing.keys import BlockingTextKeys, TextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection, postgres_pool
from orchestration.gate.gate import Gate
from orchestration.gate.judging import Judge
from orchestration.gate.settings import GateSettings
from orchestration.gate.sweep import Sweep
from orchestration.gate.tables import Tables
from orchestration.gate.trial import Trial, changed_rules, try_rules

WIDTH = 100


def try_(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, help="Changed copies of rule files, named like the originals."
        ),
    ],
) -> None:
    """Screen all texts that have a verdict with changed rules; count what would move, write nothing."""
    from nlp.safety.rules import BadRules

    try:
        rule_set = changed_rules(files)
    except BadRules as error:
        raise typer.BadParameter(str(error)) from error
    settings = StoreSettings()
    with (
        closing(clickhouse_client(settings)) as clickhouse,
        closing(postgres_connection(settings, autocommit=True)) as connection,
    ):
        _show(try_rules(clickhouse, rule_set, BlockingTextKeys(connection, MasterKeys.of(settings))))


def rescreen() -> None:
    """Judge every text anew that has no verdict of the rules in force; decisions of people stand."""
    count, version = asyncio.run(_rescreen(GateSettings()))
    typer.echo(f"{count} texts judged anew by {version}.")


async def _rescreen(settings: GateSettings) -> tuple[int, str]:
    from nlp import safety

    pool = await postgres_pool(settings, max_size=4)
    try:
        with closing(clickhouse_client(settings)) as writing, closing(clickhouse_client(settings)) as asking:
            keys = TextKeys(pool, MasterKeys.of(settings))
            gate = Gate(pool, Tables(writing), Judge(settings.hash_key), keys)
            return await Sweep(settings, gate).whole(asking, rules=safety.version()), safety.version()
    finally:
        await pool.close()


def _show(trial: Trial) -> None:
    console = Console(width=WIDTH)
    console.print(f"{trial.text_count} texts, {trial.moved_count} would move under {trial.version}.")
    if trial.moves:
        moves = Table("language", "action now", "action then", "texts")
        for (language, action, new), count in sorted(trial.moves.items()):
            moves.add_row(language, action, new, str(count))
        console.print(moves)
    if changed := sorted({*trial.gained, *trial.lost}):
        categories = Table("language", "category", "texts that gain it", "texts that lose it")
        for language, category in changed:
            key = (language, category)
            categories.add_row(*key, str(trial.gained[key]), str(trial.lost[key]))
        console.print(categories)
