"""`python -m serving`: the API in the foreground, until SIGTERM or SIGINT."""

from __future__ import annotations

import gc
import logging
import socket

import uvicorn
from fastapi import FastAPI
from prometheus_client import disable_created_metrics

from ingest import logs, tracing
from serving.app import create_app
from serving.settings import ServingSettings
from serving.stream.wire import HttpProtocol

# Clients and proxies keep connections for up to a minute, and send on one that is just being closed in vain.
IDLE_S = 75
STOP_S = 5  # for answers in the making; live streams are told at once and end by themselves


class Server(uvicorn.Server):
    """uvicorn waits for open answers before it stops the application; live streams would never end."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        services = getattr(self._app.state, "services", None)  # missing when the start failed
        if services is not None and services.hub is not None:
            services.hub.close()
        await super().shutdown(sockets)


def main() -> None:
    logs.configure("api")
    tracing.configure("api")
    # The hub reports interruptions itself; the client library would print a traceback per attempt.
    logging.getLogger("nats.aio.client").setLevel(logging.CRITICAL)
    # A second series per counter, which nobody reads.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    settings = ServingSettings()
    app = create_app(settings)
    # What is loaded now stays: a collection that walks it would stop every request under way for tens of
    # milliseconds.
    gc.collect()
    gc.freeze()
    Server(
        app,
        uvicorn.Config(
            app,
            host=settings.impact_host,
            port=settings.impact_port_api,
            loop="uvloop",
            http=HttpProtocol,
            lifespan="on",
            log_config=None,
            access_log=False,  # /metrics counts requests; a line for each would cost more than the answer
            server_header=False,
            timeout_keep_alive=IDLE_S,
            timeout_graceful_shutdown=STOP_S,
        ),
    ).run()


if __name__ == "__main__":
    main()
