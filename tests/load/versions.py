"""Two versions of the way in, each with stores of its own, measured by turns on one machine."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import HOST, PROJECT, Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.load import ledger, platform
from tests.load.platform import Target
from tests.load.watch import busy_s

_IMPACT = ("-c", "from orchestration.cli import app; app(prog_name='impact')")
START_S = 120.0
MODULES = {"receiver": ("ingest.webhooks", "webhooks"), "worker": ("ingest.worker", "worker")}


@dataclass(frozen=True)
class Slice:
    """A short load on one version, and the account of it."""

    version: str
    cpu_us_each: float  # of receiver, worker and stores, for each delivery, until it was in the warehouse
    p50_ms: float
    p99_ms: float
    foreign_share: float  # of all cores, by whatever is no part of this measurement
    is_balanced: bool

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Version:
    """One version, running: its stores, its receiver and its worker, and nothing else of the platform."""

    def __init__(self, name: str, target: Target, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
        self.name, self.target = name, target
        self._processes = processes

    def cpu_s(self) -> float:
        """So far, of all its processes."""
        own = 0.0
        for process in self._processes.values():
            times = psutil.Process(process.pid).cpu_times()
            own += times.user + times.system
        return own + sum(one.cpu_s for one in platform.use(self.target).values())

    def measure(self, rate: float, seconds: float) -> Slice:
        """Send for so long, wait until all is stored, and settle the account."""
        machine, cpu, started = psutil.cpu_times(), self.cpu_s(), time.monotonic()
        generators = _children_s()
        sent = ledger.send(self.target, rate=rate, seconds=seconds)
        settled = platform.settle(self.target)
        used = self.cpu_s() - cpu
        took = (time.monotonic() - started) * (os.cpu_count() or 1)
        ours = used + _children_s() - generators
        foreign = max(busy_s(psutil.cpu_times()) - busy_s(machine) - ours, 0.0) / took
        balance = ledger.check(self.target, sent, settled_after_s=settled)
        return Slice(
            self.name, round(used / max(sent.accepted, 1) * 1e6, 2), sent.latency.ms(0.5),
            sent.latency.ms(0.99), round(foreign, 3), balance.is_balanced and sent.errors == 0,
        )  # fmt: skip


@contextmanager
def checked_out(reference: str) -> Iterator[Path]:
    """A worktree of another version, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="impact-version-") as folder:
        place = Path(folder) / "checkout"
        _git("worktree", "add", "--detach", str(place), reference)
        try:
            yield place
        finally:
            _git("worktree", "remove", "--force", str(place))


def _git(*arguments: str) -> None:
    done = subprocess.run(
        ["git", "-C", str(PROJECT), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PlatformError(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")


@contextmanager
def running(name: str, checkout: Path, *, slowed_us: float = 0.0) -> Iterator[Version]:
    """That checkout's stores, receiver and worker, with this environment's packages."""
    with tempfile.TemporaryDirectory(prefix="impact-version-") as folder, ExitStack() as started:
        home, ports = Path(folder) / "impact", Ports.free()
        base = {
            **{key: value for key, value in os.environ.items() if not key.endswith("_URL")},
            "IMPACT_HOME": str(home), "PYTHONPATH": str(checkout),
            **{f"IMPACT_PORT_{port.upper()}": str(number) for port, number in ports.model_dump().items()},
        }  # fmt: skip
        _impact(checkout, base, "up", "--stores-only")
        started.callback(_impact, checkout, base, "down")
        environment = base | _parsed(_impact(checkout, base, "env"))
        processes = {}
        for part, (module, port) in MODULES.items():
            if part == "receiver" and slowed_us:
                module, extra = "tests.load.slowed", {"SLOWED_US": str(slowed_us)}
            else:
                extra = {}
            log = started.enter_context((home / "logs" / f"{part}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", module], cwd=checkout, env=environment | extra, stdout=log, stderr=log
            )
            started.callback(_stop, process)
            processes[part] = process
            _await(f"http://{HOST}:{getattr(ports, port)}/healthz", process, home / "logs" / f"{part}.log")
        layout = Layout.open(home, ports)
        yield Version(name, Target(layout, store_settings(layout)), processes)


def _impact(checkout: Path, environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *_IMPACT, *arguments], cwd=checkout, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise PlatformError(f"`impact {' '.join(arguments)}` of {checkout} failed: {done.stderr[-2000:]}")
    return done.stdout


def _parsed(lines: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines.splitlines())
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise PlatformError(f"{process.args!r} ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise PlatformError(f"{url} does not answer after {START_S:.0f} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _children_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
