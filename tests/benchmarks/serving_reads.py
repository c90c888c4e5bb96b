"""How near a read through the API is to the bare database: `python -m tests.benchmarks.serving_reads`.

Starts embedded stores and an API process of its own, fills the views, and asks with 16 requests in flight:
`select 1` and the API's own query through an asyncpg pool of the same size, then the same figures over HTTP,
with and without a validator. One process asks, one answers; on two cores, that is one core each. Lists and
documents are asked for again and again, as dashboards do, and once more with an address that was never asked
for before. Beside the latencies stands the API's processor time per read, which other load does not change.
Writes docs/reports/serving_reads.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path
from uuid import uuid5

import aiohttp
import asyncpg
import psycopg

from ingest.api_keys import create_key
from ingest.stores import postgres_connection
from orchestration.publication.publish import refresh_views
from orchestration.publication.tables import METRICS_COMPANY_PERIOD, SERVED_TABLES, ServedTable
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from serving.app import POOL_OPTIONS
from serving.queries.companies import AT_A_GLANCE
from serving.queries.figures import ask
from serving.wall import CompanyPool, walled
from tests.benchmarks import reports
from tests.benchmarks.usage import processor_seconds
from tests.serving.figures import Marts
from tests.serving.running import OURS, running_api, wait_until_ready

Request = Callable[[], Awaitable[object]]
Result = dict[str, str | int | float]

COMPANIES = 50
REFRESH_EVERY_S = 1.0
REFRESHES = {
    "metrics published each second": (METRICS_COMPANY_PERIOD,),
    "every view refreshed each second": SERVED_TABLES,
}
PATHS = {
    "metrics, 12 months": "metrics",
    "sroi, six results": "sroi",
    "vis, ten volunteers": "vis",
    "trends, 100 days": "trends?metric=sessions_count&granularity=day",
}
NO_BUDGET = {"SERVING_QUERIES_PER_DAY": "1000000000", "SERVING_QUERIES_PER_MONTH": "1000000000"}


async def measure(
    name: str, request: Request, seconds: float, in_flight: int, api_pid: int | None = None
) -> Result:
    """Requests per second and latencies in milliseconds, after a short warm-up; of the API its time."""
    latencies: list[float] = []

    async def ask(until: float, record: bool) -> None:
        while (started := time.perf_counter()) < until:
            await request()
            if record:
                latencies.append(time.perf_counter() - started)

    for duration, record in ((min(0.5, seconds), False), (seconds, True)):
        until = time.perf_counter() + duration
        busy_before = processor_seconds(api_pid) if api_pid else 0.0
        await asyncio.gather(*(ask(until, record) for _ in range(in_flight)))
    busy = {"api_cpu_ms": round((processor_seconds(api_pid) - busy_before) / len(latencies) * 1000, 3)}
    latencies.sort()
    return {
        "name": name,
        "requests_per_s": round(len(latencies) / seconds),
        **{f"p{p}_ms": round(latencies[int(len(latencies) * p / 100)] * 1000, 2) for p in (50, 95, 99)},
        **(busy if api_pid else {}),
    }


async def compare(dsn: str, url: str, key: str, seconds: float, in_flight: int, api_pid: int) -> list[Result]:
    glance = f"{url}/v1/companies/{OURS}/at-a-glance?period=2026-Q3"
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        asyncpg.create_pool(dsn, min_size=in_flight, max_size=in_flight) as pool,
        asyncpg.create_pool(
            dsn, min_size=in_flight, max_size=in_flight, **walled(POOL_OPTIONS)
        ) as as_the_api,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight), headers=headers) as http,
    ):
        async with http.get(glance) as answer:
            validator = {"If-None-Match": answer.headers["ETag"]}

        async def get(address: str, expected: int = 200, extra: dict[str, str] | None = None) -> None:
            async with http.get(address, headers=extra) as answer:
                await answer.read()
                if answer.status != expected:
                    raise RuntimeError(f"{address} answered {answer.status}, not {expected}")

        async def nearest(name: str, request: Request) -> Result:
            pid = api_pid if name.startswith("api:") else None
            return await measure(name, request, seconds, in_flight, pid)

        asked = itertools.count()

        async def get_anew(path: str) -> None:
            mark = f"{'&' if '?' in path else '?'}x={next(asked)}"  # an unknown parameter is passed over
            await get(f"{url}/v1/companies/{OURS}/{path}{mark}")

        async def ask_glance() -> object:
            return await ask(CompanyPool(as_the_api, OURS), AT_A_GLANCE, OURS, "quarter", "2026-Q3")

        quiet = [
            await nearest("pool: select 1", lambda: pool.fetchval("select 1")),
            await nearest("pool, no reset: select 1", lambda: as_the_api.fetchval("select 1")),
            await nearest("pool, no reset: at-a-glance", ask_glance),
            await nearest("api: healthz (no database)", lambda: get(f"{url}/healthz")),
            await nearest("api: at-a-glance", lambda: get(glance)),
            await nearest("api: at-a-glance, 304", lambda: get(glance, 304, validator)),
            *[
                await nearest(f"api: {name}", lambda path=path: get(f"{url}/v1/companies/{OURS}/{path}"))
                for name, path in PATHS.items()
            ],
            *[
                await nearest(f"api: {name}, never asked before", lambda path=path: get_anew(path))
                for name, path in PATHS.items()
            ],
        ]
        busy = []
        for what, tables in REFRESHES.items():
            with Refreshing(dsn, tables) as refreshing:
                busy += [
                    await nearest(f"pool, no reset: at-a-glance; {what}", ask_glance),
                    await nearest(f"api: at-a-glance; {what}", lambda: get(glance)),
                ]
            print(f"{what}: {len(refreshing.durations)} times, {sum(refreshing.durations):.1f} s in all")
        return [*quiet, *busy]


class Refreshing(threading.Thread):
    """Changes every company's figures and refreshes the views that read the tables, once a second."""

    def __init__(self, dsn: str, tables: Sequence[ServedTable]) -> None:
        super().__init__()
        self._dsn, self._tables = dsn, tables
        self._is_over = threading.Event()
        self.durations: list[float] = []

    def run(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            while not self._is_over.wait(REFRESH_EVERY_S):
                started = time.perf_counter()
                with connection.transaction():
                    connection.execute(
                        "update serving.metrics_company_period set sessions_count = sessions_count + 1"
                    )
                    refresh_views(connection, self._tables)
                self.durations.append(time.perf_counter() - started)

    def __enter__(self) -> Refreshing:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="per measurement")
    parser.add_argument("--in-flight", type=int, default=16)
    options = parser.parse_args()
    companies = [OURS, *(uuid5(OURS, str(number)) for number in range(COMPANIES - 1))]
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder), Ports.free())
        platform.up(layout, lambda line: None, stores_only=True)
        try:
            settings = store_settings(layout)
            with closing(postgres_connection(settings)) as connection, connection.transaction():
                for company_id in companies:
                    connection.execute(
                        "insert into ingest.companies (company_id, name) values (%s, %s)",
                        (company_id, str(company_id)),
                    )
                key = create_key(connection, OURS, "benchmark", rate_limit_per_minute=1_000_000_000)
            Marts(settings).publish(dict.fromkeys(companies, 0))
            with running_api(layout, Path(folder) / "api.log", **NO_BUDGET) as api:
                wait_until_ready(api)
                results = asyncio.run(
                    compare(
                        layout.postgres_url, api.url, key, options.seconds, options.in_flight, api.process.pid
                    )
                )
        finally:
            platform.down(layout)
    command = f"python -m tests.benchmarks.serving_reads --in-flight {options.in_flight}"
    print(
        reports.write(
            "serving_reads",
            "Reads through the API against the bare database",
            table(results),
            results,
            command=command,
            notes=f"{options.in_flight} requests in flight, {COMPANIES} companies; the ratio is to the p99 of"
            " `select 1` through the same pool without asyncpg's reset, as the API has it.",
        )
    )


def table(results: list[Result]) -> list[list[str]]:
    reference = float(results[1]["p99_ms"])
    rows = [
        [
            str(result["name"]),
            f"{result['requests_per_s']:,}",
            *(f"{result[f'p{p}_ms']} ms" for p in (50, 95, 99)),
            f"{float(result['p99_ms']) / reference:.1f}",
            f"{result['api_cpu_ms']} ms" if "api_cpu_ms" in result else "",
        ]
        for result in results
    ]
    return [["read", "requests/s", "p50", "p95", "p99", "p99 ratio", "API time"], *rows]


if __name__ == "__main__":
    main()
