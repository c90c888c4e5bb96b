"""The receiver as a plain ASGI application: one coroutine per request, nothing between it and the server.

A framework's routing and validation would cost three times the work of the request itself.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ingest.webhooks import answers, metrics
from ingest.webhooks.answers import Answer, Send
from ingest.webhooks.contracts import problems_in
from ingest.webhooks.inbox import Delivery, Inbox, InboxOverloadedError, InboxUnavailableError, Outcome
from ingest.webhooks.signatures import Verdict
from ingest.webhooks.sources import Route, Source, routes

log = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Headers = dict[bytes, bytes]

LARGEST_BODY = 1 << 20
# A body over the limit is still read this far, so that its sender sees the 413 and not a reset connection.
LARGEST_DISCARDED_BODY = 8 << 20
BODY_TIMEOUT_S = 20

_JSON = re.compile(rb"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_DELIVERY_ID = re.compile(rb"[!-~]{1,200}")
_KEPT_HEADERS = (b"content-type", b"user-agent")


class Receiver:
    """Verifies, checks and stores deliveries. `secrets` holds each source's active secrets by its name."""

    def __init__(
        self,
        inbox: Inbox,
        secrets: Mapping[str, Sequence[bytes]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._secrets = secrets
        self._clock = clock
        self._routes = routes()
        self._committing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if (route := self._routes.get(scope["path"])) is None:
            answer: Answer | None = await self._operations(scope["path"])
        else:
            answer = await self._take(route, scope, receive)
        if answer is not None:
            await answer.send(send)

    async def _take(self, route: Route, scope: Mapping[str, Any], receive: Receive) -> Answer | None:
        """Handle one request on a webhook path and count how it ended; None when the sender hung up."""
        labels = (route.source.name, route.kind)
        metrics.RECEIVED.labels(*labels).inc()
        answer = await self._handle(route, scope, receive)
        if answer is answers.ACCEPTED:
            metrics.ACCEPTED.labels(*labels).inc()
        elif answer is answers.DUPLICATE:
            metrics.DUPLICATE.labels(*labels).inc()
        else:
            metrics.FAILED.labels(*labels, answer.reason if answer else "hung_up").inc()
        return answer

    async def _handle(self, route: Route, scope: Mapping[str, Any], receive: Receive) -> Answer | None:
        if scope["method"] != "POST":
            return answers.METHOD_NOT_ALLOWED
        source = route.source
        if not (secrets := self._secrets.get(source.name)):
            return answers.unavailable(
                "no_secret",
                f"This receiver has no secret for {source.name}; its operator sets {source.secret_variable}.",
            )
        headers: Headers = dict(scope["headers"])
        if not _JSON.fullmatch(headers.get(b"content-type", b"")) or b"content-encoding" in headers:
            return answers.WRONG_CONTENT_TYPE
        try:
            body = await _read_body(receive)
        except BodyTooLargeError:
            return _too_large()
        except TimeoutError:
            return answers.BODY_TOO_SLOW
        if body is None:
            return None
        verdict = source.verify(
            headers.get(source.signature_header), body, secrets=secrets, now=int(self._clock())
        )
        if verdict is not Verdict.VALID:
            return _unauthorized(source, verdict)
        # Only an authentic sender learns anything about ids and bodies.
        delivery_id = headers.get(source.delivery_id_header, b"")
        if not _DELIVERY_ID.fullmatch(delivery_id):
            return answers.BAD_DELIVERY_ID
        problems = problems_in(body, route.decoder)
        delivery = Delivery(
            source=source.name,
            kind=route.kind,
            delivery_id=delivery_id.decode("ascii"),
            headers=_kept(headers, (*_KEPT_HEADERS, source.signature_header)),
            body=body,
            problem="; ".join(map(str, problems)) or None,
        )
        try:
            outcome = await self._inbox.put(delivery)
        except InboxOverloadedError:
            return answers.OVERLOADED
        except InboxUnavailableError:
            return answers.INBOX_AWAY
        if outcome is Outcome.ACCEPTED:
            return answers.ACCEPTED
        if outcome is Outcome.DUPLICATE:
            return answers.DUPLICATE
        if outcome is Outcome.CONFLICT:
            return answers.CONFLICT
        return answers.problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "schema",
            "The body does not keep its contract. Correct it and send it again; the delivery id may stay.",
            fields=problems,
        )  # fmt: skip

    async def _operations(self, path: str) -> Answer:
        if path == "/healthz":
            return answers.json_answer(HTTPStatus.OK, {"status": "ok"})
        if path == "/readyz":
            is_ready = await self._inbox.is_ready()
            status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
            return answers.json_answer(status, {"status": "ready" if is_ready else "postgres is unavailable"})
        if path == "/metrics":
            metrics.PENDING.set(self._inbox.pending)
            return Answer(HTTPStatus.OK, generate_latest(), CONTENT_TYPE_LATEST.encode())
        return answers.NOT_FOUND

    async def _live(self, receive: Receive, send: Send) -> None:
        # The server starts the application before its first request and stops it after its last answer.
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._committing = asyncio.create_task(self._inbox.run(), name="inbox")
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._committing is not None:
                    self._committing.cancel()
                    await asyncio.wait([self._committing])
                await send({"type": "lifespan.shutdown.complete"})
                return


class BodyTooLargeError(Exception):
    """The body has more than `LARGEST_BODY` bytes."""


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, None when the sender hung up. Most bodies come in one piece and need no timer."""
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    body: bytes = message["body"]
    if not message["more_body"]:
        if len(body) > LARGEST_BODY:
            raise BodyTooLargeError
        return body
    async with asyncio.timeout(BODY_TIMEOUT_S):
        pieces, size = [body], len(body)
        while message["more_body"]:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            size += len(message["body"])
            if size <= LARGEST_BODY:
                pieces.append(message["body"])
            elif size > LARGEST_DISCARDED_BODY:
                break
    if size > LARGEST_BODY:
        raise BodyTooLargeError
    return b"".join(pieces)


def _too_large() -> Answer:
    return answers.problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large",
        f"A body has at most {LARGEST_BODY} bytes.", headers=[(b"connection", b"close")],
    )  # fmt: skip


_WHY_UNAUTHORIZED = {
    Verdict.MISSING: "The {header} header is missing.",
    Verdict.MALFORMED: "The {header} header is not of the form t=<unix seconds>,v1=<64 hex digits>.",
    Verdict.STALE: "The signature's time is more than 300 s from now. Sign when sending, by a right clock.",
    Verdict.MISMATCH: "No signature matches. Take HMAC-SHA256 of '<t>.' and the raw body with our secret.",
}


def _unauthorized(source: Source, verdict: Verdict) -> Answer:
    header = source.signature_header.decode("ascii").title()
    return answers.problem(
        HTTPStatus.UNAUTHORIZED, f"signature_{verdict}", _WHY_UNAUTHORIZED[verdict].format(header=header)
    )


def _kept(headers: Headers, names: Iterable[bytes]) -> dict[str, str]:
    # Printable text only: Postgres refuses some control characters, and one header would spoil a whole group.
    return {
        name.decode("ascii"): "".join(c for c in headers[name].decode("latin-1") if c.isprintable())[:1000]
        for name in names
        if name in headers
    }
