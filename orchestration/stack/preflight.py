"""What must be true before anything is started: room on the disk, free ports, external stores that answer."""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from orchestration.stack.child import Child
from orchestration.stack.errors import PlatformError
from orchestration.stack.health import HttpProbe, NatsProbe, PostgresProbe, Probe
from orchestration.stack.layout import HOST, STORES, Layout
from orchestration.stack.processes import listener

SMALLEST_FREE_BYTES = 1 << 30  # Postgres and NATS stop hard when the disk is full; leave them room to recover


def check(layout: Layout, children: Sequence[Child]) -> None:
    """Raise a `PlatformError` that names every obstacle at once."""
    problems = [
        *disk_problems(layout),
        *port_problems(layout, children),
        *external_store_problems(layout),
    ]
    if problems:
        raise PlatformError("\n".join(problems))


def disk_problems(layout: Layout, smallest_bytes: int = SMALLEST_FREE_BYTES) -> list[str]:
    free = shutil.disk_usage(layout.home).free
    if free >= smallest_bytes:
        return []
    return [
        f"the disk of {layout.home} has {free / 2**30:.2f} GiB free and the platform needs"
        f" {smallest_bytes / 2**30:.2f} GiB. Free some space, or set IMPACT_HOME to a folder on another disk."
    ]


def port_problems(layout: Layout, children: Sequence[Child]) -> list[str]:
    return [_port_problem(name, port) for name, port in ports_needed(layout, children) if _in_use(port)]


def external_store_problems(layout: Layout) -> list[str]:
    problems = []
    for store in STORES:
        if layout.is_external(store) and (reason := external_probe(layout, store)()):
            variable = f"{store.upper()}_URL"
            problems.append(
                f"the {store} that {variable} names ({address_of(layout, store)}) does not answer: {reason}."
                f" Start it or correct {variable}; without {variable} an embedded {store} is used."
            )
    return problems


def ports_needed(layout: Layout, children: Sequence[Child]) -> list[tuple[str, int]]:
    """Every port `children` listen on, by its name in the settings."""
    by_port = {port: name for name, port in layout.ports.model_dump().items()}
    needed = [(by_port[child.port], child.port) for child in children if child.port is not None]
    if any(child.name == "nats" for child in children):
        needed.append(("nats_monitor", layout.ports.nats_monitor))
    return needed


def external_probe(layout: Layout, store: str) -> Probe:
    if store == "postgres":
        return PostgresProbe(layout.postgres_url)
    if store == "nats":
        return NatsProbe(layout.nats_url)
    url = urlsplit(layout.clickhouse_url)
    default = 8443 if url.scheme == "https" else 8123
    return HttpProbe(f"{url.scheme}://{url.hostname}:{url.port or default}/ping")


def address_of(layout: Layout, store: str) -> str:
    """Host and port of a store, without its user and password."""
    url = urlsplit(layout.environment()[f"{store.upper()}_URL"])
    return f"{url.hostname}:{url.port}" if url.port else str(url.hostname)


def _port_problem(name: str, port: int) -> str:
    by = listener(port)
    who = f"by {by.program} (pid {by.pid})" if by.pid else "by a program this user cannot see"
    return (
        f"port {port} ({name}) is in use {who}."
        f" Stop that program, or set IMPACT_PORT_{name.upper()} to a free port."
    )


def _in_use(port: int) -> bool:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that has just been closed is free
        try:
            s.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            if error.errno == errno.EACCES:
                raise PlatformError(
                    f"this user may not listen on port {port}; choose one above 1023."
                ) from error
            raise
    return False
