"""The same stream with sse-starlette as its documentation shows it, for comparison: a queue per client.

`python -m tests.benchmarks.sse_starlette_app PORT COMPANY`. It follows UPDATES with nats-py's ordered
consumer, cannot resume, and checks no credential.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from nats.js.api import DeliverPolicy
from sse_starlette import EventSourceResponse, ServerSentEvent

from ingest.stores import StoreSettings, nats_client


def create_app(company: str) -> FastAPI:
    queues: set[asyncio.Queue[tuple[int, str]]] = set()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nats = await nats_client(StoreSettings(_env_file=None), name="sse-starlette")

        async def take(message) -> None:  # type: ignore[no-untyped-def]
            event = (message.metadata.sequence.stream, message.data.decode())
            for queue in queues:
                queue.put_nowait(event)

        await nats.jetstream().subscribe(
            f"updates.{company}.>", cb=take, ordered_consumer=True, deliver_policy=DeliverPolicy.NEW
        )
        yield
        await nats.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/stream")
    async def stream() -> EventSourceResponse:
        async def events() -> AsyncIterator[ServerSentEvent]:
            queue: asyncio.Queue[tuple[int, str]] = asyncio.Queue()
            queues.add(queue)
            try:
                yield ServerSentEvent(comment="connected")
                while True:
                    sequence, data = await queue.get()
                    yield ServerSentEvent(data, event="metric.updated", id=str(sequence))
            finally:
                queues.discard(queue)

        return EventSourceResponse(events())

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(sys.argv[2]),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
