"""Folders and streams: files that are over are deleted, and that the broker ends messages is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from nats.js import JetStreamContext

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import days_of
from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import Cutoffs

FOLDERS = ("landing", "landing/errors", "landing/quarantine")
# An import that is not finished still reads its file; a batch that waits may be released.
_NEEDED = """
select file_name from ingest.batches where status in ('pending', 'running', 'failed', 'paused', 'withheld')
"""


def end_files(home: Path, postgres: psycopg.Connection, cutoffs: Cutoffs) -> list[Outcome]:
    """Delete files of the landing folders that were last written before the period began."""
    needed = {row[0] for row in postgres.execute(_NEEDED)}
    outcomes = []
    for folder in FOLDERS:
        over = list(_over(home / folder, cutoffs.default, needed))
        for path in over:
            path.unlink(missing_ok=True)
        left = sum(1 for _ in _over(home / folder, cutoffs.default, needed))
        proof = f"find {folder} -maxdepth 1 -type f ! -newermt {cutoffs.default:%Y-%m-%dT%H:%M:%SZ}"
        outcomes.append(Outcome(f"folder:{folder}", cutoffs.period, cutoffs.default, len(over), left, proof))
    return outcomes


async def look_at_streams(js: JetStreamContext, declared: Declarations, now: datetime) -> list[Outcome]:
    """What each stream that holds people's data has kept for longer than declared."""
    found = {info.config.name: info for info in await js.streams_info()}
    outcomes = []
    for relation in declared.of_store("jetstream"):
        if relation.retention is None or relation.retention.max_age is None:
            continue
        since = now - timedelta(days=days_of(relation.retention.max_age))
        left: int | None = None
        if (info := found.get(relation.name)) is not None:
            left = await _older(js, relation.name, since) if info.state.messages else 0
        outcomes.append(
            Outcome(relation.key, "broker", since, 0, left, f"first message of {relation.name}: its time")
        )
    return outcomes


async def _older(js: JetStreamContext, stream: str, since: datetime) -> int:
    """1 if the oldest message is older; messages are in the order of their time."""
    state = (await js.stream_info(stream)).state
    first = await js.get_msg(stream, seq=state.first_seq)
    return int(first.time is not None and first.time < since)


def _over(folder: Path, since: datetime, needed: Iterable[str]) -> Iterable[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        is_old = path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < since
        if is_old and path.name not in needed:
            yield path
