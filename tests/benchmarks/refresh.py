"""What a refresh of little data costs in processor time: `python -m tests.benchmarks.refresh`.

Stores of its own, a small history of events, and job `refresh_warehouse` in this process with Dagster's own
storage in Postgres: from nothing; once more by dbt from end to end; and as a refresh is, after a few new
events and after none. Processor time hardly moves with what else the machine does.

Writes docs/reports/refresh.{md,json}.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import time
from contextlib import closing
from uuid import uuid4

import dagster as dg
import psutil
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.raw_events import event_row, insert_events
from ingest.stores import clickhouse_client, postgres_connection
from orchestration.dbt import DbtTargets
from orchestration.definitions import build_definitions
from orchestration.resources import Stores
from orchestration.settings import OrchestrationSettings
from orchestration.stack.layout import PROJECT, Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from orchestration.standing import forget
from tests.benchmarks import reports
from tests.benchmarks.dbt_build import say, stores
from tests.embedded import register_company
from tests.warehouse.history import arrivals
from tests.warehouse.ids import COMPANIES

STEPS = (
    ("first, from nothing", False),
    ("dbt from end to end, after few new events", False),
    ("a refresh, after few new events", True),
    ("a refresh, after none", True),
)
PARTS = ("this process", "dbt", "clickhouse", "postgres")
Seconds = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=40, help="numbers of facts of each kind")
    options = parser.parse_args()
    with stores() as layout, closing(clickhouse_client(store_settings(layout))) as client:
        results = measure(layout, client, options.size)
    whole = results[1][1]["in all"]
    table = [
        ["refresh", *PARTS, "in all", "ratio"],
        *(
            [
                name,
                *(f"{used[part]:.1f} s" for part in (*PARTS, "in all")),
                f"{used['in all'] / whole:.2f}",
            ]
            for name, used in results
        ),
    ]
    page = reports.write(
        "refresh",
        "What a refresh of little data costs",
        table,
        results,
        command="python -m tests.benchmarks.refresh",
        notes="Processor time. The ratio is to dbt from end to end.",
    )
    print(page)


def measure(layout: Layout, client: ClickHouseClient, size: int) -> list[tuple[str, Seconds]]:
    def insert(*, seed: int, size: int, first: int = 0) -> None:
        [events] = arrivals(seed, deliveries=1, size=size, first=first)
        insert_events(client, [event_row(event) for event in events], token=uuid4().hex)

    with closing(postgres_connection(store_settings(layout), autocommit=True)) as postgres:
        for company in COMPANIES:
            register_company(postgres, company)
    os.environ.update(layout.environment())
    shutil.copy(PROJECT / "dagster.yaml", os.environ["DAGSTER_HOME"])
    settings = OrchestrationSettings(
        _env_file=None, impact_home=layout.home, clickhouse_url=layout.clickhouse_url,
        postgres_url=layout.postgres_url,
    )  # fmt: skip
    urls = {"postgres_url": layout.postgres_url, "clickhouse_url": layout.clickhouse_url}
    definitions = build_definitions(settings, Stores(nats_url=layout.nats_url, **urls))
    job = definitions.resolve_job_def("refresh_warehouse")
    results = []
    with dg.DagsterInstance.get() as instance:
        for number, (name, is_remembered) in enumerate(STEPS):
            if name != STEPS[-1][0]:
                insert(seed=number, size=2 if number else size, first=number * size)
            if not is_remembered:
                for target in DbtTargets.at(layout.home):
                    forget(target)
            say(name)
            before, started = used(layout), time.perf_counter()
            assert job.execute_in_process(instance=instance).success
            now = used(layout)
            seconds = {part: now[part] - before[part] for part in PARTS}
            results.append((name, {**seconds, "in all": sum(seconds.values())}))
            say(f"{results[-1]} {time.perf_counter() - started:.0f} s")
    return results


def used(layout: Layout) -> Seconds:
    """Processor seconds of each part so far."""
    pids = {part.name: part.pid for part in status(layout).parts if part.pid}
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "this process": own.ru_utime + own.ru_stime,
        "dbt": children.ru_utime + children.ru_stime,
        **{name: _of_all(psutil.Process(pids[name])) for name in ("clickhouse", "postgres")},
    }


def _of_all(process: psutil.Process) -> float:
    """A process with its children, also those that have ended."""
    found = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        found += times.user + times.system
        if one is process:
            found += times.children_user + times.children_system
    return found


if __name__ == "__main__":
    main()
