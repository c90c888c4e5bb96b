"""Finds the processes of one platform and stops what outlived its supervisor, and nothing else.

Every process that `impact up` starts, and every process those start, carries the platform's random id in its
environment. That is a safer sign than a pid in a file, which another program may have got since.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from orchestration.stack.child import STACK_ID
from orchestration.stack.layout import Layout

GRACE_S = 10.0


@dataclass(frozen=True)
class Listener:
    """Who listens on a port; None and an empty name if the system does not tell this user."""

    pid: int | None
    program: str


def of_platform(layout: Layout) -> list[psutil.Process]:
    """Every live process of this platform, without the caller and its ancestors."""
    own = {process.pid for process in [psutil.Process(), *psutil.Process().parents()]}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in own and process.environ().get(STACK_ID) == layout.stack_id:
                found.append(process)
    return found


def serving_folder(data: Path) -> list[psutil.Process]:
    """Postgres processes that work in `data`. They overwrite their environment, but not where they are."""
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and Path(process.cwd()) == data:
                found.append(process)
    return found


def stop_all(layout: Layout) -> list[int]:
    """Stop what is left of this platform, applications before stores; returns the pids that were stopped."""
    left = of_platform(layout)
    supervisors = [p for p in left if is_supervisor(p)]
    stores = [p for p in left if _group(p) == "stores"]
    rest = [p for p in left if p not in supervisors and p not in stores]
    for wave in (supervisors, rest, stores):
        _stop(wave)
    return [process.pid for process in left]


def memory(pid: int) -> int:
    """Resident bytes of a process and all below it. Memory they share counts once for each of them."""
    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total


def listener(port: int) -> Listener:
    """The process that listens on `port`."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:  # macOS tells only root
        return Listener(None, "")
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,) and connection.pid:
            with contextlib.suppress(psutil.Error):
                return Listener(connection.pid, psutil.Process(connection.pid).name())
    return Listener(None, "")


def _stop(processes: Iterable[psutil.Process]) -> None:
    processes = list(processes)
    for process in processes:
        # Postgres takes SIGINT as "now, but tidily"; SIGTERM would wait for its clients.
        _signal(process, signal.SIGINT if _name(process) == "postgres" else signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, timeout=GRACE_S)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=GRACE_S)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)  # psutil compares start times first, so a reused pid is safe


def _name(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return process.name()
    return ""


def _group(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return process.environ().get("SUPERVISOR_GROUP_NAME", "")
    return ""


def is_supervisor(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "supervisor.supervisord" in process.cmdline()
    return False
