"""Runs the gate in the foreground: `python -m orchestration.gate`."""

from __future__ import annotations

import asyncio
import gc
from contextlib import closing

import structlog
import uvloop

from ingest import logs, tracing
from ingest.sealing.keys import TextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import clickhouse_client, nats_client, postgres_pool
from ingest.worker.foreground import run_in_foreground
from ingest.worker.supervision import Supervisor
from orchestration.gate.decisions import Decisions
from orchestration.gate.gate import Gate
from orchestration.gate.judging import Judge
from orchestration.gate.settings import GateSettings
from orchestration.gate.stream import TextStream
from orchestration.gate.sweep import Sweep
from orchestration.gate.tables import Tables

INSERT_TIMEOUT_S = 20  # shorter than the broker waits before it gives the same messages to another gate


async def work(settings: GateSettings) -> None:
    """Run until SIGTERM or SIGINT."""
    await run_in_foreground(
        lambda supervisor: supervisor.keep("gate", lambda: _gate(settings, supervisor)),
        host=settings.impact_host,
        port=settings.impact_port_gate,
    )


async def _gate(settings: GateSettings, supervisor: Supervisor) -> None:
    """The three ways to a verdict, on clients they share; raises when those cannot be made."""
    supervisor.states["nats"] = "connecting"
    nats = await nats_client(settings, name="gate")  # waits until NATS is there, and reconnects by itself
    del supervisor.states["nats"]
    pool = await postgres_pool(settings, max_size=8)
    try:
        judge = await asyncio.to_thread(Judge, settings.hash_key)
        # Rules and lexicons are millions of small objects that stay: not worth looking at again and again.
        gc.freeze()
        clickhouse = await asyncio.to_thread(
            lambda: clickhouse_client(settings, connect_timeout=5, send_receive_timeout=INSERT_TIMEOUT_S)
        )
        with closing(clickhouse):
            gate = Gate(pool, Tables(clickhouse), judge, TextKeys(pool, MasterKeys.of(settings)))
            stream = TextStream(nats.jetstream(), gate, ack_wait_s=settings.impact_ack_wait_s)
            sweep = Sweep(settings, gate, every_s=settings.impact_sweep_every_s)
            decisions = Decisions(settings, pool, gate)
            async with asyncio.TaskGroup() as parts:
                parts.create_task(supervisor.keep("stream", stream.run))
                parts.create_task(supervisor.keep("sweep", sweep.run))
                parts.create_task(supervisor.keep("decisions", decisions.run))
    finally:
        await nats.close()
        pool.terminate()


def main() -> None:
    logs.configure("gate")
    tracing.configure("gate")
    structlog.get_logger("orchestration.gate").info("starting")
    uvloop.run(work(GateSettings()))


if __name__ == "__main__":
    main()
