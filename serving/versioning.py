"""Which version of the API a request is about: old paths without `/v1`, and dated versions by header.

Plain ASGI, inside the envelope. A request for the newest version on a path under `/v1` passes as it is; only
the few operations that have changed since an older client's version have their bodies read and rewritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import asyncpg
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest import deprecation
from serving.credentials import KEY_PREFIXES, Caller, InvalidCredentialError
from serving.dependencies import AppServices
from serving.metrics import Metrics
from serving.problems import VERSION_UNKNOWN, problem_response
from serving.translation import Translation, changed_operations
from serving.versions import HEADER, NAMES, NEWEST, changes_since, in_force

PREFIX = "/v1/"
_HEADER = HEADER.lower().encode()

EXPLAINED_AT = "/api-docs/versions"

# Series of the counter of old paths: callers times routes, and what comes after is counted together.
MOST_SERIES = 500
OTHERS = "others"


class ApiVersions:
    """Sits between the envelope and the routes. `segments` are the first ones of the paths under `/v1`."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, segments: Collection[str], unversioned: Collection[str]
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._segments = frozenset(segments)
        self._unversioned = frozenset(unversioned)
        self._series: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_old = self._is_old(scope["path"])
        if is_old:
            # In place: the envelope reads the route from this very scope.
            scope["path"] = f"/v1{scope['path']}"
            scope["raw_path"] = b"/v1" + scope.get("raw_path", b"")
        if not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        asked = _header(scope, _HEADER)
        state = scope["state"]

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (_HEADER, (asked or _pinned(state) or NEWEST).encode()),
                    *(self._deprecation(scope) if is_old else ()),
                ]
            await send(message)

        if asked is not None and asked not in NAMES:
            asked = None
            detail = f"there is no such version; {HEADER} is one of {', '.join(NAMES)}, or left out"
            response = problem_response(scope, VERSION_UNKNOWN, detail, members={"versions": NAMES})
            await response(scope, receive, send_with_version)
            return
        changed = changed_operations(scope["method"], scope["path"])
        version = (asked or await _pin_of_key(scope) or NEWEST) if changed else NEWEST
        unknown = [change for change in changes_since(version) if change in changed]
        if not unknown:
            await self._app(scope, receive, send_with_version)
            return
        translation = Translation(unknown, version)
        receive = translation.request(scope, receive)
        await self._app(scope, receive, translation.sending(send_with_version))

    def _is_old(self, path: str) -> bool:
        return path.partition("/")[2].partition("/")[0] in self._segments and path not in self._unversioned

    def _deprecation(self, scope: Scope) -> Iterable[tuple[bytes, bytes]]:
        """The headers of an old path, counted; none where nothing is at the new one either."""
        route = getattr(scope.get("route"), "path", None)
        if route is None:
            return ()
        caller = getattr(scope["state"].get("caller"), "caller_id", "nobody")
        # Keys are few and known by their id; people are neither.
        labels = ("user" if caller.startswith("user:") else caller, route)
        if labels not in self._series and len(self._series) >= MOST_SERIES:
            labels = (OTHERS, OTHERS)
        self._series.add(labels)
        self._metrics.deprecated_requests.labels(*labels).inc()
        return deprecation.headers(scope["path"], EXPLAINED_AT)


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def _pinned(state: dict[str, Any]) -> str | None:
    """The version of the caller's key, where a route has asked who the caller is."""
    caller: Caller | None = state.get("caller")
    return in_force(caller.api_version) if caller is not None and caller.api_version else None


async def _pin_of_key(scope: Scope) -> str | None:
    """The same before any route has asked: a body has to be rewritten before it is read.

    Whoever has no good credential, or no store to look it up in, is told so by the route.
    """
    scheme, _, bearer = (_header(scope, b"authorization") or "").partition(" ")
    key = bearer if scheme.lower() == "bearer" and bearer else _header(scope, b"x-api-key")
    if not key or not key.startswith(KEY_PREFIXES):
        return None
    services: AppServices = scope["app"].state.services
    try:
        caller = await services.keys.find(key)
    except (InvalidCredentialError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    return in_force(caller.api_version) if caller.api_version else None
