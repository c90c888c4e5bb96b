"""How each part of the platform is doing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from orchestration.stack import preflight, processes, supervision
from orchestration.stack.child import Child
from orchestration.stack.layout import STORES, Layout
from orchestration.stack.platform import children_of
from orchestration.stack.supervision import ChildState


@dataclass(frozen=True)
class PartStatus:
    """One row of `impact status`; the field names are those of its `--json`."""

    name: str
    state: str  # as supervisord says, in lower case; `external` for a store that is not ours
    is_healthy: bool
    problem: str | None
    pid: int | None
    port: int | None
    rss_bytes: int | None  # with its own child processes
    uptime_s: int | None
    restart_count: int
    restarted_at: float | None  # seconds since 1970


@dataclass(frozen=True)
class PlatformStatus:
    home: str
    is_running: bool  # its supervisor is
    is_healthy: bool  # and every part is
    supervisor_pid: int | None
    rss_bytes: int  # of everything, the supervisor included
    parts: Sequence[PartStatus]
    is_changing: bool  # its supervisor is starting or stopping, so it cannot be asked
    orphan_pids: Sequence[int]  # left behind by a supervisor that was killed

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def status(layout: Layout) -> PlatformStatus:
    """Ask the supervisor, then every part itself, all at the same time."""
    with supervision.connect(layout) as supervisor:
        states = supervisor.states() if supervisor else {}
        pid = supervisor.pid if supervisor else None
    with ThreadPoolExecutor(max_workers=12) as pool:
        children = children_of(layout, with_monitoring=True)
        own = [child for child in children if child.name in states]
        parts = [
            *pool.map(lambda child: _part(child, states[child.name]), own),
            *pool.map(lambda store: _external(layout, store), filter(layout.is_external, STORES)),
        ]
    left = [] if pid else processes.of_platform(layout)
    is_changing = any(map(processes.is_supervisor, left))
    return PlatformStatus(
        home=str(layout.home),
        is_running=pid is not None,
        is_healthy=pid is not None and all(part.is_healthy for part in parts),
        supervisor_pid=pid,
        rss_bytes=processes.memory(pid) if pid else 0,
        parts=parts,
        is_changing=is_changing,
        orphan_pids=[] if is_changing else [process.pid for process in left],
    )


def _part(child: Child, state: ChildState) -> PartStatus:
    problem = child.probe() if state.is_up else state.problem or "not running"
    return PartStatus(
        name=child.name,
        state=state.state.lower(),
        is_healthy=problem is None,
        problem=problem,
        pid=state.pid,
        port=child.port,
        rss_bytes=processes.memory(state.pid) if state.pid else None,
        uptime_s=int(time.time() - state.since) if state.is_up else None,
        restart_count=state.restart_count,
        restarted_at=state.restarted_at,
    )


def _external(layout: Layout, store: str) -> PartStatus:
    problem = preflight.external_probe(layout, store)()
    return PartStatus(
        name=store, state="external", is_healthy=problem is None, problem=problem, pid=None, port=None,
        rss_bytes=None, uptime_s=None, restart_count=0, restarted_at=None,
    )  # fmt: skip
