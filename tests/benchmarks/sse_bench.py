"""One measurement of live streams: clients in a process, a publisher in another, and what the server used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil

from orchestration.stack.layout import Layout
from tests.serving.running import OURS

CLIENT_CORE = 1
SETTLE_S = 1.0

Figures = dict[str, Any]


@dataclass
class Bench:
    layout: Layout
    key: str
    seconds: float
    clients: int
    is_pinned: bool
    results: list[Figures] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.layout.environment(), "SSE_KEY": self.key}

    def pin(self, pid: int, core: int) -> None:
        if self.is_pinned:
            for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                process.cpu_affinity([core])

    def run(
        self, name: str, url: str, pid: int, *, rate: float, clients: int, stalled: int = 0, to: str = "nats",
        reads: list[tuple[int, int]] | None = None,
    ) -> Figures:  # fmt: skip
        """Connect, publish for a while, and say what arrived. `pid` is the server's.

        `reads` takes of every read the time in its oldest event and its own, in nanoseconds.
        """
        server = psutil.Process(pid)
        rss_before = rss_of(server)
        kept = () if reads is None else ("--reads",)
        with subprocess.Popen(
            (
                sys.executable, "-m", "tests.load.stream_clients", url, str(clients),
                f"--stalled={stalled}", *kept,
            ),
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            self.pin(process.pid, CLIENT_CORE)
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{name}: the clients did not connect")
            # The first second warms up: it is published and not counted.
            publisher = self._publisher(rate, to)
            time.sleep(2 * SETTLE_S)
            process.stdin.write("begin\n")
            process.stdin.flush()
            cpu, started = cpu_of(server), time.monotonic()
            time.sleep(self.seconds - SETTLE_S)
            cores = (cpu_of(server) - cpu) / (time.monotonic() - started)
            rss = rss_of(server)
            process.stdin.write("end\n")
            process.stdin.flush()
            measured: Figures = json.loads(process.stdout.readline())
            published = json.loads(publisher.communicate()[0]) if publisher else None
        counts = measured.pop("counts")
        if reads is not None:
            reads += map(tuple, measured["reads"])
        del measured["histogram"], measured["witnessed"], measured["reads"]
        result = {
            "name": name,
            "clients": clients,
            "stalled": stalled,
            "rate": rate,
            "published_rate": published["sent"] / published["seconds"] if published else rate,
            "deliveries_per_s": sum(counts) / measured["seconds"],
            "fairness": min(counts) / max(max(counts), 1),
            "server_cores": cores,
            "rss_mb": rss / 2**20,
            "rss_grown_mb": (rss - rss_before) / 2**20,
            **measured,
        }
        self.results.append(result)
        told(result)
        return result

    def _publisher(self, rate: float, to: str) -> subprocess.Popen[str] | None:
        """Publishes to a server that does not publish by itself."""
        if to == "nobody":
            return None
        seconds = self.seconds + 2 * SETTLE_S
        return subprocess.Popen(
            (
                sys.executable, "-m", "tests.benchmarks.sse_publisher",
                str(rate), str(seconds), str(OURS), to,
            ),
            env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip


def told(result: Figures) -> None:
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in result.items()}), flush=True)


def rss_of(process: psutil.Process) -> int:
    return sum(p.memory_info().rss for p in (process, *process.children(recursive=True)))


def cpu_of(process: psutil.Process) -> float:
    return sum(
        p.cpu_times().user + p.cpu_times().system for p in (process, *process.children(recursive=True))
    )
