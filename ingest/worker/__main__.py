"""Runs relay, normaliser, loader and what belongs to them in the foreground: `python -m ingest.worker`."""

from __future__ import annotations

import asyncio
import gc
from contextlib import closing

import structlog
import uvloop

from ingest import loader, logs, tracing
from ingest.callbacks import CallbackKeeper
from ingest.dead_letters.index import DeadLetterIndex
from ingest.forwarding import Forwarder
from ingest.loader import Loader, loader_clickhouse
from ingest.normalise.normaliser import Normaliser
from ingest.outbox import OutboxSender
from ingest.relay import Relay
from ingest.retries import RetryPolicy
from ingest.sealing.keys import TextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import nats_client, postgres_pool
from ingest.worker.dagster import LoadReporter
from ingest.worker.foreground import run_in_foreground
from ingest.worker.gauges import Gauges
from ingest.worker.settings import WorkerSettings
from ingest.worker.supervision import Supervisor


async def work(settings: WorkerSettings) -> None:
    """Run until SIGTERM or SIGINT."""
    await run_in_foreground(
        lambda supervisor: _pipeline(settings, supervisor),
        host=settings.impact_host,
        port=settings.impact_port_worker,
    )


async def _pipeline(settings: WorkerSettings, supervisor: Supervisor) -> None:
    supervisor.states["nats"] = "connecting"
    nats = await nats_client(settings, name="worker")  # waits until NATS is there, and reconnects by itself
    del supervisor.states["nats"]
    pool = await postgres_pool(settings, max_size=16)
    reporter = LoadReporter(settings.dagster_url)

    async def load() -> None:
        with closing(await asyncio.to_thread(loader_clickhouse, settings)) as clickhouse:
            await loader.run(
                Loader(pool, nats, clickhouse, ack_wait_s=settings.impact_ack_wait_s), reporter.add
            )

    normaliser = Normaliser(
        pool,
        nats.jetstream(),
        TextKeys(pool, MasterKeys.of(settings)),
        ack_wait_s=settings.impact_ack_wait_s,
        retries=RetryPolicy(base_s=settings.impact_retry_base_s),
    )
    relay = Relay(pool, nats.jetstream(), normaliser.take)
    index = DeadLetterIndex(pool, nats.jetstream(), ack_wait_s=settings.impact_ack_wait_s)
    outboxes = OutboxSender(pool, nats.jetstream())
    forwarder = Forwarder(nats.jetstream(), ack_wait_s=settings.impact_ack_wait_s)
    callbacks = CallbackKeeper(pool, nats.jetstream(), ack_wait_s=settings.impact_ack_wait_s)
    gauges = Gauges(pool, nats.jetstream())
    try:
        async with asyncio.TaskGroup() as parts:
            parts.create_task(supervisor.keep("relay", relay.run))
            parts.create_task(supervisor.keep("redriven", normaliser.run))
            parts.create_task(supervisor.keep("retries", normaliser.run_retries))
            parts.create_task(supervisor.keep("loader", load))
            parts.create_task(supervisor.keep("dead-letters", index.run))
            parts.create_task(supervisor.keep("outboxes", outboxes.run))
            parts.create_task(supervisor.keep("live-updates", forwarder.run))
            parts.create_task(supervisor.keep("callbacks", callbacks.run))
            parts.create_task(supervisor.keep("gauges", gauges.run))
            parts.create_task(supervisor.keep("reporter", reporter.run))
    finally:
        await nats.close()
        pool.terminate()


def main() -> None:
    logs.configure("worker")
    tracing.configure("worker")
    structlog.get_logger("ingest.worker").info("starting")
    # Batches are thousands of small objects without cycles: looking at them again and again finds nothing.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    uvloop.run(work(WorkerSettings()))


if __name__ == "__main__":
    main()
