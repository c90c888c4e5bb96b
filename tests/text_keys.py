"""The keys of people's texts, as the processes of the test run's platform have them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg

from ingest.contracts import CONTRACTS
from ingest.sealing.keys import BlockingTextKeys, TextKeys
from ingest.sealing.master import MasterKeys
from ingest.sealing.rows import TextRow, opened
from ingest.stores import StoreSettings, postgres_connection

FILE = "IMPACT_TEXT_KEYS_FILE"  # which the `layout` fixture sets
_platform: list[StoreSettings] = []


def use(settings: StoreSettings) -> None:
    """Open texts of these stores from now on."""
    _platform[:] = [settings]


def master_keys() -> MasterKeys:
    return MasterKeys(file=Path(os.environ[FILE]))


def text_keys(pool: asyncpg.Pool) -> TextKeys:
    return TextKeys(pool, master_keys())


def as_written(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `raw.events` with their texts opened."""
    with closing(postgres_connection(_platform[0], autocommit=True)) as connection:
        keys = BlockingTextKeys(connection, master_keys())
        return [
            {**row, "data": opened([_text_row(row)], keys)[0]}
            if CONTRACTS[row["event_type"]].free_texts
            else row
            for row in rows
        ]


def _text_row(row: dict[str, Any]) -> TextRow:
    return TextRow(*(row[name] for name in TextRow._fields))
