"""Every answer the receiver gives: 202 for what is on disk, RFC 9457 problem details for the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

import msgspec

from ingest.webhooks.contracts import FieldProblem

Send = Callable[[dict[str, Any]], Awaitable[None]]
RETRY_AFTER_S = 5


@dataclass(frozen=True)
class Answer:
    """A complete response; `reason` names an error in the metrics."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    headers: Sequence[tuple[bytes, bytes]] = ()
    reason: str | None = None

    @cached_property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """All headers."""
        length = b"%d" % len(self.body)
        return [(b"content-type", self.content_type), (b"content-length", length), *self.headers]

    @cached_property
    def head(self) -> bytes:
        """The headers as they go over the wire, with the empty line that ends them."""
        return b"".join(b"%b: %b\r\n" % field for field in self.fields) + b"\r\n"

    @cached_property
    def is_last(self) -> bool:
        """Whether the connection ends with this answer."""
        return (b"connection", b"close") in self.headers

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.fields})
        await send({"type": "http.response.body", "body": self.body})


def json_answer(status: HTTPStatus, body: object) -> Answer:
    return Answer(status, msgspec.json.encode(body))


def problem(
    status: HTTPStatus,
    reason: str,
    detail: str,
    *,
    fields: Sequence[FieldProblem] = (),
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> Answer:
    """An error. `detail` says what to do about it and never repeats what was sent."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "reason": reason,
    }
    if fields:
        body["errors"] = [{"field": p.field, "message": p.message} for p in fields]
    return Answer(status, msgspec.json.encode(body), b"application/problem+json", headers, reason)


def unavailable(reason: str, detail: str) -> Answer:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, reason, detail, headers=[(b"retry-after", b"%d" % RETRY_AFTER_S)]
    )


ACCEPTED = Answer(HTTPStatus.ACCEPTED, b'{"status":"accepted"}')
DUPLICATE = Answer(HTTPStatus.ACCEPTED, b'{"status":"duplicate"}')

INTERNAL_ERROR = problem(
    HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error",
    "The receiver failed over this request. Send it again later, with the same delivery id.",
    headers=[(b"connection", b"close")],
)  # fmt: skip
NOT_FOUND = problem(
    HTTPStatus.NOT_FOUND,
    "unknown_path",
    "No webhook is taken at this path; see docs/webhooks.md for the paths.",
)
METHOD_NOT_ALLOWED = problem(
    HTTPStatus.METHOD_NOT_ALLOWED, "method", "Webhooks are sent with POST.", headers=[(b"allow", b"POST")]
)
WRONG_CONTENT_TYPE = problem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content_type",
    "Send JSON with 'Content-Type: application/json' and without a content encoding.",
)  # fmt: skip
BODY_TOO_SLOW = problem(
    HTTPStatus.REQUEST_TIMEOUT, "slow_body", "The body did not arrive in time. Send it again.",
    headers=[(b"connection", b"close")],
)  # fmt: skip
BAD_DELIVERY_ID = problem(
    HTTPStatus.BAD_REQUEST, "delivery_id",
    "Send an X-Delivery-Id header of 1 to 200 printable ASCII characters without spaces,"
    " the same one each time this delivery is sent.",
)  # fmt: skip
CONFLICT = problem(
    HTTPStatus.CONFLICT, "conflict",
    "This delivery id was accepted before with another body. Send changed content under a new delivery id.",
)  # fmt: skip
RATE_LIMITED = problem(
    HTTPStatus.TOO_MANY_REQUESTS, "rate_limit",
    "This source sends more than its limit allows. Send this delivery again after a moment.",
    headers=[(b"retry-after", b"1")],  # the bucket holds a second's worth, so a second is enough
)  # fmt: skip
OVERLOADED = unavailable("overloaded", "Too many deliveries wait to be stored. Send this one again later.")
INBOX_AWAY = unavailable(
    "unavailable", "The delivery could not be confirmed as stored. Send it again with the same delivery id."
)
SECRETS_UNKNOWN = unavailable(
    "unavailable", "The secrets of this source could not be read yet. Send this delivery again later."
)
