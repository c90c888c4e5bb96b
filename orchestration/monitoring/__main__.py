"""Runs the monitor in the foreground: `python -m orchestration.monitoring`."""

from __future__ import annotations

import asyncio
from contextlib import closing

import structlog
import uvloop
from prometheus_client import REGISTRY, disable_created_metrics

from ingest import logs
from ingest.stores import clickhouse_client, nats_client, postgres_pool
from ingest.worker.foreground import run_in_foreground
from ingest.worker.supervision import Supervisor
from orchestration.monitoring import parts, runs, stores
from orchestration.monitoring.looks import Looks
from orchestration.monitoring.settings import MonitorSettings
from orchestration.stack.settings import running_layout

QUERY_S = 5.0
PARTS_EVERY_S = (
    20.0  # every part is asked and every process below it looked at: some tenths of a second of a core
)


async def work(settings: MonitorSettings) -> None:
    """Run until SIGTERM or SIGINT."""
    looks = Looks()
    REGISTRY.register(looks)
    await run_in_foreground(
        lambda supervisor: _look(settings, looks, supervisor),
        host=settings.impact_host,
        port=settings.impact_port_monitor,
    )


async def _look(settings: MonitorSettings, looks: Looks, supervisor: Supervisor) -> None:
    """A loop per subject: while one cannot be asked, the others are."""
    pool = await postgres_pool(settings, max_size=2)
    waiting = runs.Freshness(pool)  # remembers across a store's absence since when something waits

    async def processes() -> None:
        layout = running_layout()
        await looks.keep("processes", lambda: asyncio.to_thread(parts.look, layout), every_s=PARTS_EVERY_S)

    async def jetstream() -> None:
        nats = await nats_client(settings, name="monitor")
        js = nats.jetstream()
        try:
            await looks.keep("jetstream", lambda: stores.look_at_jetstream(js))
        finally:
            await nats.close()

    async def clickhouse() -> None:
        client = await asyncio.to_thread(lambda: clickhouse_client(settings, send_receive_timeout=QUERY_S))
        with closing(client):
            await looks.keep("clickhouse", lambda: asyncio.to_thread(stores.look_at_clickhouse, client))

    async def freshness() -> None:
        client = await asyncio.to_thread(lambda: clickhouse_client(settings, send_receive_timeout=QUERY_S))
        with closing(client):
            await looks.keep("freshness", lambda: waiting.look(client))

    try:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(supervisor.keep("processes", processes))
            loops.create_task(
                supervisor.keep(
                    "postgres", lambda: looks.keep("postgres", lambda: stores.look_at_postgres(pool))
                )
            )
            loops.create_task(supervisor.keep("jetstream", jetstream))
            loops.create_task(supervisor.keep("clickhouse", clickhouse))
            loops.create_task(
                supervisor.keep("dagster", lambda: looks.keep("dagster", lambda: runs.look_at_runs(pool)))
            )
            loops.create_task(supervisor.keep("freshness", freshness))
    finally:
        pool.terminate()


def main() -> None:
    logs.configure("monitor")
    structlog.get_logger("orchestration.monitoring").info("starting")
    disable_created_metrics()  # type: ignore[no-untyped-call]
    uvloop.run(work(MonitorSettings()))


if __name__ == "__main__":
    main()
