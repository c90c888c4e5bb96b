"""Which methods an address has, over all routes that match it.

Starlette answers a wrong method by the first route that matches: `/rules/{id}` would speak for
`/rules/validate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute


class AllowedMethods:
    """The methods of every address of the routers."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes: list[tuple[re.Pattern[str], frozenset[str]]] = [
            (route.path_regex, frozenset(route.methods or ()))
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
        ]

    def at(self, path: str) -> str | None:
        """As the `Allow` header has them; None where no route of ours is."""
        found = sorted(set().union(*(methods for pattern, methods in self._routes if pattern.match(path))))
        return ", ".join(found) or None
