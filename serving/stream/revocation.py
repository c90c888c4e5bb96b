"""Ends the streams of API keys that were revoked: a stream may outlive the look at its key by minutes.

One query every few seconds, whatever the number of streams. While Postgres is away nobody can revoke a key
either, and the streams go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import asyncpg
import structlog

from serving.credentials import Caller
from serving.queries import api_keys

log = structlog.get_logger("serving.stream")

LOOK_S = 2.0
_KEY = "key:"


class Revocations:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._watched: dict[UUID, set[asyncio.Future[None]]] = {}

    @contextmanager
    def watching(self, caller: Caller) -> Iterator[asyncio.Future[None]]:
        """A future that is done once the caller's key is revoked, expired or gone."""
        revoked = asyncio.get_running_loop().create_future()
        if (key_id := _key_of(caller)) is None:
            yield revoked
            return
        streams = self._watched.setdefault(key_id, set())
        streams.add(revoked)
        try:
            yield revoked
        finally:
            streams.discard(revoked)
            if not streams and self._watched.get(key_id) is streams:
                del self._watched[key_id]

    async def is_good(self, caller: Caller) -> bool:
        """Whether the key behind the caller, if it is one, still proves something."""
        key_id = _key_of(caller)
        return key_id is None or bool(await api_keys.valid(self._pool, [key_id]))

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("revocations_not_seen", error=type(error).__name__)

    async def look(self) -> None:
        """End the streams of every key that no longer proves anything."""
        if not self._watched:
            return
        asked = list(self._watched)
        valid = await api_keys.valid(self._pool, asked)
        for key_id in set(asked) - valid:
            log.info("streams_revoked", key_id=str(key_id), stream_count=len(self._watched.get(key_id, ())))
            for revoked in self._watched.get(key_id, ()):
                if not revoked.done():
                    revoked.set_result(None)


def _key_of(caller: Caller) -> UUID | None:
    return UUID(caller.caller_id.removeprefix(_KEY)) if caller.caller_id.startswith(_KEY) else None
