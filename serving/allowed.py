"""Which methods an address has: those of the most exact path that matches it, as OpenAPI reads paths.

Starlette answers a wrong method by the first route that matches: `/rules/{id}` would speak for
`/rules/validate`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute


class AllowedMethods:
    """The methods of every address of the routers."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [
            (route.path.count("{"), route.path_regex, frozenset(route.methods or ()))
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
        ]

    def at(self, path: str) -> str | None:
        """As the `Allow` header has them; None where no route of ours is."""
        matching = [(holes, methods) for holes, pattern, methods in self._routes if pattern.match(path)]
        if not matching:
            return None
        fewest = min(holes for holes, _ in matching)
        return ", ".join(sorted(set().union(*(methods for holes, methods in matching if holes == fewest))))
