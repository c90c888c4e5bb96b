"""How fast a file becomes marts-ready rows: `python -m tests.benchmarks.backfill [--rows N ...]`.

Stores of its own, embedded, on free ports. Per size, one file of language sessions (twenty per participant,
40 % of the rows rated, 1 % wrong, the first 80,000 volunteers employed by companies) is loaded several ways,
one after the other, into the same ClickHouse:

- ours: each cell read and checked, people and companies resolved, error file, events landed, claimed and
  published, exactly once;
- gated: the same with the gate of `impact backfill`, which loads Great Expectations meanwhile;
- resumed: killed (SIGKILL) when half has landed, then begun again: the time of the second process;
- dlt, by its Arrow path: rows as they are, no rule, no claim (`uv sync --group bench`);
- polars and one raw Arrow insert: what reading and storing the same cells costs at least.

Writes docs/reports/backfill.{md,json}.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import pyarrow as pa
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.stack import platform as stack
from orchestration.stack import preparation
from orchestration.stack.layout import PROJECT, Layout, Ports
from tests.benchmarks.backfill_file import write_language_file

REPORT = PROJECT / "docs" / "reports" / "backfill"
SIZES = (10_000, 1_000_000, 10_000_000)
GOALS = {10_000: 1.0, 1_000_000: 15.0, 10_000_000: 150.0}
PEAK_GOAL_MIB = 1536
OURS = ("ours", "gated", "resumed")
WAYS = ("ours", "gated", "resumed", "dlt", "limit")
UP_TO = {"gated": 1_000_000, "resumed": 1_000_000}  # rows; beyond, they say nothing new
NAMES = {
    "ours": "rows to events, published",
    "gated": "the same, judged by Great Expectations",
    "resumed": "the same, after a kill half-way",
    "dlt": "dlt, Arrow path: rows as they are",
    "limit": "polars read and raw Arrow insert",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument(
        "--way", choices=WAYS, help=argparse.SUPPRESS
    )  # one measurement, in a process of its own
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no-report", action="store_true", help="print only")
    chosen = parser.parse_args()
    if chosen.way:
        print(json.dumps(globals()[f"_{chosen.way}"](chosen.file)))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the stores end with the benchmark
    with tempfile.TemporaryDirectory(prefix="impact-bench-") as folder:
        layout = Layout.open(Path(folder) / "home", Ports.free())
        stack.up(layout, lambda line: None, stores_only=True)
        try:
            _employ_volunteers(preparation.store_settings(layout))
            measured = _measure(layout, Path(folder), chosen.rows, chosen.ways)
        finally:
            stack.down(layout)
    text = _report(measured)
    print(text)
    if not chosen.no_report:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.with_suffix(".md").write_text(text)
        REPORT.with_suffix(".json").write_text(json.dumps(measured, indent=1) + "\n")


_EMPLOY = """
with company as (
    insert into ingest.companies (name) select 'Bench ' || n from generate_series(0, 19) as n
    returning company_id
),
person as (
    insert into ingest.people (status) select 'known' from generate_series(0, 79999) returning person_id
),
numbered as (select person_id, row_number() over () - 1 as number from person),
identity as (
    insert into ingest.person_identities (provider, external_id, person_id)
    select 'email', 'volunteer' || number || '@example.com', person_id from numbered
)
insert into ingest.company_members (company_id, person_id, joined_on)
select company.company_id, numbered.person_id, '2020-01-01'
from numbered
inner join (select company_id, row_number() over () - 1 as number from company) as company
    on company.number = numbered.number % 20
"""


def _employ_volunteers(settings: StoreSettings) -> None:
    with closing(postgres_connection(settings)) as connection, connection:
        connection.execute(_EMPLOY)


def _measure(layout: Layout, folder: Path, sizes: list[int], ways: list[str]) -> dict[str, Any]:
    results = []
    for rows in sizes:
        file = folder / f"language-{rows}.csv"
        write_language_file(file, rows, seed=rows)
        for way in ways:
            if rows > UP_TO.get(way, rows):
                continue
            # The same bytes are imported once: each way of ours has a file with other ids.
            seed = rows + WAYS.index(way)
            if way in ("gated", "resumed"):
                write_language_file(file, rows, seed=seed)
            load, stores_cpu_s = os.getloadavg()[0], _stores_cpu_s(layout)
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.backfill", "--way", way, "--file", str(file)],
                env={**os.environ, **layout.environment(), "BENCH_HOME": str(folder), "DO_NOT_TRACK": "1"},
                check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
            )  # fmt: skip
            found = json.loads(done.stdout.splitlines()[-1])
            results.append(
                {
                    "rows": rows,
                    "file_mib": file.stat().st_size / 2**20,
                    "way": way,
                    "load_before": load,
                    **found,
                    "all_cpu_s": found["process_cpu_s"] + _stores_cpu_s(layout) - stores_cpu_s,
                }
            )
            print(_line(results[-1]), file=sys.stderr)
        file.unlink()
    return {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "measured_at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "results": results,
    }


def _stores_cpu_s(layout: Layout) -> float:
    """Processor time of the stores so far, with what their ended children took."""
    used = 0.0
    for process in psutil.process_iter(["name", "cmdline"]):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            where = f"{process.cwd()} {' '.join(process.info['cmdline'] or ())}"
            if str(layout.home) in where and "--way" not in where:
                times = process.cpu_times()
                used += times.user + times.system
                if process.info["name"] == "postgres":
                    used += times.children_user + times.children_system
    return used


def _timed(work: Any, **more: Any) -> dict[str, Any]:
    """Seconds, processor time and peak memory of this process while `work` runs; imports are done before."""
    started, used = time.perf_counter(), time.process_time()
    found = work()
    return {
        "seconds": time.perf_counter() - started,
        "process_cpu_s": time.process_time() - used,
        "peak_mib": _peak_mib(),
        **found,
        **more,
    }


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text()
    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return kib / 1024


def _ours(file: Path, gate: Any = None) -> dict[str, Any]:
    from ingest.backfill import import_file

    folder = Path(os.environ["BENCH_HOME"]) / "errors"

    def work() -> dict[str, Any]:
        result = import_file(file, StoreSettings(), error_folder=folder, gate=gate)
        assert result.status == "completed", result
        assert result.success_rows + result.error_rows == result.total_rows, result
        return {
            "events": result.event_count,
            "rejected": result.error_rows,
            "resumed_after_row": result.resumed_after_row,
        }

    return _timed(work)


def _gated(file: Path) -> dict[str, Any]:
    from ingest.quality.gate import ExpectationsGate

    return _ours(file, ExpectationsGate(Path(os.environ["BENCH_HOME"]) / "quality"))


def _resumed(file: Path) -> dict[str, Any]:
    """Kill another process's import of the file when half of it has landed, then go on with it."""
    rows = file.read_bytes().count(b"\n") - 1
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        started = time.perf_counter()
        killed = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.backfill", "--way", "ours", "--file", str(file)],
            stdout=subprocess.DEVNULL, cwd=PROJECT,
        )  # fmt: skip
        while killed.poll() is None:
            landed = connection.execute(
                "select max(last_processed_row) from ingest.batches"
                " where file_name = %s and status = 'running'",
                (file.name,),
            ).fetchone()
            if landed and (landed[0] or 0) * 2 >= rows:
                killed.send_signal(signal.SIGKILL)
                killed.wait()
            time.sleep(0.01)
        assert killed.returncode == -signal.SIGKILL, "it ended before half of it had landed"
        lost_s = time.perf_counter() - started
    time.sleep(1)  # until Postgres has noticed, and the batch's lock is free
    found = _ours(file)
    stored = clickhouse_client(StoreSettings()).query(
        "select count(), uniqExact(event_id) from raw.events where origin like {origin:String}",
        {"origin": f"batch:{_batch_of(file)}:%"},
    )
    assert stored.result_rows[0] == (found["events"], found["events"]), stored.result_rows
    return {**found, "killed_after_s": lost_s}


def _batch_of(file: Path) -> str:
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        row = connection.execute(
            "select batch_id::text from ingest.batches where file_name = %s order by created_at desc",
            (file.name,),
        ).fetchone()
    assert row is not None
    return str(row[0])


def _dlt(file: Path) -> dict[str, Any]:
    # dlt's own ClickHouse destination speaks the native protocol, which the embedded engine does not offer;
    # so its extraction, normalisation and load packages end in a destination that inserts its Parquet files.
    import dlt
    import pyarrow.parquet as pq

    client = clickhouse_client(StoreSettings())
    _empty_table(client, file, "bench_dlt")

    @dlt.destination(loader_file_format="parquet", batch_size=0, name="clickhouse_over_http")
    def sink(parquet_file: str, table: Any) -> None:
        found = pq.read_table(parquet_file)
        client.insert_arrow("default.bench_dlt", found.drop(_added_by_dlt(found.column_names)))

    pipeline = dlt.pipeline(
        "bench", pipelines_dir=os.environ["BENCH_HOME"] + "/dlt", destination=sink, dataset_name="bench"
    )

    def work() -> dict[str, Any]:
        pipeline.run(_batches(file), table_name="sessions", write_disposition="append")
        return {"events": None, "rejected": None}

    return _loaded(client, "bench_dlt", _timed(work))


def _added_by_dlt(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("_dlt")]


def _limit(file: Path) -> dict[str, Any]:
    client = clickhouse_client(StoreSettings())
    _empty_table(client, file, "bench_limit")

    def work() -> dict[str, Any]:
        for table in _batches(file):
            client.insert_arrow("default.bench_limit", table)
        return {"events": None, "rejected": None}

    return _loaded(client, "bench_limit", _timed(work))


def _batches(file: Path) -> Iterator[pa.Table]:
    for batch in pl.scan_csv(file, infer_schema=False).collect_batches(chunk_size=100_000):
        yield batch.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest())


def _empty_table(client: ClickHouseClient, file: Path, name: str) -> None:
    header = pl.scan_csv(file, infer_schema=False).collect_schema().names()
    columns = ", ".join(f"{column} String" for column in header)
    client.command(f"create or replace table default.{name} ({columns}) engine = MergeTree order by tuple()")


def _loaded(client: ClickHouseClient, name: str, measured: dict[str, Any]) -> dict[str, Any]:
    measured["stored_rows"] = int(client.query(f"select count() from default.{name}").result_rows[0][0])
    client.command(f"drop table default.{name}")
    return measured


def _line(one: dict[str, Any]) -> str:
    goal = GOALS.get(one["rows"]) if one["way"] == "ours" else None
    cells = (
        f"{one['rows']:,}",
        NAMES[one["way"]],
        f"{one['seconds']:.2f}",
        f"{one['rows'] / one['seconds']:,.0f}",
        f"{one['all_cpu_s']:.1f}",
        f"{one['peak_mib']:,.0f}",
        f"{one['events']:,}" if one["events"] else "",
        f"{one['load_before']:.1f}",
        f"≤ {goal:g} s: {'met' if one['seconds'] <= goal else 'missed'}" if goal else "",
    )
    return f"| {' | '.join(cells)} |"


def _report(measured: dict[str, Any]) -> str:
    peak = max((one["peak_mib"] for one in measured["results"] if one["way"] in OURS), default=0)
    resumed = [
        f"Killed after {one['killed_after_s']:.1f} s (start-up included), the import of {one['rows']:,} rows"
        f" went on after row {one['resumed_after_row']:,}; every event is in `raw.events` once."
        for one in measured["results"]
        if one["way"] == "resumed"
    ]
    return f"""\
# Backfill: from a CSV file to rows the marts read

`python -m tests.benchmarks.backfill`, {measured["measured_at"]}, {measured["machine"]}. One run each, in this
order, each in a process of its own, into the same embedded ClickHouse and Postgres. The load is the machine's
one-minute average before the run: above the number of cores, something else ran too. Processor seconds are of
the process, ClickHouse and Postgres together; the peak is the process' own.

| rows | way | seconds | rows/s | processor seconds | peak MiB | events | load before | goal |
|---:|---|---:|---:|---:|---:|---:|---:|---|
{chr(10).join(_line(one) for one in measured["results"])}

Highest memory of an import: {peak:,.0f} MiB (goal: {PEAK_GOAL_MIB:,}).

{chr(10).join(resumed)}

An import reads and checks every cell, resolves people and companies, writes the error file, lands the
events, claims their ids and publishes them, each exactly once. With its gate it loads Great Expectations too:
beside the rows of a large file, after those of a small one. dlt and polars store the cells as they are: no
rule, no person, no claim. dlt loads through a destination of ours, as its own speaks ClickHouse's native
protocol, which the embedded engine lacks.
"""


if __name__ == "__main__":
    main()
