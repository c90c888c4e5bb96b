"""How the platform grows: `python -m tests.benchmarks.growth --events … --companies … --clients …`.

Three questions, each size on stores of its own: what more *events* cost (disk, building the marts from
nothing and after 10,000 new ones, reading), what more *companies* cost (the same million events spread over
them: publication, Postgres, the API), and what more *clients* of the live stream cost. Processor time hardly
moves with what else the machine does; times on the clock do.

Writes docs/reports/growth.{md,json} after every size, and goes on from there: a size that is in it is
measured again only with `--again`. Each takes less than ten minutes; `--limit` seconds end a dbt command.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

import aiohttp
import psutil
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.api_keys import create_key
from ingest.stores import clickhouse_client, postgres_connection
from orchestration.publication.publish import publish
from orchestration.stack.clickhouse.settings import FrontSettings
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import growth_report, reports
from tests.benchmarks.dbt_build import say, stores, timed_dbt, timed_query
from tests.benchmarks.growth_report import RATE, Figures
from tests.benchmarks.refresh import used
from tests.benchmarks.sse_bench import Bench
from tests.benchmarks.sse_servers import api
from tests.benchmarks.synthetic_events import company_ids, insert_companies, insert_events
from tests.benchmarks.usage import processor_seconds
from tests.serving.figures import create_views
from tests.serving.running import OURS, running_api, wait_until_ready

NEW_EVENTS = 10_000
# Seeds and models; the tests of their data are measured in dbt_build.
MODELS = ("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
EVENTS_OF_COMPANIES = 1_000_000
READING_S, IN_FLIGHT, PERIOD = 5.0, 16, "2026-Q2"  # the last whole quarter of the synthetic events
MIB = 1 << 20
NO_BUDGET = {"SERVING_QUERIES_PER_DAY": "1000000000", "SERVING_QUERIES_PER_MONTH": "1000000000"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="*", default=[])
    parser.add_argument("--companies", type=int, nargs="*", default=[])
    parser.add_argument("--clients", type=int, nargs="*", default=[])
    parser.add_argument(
        "--between", type=int, default=EVENTS_OF_COMPANIES, help="events that all companies have between them"
    )
    parser.add_argument("--again", action="store_true", help="measure sizes again that are in the report")
    parser.add_argument("--limit", type=int, default=540, help="seconds that one dbt command may take")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER, help="of the report")
    options = parser.parse_args()
    steps: list[tuple[str, int, Callable[[int], Figures]]] = [
        *(("clients", count, of_clients) for count in options.clients),
        *(("events", count, lambda count: of_events(count, options.limit)) for count in options.events),
        *(
            ("companies", count, lambda count: of_companies(count, options.limit, options.between))
            for count in options.companies
        ),
    ]
    results = _measured_before(options.folder)
    for number, (what, count, measure) in enumerate(steps, start=1):
        known = next((one for one in results if (one["of"], one["count"]) == (what, count)), None)
        if known and not options.again:
            say(f"{number} of {len(steps)}: {count:,} {what} are in the report")
            continue
        say(f"{number} of {len(steps)}: {count:,} {what}")
        started = time.monotonic()
        measured = {"of": what, "count": count, **measure(count), "took_s": round(time.monotonic() - started)}
        measured["load"] = round(os.getloadavg()[0], 1)
        results = sorted([*(one for one in results if one is not known), measured], key=_order)
        print(growth_report.write(results, options.folder))


def _order(result: Figures) -> tuple[str, int]:
    return result["of"], result["count"]


def _measured_before(folder: Path) -> list[Figures]:
    path = folder / "growth.json"
    found: list[Figures] = json.loads(path.read_text("utf-8"))["measured"] if path.exists() else []
    return found


def of_events(count: int, limit_s: int) -> Figures:
    """Disk, the marts from nothing and after few new events, and two reads of the warehouse."""
    with stores() as layout, closing(clickhouse_client(store_settings(layout))) as client:
        insert_companies(client)
        before, started = _engine(layout), time.perf_counter()
        insert_events(client, count)
        inserted_s, engine_s = time.perf_counter() - started, _engine(layout) - before
        with tempfile.TemporaryDirectory() as folder:
            whole = timed_dbt(layout, Path(folder), limit_s, *MODELS)
            insert_events(client, NEW_EVENTS, first=count, last_days=2)
            few = timed_dbt(layout, Path(folder), limit_s, *MODELS)
        [(person, company)] = client.query("select person_id, company_id from raw.events limit 1").result_rows
        return {
            "engine_limit_mib": _engine_limit_mib(),
            "insert_events_per_s": round(count / inserted_s),
            "insert_engine_us_per_event": round(engine_s / count * 1e6, 2),
            "raw_bytes_per_event": round(_disk(client, "raw") / count, 1),
            "all_bytes_per_event": round(_disk(client) / count, 1),
            "build_s": whole["seconds"], "build_engine_s": _cores(whole["engine_s"]),
            "build_peak_mib": whole["clickhouse_peak_mib"],
            "refresh_s": few["seconds"], "refresh_engine_s": _cores(few["engine_s"]),
            "refresh_peak_mib": few["clickhouse_peak_mib"],
            "person_ms": _ms(client, f"select count() from raw.events where person_id = '{person}'"),
            "dashboard_ms": _ms(
                client, f"select * from marts.metrics_company_period where company_id = '{company}'"
            ),
        }  # fmt: skip


def of_companies(count: int, limit_s: int, events: int) -> Figures:
    """Events spread over so many companies, published, and read through the API."""
    with (
        stores() as layout,
        closing(clickhouse_client(store_settings(layout))) as client,
        closing(postgres_connection(store_settings(layout), autocommit=True)) as postgres,
    ):
        companies = company_ids(client, count)
        insert_companies(client, count)
        insert_events(client, events, companies=count)
        with postgres.cursor() as cursor:
            cursor.executemany(
                "insert into ingest.companies (company_id, name) values (%s, %s)",
                [(company, f"Company {number}") for number, company in enumerate(companies)],
            )
        with tempfile.TemporaryDirectory() as folder:
            built = timed_dbt(layout, Path(folder), limit_s, *MODELS)
        create_views(postgres)
        before, started = used(layout), time.perf_counter()
        published = publish(postgres, client, run_id="growth")
        published_s, after = time.perf_counter() - started, used(layout)
        again = time.perf_counter()
        publish(postgres, client, run_id="growth")
        return {
            "events": events, "engine_limit_mib": _engine_limit_mib(),
            "build_s": built["seconds"], "build_engine_s": _cores(built["engine_s"]),
            "rows_served": sum(published.row_counts.values()),
            "publish_s": round(published_s, 2),
            "publish_cpu_s": round(sum(after.values()) - sum(before.values()), 2),
            "publish_nothing_s": round(time.perf_counter() - again, 2),
            "postgres_mib": _postgres_mib(postgres),
            **_read(layout, postgres, companies),
        }  # fmt: skip


def _read(layout: Layout, postgres: psycopg.Connection, companies: Sequence[UUID]) -> Figures:
    """The dashboard of one company after the other, as fast as answers come."""
    key = create_key(postgres, None, "growth", "system_admin", rate_limit_per_minute=1_000_000_000)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_api(layout, Path(folder) / "api.log", **NO_BUDGET) as running,
    ):
        wait_until_ready(running)
        process = psutil.Process(running.process.pid)
        latencies, busy = asyncio.run(_readers(running.url, key, companies, process.pid))
        return {
            "api_rss_mib": process.memory_info().rss // MIB,
            "reads_per_s": round(len(latencies) / READING_S),
            "read_cpu_ms": round(busy / len(latencies) * 1000, 3),
            **{
                f"read_p{p}_ms": round(latencies[int(len(latencies) * p / 100)] * 1000, 2)
                for p in (50, 95, 99)
            },
        }


async def _readers(url: str, key: str, companies: Sequence[UUID], pid: int) -> tuple[list[float], float]:
    latencies: list[float] = []
    chosen = random.Random(12)  # noqa: S311 - the same companies each time
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=IN_FLIGHT), headers=headers
    ) as http:

        async def read(until: float, kept: list[float]) -> None:
            while (started := time.perf_counter()) < until:
                path = f"/v1/companies/{chosen.choice(companies)}/at-a-glance"
                async with http.get(url + path, params={"period": PERIOD}) as answer:
                    body = await answer.read()
                    if answer.status != 200:
                        raise RuntimeError(f"a read was answered with {answer.status}: {body[:500]!r}")
                kept.append(time.perf_counter() - started)

        for seconds, kept in ((0.5, []), (READING_S, latencies)):
            before, until = processor_seconds(pid), time.perf_counter() + seconds
            await asyncio.gather(*(read(until, kept) for _ in range(IN_FLIGHT)))
    return sorted(latencies), processor_seconds(pid) - before


def of_clients(count: int) -> Figures:
    """One API process, one company, RATE updates a second to every client."""
    with stores() as layout, tempfile.TemporaryDirectory() as folder:
        with closing(postgres_connection(store_settings(layout), autocommit=True)) as postgres:
            postgres.execute("insert into ingest.companies (company_id, name) values (%s, 'Ours')", (OURS,))
            key = create_key(postgres, OURS, "growth", rate_limit_per_minute=1_000_000_000)
        bench = Bench(layout, key, seconds=6, clients=count, is_pinned=False)
        with api(bench, Path(folder) / "api.log") as (url, pid):
            measured = bench.run("growth", url, pid, rate=RATE, clients=count)
    if not measured["deliveries_per_s"]:
        raise SystemExit(f"nothing reached the {count:,} clients: the machine is too busy to measure")
    wanted = count * RATE
    return {
        "rate": RATE,
        "deliveries_per_s": round(measured["deliveries_per_s"]),
        "delivered_share": round(measured["deliveries_per_s"] / wanted, 4),
        "lost_clients": measured["lost"],
        "server_cores": round(measured["server_cores"], 3),
        "us_per_delivery": round(measured["server_cores"] / measured["deliveries_per_s"] * 1e6, 2),
        "rss_mib": round(measured["rss_mb"]),
        "kib_per_client": round(measured["rss_grown_mb"] * 1024 / count, 1),
        **{f"{name}_ms": round(value, 1) for name, value in measured["latency_ms"].items()},
    }


def _engine(layout: Layout) -> float:
    [pid] = [part.pid for part in status(layout).parts if part.name == "clickhouse" and part.pid]
    return processor_seconds(pid)


def _engine_limit_mib() -> int:
    """What the engine's statements may use together: many events or companies want more than its default."""
    default = FrontSettings.model_fields["max_memory_mib"].default
    return int(os.environ.get("CLICKHOUSE_FRONT_MAX_MEMORY_MIB", default))


def _cores(engine_s: object) -> float:
    """`timed_dbt` shares the engine's processor time by the cores; here it is of one core."""
    return round(float(str(engine_s)) * (os.cpu_count() or 1), 1)


def _disk(client: ClickHouseClient, database: str | None = None) -> int:
    where = (
        "database not in ('system', 'information_schema')" if database is None else f"database = '{database}'"
    )
    [(used_bytes,)] = client.query(
        f"select sum(bytes_on_disk) from system.parts where active and {where}"
    ).result_rows
    return int(used_bytes)


def _postgres_mib(postgres: psycopg.Connection) -> int:
    row = postgres.execute("select pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0]) // MIB


def _ms(client: ClickHouseClient, query: str) -> float:
    return round(statistics.median(timed_query(client, query) for _ in range(3)) * 1000, 1)


if __name__ == "__main__":
    main()
