"""The demo ends with the ledger's numbers, in the API and in ClickHouse, also while processes are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest.stores import clickhouse_client
from orchestration.demo.ledger import Cell, differences
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.demo.simulated import NOW, Simulated

SCALE = 0.1
DEMO_S, RECOVERY_S = 900, 240

_MEASURED = """
select
    countIf(avg_job_readiness is not null),
    countIf(sroi_outcome_ratio is not null)
from marts.metrics_company_period
"""
# A tenth of the programme has too few people behind its averages for an impact score, and that is said.
_IMPACTS = "select count(), countIf(vis is null and missing_reason is null) from marts.vis_company_period"
_MARTS = "select * from marts.metrics_company_period"


def test_every_process_killed_in_turn_during_a_first_demo_changes_no_number(
    platform: Layout, simulated: Simulated
) -> None:
    with started_demo(platform) as demo:
        wait_until(lambda: (platform.home / "demo.json").exists(), "the demo has begun", DEMO_S)
        killed = [part.name for part in status(platform).parts if kill(platform, part.name, demo)]
        output = finished(demo)
    assert len(killed) == len(status(platform).parts)
    assert "numbers served by the API equal the simulator's ledger" in output
    assert "numbers of trends, programme tiles and retention equal it too" in output
    assert "synthetic" in output
    assert_marts_equal(platform, simulated)


def test_a_second_run_left_in_peace_ends_with_the_same_numbers(
    platform: Layout, simulated: Simulated
) -> None:
    """On the platform of the first: what is sent again changes nothing."""
    with started_demo(platform) as demo:
        output = finished(demo)
    assert "numbers served by the API equal the simulator's ledger" in output
    assert "texts were cleared; q2q-local-v4 gave" in output
    assert_marts_equal(platform, simulated)
    with closing(clickhouse_client(store_settings(platform))) as client:
        [measured] = client.query(_MEASURED).result_rows
        [(impacts, without_reason)] = client.query(_IMPACTS).result_rows
    assert all(measured), "no score or return came of what people wrote"
    assert impacts > 0
    assert without_reason == 0, "an impact score is missing and does not say why"


@contextmanager
def started_demo(layout: Layout) -> Iterator[subprocess.Popen[str]]:
    impact = Path(sys.executable).with_name("impact")
    command = [impact, "demo", "--scale", str(SCALE), "--now", NOW.isoformat()]
    with subprocess.Popen(
        command,
        env={**os.environ, **layout.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def finished(demo: subprocess.Popen[str]) -> str:
    output, _ = demo.communicate(timeout=DEMO_S)
    assert demo.returncode == 0, output
    return output


def kill(layout: Layout, name: str, demo: subprocess.Popen[str]) -> bool:
    """Kill one part while the demo runs, and wait until the supervisor has brought it back."""
    [part] = [part for part in status(layout).parts if part.name == name]
    assert part.pid is not None
    assert demo.poll() is None, f"the demo was over before {name} could be killed"
    os.kill(part.pid, signal.SIGKILL)

    def is_back() -> bool:
        [now] = [now for now in status(layout).parts if now.name == name]
        return now.is_healthy and now.pid != part.pid

    wait_until(is_back, f"{name} is back", RECOVERY_S)
    return True


def assert_marts_equal(layout: Layout, simulated: Simulated) -> None:
    with closing(clickhouse_client(store_settings(layout))) as client:
        result = client.query(_MARTS)
        rows = [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]
    served: Mapping[Cell, dict[str, float | None]] = {
        Cell(row["company_id"], row["period_grain"], row["period"]): row for row in rows
    }
    expected = simulated.ledger.expected()
    assert list(differences(expected, dict(served))) == []
    assert all(served[cell].keys() >= numbers.keys() for cell, numbers in expected.items())


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > give_up_at:
            pytest.fail(f"not within {timeout_s} s: {what}")
        time.sleep(0.5)  # each look asks every part of the platform
