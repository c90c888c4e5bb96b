"""What a benchmark's load costs each part of a running platform in CPU time."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from typing import Any

import psutil

from orchestration.stack.layout import Layout
from orchestration.stack.status import status


class Usage:
    """CPU seconds of every part, of the generator and of the machine, since it was made."""

    def __init__(self, layout: Layout) -> None:
        self._pids = {part.name: part.pid for part in status(layout).parts if part.pid}
        self._before = self._now()
        self._machine, self._started = psutil.cpu_times(), time.monotonic()

    def per_delivery(self, count: int) -> dict[str, Any]:
        """Microseconds a delivery, and how much of all cores anything at all was using meanwhile."""
        used = {name: seconds - self._before.get(name, 0.0) for name, seconds in self._now().items()}
        idle_s = psutil.cpu_times().idle - self._machine.idle
        share = 1 - idle_s / ((time.monotonic() - self._started) * (os.cpu_count() or 1))
        us = {name: round(seconds / max(count, 1) * 1e6) for name, seconds in used.items()}
        return {"us_per_delivery": us, "machine_busy_share": round(share, 2)}

    def _now(self) -> dict[str, float]:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = {"generator": children.ru_utime + children.ru_stime}
        for name, pid in self._pids.items():
            process = psutil.Process(pid)
            own = process.cpu_times()
            used[name] = own.user + own.system + own.children_user + own.children_system
            for child in process.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    times = child.cpu_times()
                    used[name] += times.user + times.system + times.children_user + times.children_system
        return used


def processor_seconds(pid: int) -> float:
    """What a process has used of all cores so far: hardly moved by what else the machine does."""
    own = psutil.Process(pid).cpu_times()
    return float(own.user + own.system)
