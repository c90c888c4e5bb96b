"""Runs the webhook receiver in the foreground: `python -m ingest.webhooks`."""

from __future__ import annotations

import structlog
import uvicorn

from ingest import logs
from ingest.webhooks.app import Receiver
from ingest.webhooks.inbox import Inbox
from ingest.webhooks.settings import ReceiverSettings
from ingest.webhooks.sources import SOURCES


def main() -> None:
    logs.configure("receiver")
    log = structlog.get_logger("ingest.webhooks")
    settings = ReceiverSettings()
    secrets = settings.secrets()
    for source in SOURCES:
        if secrets[source.name]:
            log.info("source ready", source=source.name, secrets=len(secrets[source.name]))
        else:
            log.warning(
                "source refused: it has no secret", source=source.name, set_variable=source.secret_variable
            )
    uvicorn.run(
        Receiver(Inbox(settings.connect), secrets),
        host=settings.impact_host,
        port=settings.impact_port_webhooks,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=4096,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=8,
    )


if __name__ == "__main__":
    main()
