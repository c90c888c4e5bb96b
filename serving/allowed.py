"""Which methods an address has: those of the most exact path that matches it, as OpenAPI reads paths.

Starlette answers a wrong method by the first route that matches: `/rules/{id}` would speak for
`/rules/validate`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.problems import METHOD_NOT_ALLOWED, problem_response


class AllowedMethods:
    """The methods of every address of the routers."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [
            (route.path.count("{"), route.path_regex, frozenset(route.methods or ()))
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
        ]
        # Addresses without a hole that a path with one matches too.
        paths = {
            route.path for router in routers for route in router.routes
            if isinstance(route, APIRoute) and "{" not in route.path
        }  # fmt: skip
        self._spoken_for = {
            path: allowed
            for path in paths
            if sum(pattern.match(path) is not None for _, pattern, _ in self._routes) > 1
            and (allowed := self.at(path)) is not None
        }

    def refused(self, method: str, path: str) -> str | None:
        """What the address allows instead, where a less exact path would answer a method it has not."""
        allowed = self._spoken_for.get(path)
        return None if allowed is None or method in allowed.split(", ") else allowed

    def at(self, path: str) -> str | None:
        """As the `Allow` header has them; None where no route of ours is."""
        matching = [(holes, methods) for holes, pattern, methods in self._routes if pattern.match(path)]
        if not matching:
            return None
        fewest = min(holes for holes, _ in matching)
        return ", ".join(sorted(set().union(*(methods for holes, methods in matching if holes == fewest))))


class ExactMethods:
    """Answers 405 where the address has not the method, before a less exact path takes it for an id."""

    def __init__(self, app: ASGIApp, allowed: AllowedMethods) -> None:
        self._app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (allowed := self._allowed.refused(scope["method"], scope["path"])):
            detail = f"{scope['method']} is not possible on {scope['path']}"
            response = problem_response(scope, METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed})
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)
