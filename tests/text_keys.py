"""The keys of people's texts, as the processes of the test run's platform have them."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg

from ingest.sealing.keys import TextKeys
from ingest.sealing.master import MasterKeys


def master_keys() -> MasterKeys:
    """Of the file that the `layout` fixture names."""
    return MasterKeys(file=Path(os.environ["IMPACT_TEXT_KEYS_FILE"]))


def text_keys(pool: asyncpg.Pool) -> TextKeys:
    return TextKeys(pool, master_keys())
