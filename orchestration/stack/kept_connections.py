"""Lets Dagster's processes keep their connections to Postgres: a plugin of SQLAlchemy's, named in the URL.

Dagster opens a connection for every statement of its storage and closes it again. A connection costs 6 ms of
CPU (the password's handshake, a server process), a statement 0.05 ms: an idle platform did little else than
connect. With `plugin=kept_connections` in the URL, a closed connection waits here for the next user.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Hashable
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection
from sqlalchemy import URL, Engine, NullPool, event
from sqlalchemy.engine import CreateEnginePlugin

KEPT = 3  # per process and address: a few threads are at work at the same time, rarely more

# Reentrant: garbage collection may close a forgotten connection while this thread holds the lock.
_lock = threading.RLock()
_idle: dict[Hashable, list[KeptConnection]] = defaultdict(list)


class KeptConnection(connection):
    """Closing it offers it to the next user, unless its state is unknown or enough are kept."""

    address: Hashable = None

    def close(self) -> None:
        if self.address is not None and self._is_clean():
            with _lock:
                if len(kept := _idle[self.address]) < KEPT:
                    kept.append(self)
                    return
        super().close()

    def _is_clean(self) -> bool:
        return not self.closed and self.info.transaction_status == TRANSACTION_STATUS_IDLE

    def still_answers(self) -> bool:
        """False if the server has gone or restarted since."""
        try:
            self.autocommit = True  # as a new one would not be in a transaction, neither may this one
            with self.cursor() as cursor:
                cursor.execute("select 1")
            self.autocommit = False
        except psycopg2.Error:
            super().close()
            return False
        return True


def connect(*arguments: Any, **options: Any) -> KeptConnection:
    """A connection that waits here, or a new one."""
    # A forked child must not speak on its parent's connections.
    address = (os.getpid(), arguments, tuple(sorted(options.items())))
    while True:
        with _lock:
            candidate = _idle[address].pop() if _idle[address] else None
        if candidate is None:
            break
        if candidate.still_answers():
            return candidate
    made = psycopg2.connect(*arguments, connection_factory=KeptConnection, **options)
    made.address = address
    return made


class KeptConnections(CreateEnginePlugin):
    """For engines that keep nothing themselves. Dagster's web interface has pools of its own."""

    def update_url(self, url: URL) -> URL:
        return url

    def engine_created(self, engine: Engine) -> None:
        if isinstance(engine.pool, NullPool):
            event.listen(engine, "do_connect", _connect)


def _connect(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> KeptConnection:
    return connect(*arguments, **options)
