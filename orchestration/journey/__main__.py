"""Runs the journey engine in the foreground: `python -m orchestration.journey`."""

from __future__ import annotations

import asyncio
import gc
from contextlib import closing

import structlog
import uvloop

from ingest import logs, tracing
from ingest.stores import clickhouse_client, nats_client, postgres_pool
from ingest.worker.foreground import run_in_foreground
from ingest.worker.supervision import Supervisor
from orchestration.journey import versions
from orchestration.journey.engine import Engine, utc_now
from orchestration.journey.rules.loading import load_rules
from orchestration.journey.settings import JourneySettings
from orchestration.journey.stream import EventStream
from orchestration.journey.sweep import Due, Sweep

QUERY_TIMEOUT_S = 20  # shorter than the broker waits before it gives the same messages to another engine


async def work(settings: JourneySettings) -> None:
    """Run until SIGTERM or SIGINT."""
    await run_in_foreground(
        lambda supervisor: supervisor.keep("journey", lambda: _journey(settings, supervisor)),
        host=settings.impact_host,
        port=settings.impact_port_journey,
    )


async def _journey(settings: JourneySettings, supervisor: Supervisor) -> None:
    """The ways to an evaluation, on clients they share; raises when those cannot be made."""
    supervisor.states["nats"] = "connecting"
    nats = await nats_client(settings, name="journey")  # waits until NATS is there, and reconnects by itself
    del supervisor.states["nats"]
    pool = await postgres_pool(settings, max_size=6)
    try:
        rules = load_rules()
        async with pool.acquire() as connection:
            known = await versions.record(connection, rules, utc_now())
        gc.freeze()
        clickhouse = await asyncio.to_thread(
            lambda: clickhouse_client(settings, connect_timeout=5, send_receive_timeout=QUERY_TIMEOUT_S)
        )
        with closing(clickhouse):
            engine = Engine(pool, clickhouse, known)
            stream = EventStream(nats.jetstream(), engine, ack_wait_s=settings.impact_ack_wait_s)
            due = Due(pool, engine)
            sweep = Sweep(settings, pool, engine, every_s=settings.impact_sweep_every_s)
            async with asyncio.TaskGroup() as parts:
                parts.create_task(supervisor.keep("stream", stream.run))
                parts.create_task(supervisor.keep("due", due.run))
                parts.create_task(supervisor.keep("sweep", sweep.run))
    finally:
        await nats.close()
        pool.terminate()


def main() -> None:
    logs.configure("journey")
    tracing.configure("journey")
    structlog.get_logger("orchestration.journey").info("starting")
    uvloop.run(work(JourneySettings()))


if __name__ == "__main__":
    main()
