"""Engine connections between two statements without a session.

Opening one, laying a request's settings over it and closing it costs a small query once more. Clients send
the same settings with each statement, so a connection is kept with what is laid over it, for the next request
that brings just that. None is ever reset: who asks for something else gets one over which nothing was laid.

Used from the event loop alone. Closing a context blocks, so the caller does that on a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orchestration.stack.clickhouse.context import Context, laid_over


class Spares:
    """As many as statements may run at once; of more, those go that were not used for longest."""

    def __init__(self, make: Callable[[], Context], limit: int) -> None:
        self._make, self._limit = make, limit
        self._free: list[Context] = []  # the one used last at the end

    def take(self, settings: Mapping[str, str], database: str | None) -> Context:
        """A context for one statement with these settings, opened before or new."""
        plain = None
        wanted = laid_over(settings, database)
        for place in reversed(range(len(self._free))):
            laid = self._free[place].laid_over
            if laid == wanted:
                return self._free.pop(place)
            if plain is None and laid == _NOTHING:
                plain = place
        return self._make() if plain is None else self._free.pop(plain)

    def keep(self, context: Context) -> Context | None:
        """Keep a reusable one; returns the one to be closed for it."""
        self._free.append(context)
        return self._free.pop(0) if len(self._free) > self._limit else None

    def all(self) -> list[Context]:
        """Forget every one, when the front stops."""
        free, self._free = self._free, []
        return free


_NOTHING = laid_over({}, None)
