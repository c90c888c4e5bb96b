"""How fast a mart is copied from ClickHouse into Postgres: `python -m tests.benchmarks.publication`.

Starts embedded stores of its own, fills a mart of trend points in ClickHouse and publishes it: for the
first time, once more unchanged, and with a hundredth of its rows changed. Writes
docs/reports/publication.{md,json}.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.publication.publish import publish
from orchestration.publication.staging import StagedMart
from orchestration.publication.tables import SERVED_TABLES, ServedTable
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.serving.figures import create_mart, create_views

DATABASE = "publication_benchmark"
TABLE = next(table for table in SERVED_TABLES if table.name == "trend_metrics")
POINTS_PER_METRIC = 2000  # days
METRICS_PER_COMPANY = 20

_FILL = """
insert into {mart} (company_id, metric, granularity, period_start, value, value_sum, value_count,
is_suppressed) select
    toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(intDiv(number, {per_company})), 12, '0'))),
    concat('metric_', toString(intDiv(number, {points}) % {metrics})),
    'day',
    toDate('2020-01-01') + number % {points},
    number / 7, number / 3, number % 100, false
from numbers({rows})
"""


def measure(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient, rows: int
) -> list[dict[str, str | float]]:
    mart = f"{DATABASE}.{TABLE.name}"
    clickhouse.command(f"create database {DATABASE}")
    create_mart(clickhouse, postgres, DATABASE, TABLE.name)
    clickhouse.command(
        _FILL.format(
            mart=mart, rows=rows, points=POINTS_PER_METRIC, metrics=METRICS_PER_COMPANY,
            per_company=POINTS_PER_METRIC * METRICS_PER_COMPANY,
        )
    )  # fmt: skip
    create_views(postgres)
    results = [
        timed(
            "copy alone: ClickHouse to a table of Postgres", rows, lambda: copy(postgres, clickhouse, TABLE)
        )
    ]

    def publish_it() -> int:
        publication = publish(postgres, clickhouse, run_id="benchmark", tables=(TABLE,), marts=DATABASE)
        return publication.changed_rows[TABLE.name]

    results.append(timed("first publication, with its view", rows, publish_it))
    results.append(timed("nothing changed", rows, publish_it))
    clickhouse.command(
        f"alter table {mart} update value = value + 1 where value_count = 50", settings={"mutations_sync": 2}
    )
    results.append(timed("a hundredth changed, with its view", rows, publish_it))
    return results


def copy(postgres: psycopg.Connection, clickhouse: ClickHouseClient, table: ServedTable) -> int:
    with postgres.transaction(force_rollback=True):
        staged = StagedMart(postgres, table)
        staged.load(clickhouse, f"{DATABASE}.{table.name}")
        return staged.row_count


def timed(name: str, rows: int, act) -> dict[str, str | float]:  # type: ignore[no-untyped-def]
    started = time.perf_counter()
    written = act()
    seconds = time.perf_counter() - started
    return {
        "name": name,
        "seconds": round(seconds, 2),
        "written": written,
        "rows_per_s": round(rows / seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder), Ports.free())
        platform.up(layout, lambda line: None, stores_only=True)
        try:
            settings = store_settings(layout)
            with (
                closing(postgres_connection(settings, autocommit=True)) as postgres,
                closing(clickhouse_client(settings)) as clickhouse,
            ):
                results = measure(postgres, clickhouse, rows)
        finally:
            platform.down(layout)
    table = [["step", "seconds", "rows written", "rows of the mart per second"]]
    table += [
        [str(r["name"]), f"{r['seconds']}", f"{r['written']:,}", f"{r['rows_per_s']:,}"] for r in results
    ]
    print(
        reports.write(
            "publication",
            "From a mart in ClickHouse to what the API serves",
            table,
            results,
            command=f"python -m tests.benchmarks.publication --rows {rows}",
            notes=f"{rows:,} rows of `{TABLE.name}`, {METRICS_PER_COMPANY} metrics a company. Every"
            " step but the first compares every row.",
        )
    )


if __name__ == "__main__":
    main()
