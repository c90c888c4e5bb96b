"""One request to a partner, and what its answer means."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import aiohttp
import orjson

from orchestration.impact_in.auth import Signed
from orchestration.impact_in.connectors import Connector

Decision = Literal["accepted", "retry", "reauthenticate", "give_up", "unknown"]
ErrorClass = Literal[
    "throttled", "unavailable", "timeout", "connection", "unauthenticated", "rejected", "unusable", "unknown",
    "absent",
]  # fmt: skip
LARGEST_ANSWER = 65_536
CONNECT_S = 10.0
LONGEST_RETRY_AFTER_S = 6 * 3600.0
_REFERENCE = re.compile(r"[\w.:/-]{1,200}")


@dataclass(frozen=True)
class Answer:
    """What became of one request. `error` never quotes the partner: its words may be anything."""

    decision: Decision
    http_status: int | None = None
    error_class: ErrorClass | None = None
    error: str | None = None
    retry_after_s: float | None = None
    reference: str | None = None
    latency_ms: float = 0.0


@dataclass(frozen=True)
class Parcel:
    """What is sent, and where."""

    delivery_id: UUID
    company_id: UUID
    platform: str
    how: Connector
    base_url: str
    options: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    idempotency_key: str
    corrects: UUID | None

    def url(self, path: str) -> str:
        names = {**self.options, "idempotency_key": self.idempotency_key}
        filled = re.sub(r"\{(\w+)\}", lambda found: quote(str(names[found[1]]), safe="/"), path)
        return self.base_url.rstrip("/") + "/" + filled.lstrip("/")


async def send(
    session: aiohttp.ClientSession, parcel: Parcel, signed: Signed, *, attempt_id: UUID, timeout_s: float
) -> Answer:
    """Send the parcel; the answer says what to do next. Raises nothing that a network can cause."""
    how = parcel.how
    headers = {
        "Content-Type": how.request.content_type,
        "User-Agent": "impact-platform",
        **how.headers,
        how.idempotency_header: parcel.idempotency_key,
        "X-Request-ID": str(attempt_id),
        "X-Delivery-ID": str(parcel.delivery_id),
        **({"X-Correction-Of": str(parcel.corrects)} if parcel.corrects else {}),
        **signed.headers,
    }
    answer = await _request(
        session, parcel, how.request.method, how.request.path, headers, signed.body, timeout_s
    )
    if isinstance(answer, Answer):
        return answer
    status, content, retry_after, latency_ms = answer
    return _judge(how, status, content, retry_after, latency_ms)


async def read_back(
    session: aiohttp.ClientSession, parcel: Parcel, signed: Signed, *, attempt_id: UUID, timeout_s: float
) -> Answer:
    """Ask whether the partner has the delivery: accepted if so, `absent` if it says no."""
    how = parcel.how
    if how.read_back is None:
        raise ValueError(f"{how.title} has nothing to ask")
    headers = {**how.headers, "X-Request-ID": str(attempt_id), **signed.headers}
    answer = await _request(session, parcel, "GET", how.read_back.path, headers, None, timeout_s)
    if isinstance(answer, Answer):
        return answer
    status, content, retry_after, latency_ms = answer
    if status == 404:
        return Answer("retry", status, "absent", "the partner does not have it", latency_ms=latency_ms)
    return _judge(how, status, content, retry_after, latency_ms)


async def _request(
    session: aiohttp.ClientSession, parcel: Parcel, method: str, path: str, headers: dict[str, str],
    body: bytes | None, timeout_s: float,
) -> Answer | tuple[int, bytes, float | None, float]:  # fmt: skip
    started = time.perf_counter()

    def failed(error_class: ErrorClass, error: str, decision: Decision = "unknown") -> Answer:
        return Answer(decision, None, error_class, error, latency_ms=(time.perf_counter() - started) * 1000)

    limits = aiohttp.ClientTimeout(total=timeout_s, connect=CONNECT_S)
    try:
        async with session.request(
            method, parcel.url(path), data=body, headers=headers, allow_redirects=False, timeout=limits
        ) as response:
            content = await response.content.read(LARGEST_ANSWER)
            retry_after = _retry_after(response.headers.get("Retry-After"))
            return response.status, content, retry_after, (time.perf_counter() - started) * 1000
    except aiohttp.ClientConnectorError as error:
        # No connection was made, so nothing was sent.
        return failed("connection", f"no connection: {type(error).__name__}", "retry")
    except aiohttp.ConnectionTimeoutError:
        return failed("timeout", "no connection in time", "retry")
    except TimeoutError:
        return failed("timeout", f"no answer in {timeout_s:g} s")
    except (aiohttp.ClientError, OSError) as error:
        return failed("connection", f"the connection broke: {type(error).__name__}")


def _judge(
    how: Connector, status: int, content: bytes, retry_after: float | None, latency_ms: float
) -> Answer:
    errors = how.errors
    if 200 <= status < 300 or status in errors.accepted_before:
        return Answer("accepted", status, reference=_reference(how, content), latency_ms=latency_ms)
    if status == 401:
        return Answer(
            "reauthenticate", status, "unauthenticated", "the partner answered 401", latency_ms=latency_ms
        )
    if status in errors.throttle:
        pause_s = retry_after if retry_after is not None else errors.throttle_pause_s
        return Answer(
            "retry", status, "throttled", f"the partner answered {status}", pause_s, latency_ms=latency_ms
        )
    if status in errors.retry:
        return Answer(
            "retry",
            status,
            "unavailable",
            f"the partner answered {status}",
            retry_after,
            latency_ms=latency_ms,
        )
    error_class: ErrorClass = "unauthenticated" if status == 403 else "rejected"
    return Answer("give_up", status, error_class, f"the partner answered {status}", latency_ms=latency_ms)


def _reference(how: Connector, content: bytes) -> str | None:
    """The partner's own id, if its answer holds one that looks like an id."""
    if how.soap:
        found = re.search(rf"<(?:\w+:)?{how.reference}>([^<]+)<".encode(), content)
        value: Any = found[1].decode("utf-8", "replace") if found else None
    else:
        try:
            document = orjson.loads(content)
        except ValueError:
            return None
        value = document.get(how.reference) if isinstance(document, dict) else None
    return value if isinstance(value, str) and _REFERENCE.fullmatch(value) else None


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, from a number of them or a date."""
    if not header:
        return None
    if header.isascii() and header.isdigit():
        seconds = float(header[:9])
    else:
        try:
            at = email.utils.parsedate_to_datetime(header)
        except (TypeError, ValueError):
            return None
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S)
