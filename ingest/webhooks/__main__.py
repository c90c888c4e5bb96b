"""Runs the webhook receiver in the foreground: `python -m ingest.webhooks`."""

from __future__ import annotations

import uvicorn

from ingest import logs, tracing
from ingest.webhooks.admission import Admission
from ingest.webhooks.app import Receiver
from ingest.webhooks.inbox import Inbox
from ingest.webhooks.secrets import SecretBook
from ingest.webhooks.server import WebhookProtocol
from ingest.webhooks.settings import ReceiverSettings


def main() -> None:
    logs.configure("receiver")
    tracing.configure("receiver")
    settings = ReceiverSettings()
    secrets = SecretBook(settings.secrets(), settings.connect, settings.sealer())
    uvicorn.run(
        Receiver(Inbox(settings.connect), secrets, Admission(secrets, settings.limits())),
        host=settings.impact_host,
        port=settings.impact_port_webhooks,
        loop="uvloop",
        http=WebhookProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # nothing depends on who the peer is, and the layer costs every request
        backlog=4096,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=8,
    )


if __name__ == "__main__":
    main()
