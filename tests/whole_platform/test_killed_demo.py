"""The demo's numbers stand while every process is killed, and when everything is sent once more.

Ten minutes and more, so `make test-slow` runs it and `make test` does not.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing

import pytest

from ingest.stores import postgres_connection
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.demo.simulated import Simulated
from tests.whole_platform.demos import (
    DEMO_S,
    assert_a_demo_left_in_peace_is_exact,
    assert_marts_equal,
    finished,
    started_demo,
)

STORES = ("nats", "postgres", "clickhouse")
DAGSTER = (("dagster-code",), ("dagster-webserver", "dagster-daemon"))
APPLICATIONS = ("receiver", "worker", "gate", "journey", "api")
RECOVERY_S = 240

pytestmark = pytest.mark.slow


def test_every_process_killed_during_a_first_demo_changes_no_number(
    platform: Layout, simulated: Simulated
) -> None:
    """The stores one by one, what imports history, and, while it does, all that takes in the rest at once."""
    with started_demo(platform) as demo:
        wait_until(lambda: (platform.home / "demo.json").exists(), "the demo has begun", DEMO_S)
        for names in (*((store,) for store in STORES), *DAGSTER):
            kill(platform, names, demo)
        wait_until(lambda: history_is_imported(platform), "a file of history is imported", DEMO_S)
        kill(platform, APPLICATIONS, demo)
        output = finished(demo)
    assert {*STORES, *APPLICATIONS, *(name for names in DAGSTER for name in names)} == {
        part.name for part in status(platform).parts
    }
    assert "numbers served by the API equal the simulator's ledger" in output
    assert "numbers of trends, programme tiles and retention equal it too" in output
    assert "numbers of goals, funnels, returns and a cohort equal it too" in output
    assert "synthetic" in output
    assert_marts_equal(platform, simulated)


def test_a_second_run_left_in_peace_ends_with_the_same_numbers(
    platform: Layout, simulated: Simulated
) -> None:
    """On the platform of the first: what is sent again changes nothing."""
    assert_a_demo_left_in_peace_is_exact(platform, simulated)


def kill(layout: Layout, names: Sequence[str], demo: subprocess.Popen[str]) -> None:
    """Kill parts while the demo runs, and wait until the supervisor has brought all of them back."""
    before = {part.name: part.pid for part in status(layout).parts if part.name in names}
    assert demo.poll() is None, f"the demo was over before {', '.join(names)} could be killed"
    for pid in before.values():
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def are_back() -> bool:
        now = {part.name: part for part in status(layout).parts if part.name in names}
        return all(now[name].is_healthy and now[name].pid != pid for name, pid in before.items())

    assert before.keys() == set(names)
    wait_until(are_back, f"{', '.join(names)} are back", RECOVERY_S)


def history_is_imported(layout: Layout) -> bool:
    with closing(postgres_connection(store_settings(layout))) as connection:
        completed = connection.execute(
            "select exists (select from ingest.batches where status = 'completed')"
        )
        return bool(completed.fetchall()[0][0])


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > give_up_at:
            pytest.fail(f"not within {timeout_s} s: {what}")
        time.sleep(0.5)  # each look asks every part of the platform
