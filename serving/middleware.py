"""What every answer gets, whatever route gave it: a request id, security headers, counters, and an end.

Plain ASGI: wrapping bodies, as Starlette's BaseHTTPMiddleware does, would cost every event of a stream.
"""

from __future__ import annotations

import time
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving import live_page
from serving.metrics import METHODS, Metrics
from serving.problems import INTERNAL, problem_response

log = structlog.get_logger("serving")

# The API serves data, never pages: nothing in it may be run, framed or sniffed.
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI and dbt's static page bring inline scripts and images, all of them from here.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'"
)
_PAGES = ("/docs", "/dbt-docs", "/api-docs")
# The live page has one script, known by its hash, and speaks to this API alone: it holds a credential.
LIVE_POLICY = (
    f"default-src 'none'; script-src '{live_page.SCRIPT_HASH}'; style-src 'unsafe-inline';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _security_headers(policy: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"content-security-policy", policy.encode()),
    )


# Told over TLS alone, where browsers heed it: this host for a year by no other way. Not of its subdomains,
# which may be somebody else's.
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")

_API_HEADERS = _security_headers(API_POLICY)
_PAGE_HEADERS = _security_headers(PAGE_POLICY)
_LIVE_HEADERS = _security_headers(LIVE_POLICY)


def _headers_for(path: str) -> tuple[tuple[bytes, bytes], ...]:
    if path.startswith(_PAGES):
        return _PAGE_HEADERS
    return _LIVE_HEADERS if path == live_page.PATH else _API_HEADERS


class Envelope:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid4())
        # A copy: the server hands the same lifespan state to every request.
        state = scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Appended as they go out: no route sets one of these, so there is none to look for and
                # replace.
                headers = message["headers"] = list(message.get("headers", ()))
                headers.append((b"x-request-id", request_id.encode()))
                headers += _headers_for(scope["path"])
                if scope["scheme"] == "https":
                    headers.append(STRICT_TRANSPORT)
                headers += state.get("rate_limit_headers", ())
                self._count(scope, status, time.perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception(
                "request_failed", request_id=request_id, method=scope["method"], route=_route(scope)
            )
            if status:
                raise  # the answer has begun: the server closes the connection, which is the only sign left
            response = problem_response(
                scope,
                INTERNAL,
                "the request could not be finished; the server's log has the reason under this id",
            )
            await response(scope, receive, send_with_headers)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        series = self._series.get((method, route, status))
        if series is None:  # as many as there are routes and their statuses
            series = self._series[method, route, status] = (
                self._metrics.requests.labels(method, route, str(status)),
                self._metrics.latency.labels(route),
            )
        requests, latency = series
        requests.inc()
        latency.observe(seconds)


def _route(scope: Scope) -> str:
    """The route's template, or the folder of a static file: ids in paths never become labels."""
    route = scope.get("route")
    return getattr(route, "path", None) or scope.get("root_path") or "unmatched"
