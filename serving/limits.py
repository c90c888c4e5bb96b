"""How much a request may bring and how long it may take to bring it, before any of it is looked at."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.openapi import problems
from serving.problems import BODY_TOO_LARGE, BODY_TOO_SLOW, problem_response

_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})  # no route of theirs reads one


class BodyLimits:
    """Ends a request whose body is too large, said or not, or comes too slowly."""

    def __init__(self, app: ASGIApp, most_bytes: int, within_s: float) -> None:
        self._app, self._most_bytes, self._within_s = app, most_bytes, within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._most_bytes:
            response = problem_response(scope, BODY_TOO_LARGE, self._too_large)
            await response(scope, receive, send)
            return
        until = asyncio.get_running_loop().time() + self._within_s
        size, is_whole = 0, False

        async def receive_within() -> Message:
            nonlocal size, is_whole
            if is_whole:  # what comes now is the client's going away, whenever that is
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(
                    BODY_TOO_SLOW.status, f"the body did not arrive within {self._within_s:g} s"
                ) from None
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                if size > self._most_bytes:
                    raise HTTPException(BODY_TOO_LARGE.status, self._too_large)
            return message

        await self._app(scope, receive_within, send)

    @property
    def _too_large(self) -> str:
        return f"a body may have {self._most_bytes} bytes"


def describe_limits(router: APIRouter) -> APIRouter:
    """The router, whose routes with a body say that they may answer 408 and 413."""
    added: dict[int | str, dict[str, Any]] = problems(BODY_TOO_LARGE, BODY_TOO_SLOW)
    for route in router.routes:
        if isinstance(route, APIRoute) and route.body_field is not None:
            route.responses = {**route.responses, **added}
    return router


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
