"""The yardstick: the least an ASGI application can do with a webhook is to verify it and to answer."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from ingest.webhooks.signatures import Verdict, verify

SECRET = os.environ["IMPACT_WEBHOOK_SECRET_KINTELL"].encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"21")]


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    is_webhook = scope["path"] != "/healthz"
    if is_webhook:
        body = (await receive())["body"]
        header = dict(scope["headers"]).get(b"x-kintell-signature")
        assert verify(header, body, secrets=(SECRET,), now=int(time.time())) is Verdict.VALID
    status = 202 if is_webhook else 200
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b'{"status":"accepted"}'})


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["IMPACT_PORT_WEBHOOKS"]),
        loop="uvloop", http="httptools", ws="none", lifespan="off", access_log=False, log_level="warning",
    )  # fmt: skip
