"""What the second wall costs a read: `python -m tests.benchmarks.second_wall`.

Starts embedded stores of its own, publishes figures of 50 companies, and asks the API's own statements, one
after the other: past the wall (as the owner, from the materialized views), behind it for one company, and
behind it with another company each time, which is the worst there is. Processor time of this process and of
Postgres' backend, which other load hardly changes; medians of the rounds. Writes
docs/reports/second_wall.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import resource
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from ingest.stores import postgres_connection
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from serving.app import POOL_OPTIONS
from serving.queries import companies, comparison, value
from serving.queries.figures import ask
from serving.wall import CompanyPool, walled
from tests.benchmarks import reports
from tests.benchmarks.usage import processor_seconds
from tests.serving.figures import Marts
from tests.serving.running import OURS

COMPANIES = 50
Read = Callable[[UUID], Awaitable[Any]]
STATEMENTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "at-a-glance": (companies.AT_A_GLANCE, ("quarter", "2026-Q3")),
    "metrics, 12 months": (companies.METRICS, (100, 0, "month", None, None)),
    "vis, ten volunteers": (value.VIS, ("quarter", "2026-Q2", 10)),
    "benchmarks": (comparison.BENCHMARKS, (100, 0, "all", None, None)),
}


async def measure(dsn: str, ids: list[UUID], reads: int, rounds: int) -> list[dict[str, Any]]:
    async with (
        asyncpg.create_pool(dsn, min_size=1, max_size=1, **POOL_OPTIONS) as owner,
        asyncpg.create_pool(dsn, min_size=1, max_size=1, **walled(POOL_OPTIONS)) as behind,
    ):
        backends = {pool: await pool.fetchval("select pg_backend_pid()") for pool in (owner, behind)}
        found = []
        for name, (statement, values) in STATEMENTS.items():
            past = statement.replace("served.", "serving.")
            ways: dict[str, tuple[asyncpg.Pool, Read, list[UUID]]] = {
                "past the wall": (owner, lambda one, s=past, v=values: ask(owner, s, one, *v), ids),
                "behind it, one company": (
                    behind, lambda one, s=statement, v=values: ask(CompanyPool(behind, one), s, one, *v),
                    ids[:1],
                ),
                "behind it, another each time": (
                    behind, lambda one, s=statement, v=values: ask(CompanyPool(behind, one), s, one, *v), ids,
                ),
            }  # fmt: skip
            spent: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(rounds):
                for way, (pool, read, whose) in ways.items():
                    spent[way].append(await cost_us(read, whose, reads, backends[pool]))
            found.append({"read": name, **{way: round(statistics.median(us)) for way, us in spent.items()}})
        return found


async def cost_us(read: Read, whose: list[UUID], reads: int, backend: int) -> float:
    """Microseconds of processor time a read takes, here and in Postgres."""
    for company_id in whose[:5]:
        await read(company_id)
    before = _own_s() + processor_seconds(backend)
    for company_id in itertools.islice(itertools.cycle(whose), reads):
        if await read(company_id) is None:
            raise RuntimeError(f"company {company_id} has no figures")
    return (_own_s() + processor_seconds(backend) - before) / reads * 1e6


def _own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=1000, help="per round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ids = [OURS, *(uuid5(OURS, str(number)) for number in range(COMPANIES - 1))]
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder), Ports.free())
        platform.up(layout, lambda line: None, stores_only=True)
        try:
            settings = store_settings(layout)
            with closing(postgres_connection(settings)) as connection, connection.transaction():
                for company_id in ids:
                    connection.execute(
                        "insert into ingest.companies (company_id, name) values (%s, %s)",
                        (company_id, str(company_id)),
                    )
            Marts(settings).publish(dict.fromkeys(ids, 0))
            results = asyncio.run(measure(layout.postgres_url, ids, options.reads, options.rounds))
        finally:
            platform.down(layout)
    ways = [name for name in results[0] if name != "read"]
    rows = [
        [str(one["read"])] + [f"{one[way]} µs ({one[way] / one[ways[0]]:.2f})" for way in ways]
        for one in results
    ]
    print(
        reports.write(
            "second_wall",
            "What the second wall costs a read",
            [["read that is not kept", *ways], *rows],
            results,
            command="python -m tests.benchmarks.second_wall"
            f" --reads {options.reads} --rounds {options.rounds}",
            notes=f"Processor time of client and backend per read, {COMPANIES} companies; in brackets the"
            " ratio to the same read past the wall. Kept answers do not come here.",
        )
    )


if __name__ == "__main__":
    main()
