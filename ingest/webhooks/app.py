"""The receiver as a plain ASGI application: one coroutine per request, nothing between it and the server.

A framework's routing and validation would cost three times the work of the request itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ingest.webhooks import answers, metrics
from ingest.webhooks.answers import Answer, Send
from ingest.webhooks.contracts import FieldProblem, problems_in
from ingest.webhooks.inbox import Delivery, Inbox, InboxOverloadedError, InboxUnavailableError, Outcome
from ingest.webhooks.limits import TokenBucket
from ingest.webhooks.schemes import DELIVERY_ID, Scheme
from ingest.webhooks.secrets import SecretBook, how_to_set
from ingest.webhooks.signatures import TOLERANCE_S, Claim, Verdict, judge
from ingest.webhooks.sources import UNKNOWN_KIND, Route, Source, routes

Receive = Callable[[], Awaitable[dict[str, Any]]]

LARGEST_BODY = 1 << 20
# A body over the limit is still read this far, so that its sender sees the 413 and not a reset connection.
LARGEST_DISCARDED_BODY = 8 << 20
BODY_TIMEOUT_S = 20

_JSON = re.compile(rb"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_MOST_PROBLEMS_SHOWN = 50
_LONGEST_PROBLEM = 5_000


class Receiver:
    """Verifies, checks and stores deliveries. `limits` are the most deliveries per second of each source."""

    def __init__(
        self,
        inbox: Inbox,
        secrets: SecretBook,
        limits: Mapping[str, float],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._secrets = secrets
        self._buckets = {source: TokenBucket(per_second) for source, per_second in limits.items()}
        self._clock = clock
        self._routes = routes()
        self._background: list[asyncio.Task[None]] = []

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
        kind, answer = await self._handle(route, scope, receive)
        labels = (route.source.name, kind or route.kind or UNKNOWN_KIND)
        received, accepted = metrics.on_the_way(*labels)
        received.inc()
        if answer is answers.ACCEPTED:
            accepted.inc()
        elif answer is answers.DUPLICATE:
            metrics.DUPLICATE.labels(*labels).inc()
        else:
            metrics.FAILED.labels(*labels, answer.reason if answer else "hung_up").inc()
        return answer

    async def _handle(
        self, route: Route, scope: Mapping[str, Any], receive: Receive
    ) -> tuple[str | None, Answer | None]:
        """The kind of the delivery, once it is known, and the answer."""
        if scope["method"] != "POST":
            return None, answers.METHOD_NOT_ALLOWED
        source, now = route.source, self._clock()
        active = self._secrets.active(source.name, now)
        if not active.ids:
            return None, self._no_secret(source)
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not _JSON.fullmatch(headers.get(b"content-type", b"")) or b"content-encoding" in headers:
            return None, answers.WRONG_CONTENT_TYPE
        try:
            body = await _read_body(receive)
        except BodyTooLargeError:
            return None, _too_large()
        except TimeoutError:
            return None, answers.BODY_TOO_SLOW
        if body is None:
            return None, None
        scheme = source.scheme_of(headers)
        claim = scheme.read(headers)
        if isinstance(claim, Verdict):
            return None, _unauthorized(scheme, claim)
        verdict, key = judge(claim, body, keys=scheme.keys(active.keys), now=int(now))
        if key is None:
            return None, _unauthorized(scheme, verdict)
        # Only an authentic sender learns anything about ids and bodies, and only it can use up its allowance.
        self._secrets.note_use(active.ids[key])
        if self._buckets[source.name].wait_s(time.monotonic()):
            return None, answers.RATE_LIMITED
        delivery_id = _delivery_id(source, claim, headers, body)
        if delivery_id is None:
            return None, answers.BAD_DELIVERY_ID
        kind, problems = _kind_and_problems(route, body)
        delivery = Delivery(
            source=source.name,
            kind=kind,
            delivery_id=delivery_id,
            headers=_kept(headers, source.kept_headers),
            body=body,
            problem="; ".join(map(str, problems))[:_LONGEST_PROBLEM] or None,
        )
        return kind, await self._store(delivery, problems)

    async def _store(self, delivery: Delivery, problems: Sequence[FieldProblem]) -> Answer:
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
            fields=problems[:_MOST_PROBLEMS_SHOWN],
        )  # fmt: skip

    def _no_secret(self, source: Source) -> Answer:
        if not self._secrets.is_loaded:
            return answers.SECRETS_UNKNOWN
        return answers.unavailable(
            "no_secret",
            f"This receiver has no secret for {source.name}. Its operator can {how_to_set(source.name)}.",
        )

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


def _too_large() -> Answer:
    return answers.problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large",
        f"A body has at most {LARGEST_BODY} bytes.", headers=[(b"connection", b"close")],
    )  # fmt: skip


def _delivery_id(source: Source, claim: Claim, headers: Mapping[bytes, bytes], body: bytes) -> str | None:
    """The id by which copies of this delivery are recognised; None if the sender has to name one."""
    if claim.delivery_id is not None:
        return claim.delivery_id.decode("ascii")
    if source.delivery_id_header is None:
        return f"body-{hashlib.sha256(body).hexdigest()}"
    given = headers.get(source.delivery_id_header, b"")
    return given.decode("ascii") if DELIVERY_ID.fullmatch(given) else None


def _kind_and_problems(route: Route, body: bytes) -> tuple[str, list[FieldProblem]]:
    source = route.source
    if route.kind is None:
        kind = source.kind_of(body)
    else:
        kind = source.kind_on_path(route.kind, body) if source.kind_on_path else route.kind
    if isinstance(kind, FieldProblem):
        return UNKNOWN_KIND, [kind]
    return kind, problems_in(body, source.decoders[kind])


def _unauthorized(scheme: Scheme, verdict: Verdict) -> Answer:
    header = scheme.headers[0].decode("ascii").title()
    others = " and ".join(name.decode("ascii").title() for name in scheme.headers[1:])
    why = {
        Verdict.MISSING: f"{header} is missing" + (f", or {others}." if others else "."),
        Verdict.MALFORMED: f"{header} is not of the form {scheme.form}"
        + (f", or {others} is not what it should be." if others else "."),
        Verdict.STALE: f"The signed time is more than {TOLERANCE_S} s from now."
        " Sign when sending, by a right clock.",
        Verdict.MISMATCH: f"No signature matches. Take HMAC-SHA256 of {scheme.signs} with our secret.",
    }
    return answers.problem(HTTPStatus.UNAUTHORIZED, f"signature_{verdict}", why[verdict])


def _kept(headers: Mapping[bytes, bytes], names: Mapping[bytes, str]) -> dict[str, str]:
    return {text: _printable(headers[name]) for name, text in names.items() if name in headers}


def _printable(value: bytes) -> str:
    # Postgres refuses some control characters, and one header would spoil a whole group.
    text = value.decode("latin-1")[:1000]
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
