"""What a soak looks at every few seconds: each process's memory, files and threads, and what waits where."""

from __future__ import annotations

import contextlib
from typing import Any

import psutil

from orchestration.stack import supervision
from tests.load.platform import Target, Use, use, waiting

# Runs come and go below these: what could leak is the process itself.
WITHOUT_CHILDREN = frozenset({"dagster-code", "dagster-daemon", "dagster-webserver"})


def look(target: Target) -> dict[str, Any]:
    """One look. `missed` says what could not be looked at because it was away."""
    found: dict[str, Any] = {"processes": {}, "waiting": {}}
    try:
        parts = use(target)
        found["memory"] = sum(part.memory_bytes for part in parts.values())
        found["processes"] = _processes(target, parts)
        found["waiting"] = waiting(target)
    except Exception as error:  # whatever is away must not end the run that is to show it
        found["missed"] = type(error).__name__
    return found


def _processes(target: Target, parts: dict[str, Use]) -> dict[str, dict[str, int]]:
    found = {
        name: {"memory": part.memory_bytes, "fds": part.fds, "threads": part.threads, "restarts": 0}
        for name, part in parts.items()
    }
    with supervision.connect(target.layout) as supervisor:
        states = supervisor.states() if supervisor else {}
    for name, state in states.items():
        if name in found and state.pid:
            found[name]["restarts"] = state.restart_count
            found[name]["pid"] = state.pid
        if name in WITHOUT_CHILDREN and state.pid:
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(state.pid)
                found[name] |= {
                    "memory": process.memory_info().rss, "fds": process.num_fds(),
                    "threads": process.num_threads(),
                }  # fmt: skip
    return found
