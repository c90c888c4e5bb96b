"""supervisord, wrapped thinly: its configuration, its start, and what we ask it over its socket.

It restarts a child that dies: at once if it had run for a while, else after 1 s, 2 s, 3 s and so on.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from orchestration.stack.child import Child, Group, platform_environment
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import HOST, PROJECT, Layout
from orchestration.stack.priority import command_with

SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 107 on Linux, 103 on macOS
SETTLED_AFTER_S = 20  # who dies sooner is backed off; Dagster takes 10 s to find out that it cannot start
START_RETRIES = 60  # adds up to half an hour of trying; then FATAL, until the next `impact up`
# Then SIGKILL. Applications promise 10 s; a store may have much to write.
STOP_TIMEOUT_S = {"apps": 12, "stores": 60, "monitoring": 12}
LOG_BYTES, LOG_BACKUPS = 10 << 20, 3

CONFIGURATION = """\
; Written by `impact up`; changes are lost.
[supervisord]
logfile={logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisord.pid
childlogdir={logs}
directory={project}
umask=027
identifier=impact
{user}
[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[rpcinterface:restarts]
supervisor.rpcinterface_factory=orchestration.stack.restarts:interface

[rpcinterface:priority]
supervisor.rpcinterface_factory=orchestration.stack.priority:interface
"""

REVIVAL = """
[rpcinterface:revival]
supervisor.rpcinterface_factory=orchestration.stack.revival:interface
nats_url=http://{host}:{port}/healthz
nats_folder={nats}
clickhouse_folder={clickhouse}
"""

PROGRAM = """
[program:{name}]
command={command}
autostart=false
autorestart=true
startsecs={settled}
startretries={retries}
stopsignal={stop_signal}
stopwaitsecs={stop_timeout}
stopasgroup={as_group}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes={log_bytes}
stdout_logfile_backups={log_backups}
environment={environment}
"""


@dataclass(frozen=True)
class ChildState:
    """What supervisord knows of one child."""

    name: str
    state: str  # STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL or UNKNOWN
    pid: int | None
    since: float  # when it reached this state, seconds since 1970
    restart_count: int
    restarted_at: float | None
    problem: str

    @property
    def is_up(self) -> bool:
        return self.state in ("STARTING", "RUNNING")


class Supervisor:
    """A connection to a running supervisord."""

    def __init__(self, rpc: xmlrpc.client.ServerProxy) -> None:
        self._rpc = cast(Any, rpc)  # every method of a ServerProxy is made up at run time
        self.pid = int(self._rpc.supervisor.getPID())

    def start(self, child: Child) -> None:
        """Start `child` and return at once. One that gave up earlier gets its retries anew."""
        try:
            self._rpc.supervisor.startProcess(f"{child.group}:{child.name}", False)
        except xmlrpc.client.Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise PlatformError(f"{child.name} cannot be started: {fault.faultString}") from fault

    def add(self, group: Group) -> None:
        """Take a group of children from the configuration as it is now; those that run are left alone."""
        self._rpc.supervisor.reloadConfig()
        self._rpc.supervisor.addProcessGroup(group)

    def states(self) -> dict[str, ChildState]:
        restarts = self._rpc.restarts.all()
        infos = self._rpc.supervisor.getAllProcessInfo()
        return {info["name"]: _state(info, restarts.get(info["name"])) for info in infos}

    def shut_down(self) -> None:
        """Stop every child, the stores last, then supervisord itself. Returns before that is done."""
        self._rpc.supervisor.shutdown()


@contextmanager
def connect(layout: Layout) -> Iterator[Supervisor | None]:
    """The platform's supervisor, or None if it does not run."""
    transport = SupervisorTransport(None, None, f"unix://{socket_path(layout)}")
    try:
        rpc = xmlrpc.client.ServerProxy("http://localhost", transport=transport)
        try:
            supervisor = Supervisor(rpc)
        except (OSError, xmlrpc.client.Error):
            supervisor = None
        yield supervisor
    finally:
        transport.close()


def launch(layout: Layout, children: Sequence[Child]) -> None:
    """Start supervisord as a daemon that knows `children` and has started none of them yet."""
    configuration = configure(layout, children)
    started = subprocess.run(
        [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
        env=platform_environment(layout), cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if started.returncode:
        raise PlatformError(f"the supervisor does not start: {(started.stderr or started.stdout).strip()}")


def configure(layout: Layout, children: Sequence[Child]) -> Path:
    """Write supervisord's configuration; returns where."""
    configuration = layout.run / "supervisord.conf"
    configuration.unlink(missing_ok=True)
    # Passwords of single children are in it.
    descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(render(layout, children))
    return configuration


def render(layout: Layout, children: Sequence[Child]) -> str:
    """supervisord's configuration."""
    parts = [
        CONFIGURATION.format(
            logs=_escape(layout.logs), run=_escape(layout.run), project=_escape(PROJECT),
            socket=_escape(socket_path(layout)),
            # supervisord warns loudly when it is root by accident; here somebody decided it.
            user="user=root\n" if os.geteuid() == 0 else "",
        )
    ]  # fmt: skip
    own = {child.name: _escape(layout.home / child.name) for child in children if child.group == "stores"}
    if "nats" in own or "clickhouse" in own:
        parts.append(
            REVIVAL.format(
                host=HOST, port=layout.ports.nats_monitor, nats=own.get("nats", ""),
                clickhouse=own.get("clickhouse", ""),
            )
        )  # fmt: skip
    parts += [_program(layout, child) for child in children]
    # A higher priority stops earlier.
    for group, priority in (("stores", 10), ("apps", 20), ("monitoring", 30)):
        if members := [child.name for child in children if child.group == group]:
            parts.append(f"\n[group:{group}]\nprograms={','.join(members)}\npriority={priority}\n")
    return "".join(parts)


def socket_path(layout: Layout) -> Path:
    """supervisord's socket: in the data folder, or in a private one in /tmp if that path is too long."""
    path = layout.run / "supervisor.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    digest = hashlib.sha256(os.fsencode(layout.home)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"impact-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PlatformError(
            f"{folder} belongs to somebody else. Set IMPACT_HOME to a folder with a shorter path."
        )
    return folder / "supervisor.sock"


def _program(layout: Layout, child: Child) -> str:
    environment = ",".join(f'{name}="{_escape(value)}"' for name, value in child.environment.items())
    return PROGRAM.format(
        name=child.name,
        command=_escape(shlex.join(command_with(child.niceness, child.command))),
        settled=SETTLED_AFTER_S,
        retries=START_RETRIES,
        stop_signal=child.stop_signal,
        stop_timeout=STOP_TIMEOUT_S[child.group],
        # Dagster's code server has runs below it. Postgres tells its own children what to do.
        as_group="false" if child.group == "stores" else "true",
        # Twice: supervisord 4.3 expands this one setting, and then its result again.
        log=_escape(_escape(layout.logs / f"{child.name}.log")),
        log_bytes=LOG_BYTES,
        log_backups=LOG_BACKUPS,
        environment=environment,
    )


def _escape(value: object) -> str:
    return str(value).replace("%", "%%")  # supervisord reads %(name)s


def _state(info: dict[str, Any], restarts: dict[str, Any] | None) -> ChildState:
    up = info["statename"] in ("STARTING", "RUNNING", "STOPPING")
    return ChildState(
        name=info["name"],
        state=info["statename"],
        pid=info["pid"] or None,
        since=float(info["start"] if up else info["stop"]),
        restart_count=restarts["count"] if restarts else 0,
        restarted_at=restarts["last_at"] if restarts else None,
        problem=info["spawnerr"],
    )
