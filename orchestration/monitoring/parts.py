"""The platform's processes as its supervisor and the system see them, Dagster's and the stores' too."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from prometheus_client.core import Metric

from orchestration.monitoring.looks import counters, gauge, gauges
from orchestration.stack.layout import Layout
from orchestration.stack.status import status


@dataclass
class _Used:
    """What a part and all processes below it use."""

    cpu_s: float = 0.0
    memory_bytes: int = 0
    open_files: int = 0
    threads: int = 0
    processes: int = 0


def look(layout: Layout) -> Sequence[Metric]:
    """Health, restarts and use of each part. Asks every part itself, so it takes some tenths of a second."""
    found = status(layout)
    below = _below()
    used = {part.name: _used(part.pid, below) for part in found.parts if part.pid is not None}
    disk = shutil.disk_usage(layout.home)
    return [
        gauges(
            "platform_part_healthy", "1 if the part answers as it should.", "part",
            {part.name: float(part.is_healthy) for part in found.parts},
        ),
        counters(
            "platform_part_restarts", "Times a part was started again because it had died.", "part",
            {part.name: part.restart_count for part in found.parts},
        ),
        counters(
            "platform_part_cpu_seconds", "Processor time of a part and the processes below it.", "part",
            {name: one.cpu_s for name, one in used.items()},
        ),
        gauges(
            "platform_part_memory_bytes",
            "Memory of a part and the processes below it; what they share is shared out among them.",
            "part", {name: one.memory_bytes for name, one in used.items()},
        ),
        gauges(
            "platform_part_open_files", "Open file descriptors of a part, sockets too.", "part",
            {name: one.open_files for name, one in used.items()},
        ),
        gauges(
            "platform_part_threads", "Threads of a part.", "part",
            {name: one.threads for name, one in used.items()},
        ),
        gauges(
            "platform_part_processes", "Processes of a part: itself and those below it.", "part",
            {name: one.processes for name, one in used.items()},
        ),
        gauge("platform_disk_free_bytes", "Free space on the disk of the data folder.", disk.free),
        gauge("platform_disk_size_bytes", "Size of the disk of the data folder.", disk.total),
    ]  # fmt: skip


def _used(pid: int, below: Mapping[int, Sequence[psutil.Process]]) -> _Used:
    used = _Used()
    left = [pid]
    with suppress(psutil.NoSuchProcess):
        found = [psutil.Process(pid)]
        while left:
            under = below.get(left.pop(), ())
            found += under
            left += [process.pid for process in under]
        for process in found:
            with suppress(psutil.Error), process.oneshot():
                times = process.cpu_times()
                # With that of processes below which have ended: a run of Dagster's is over in a minute.
                used.cpu_s += times.user + times.system + times.children_user + times.children_system
                used.memory_bytes += _memory(process)
                used.threads += process.num_threads()
                used.processes += 1
                used.open_files += process.num_fds()  # last: of another user's process it is refused
    return used


def _below() -> Mapping[int, Sequence[psutil.Process]]:
    """The processes below each, from one look at all of them: one for each part takes ten times as long."""
    below: dict[int, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            below.setdefault(process.ppid(), []).append(process)
    return below


def _memory(process: psutil.Process) -> int:
    """Proportional bytes, where the system tells them cheaply: Postgres' backends share most of theirs."""
    with suppress(OSError), Path(f"/proc/{process.pid}/smaps_rollup").open("rb") as file:
        for line in file:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) << 10
    return process.memory_info().rss
