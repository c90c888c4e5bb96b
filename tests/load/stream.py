"""Readers of one company's live stream, and a publisher of updates that they count."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from orchestration.stack.layout import PROJECT
from tests.load.histogram import Histogram
from tests.load.platform import Target

AMISS = ("missing", "doubled", "out_of_order")
WITNESSES = 10  # clients that check each event's number; the others only count


@dataclass(frozen=True)
class Streamed:
    """What the clients of one run received."""

    clients: int
    published: int
    counts: list[int]  # by client
    lost: int  # connections that ended
    latency: Histogram
    witnessed: list[dict[str, int]]
    client_cores: float
    seconds: float
    raw: dict[str, Any] = field(repr=False)

    @property
    def deliveries_per_s(self) -> float:
        return sum(self.counts) / self.seconds

    def problems(self) -> list[str]:
        """What clients did not get exactly once and in order, a line each."""
        found = []
        if self.lost:
            found.append(f"{self.lost:,} of {self.clients:,} streams ended")
        if short := sum(count < self.published for count in self.counts):
            found.append(
                f"{short:,} clients got fewer than the {self.published:,} events that were published"
            )
        if more := sum(count > self.published for count in self.counts):
            found.append(f"{more:,} clients got more events than were published")
        amiss = {name: sum(one[name] for one in self.witnessed) for name in AMISS}
        return found + [
            f"{count:,} events were {name.replace('_', ' ')} at the clients that read numbers"
            for name, count in amiss.items()
            if count
        ]


class Clients:
    """Clients in a process of their own, connected and counting."""

    def __init__(self, target: Target, key: str, count: int) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most != resource.RLIM_INFINITY and most < count + 100:
            raise RuntimeError(
                f"{count:,} clients need more files than the {most:,} that `ulimit -Hn` allows"
            )
        self.count = count
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.load.stream_clients", f"{target.api_url}/v1/stream/updates",
             str(count), "--witnesses", str(min(WITNESSES, count))],
            env={**target.environment, "SSE_KEY": key}, cwd=PROJECT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._await_ready()

    def _await_ready(self) -> None:
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            self.close()
            raise RuntimeError(f"{self.count:,} clients did not connect; what they said is above")

    def begin(self) -> None:
        """Count from now on."""
        self._say("begin\n")

    def end(self, published: int) -> Streamed:
        """Stop counting; `published` is how many each should have got since `begin`."""
        self._say("end\n")
        assert self._process.stdout is not None
        found = json.loads(self._process.stdout.readline())
        self.close()
        return Streamed(
            self.count, published, found.pop("counts"), found["lost"],
            Histogram.from_json(found.pop("histogram")), found["witnessed"], found["client_cores"],
            found["seconds"], found,
        )  # fmt: skip

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()


@contextmanager
def connected(target: Target, key: str, count: int) -> Iterator[Clients]:
    """`Clients`, gone when the block ends."""
    clients = Clients(target, key, count)
    try:
        yield clients
    finally:
        clients.close()


class Publisher:
    """Updates of one company, by the clock, as the warehouse's publications make them."""

    def __init__(self, target: Target, company: UUID, *, rate: float, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.sse_publisher", str(rate), str(seconds), str(company),
             "nats"],
            env=target.environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wait(self) -> int:
        """How many it has published, once it has ended."""
        output, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"the publisher ended with {self._process.returncode}")
        return int(json.loads(output)["sent"])

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
