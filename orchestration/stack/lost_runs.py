"""Closes the Dagster runs whose process died with the platform: a power cut, a killed supervisor.

Dagster notices a dead run only while the code server that started it lives. Left as they are, such runs would
hold their place in the queue for ever, and sensors would wait for them.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import psycopg

from orchestration.stack.child import platform_environment
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import PROJECT, Layout

IN_PROGRESS = ("NOT_STARTED", "STARTING", "STARTED", "CANCELING")


def find(layout: Layout) -> list[str]:
    """Ids of the runs that Dagster's storage calls in progress.

    Read without Dagster, which takes seconds to import for what is nearly always an empty list.
    """
    with closing(psycopg.connect(layout.postgres_url)) as connection:
        if connection.execute("select to_regclass('dagster.runs')").fetchone() == (None,):
            return []  # Dagster has never run
        rows = connection.execute(
            "select run_id from dagster.runs where status = any(%s) order by id", (list(IN_PROGRESS),)
        )
        return [run_id for (run_id,) in rows.fetchall()]


def close(layout: Layout) -> list[str]:
    """Mark every run in progress as failed; returns their ids. Only while nothing of the platform runs."""
    lost = find(layout)
    if lost:
        done = subprocess.run(
            [sys.executable, "-m", "orchestration.stack.lost_runs", *lost],
            env=platform_environment(layout), cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise PlatformError(f"runs that died with the platform cannot be closed:\n{done.stderr[-2000:]}")
    return lost


def _report(run_ids: list[str]) -> None:
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        for run_id in run_ids:
            if (run := instance.get_run_by_id(run_id)) and not run.is_finished:
                # As Dagster itself would: retries, alerts and sensors see an ordinary failure.
                instance.report_run_failed(run, "The platform stopped while this run was in progress.")


if __name__ == "__main__":
    _report(sys.argv[1:])
