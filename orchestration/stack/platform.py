"""Starts and stops the platform: stores, then what they must hold, then the applications that use them."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import psutil

from orchestration.stack import lost_runs, monitoring, preflight, processes, settings, supervision
from orchestration.stack.child import Child, platform_environment
from orchestration.stack.diagnosis import explain
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import PROJECT, Layout
from orchestration.stack.preparation import prepare
from orchestration.stack.services import applications, dagster_services
from orchestration.stack.stores import embedded_stores
from orchestration.stack.supervision import Supervisor

START_TIMEOUT_S = 240.0  # per stage; all together take some 20 s on two idle cores
STOP_TIMEOUT_S = 90.0  # more than the supervisor gives applications and stores together
POLL_S = 0.15
TOLERATED_RESTARTS = 1  # a child that dies more often while it starts will not come up by itself

Report = Callable[[str], None]


@dataclass(frozen=True)
class Started:
    """What `up` found and did."""

    was_running: bool
    children: Sequence[Child]


def children_of(layout: Layout, *, stores_only: bool = False, with_monitoring: bool = False) -> list[Child]:
    """Every process of the platform, in the order in which they start."""
    children = embedded_stores(layout)
    if not stores_only:
        children += [*applications(layout), *dagster_services(layout)]
    return [*children, *monitoring.monitoring(layout)] if with_monitoring else children


def up(
    layout: Layout, report: Report, *, stores_only: bool = False, with_monitoring: bool = False
) -> Started:
    """Start what is not running and wait until it is healthy. A running platform can be given monitoring.

    If a part of a fresh start does not come up, everything is stopped again and the error says why.
    """
    with exclusively(layout):
        if with_monitoring and stores_only:
            raise PlatformError("monitoring looks at the whole platform: leave out `--stores-only`.")
        if with_monitoring:
            monitoring.prepare(layout)
        wanted = children_of(layout, stores_only=stores_only, with_monitoring=with_monitoring)
        with supervision.connect(layout) as supervisor:
            if supervisor:
                return _resume(layout, supervisor, wanted, report)
        children = wanted
        if left := processes.stop_all(layout):
            report(f"stopped {len(left)} processes that an earlier supervisor had left behind")
        preflight.check(layout, children)
        supervision.launch(layout, children)
        try:
            with supervision.connect(layout) as supervisor:
                if supervisor is None:
                    raise PlatformError(f"the supervisor has gone; see {layout.logs / 'supervisor.log'}")
                settings.remember(layout, psutil.Process(supervisor.pid))
                _start(layout, supervisor, children, report, is_fresh=True)
        except BaseException:
            _stop(layout)
            raise
        return Started(was_running=False, children=children)


def down(layout: Layout) -> bool:
    """Stop everything, applications before stores; False if nothing was running."""
    with exclusively(layout):
        return _stop(layout)


def _resume(layout: Layout, supervisor: Supervisor, wanted: Sequence[Child], report: Report) -> Started:
    """Start again what has given up or was stopped; the running parts are left alone."""
    states = supervisor.states()
    added = [child for child in wanted if child.group == "monitoring" and child.name not in states]
    missing = [child.name for child in wanted if child.name not in states and child not in added]
    if missing:
        raise PlatformError(
            f"the platform in {layout.home} was started without {', '.join(missing)}."
            " Run `impact down`, then `impact up`."
        )
    if added:
        preflight.check(layout, added)
        supervision.configure(layout, wanted)
        supervisor.add("monitoring")
        states = supervisor.states()
    if stopped := [child for child in wanted if not states[child.name].is_up]:
        report(f"starting again: {', '.join(child.name for child in stopped)}")
        _start(layout, supervisor, wanted, report, is_fresh=False)
    return Started(was_running=True, children=wanted)


def _start(
    layout: Layout, supervisor: Supervisor, children: Sequence[Child], report: Report, *, is_fresh: bool
) -> None:
    stores = [child for child in children if child.group == "stores"]
    rest = [child for child in children if child.group != "stores"]
    last = {child.name for child in dagster_services(layout)}
    # Reading the dbt project takes as long as starting the stores and needs none of them.
    with _dbt_manifests(layout) if rest else nullcontext():
        _start_stage(layout, supervisor, stores, report)
        for migration in prepare(layout):
            report(f"applied {migration}")
    if rest and is_fresh:  # else a run in progress may well be alive
        for run_id in lost_runs.close(layout):
            report(f"closed run {run_id}, which died with the platform")
    apps = [child for child in rest if child.group == "apps"]
    _start_stage(layout, supervisor, [child for child in apps if child.name not in last], report)
    _start_stage(layout, supervisor, [child for child in apps if child.name in last], report)
    _start_stage(layout, supervisor, [child for child in rest if child.group == "monitoring"], report)


def _start_stage(layout: Layout, supervisor: Supervisor, children: Sequence[Child], report: Report) -> None:
    before = supervisor.states()
    for child in children:
        if not before[child.name].is_up:
            supervisor.start(child)
    waiting = {child.name: child for child in children}
    started, reasons = time.monotonic(), dict[str, str]()
    while waiting:
        states = supervisor.states()
        for name, child in list(waiting.items()):
            state = states[name]
            if (
                state.restart_count - before[name].restart_count > TOLERATED_RESTARTS
                or state.state == "FATAL"
            ):
                raise PlatformError(f"{name} does not start: it ends right away. {explain(layout, name)}")
            problem = child.probe() if state.is_up else state.state.lower()
            if problem is None:
                report(f"{name} is healthy")
                del waiting[name]
            else:
                reasons[name] = problem
        if waiting and time.monotonic() - started > START_TIMEOUT_S:
            name = next(iter(waiting))
            raise PlatformError(
                f"{name} is not healthy after {START_TIMEOUT_S:g} s: {reasons[name]}. {explain(layout, name)}"
            )
        if waiting:
            time.sleep(POLL_S)


@contextmanager
def _dbt_manifests(layout: Layout) -> Iterator[None]:
    """Parse the dbt project beside the block; both are done at its end."""
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.dbt", "parse"], env=platform_environment(layout), cwd=PROJECT,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            yield
        except BaseException:
            process.kill()
            raise
        output, _ = process.communicate()
    if process.returncode:
        raise PlatformError(f"dbt cannot read the project in {PROJECT / 'dbt_project'}:\n{output[-3000:]}")


def _stop(layout: Layout) -> bool:
    was_running = False
    with supervision.connect(layout) as supervisor:
        if supervisor:
            was_running = True
            try:
                process = psutil.Process(supervisor.pid)
            except psutil.NoSuchProcess:
                process = None
            supervisor.shut_down()
            if process:
                psutil.wait_procs([process], timeout=STOP_TIMEOUT_S)
    # Also runs of Dagster that outlived their code server, and everything if the supervisor was killed.
    was_running |= bool(processes.stop_all(layout))
    supervision.socket_path(layout).unlink(missing_ok=True)
    settings.forget(layout)
    return was_running


@contextmanager
def exclusively(layout: Layout) -> Iterator[None]:
    """One `up` or `down` at a time. The lock goes with the process that holds it, however that ends."""
    with (layout.run / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PlatformError(
                f"another `impact up` or `impact down` is at work on {layout.home}. Wait until it has ended."
            ) from None
        yield
