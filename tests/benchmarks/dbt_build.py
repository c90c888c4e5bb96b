"""How long the warehouse takes to build: `python -m tests.benchmarks.dbt_build --events 1000000 10000000`.

For each size: stores of its own, that many synthetic events, then `dbt build` (models and the tests of their
data; unit tests look at no data and are left to the tests) from nothing; after 10,000 new events each, of two
days as a running programme brings them, then of all three years as an import does, `dbt build` and what a
refresh of the platform runs (views and contracts stand as the build left them); the heaviest marts as plain
queries. Engine time is ClickHouse's
processor time shared by the cores, what a quiet machine would need at best; peak memory is that of the
ClickHouse process, with dbt's beside it.

Writes docs/reports/dbt_build.{md,json} after every size. With `--continue`, sizes that are in it are not
measured again, so an interrupted run goes on where it was; a dbt command that takes longer than `--limit`
seconds ends the size, and the report says so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import clickhouse_client
from orchestration import dbt as platform_dbt
from orchestration.stack import platform
from orchestration.stack.layout import PROJECT, Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import reports
from tests.benchmarks.synthetic_events import DAYS, insert_companies, insert_events
from tests.benchmarks.usage import processor_seconds

NEW_EVENTS = 10_000
# As orchestration/dbt_building.py starts it.
REFRESH = ("--no-write-json", "--log-level-file", "none", "run", "--exclude", "config.materialized:view")
QUERIED = ("cohort_retention", "trend_metrics", "benchmark_cells", "metrics_company_period")
Result = dict[str, str | int | float]


class DbtFailedError(Exception):
    """A dbt command that ended with an error, after how many seconds; the message ends with its output."""

    def __init__(self, command: str, output: str, seconds: float) -> None:
        super().__init__(f"dbt {command} failed:\n{output[-4000:]}")
        self.seconds = round(seconds, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--continue", dest="is_continued", action="store_true", help="keep sizes measured before"
    )
    parser.add_argument("--limit", type=int, default=900, help="seconds that one dbt command may take")
    options = parser.parse_args()
    results = [r for r in _measured_before() if r["events"] in options.events] if options.is_continued else []
    for count in options.events:
        if any(result["events"] == count for result in results):
            continue
        with stores() as layout, closing(clickhouse_client(store_settings(layout))) as client:
            results += measure(layout, client, count, options.limit)
        page = reports.write(
            "dbt_build",
            "Building the warehouse",
            table(results),
            results,
            command=f"python -m tests.benchmarks.dbt_build --events {' '.join(map(str, options.events))}",
            notes="The ratio is to reading every event once in the same engine (`sum(length(data))`). Engine"
            " time is ClickHouse's processor time shared by the cores.",
        )
        print(page)


def _measured_before() -> list[Result]:
    path = reports.FOLDER / "dbt_build.json"
    measured: list[Result] = json.loads(path.read_text("utf-8"))["measured"] if path.exists() else []
    return measured


def measure(layout: Layout, client: ClickHouseClient, count: int, limit_s: int) -> list[Result]:
    say(f"{count:,} events: inserting")
    insert_companies(client)
    insert_events(client, count)
    client.command("optimize table raw.events")
    scan = timed_query(client, "select sum(length(data)) from raw.events")
    results: list[Result] = [{"events": count, "step": "read every event once", "seconds": scan}]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)

        def build(step: str, *arguments: str, **environment: str) -> None:
            say(f"{count:,} events: {step}")
            taken = timed_dbt(layout, work, limit_s, *arguments, **environment)
            results.append({"events": count, "step": step, **taken})

        data_alone = ("build", "--exclude-resource-type", "unit_test")
        try:
            build("dbt build from nothing", *data_alone)
            for number, (days, said) in enumerate(((2, "of two days"), (DAYS, "of three years"))):
                new = f"after {NEW_EVENTS:,} new events {said}"
                insert_events(client, NEW_EVENTS, first=count + 2 * number * NEW_EVENTS, last_days=days)
                build(f"dbt build {new}", *data_alone)
                insert_events(client, NEW_EVENTS, first=count + (2 * number + 1) * NEW_EVENTS, last_days=days)
                build(f"a refresh's dbt {new}", *REFRESH, DBT_DEFINITIONS_STAND="true")
        except subprocess.TimeoutExpired:
            results.append({"events": count, "step": f"the next took over {limit_s} s", "seconds": limit_s})
        except DbtFailedError as failed:
            # The other sizes are measured all the same; the reason is for whoever finds the table.
            say(str(failed))
            results.append({"events": count, "step": "the next failed", "seconds": failed.seconds})
        for model in QUERIED:
            for path in work.rglob(f"compiled/**/{model}.sql"):
                seconds = timed_query(client, f"select count() from ({path.read_text()}\n)")
                results.append({"events": count, "step": f"{model} as a query", "seconds": seconds})
    for result in results:
        result["ratio"] = round(float(result["seconds"]) / scan, 1)
    return results


def timed_query(client: ClickHouseClient, query: str) -> float:
    """The median of three runs, in seconds."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        client.query(query)
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken), 3)


def timed_dbt(layout: Layout, work: Path, limit_s: int, *arguments: str, **variables: str) -> Result:
    """Time and peak memory of one dbt command; DbtFailedError with its output if it failed."""
    [pid] = [part.pid for part in status(layout).parts if part.name == "clickhouse" and part.pid]
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # peak memory counts from here
    folders = ("--target-path", str(work / "target"), "--log-path", str(work / "logs"))
    project = ("--project-dir", str(PROJECT / "dbt_project"), "--profiles-dir", str(PROJECT / "dbt_project"))
    command = [
        str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "--quiet",
        *arguments, "--target", "clickhouse", *project, *folders,
    ]  # fmt: skip
    settings = store_settings(layout)
    environment = platform_dbt.environment(clickhouse_url=settings.clickhouse_url.get_secret_value())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    engine_before = processor_seconds(pid)
    started = time.perf_counter()
    outcome = subprocess.run(
        command, env={**os.environ, **environment, **variables}, capture_output=True, text=True, check=False,
        timeout=limit_s,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    if outcome.returncode:
        raise DbtFailedError(" ".join(arguments), outcome.stdout, seconds)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(seconds, 1),
        "engine_s": round((processor_seconds(pid) - engine_before) / (os.cpu_count() or 1), 1),
        "dbt_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "clickhouse_peak_mib": peak_memory_mib(pid),
        "dbt_peak_mib": after.ru_maxrss // 1024,
    }


def peak_memory_mib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak) // 1024


@contextmanager
def stores() -> Iterator[Layout]:
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder), Ports.free())
        platform.up(layout, say, stores_only=True)
        try:
            yield layout
        finally:
            platform.down(layout)


def say(line: str) -> None:
    print(line, file=sys.stderr)


def table(results: list[Result]) -> list[list[str]]:
    rows = [
        [
            f"{result['events']:,}",
            str(result["step"]),
            f"{result['seconds']} s",
            f"{result['engine_s']} s" if "engine_s" in result else "",
            f"{result['clickhouse_peak_mib']:,} MiB" if "clickhouse_peak_mib" in result else "",
            f"{result['dbt_peak_mib']:,} MiB" if "dbt_peak_mib" in result else "",
            str(result["ratio"]),
        ]
        for result in results
    ]
    return [["events", "step", "time", "engine time", "ClickHouse, peak", "dbt, peak", "ratio"], *rows]


if __name__ == "__main__":
    main()
