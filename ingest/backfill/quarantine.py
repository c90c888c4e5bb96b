"""Files that no programme claims: kept, and recorded with the reason until somebody says what they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

import psycopg

from ingest.backfill.batches import keep_in_quarantine
from ingest.backfill.source import Source


def quarantine(connection: psycopg.Connection, source: Source, folder: Path, problem: str) -> UUID:
    """Keep a copy of the file, readable for its owner alone, and record it; the same bytes are kept once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / f"{source.sha256.hex()[:12]}-{source.path.name}"
    if source.path.resolve() != kept.resolve():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with source.path.open("rb") as original, os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(original, copy, 1 << 20)
    return keep_in_quarantine(connection, source, str(kept), problem)
