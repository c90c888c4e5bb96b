"""A child runs under the niceness it was given, in its own process, and the background gives way to all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from orchestration.stack.priority import (
    BEFORE_OTHERS,
    BEHIND_ANSWERS,
    IN_THE_BACKGROUND,
    command_with,
)

_TELL = """
import json, os
from pathlib import Path
group = Path("/proc/self/autogroup")
print(json.dumps([os.getpid(), os.nice(0), group.read_text().split()[-1] if group.exists() else None,
    os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None]))
"""


def run(niceness: int) -> tuple[int, list[int | str | None]]:
    """The pid that was started, and what the command that came of it says of itself."""
    command = command_with(niceness, (sys.executable, "-c", _TELL))
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    told, _ = child.communicate(timeout=60)
    return child.pid, json.loads(told)


FIRST = pytest.param(BEFORE_OTHERS, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root may"))


@pytest.mark.parametrize("wanted", [FIRST, BEHIND_ANSWERS])
def test_the_command_takes_the_place_of_what_gives_it_its_niceness(wanted: int) -> None:
    pid, (told_pid, niceness, of_session, _) = run(wanted)
    assert told_pid == pid
    assert niceness == min(19, os.nice(0) + wanted)
    if Path("/proc/self/autogroup").exists():
        assert of_session == str(wanted)


def test_who_may_not_go_first_is_run_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert command_with(BEFORE_OTHERS, ("true",)) == ("true",)


@pytest.mark.skipif(not shutil.which("chrt"), reason="this system has no idle class")
def test_the_background_runs_when_nothing_else_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPACT_BACKGROUND_NICENESS", raising=False)
    assert run(IN_THE_BACKGROUND)[1][3] == os.SCHED_IDLE


def test_the_background_may_be_given_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_BACKGROUND_NICENESS", "6")
    _, (_, niceness, _, scheduler) = run(IN_THE_BACKGROUND)
    assert (niceness, scheduler) == (min(19, os.nice(0) + 6), os.SCHED_OTHER)


@pytest.mark.parametrize("given", ["-1", "20", "low", ""])
def test_another_niceness_of_the_background_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("IMPACT_BACKGROUND_NICENESS", given)
    with pytest.raises(ValidationError, match="impact_background_niceness"):
        command_with(IN_THE_BACKGROUND, ("true",))


def test_who_is_not_nice_is_run_as_it_is() -> None:
    assert command_with(0, ("nats-server", "-c", "x")) == ("nats-server", "-c", "x")
