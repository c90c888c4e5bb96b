"""A tenth of the demo's programme on a whole platform, and its numbers against the simulator's ledger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.stores import clickhouse_client
from orchestration.demo.ledger import Cell, differences
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from tests.demo.simulated import NOW, Simulated

SCALE = 0.1
DEMO_S = 900

_MEASURED = """
select
    countIf(avg_job_readiness is not null),
    countIf(sroi_outcome_ratio is not null)
from marts.metrics_company_period
"""
# A tenth of the programme has too few people behind its averages for an impact score, and that is said.
_IMPACTS = "select count(), countIf(vis is null and missing_reason is null) from marts.vis_company_period"
_MARTS = "select * from marts.metrics_company_period"


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


def assert_a_demo_left_in_peace_is_exact(platform: Layout, simulated: Simulated) -> None:
    """In the API, in ClickHouse, and with scores and impacts that come of what people wrote."""
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
