"""One process of the platform, as its supervisor sees it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestration.stack.health import Probe
from orchestration.stack.layout import HOST, PROJECT, Layout

STACK_ID = "IMPACT_STACK_ID"  # marks a process as started by one platform; `impact down` looks for it

# Stopped together: who looks on first, then the applications, then the stores they write to.
Group = Literal["stores", "apps", "monitoring"]


@dataclass(frozen=True)
class Child:
    """Runs in the foreground, logs to its standard output and stops on `stop_signal`."""

    name: str
    command: tuple[str, ...]
    port: int | None
    probe: Probe
    group: Group = "apps"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold passwords
    stop_signal: str = "TERM"
    niceness: int = 0  # of its threads and of the processes it starts


def child_environment(layout: Layout, child: Child) -> dict[str, str]:
    """What `child` finds in its environment."""
    return {**platform_environment(layout), **child.environment}


def platform_environment(layout: Layout) -> dict[str, str]:
    """What every process of the platform finds in its environment, the supervisor included."""
    inherited = dict(os.environ)
    return {
        **inherited,
        **layout.environment(),
        STACK_ID: layout.stack_id,
        **direct_calls(inherited),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), inherited.get("PYTHONPATH", "")])),
        "PYTHONUNBUFFERED": "1",
        # Where it is set, each process compiles whatever it imports, at every start.
        "PYTHONDONTWRITEBYTECODE": "",
        # Two heaps instead of eight per core: a threaded Python process idles at half the memory.
        "MALLOC_ARENA_MAX": inherited.get("MALLOC_ARENA_MAX", "2"),
    }


def direct_calls(environment: Mapping[str, str]) -> dict[str, str]:
    """A proxy for the outside world must not see calls between our own processes."""
    return {
        name: ",".join(filter(None, [environment.get(name, ""), HOST, "localhost"]))
        for name in ("NO_PROXY", "no_proxy")
    }
