"""What a load costs each part of the platform, and what else kept the machine busy meanwhile."""

from __future__ import annotations

import contextlib
import os
import resource
import threading
import time
from typing import Any

import psutil

from tests.load import platform
from tests.load.platform import Target

SAMPLE_S = 5.0
_MIB = 1 << 20


class Watch:
    """Samples while the block runs: memory of each part, what waits, and CPU time from begin to end."""

    def __init__(self, target: Target, *, every_s: float = SAMPLE_S) -> None:
        self._target, self._every_s = target, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.samples: list[dict[str, Any]] = []
        self.missed = 0  # looks at a platform that did not answer

    def __enter__(self) -> Watch:
        self._before, self._own = platform.use(self._target), _own_cpu_s()
        self._machine, self._started = psutil.cpu_times(), time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()
        self.seconds, machine = time.monotonic() - self._started, psutil.cpu_times()
        after = platform.use(self._target)
        # A part that was killed meanwhile has begun anew: what it had used before is not told.
        self.cpu_s = {
            name: round(max(one.cpu_s - (self._before[name].cpu_s if name in self._before else 0.0), 0.0), 2)
            for name, one in after.items()
        }
        self.generators_cpu_s = round(_own_cpu_s() - self._own, 2)
        busy = busy_s(machine) - busy_s(self._machine)
        ours = sum(self.cpu_s.values()) + self.generators_cpu_s
        cores_s = self.seconds * (os.cpu_count() or 1)
        self.busy_share = round(busy / cores_s, 3)
        self.foreign_share = round(max(busy - ours, 0.0) / cores_s, 3)

    def to_dict(self) -> dict[str, Any]:
        return {
            "seconds": round(self.seconds, 1), "cpu_s": self.cpu_s, "generators_cpu_s": self.generators_cpu_s,
            "busy_share": self.busy_share, "foreign_share": self.foreign_share,
            "missed_looks": self.missed, "samples": self.samples,
        }  # fmt: skip

    @property
    def most_memory_bytes(self) -> int:
        return max((sum(sample["memory_mib"].values()) for sample in self.samples), default=0) * _MIB

    def most_waiting(self) -> dict[str, int]:
        """The most that waited in each queue at any look."""
        found: dict[str, int] = {}
        for sample in self.samples:
            for name, count in sample["waiting"].items():
                found[name] = max(found.get(name, 0), count)
        return found

    def _sample(self) -> None:
        while not self._over.wait(self._every_s):
            self._look()

    def _look(self) -> None:
        sample: dict[str, Any] = {
            "s": round(time.monotonic() - self._started, 1),
            "at": round(time.time(), 1),
        }
        with contextlib.suppress(OSError, TimeoutError, *platform.STORE_ERRORS):
            used = platform.use(self._target)
            sample["memory_mib"] = {name: one.memory_bytes // _MIB for name, one in used.items()}
            sample["rss_mib"] = {name: one.rss_bytes // _MIB for name, one in used.items()}
            sample["fds"] = {name: one.fds for name, one in used.items()}
            sample["threads"] = {name: one.threads for name, one in used.items()}
            sample["waiting"] = platform.waiting(self._target)
            self.samples.append(sample)
            return
        self.missed += 1


def _own_cpu_s() -> float:
    """Of this process and of generators that have ended."""
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def busy_s(times: Any) -> float:
    """CPU seconds that anything at all has used, of `psutil.cpu_times`."""
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))
