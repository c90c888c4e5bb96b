"""A platform that can be broken: its applications reach its stores through proxies, its disk may be small."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from ingest.stores import StoreSettings
from orchestration.stack import platform as stack
from orchestration.stack import supervision
from orchestration.stack.layout import HOST, PROJECT, STORES, Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.chaos.proxy import Proxies
from tests.load.platform import Target

CLOCK = PROJECT / "tests" / "chaos" / "clock"
DISK = "6g"
APPLICATIONS = ("receiver", "worker", "gate", "journey", "api", "dagster-code", "dagster-daemon")


@dataclass
class Place:
    """Two platforms that are one: `stores` runs the stores, `apps` everything that uses them.

    `settings` are the stores' own addresses, past the proxies: who checks is not to be slowed down.
    """

    stores: Layout
    apps: Layout
    settings: StoreSettings
    proxies: Proxies
    disk: Path | None = None  # a file system that may be filled
    clock: Path | None = None  # the file that the applications' clocks are stepped by

    @property
    def target(self) -> Target:
        return Target(self.apps, self.settings)

    def processes(self, name: str) -> list[psutil.Process]:
        """A part's process and those below it; none while it is down."""
        layout = self.stores if name in STORES else self.apps
        with supervision.connect(layout) as supervisor:
            state = supervisor.states().get(name) if supervisor else None
        if state is None or state.state != "RUNNING" or not state.pid:
            return []
        with suppress(psutil.Error):
            root = psutil.Process(state.pid)
            return [root, *root.children(recursive=True)]
        return []

    def is_healthy(self) -> bool:
        return status(self.stores).is_healthy and status(self.apps).is_healthy

    def ill(self) -> list[str]:
        return [
            f"{part.name}: {part.problem}"
            for layout in (self.stores, self.apps)
            for part in status(layout).parts
            if not part.is_healthy
        ]

    def step_clock(self, seconds: float) -> None:
        if self.clock:
            with self.clock.open("r+b") as file:
                file.write(struct.pack("<d", seconds))


def through(proxies: Proxies, layout: Layout) -> dict[str, str]:
    """The addresses of a platform's stores, by way of the proxies."""
    urls = {"postgres": layout.postgres_url, "clickhouse": layout.clickhouse_url, "nats": layout.nats_url}
    found = {}
    for store, url in urls.items():
        parts = urlsplit(url)
        credentials = parts.netloc.rpartition("@")[0]
        place = f"{credentials}@{HOST}:{proxies.port(store)}"
        found[f"{store.upper()}_URL"] = urlunsplit(parts._replace(netloc=place))
    return found


@contextmanager
def stores_behind_proxies(
    folder: Path, told: Callable[[str], None], disk: Path | None = None
) -> Iterator[Place]:
    """Only the stores, with proxies before them; the applications' layout is there to start them with."""
    stores = Layout.open((disk or folder) / "stores", Ports.free())
    stack.up(stores, told, stores_only=True)
    try:
        ports = {store: getattr(stores.ports, store) for store in STORES}
        with Proxies(ports).serving() as proxies:
            apps = Layout.open(folder / "apps", Ports.free(), through(proxies, stores))
            # The key by which everybody erased is known belongs to the database.
            shutil.copytree(stores.home / "privacy", apps.home / "privacy", dirs_exist_ok=True)
            yield Place(stores, apps, store_settings(stores), proxies, disk)
    finally:
        stack.down(stores)


@contextmanager
def whole(
    folder: Path, told: Callable[[str], None], *, environment: Mapping[str, str], wants_disk: bool
) -> Iterator[Place]:
    """Everything, with clocks that can be stepped and, where it may be mounted, a disk that can be filled."""
    clock = folder / "clock"
    clock.write_bytes(struct.pack("<d", 0.0))
    paths = os.pathsep.join(filter(None, [str(CLOCK), os.environ.get("PYTHONPATH")]))
    before = dict(os.environ)
    os.environ.update(environment | {"CHAOS_CLOCK": str(clock), "PYTHONPATH": paths})
    with ExitStack() as opened:
        opened.callback(_restore, before)
        disk = opened.enter_context(small_disk(folder / "disk")) if wants_disk else None
        place = opened.enter_context(stores_behind_proxies(folder, told, disk))
        place.clock = clock
        opened.callback(stack.down, place.apps)
        stack.up(place.apps, told)
        yield place


@contextmanager
def small_disk(path: Path) -> Iterator[Path | None]:
    """A file system of its own; None where this user may not mount one."""
    path.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(path)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        yield None
        return
    for parent in path.parents:  # Postgres gives up root before it opens its data
        with suppress(OSError):
            parent.chmod(parent.stat().st_mode | 0o011)
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def _restore(before: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)
