"""Waiting until the platform has taken everything in, seen from its end: rows in ClickHouse."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass

import psycopg
from clickhouse_connect.driver.exceptions import ClickHouseError

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.demo.files import WrittenFile
from orchestration.demo.population import Population
from orchestration.stack.errors import PlatformError

POLL_S = 0.5
# A store is away; asking again may help.
TRANSIENT = (psycopg.OperationalError, ClickHouseError, OSError)
STALLED_AFTER_S = 180  # without a single new event; restarts and retries take less

# Kintell's ids tell the demo's own facts from a webhook somebody sent by hand.
_LOADED = """
select event_type, uniqExact(subject)
from raw.events
where not startsWith(event_type, 'kintell.') or position(subject, {mark:String}) > 0
group by event_type
"""
_BATCHES = """
select encode(file_sha256, 'hex'), status, total_rows, success_rows, error_rows, skipped_rows
from ingest.batches
where encode(file_sha256, 'hex') = any(%s)
"""


class NotLoadedError(PlatformError):
    """Events are missing or too many. Says which types and how many, and where they may be."""


@dataclass(frozen=True)
class ImportedRows:
    """What became of the rows of the exports."""

    files: int
    rows: int
    rejected: int
    repeated: int


async def wait_until_loaded(
    settings: StoreSettings,
    population: Population,
    expected: Mapping[str, int],
    on_progress: Callable[[int], None],
) -> None:
    """Return when ClickHouse holds the expected number of subjects of every event type."""
    seen, seen_at = -1, time.monotonic()
    while True:
        counts = await asyncio.to_thread(_count, settings, population)
        if counts is not None:
            loaded = sum(min(counts[name], count) for name, count in expected.items())
            on_progress(loaded)
            if loaded == sum(expected.values()):
                return
            if loaded != seen:
                seen, seen_at = loaded, time.monotonic()
        if time.monotonic() - seen_at > STALLED_AFTER_S:
            found = counts or Counter()
            differing = "; ".join(
                f"{name}: {found[name]:,} of {count:,}"
                for name, count in expected.items()
                if found[name] < count
            )
            raise NotLoadedError(
                f"raw.events has not changed for {STALLED_AFTER_S} s and misses what was sent ({differing});"
                " see `impact status` and the DEAD_LETTERS stream, then run the demo again"
            )
        await asyncio.sleep(POLL_S)


def imported_rows(settings: StoreSettings, files: list[WrittenFile]) -> ImportedRows:
    """The batches' own counts, after checking them against what was written file by file."""
    by_hash = {file.sha256: file for file in files}
    with closing(postgres_connection(settings)) as connection:
        batches = {row[0]: row[1:] for row in connection.execute(_BATCHES, (list(by_hash),))}
    for sha256, file in by_hash.items():
        wrong = sum(file.wrong.values())
        wanted = ("completed", file.rows, file.rows - wrong - file.repeated, wrong, file.repeated)
        if batches.get(sha256) != wanted:
            raise NotLoadedError(
                f"{file.path.name} should be imported with (status, rows, good, rejected, repeated) ="
                f" {wanted}, its batch says {batches.get(sha256)}"
            )
    return ImportedRows(
        files=len(files),
        rows=sum(file.rows for file in files),
        rejected=sum(sum(file.wrong.values()) for file in files),
        repeated=sum(file.repeated for file in files),
    )


def _count(settings: StoreSettings, population: Population) -> Counter[str] | None:
    """Loaded subjects by event type; None while ClickHouse is away."""
    try:
        with closing(clickhouse_client(settings)) as client:
            rows = client.query(_LOADED, {"mark": population.session_mark}).result_rows
            return Counter({str(row[0]): int(row[1]) for row in rows})
    except TRANSIENT:
        return None
