"""The demo ends with the ledger's numbers, in the API and in ClickHouse, also while processes are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.demo.ledger import Cell, differences
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.demo.simulated import NOW, Simulated

STORES = ("nats", "postgres", "clickhouse")
DAGSTER = (("dagster-code",), ("dagster-webserver", "dagster-daemon"))
APPLICATIONS = ("receiver", "worker", "gate", "journey", "api")
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
    with started_demo(platform) as demo:
        output = finished(demo)
    assert "numbers served by the API equal the simulator's ledger" in output
    assert "texts were cleared; q2q-local-v4 gave" in output
    assert "Impact score of Fjordlys Energi (demo), 2025-Q4: " in output
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
