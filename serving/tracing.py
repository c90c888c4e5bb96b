"""A span per request, where tracing is on; below the client's `traceparent` if it sends one.

The version of the figures that an answer shows is on it, and through `serving.data_versions` that is the run
which published them, and the events before it.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest import tracing

_VERSION = re.compile(rb'"(\d+)-')  # how an ETag of figures begins: `serving/representation.py`
_UNTRACED = ("/healthz", "/readyz", "/metrics")


class Traced:
    """Around everything else, and only put there where tracing is on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(tracing.HEADER.encode())
        hop = tracing.begin(f"{scope['method']} API", tracing.read_traceparent(given))
        problem: str | None = "failed"

        async def send_and_note(message: Message) -> None:
            nonlocal problem
            if message["type"] == "http.response.start":
                headers = dict(message.get("headers", ()))
                problem = None if message["status"] < 500 else "failed"
                route = getattr(scope.get("route"), "path", None) or "unmatched"
                hop.note(
                    status=message["status"],
                    route=route,
                    request_id=headers.get(b"x-request-id", b"").decode("latin-1"),
                )
                if version := _VERSION.match(headers.get(b"etag", b"").removeprefix(b"W/")):
                    hop.note(data_version=int(version[1]))
            await send(message)

        try:
            with hop.current():
                await self._app(scope, receive, send_and_note)
        finally:
            hop.end(problem)
