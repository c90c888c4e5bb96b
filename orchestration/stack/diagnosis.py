"""From a dead child's log to what an operator should do about it."""

from __future__ import annotations

import re
from pathlib import Path

from orchestration.stack.layout import Layout

TAIL_BYTES = 16_000
SHOWN_LINES = 12

# The first pattern found in the end of the log decides.
ADVICE: tuple[tuple[str, str], ...] = (
    (r"No space left on device|ENOSPC|NOT_ENOUGH_SPACE",
     "The disk is full: free some space, then run `impact up` again. Nothing acknowledged is lost."),
    (r"[Aa]ddress already in use|EADDRINUSE",
     "Its port was taken while it started: `impact doctor` shows by whom."),
    (r"could not find the database system|valid checkpoint|PANIC: |incorrect checksum|incompatible with",
     "Postgres' files are damaged. Restore {home}/postgres from a backup; or move it away to start empty."),
    (r"another Postgres \(pid",
     "A Postgres from an earlier start still runs: `impact down` stops it."),
    (r"is in use by process",
     "Another process uses {home}/clickhouse: `impact down` stops what belongs to this platform."),
    (r"CHECKSUM_DOESNT_MATCH|CORRUPTED_DATA|BROKEN_",
     "ClickHouse's files are damaged. Restore {home}/clickhouse from a backup, or move it away to start"
     " empty."),
    (r"password authentication failed",
     "The password in {home}/secrets.json is not the one the store was created with: restore that file."),
    (r"[Pp]ermission denied|EACCES",
     "A file of {home} belongs to another user, as after a start with sudo: give it back with chown."),
    (r"ModuleNotFoundError|ImportError",
     "The installation is incomplete or outdated: `make install` brings it to the lock file."),
    (r"MemoryError|Cannot allocate memory|std::bad_alloc|MEMORY_LIMIT_EXCEEDED",
     "The machine is out of memory: the platform needs some 2 GiB to idle and more to work."),
)  # fmt: skip


def explain(layout: Layout, child: str) -> str:
    """Advice if the log's end is understood, then that end itself, and where to read the rest."""
    log = layout.logs / f"{child}.log"
    text = tail(log)
    advice = next((advice for pattern, advice in ADVICE if re.search(pattern, text)), "")
    lines = "\n".join(f"  | {line}" for line in text.splitlines()[-SHOWN_LINES:])
    return "\n".join(filter(None, [advice.format(home=layout.home), f"The end of {log}:", lines]))


def tail(log: Path, size: int = TAIL_BYTES) -> str:
    """The last `size` bytes of a log as text; empty if there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - size))
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
