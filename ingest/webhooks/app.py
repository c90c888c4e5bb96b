"""The receiver: takes whole requests, stores what is admitted, and answers once it is on disk.

Most deliveries come from `ingest.webhooks.server`, which reads them off the connection. What does not arrive
in one piece, and every other path, comes as ASGI. A framework's routing and validation would cost three times
the work of the request itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ingest import deprecation, tracing
from ingest.webhooks import answers, metrics
from ingest.webhooks.admission import LARGEST_BODY, Admission, broken_contract, too_large
from ingest.webhooks.answers import Answer, Send
from ingest.webhooks.contracts import FieldProblem
from ingest.webhooks.inbox import Delivery, Inbox, InboxOverloadedError, Outcome
from ingest.webhooks.secrets import SecretBook
from ingest.webhooks.sources import UNKNOWN_KIND, Route, routes

Receive = Callable[[], Awaitable[dict[str, Any]]]
Reply = Callable[[Answer], None]

# A body over the limit is still read this far, so that its sender sees the 413 and not a reset connection.
LARGEST_DISCARDED_BODY = 8 << 20
BODY_TIMEOUT_S = 20


class Receiver:
    """Takes deliveries on every path of `routes`; `inbox` and `secrets` run while the server does."""

    def __init__(self, inbox: Inbox, secrets: SecretBook, admission: Admission) -> None:
        self._inbox = inbox
        self._secrets = secrets
        self._admission = admission
        self._routes = routes()
        self.routes_by_target = {path.encode("ascii"): route for path, route in self._routes.items()}
        self._background: list[asyncio.Task[None]] = []

    def take(self, route: Route, headers: Mapping[bytes, bytes], body: bytes, reply: Reply) -> None:
        """Handle one whole POST and call `reply` once: at once if it is refused, else when it is stored."""
        refusal = self._admission.refusal_of_head(route, "POST", headers)
        if refusal is not None:
            reply(_counted(route, None, refusal))
        else:
            self._take(route, headers, body, reply)

    def _take(self, route: Route, headers: Mapping[bytes, bytes], body: bytes, reply: Reply) -> None:
        admitted = self._admission.judge(route, headers, body)
        if isinstance(admitted, Answer):
            reply(_counted(route, None, admitted))
            return
        delivery, problems = admitted
        if tracing.is_on():
            delivery, reply = _traced(route, delivery, reply)
        try:
            self._inbox.put(delivery, partial(_settle, route, delivery.kind, problems, reply))
        except InboxOverloadedError:
            reply(_counted(route, delivery.kind, answers.OVERLOADED))

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if (route := self._routes.get(scope["path"])) is None:
            answer: Answer | None = await self._operations(scope["path"])
        else:
            answer = await self._read_and_take(route, scope, receive)
        if answer is not None:
            await answer.send(send)

    async def _read_and_take(self, route: Route, scope: Mapping[str, Any], receive: Receive) -> Answer | None:
        """Handle one request on a webhook path; None when the sender hung up."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        refusal = self._admission.refusal_of_head(route, scope["method"], headers)
        body: bytes | None = None
        if refusal is None:
            try:
                body = await _read_body(receive)
            except BodyTooLargeError:
                refusal = too_large()
            except TimeoutError:
                refusal = answers.BODY_TOO_SLOW
        if refusal is not None:
            return _counted(route, None, refusal)
        if body is None:
            _count(route, None, None)
            return None
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._take(route, headers, body, partial(_tell, answered))
        return await answered

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
                self._background = [
                    asyncio.create_task(self._inbox.run(), name="inbox"),
                    asyncio.create_task(self._secrets.run(), name="secrets"),
                ]
                await self._secrets.wait_for_first_attempt()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for task in self._background:
                    task.cancel()
                await asyncio.wait(self._background)
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


def _settle(
    route: Route, kind: str, problems: Sequence[FieldProblem], reply: Reply, outcome: Outcome
) -> None:
    """Answer a delivery whose commit has ended."""
    is_kept = outcome is Outcome.KEPT_AS_DEAD_LETTER
    answer = broken_contract(problems) if is_kept else _ANSWERS[outcome]
    reply(_counted(route, kind, answer))


_ANSWERS = {
    Outcome.ACCEPTED: answers.ACCEPTED,
    Outcome.DUPLICATE: answers.DUPLICATE,
    Outcome.CONFLICT: answers.CONFLICT,
    Outcome.UNCONFIRMED: answers.INBOX_AWAY,
}


def _traced(route: Route, delivery: Delivery, reply: Reply) -> tuple[Delivery, Reply]:
    """The delivery as part of a trace: its sender's, or one of its own. The span ends with the answer."""
    headers: dict[str, str] = msgspec.json.decode(delivery.headers)
    parent = tracing.read_traceparent(headers.get(tracing.HEADER))
    hop = tracing.begin(
        f"POST /v1/webhooks/{route.source.name}", parent, source=delivery.source, kind=delivery.kind
    )

    def reply_and_end(answer: Answer) -> None:
        reply(answer)
        hop.end(
            answer.reason if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None, status=answer.status
        )

    if (traceparent := hop.traceparent) is not None:
        headers[tracing.HEADER] = traceparent
        delivery = delivery._replace(headers=msgspec.json.encode(headers).decode())
    return delivery, reply_and_end


def _counted(route: Route, kind: str | None, answer: Answer) -> Answer:
    _count(route, kind, answer)
    if route.successor is None:
        return answer
    metrics.DEPRECATED.labels(route.source.name).inc()
    return replace(answer, headers=(*answer.headers, *deprecation.headers(route.successor)))


def _count(route: Route, kind: str | None, answer: Answer | None) -> None:
    """Count how a request ended; no answer means that its sender hung up."""
    labels = (route.source.name, kind or route.kind or UNKNOWN_KIND)
    received, accepted = metrics.on_the_way(*labels)
    received.inc()
    if answer is answers.ACCEPTED:
        accepted.inc()
    elif answer is answers.DUPLICATE:
        metrics.DUPLICATE.labels(*labels).inc()
    else:
        metrics.FAILED.labels(*labels, answer.reason if answer else "hung_up").inc()


def _tell(answered: asyncio.Future[Answer], answer: Answer) -> None:
    if not answered.done():  # its request may have been cancelled meanwhile
        answered.set_result(answer)
