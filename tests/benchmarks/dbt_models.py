"""What each model of the warehouse costs: `python -m tests.benchmarks.dbt_models --events 3000000`.

Stores of its own and synthetic events; then, with one thread, the models from nothing, and after 10,000 new
events each of two days and of all three years. What ClickHouse used of the processor between two of dbt's
results is what the model between them took, which hardly depends on what else the machine does.

Writes docs/reports/dbt_models.{md,json}.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from ingest.stores import clickhouse_client
from orchestration import dbt as platform_dbt
from orchestration.stack.layout import PROJECT, Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import reports
from tests.benchmarks.dbt_build import NEW_EVENTS, say, stores
from tests.benchmarks.synthetic_events import DAYS, insert_companies, insert_events
from tests.benchmarks.usage import processor_seconds

SHOWN = 25  # models; the JSON has all
NOTHING, TWO_DAYS, THREE_YEARS = "from nothing", "events of two days", "events of three years"
STEPS = (NOTHING, TWO_DAYS, THREE_YEARS)
Spent = defaultdict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=3_000_000)
    count = parser.parse_args().events
    spent: dict[str, Spent] = {}
    with (
        stores() as layout,
        closing(clickhouse_client(store_settings(layout))) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        insert_companies(client)
        insert_events(client, count)
        client.command("optimize table raw.events")
        run(layout, Path(folder), "seed")
        spent[NOTHING] = run(layout, Path(folder), "run")
        for number, (step, days) in enumerate(((TWO_DAYS, 2), (THREE_YEARS, DAYS))):
            insert_events(client, NEW_EVENTS, first=count + number * NEW_EVENTS, last_days=days)
            spent[step] = run(layout, Path(folder), "run")
    print(
        reports.write(
            "dbt_models",
            "What each model costs",
            table(spent),
            spent,
            command=f"python -m tests.benchmarks.dbt_models --events {count}",
            notes=f"ClickHouse's processor seconds over {count:,} events, with one thread of dbt.",
        )
    )


def run(layout: Layout, work: Path, command: str) -> Spent:
    """Run one dbt command; ClickHouse's processor seconds by model, hook or seed."""
    say(f"dbt {command}")
    [pid] = [part.pid for part in status(layout).parts if part.name == "clickhouse" and part.pid]
    address = store_settings(layout).clickhouse_url.get_secret_value()
    project = str(PROJECT / "dbt_project")
    arguments = (
        "--log-format", "json", "--threads", "1", "--target", "clickhouse", "--project-dir", project,
        "--profiles-dir", project, "--target-path", str(work / "target"), "--log-path", str(work / "logs"),
    )  # fmt: skip
    spent: Spent = defaultdict(float)
    before = processor_seconds(pid)
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), command, *arguments],
        env={**os.environ, **platform_dbt.environment(clickhouse_url=address)},
        stdout=subprocess.PIPE, text=True,
    ) as dbt:  # fmt: skip
        for line in dbt.stdout or ():
            if what := _done(json.loads(line)):
                now = processor_seconds(pid)
                spent[what] += now - before
                before = now
    if dbt.returncode:
        raise RuntimeError(f"dbt {command} ended with {dbt.returncode}; see {work / 'logs'}")
    return spent


def _done(event: dict[str, Any]) -> str | None:
    """What a line of dbt's log says has ended."""
    if event["info"]["name"] in ("LogModelResult", "LogSeedResult"):
        return str(event["data"]["node_info"]["node_name"])
    return "hooks" if event["info"]["name"] == "LogHookEndLine" else None


def table(spent: dict[str, Spent]) -> list[list[str]]:
    steps = [step for step in STEPS if step in spent]
    heaviest = sorted(spent[NOTHING], key=lambda name: -max(spent[step][name] for step in steps))[:SHOWN]
    rows = [[name, *(f"{spent[step][name]:.2f}" for step in steps)] for name in heaviest]
    whole = ["all", *(f"{sum(spent[step].values()):.1f}" for step in steps)]
    return [["model", *steps], *rows, whole]


if __name__ == "__main__":
    main()
