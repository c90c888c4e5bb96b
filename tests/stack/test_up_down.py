"""Starting is complete or undone, a dead child comes back, and stopping leaves no process behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from ingest.stores import postgres_connection
from orchestration.stack import platform, processes, supervision
from orchestration.stack.child import STACK_ID
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.settings import running_layout
from orchestration.stack.status import status
from orchestration.stack.tables import status_table


@pytest.fixture(scope="module")
def own_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    # Deep enough that a socket in it would pass the kernel's limit, and with characters that need quoting.
    home = tmp_path_factory.mktemp("deep") / ("x" * 60) / "50% of a path" / "home"
    layout = Layout.open(home, Ports.free())
    yield layout
    platform.down(layout)


@pytest.fixture
def started(own_platform: Layout) -> Layout:
    """A platform of stores only, running: the rules are the same for every child."""
    platform.up(own_platform, print, stores_only=True)
    return own_platform


def wait_for(condition: Callable[[], bool], *, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the condition did not become true in time"
        time.sleep(0.1)


def test_data_survive_a_stop_and_stopping_leaves_no_process(started: Layout) -> None:
    with postgres_connection(store_settings(started), autocommit=True) as connection:
        connection.execute("create table if not exists kept (id int)")
        connection.execute("insert into kept values (1)")
    pids = [process.pid for process in processes.of_platform(started)]
    assert len(pids) >= 4  # the supervisor and three stores
    assert platform.down(started)
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not platform.down(started), "a second stop finds nothing to do"
    platform.up(started, print, stores_only=True)
    with postgres_connection(store_settings(started)) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1,)


def test_a_second_start_leaves_a_running_platform_alone(started: Layout) -> None:
    before = {part.name: part.pid for part in status(started).parts}
    assert platform.up(started, print, stores_only=True).was_running
    assert {part.name: part.pid for part in status(started).parts} == before


def test_a_running_platform_is_found_by_its_folder_alone(
    started: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACT_HOME", str(started.home))
    monkeypatch.setenv("IMPACT_PORT_POSTGRES", "1")  # meant for the next start
    assert running_layout().ports == started.ports
    platform.down(started)
    assert running_layout().ports.postgres == 1


def test_status_tells_what_runs(started: Layout) -> None:
    found = status(started)
    assert found.is_healthy
    assert {part.name for part in found.parts} == {"nats", "postgres", "clickhouse"}
    assert all(part.is_healthy and part.pid and part.rss_bytes for part in found.parts)
    assert found.rss_bytes >= sum(part.rss_bytes or 0 for part in found.parts)


def test_killed_children_come_back_and_it_shows(started: Layout) -> None:
    before = {part.name: part for part in status(started).parts}
    for killed in before.values():
        psutil.Process(killed.pid).kill()
    wait_for(lambda: all(p.is_healthy and p.pid != before[p.name].pid for p in status(started).parts))
    for now in status(started).parts:
        assert now.restart_count == before[now.name].restart_count + 1
        assert now.restarted_at == pytest.approx(time.time(), abs=30)


def test_a_killed_supervisor_is_noticed_and_its_children_are_stopped(started: Layout) -> None:
    stranger = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={STACK_ID: "another platform's id"}
    )
    pid = status(started).supervisor_pid
    psutil.Process(pid).kill()
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    found = status(started)
    assert not found.is_running
    assert len(found.orphan_pids) >= 3
    assert "still run" in str(status_table(found))
    assert platform.down(started)
    assert processes.of_platform(started) == []
    assert processes.serving_folder(started.home / "postgres" / "18") == []
    assert stranger.poll() is None, "a foreign process was stopped"
    stranger.communicate(b"\n")


def test_a_start_cleans_up_after_a_killed_supervisor(started: Layout) -> None:
    psutil.Process(status(started).supervisor_pid).kill()
    lines: list[str] = []
    wait_for(lambda: not status(started).is_running)
    platform.up(started, lines.append, stores_only=True)
    assert any("left behind" in line for line in lines)
    assert status(started).is_healthy


def test_two_commands_at_once_do_not_mix(started: Layout) -> None:
    with platform.exclusively(started), pytest.raises(PlatformError, match="is at work on"):
        platform.down(started)


def test_a_damaged_store_stops_the_start_and_the_message_says_what_to_do(started: Layout) -> None:
    platform.down(started)
    control = started.home / "postgres" / "18" / "PG_VERSION"
    original = control.read_bytes()
    control.unlink()
    with pytest.raises(PlatformError) as caught:
        platform.up(started, print, stores_only=True)
    control.write_bytes(original)
    assert "postgres does not start" in str(caught.value)
    assert "PG_VERSION is missing. Restore the data folder from a backup" in str(caught.value)
    assert processes.of_platform(started) == [], "a failed start has to undo itself"


def test_the_supervisors_files_are_private(started: Layout) -> None:
    for name in ("supervisord.conf", "state.json"):
        assert (started.run / name).stat().st_mode & 0o077 == 0
    assert (started.home / "nats" / "nats.conf").stat().st_mode & 0o077 == 0
    assert supervision.socket_path(started).parent.stat().st_mode & 0o077 == 0
