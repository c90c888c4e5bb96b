"""Sessions, and the engine connection each statement runs on.

What a request carries (settings, database) must hold for its statement alone, what a statement changes (`SET`, `USE`,
temporary tables) for its session alone. A request without `session_id` gets a connection of its own, closed after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import orjson

from orchestration.stack.clickhouse.engine import Connection, Engine
from orchestration.stack.clickhouse.errors import ClickHouseError


class Context:
    """One connection, and what is laid over its own state for the statement at hand. Blocking: for worker threads."""

    def __init__(self, engine: Engine, *, is_session: bool) -> None:
        self.connection: Connection = engine.connect()
        self._is_session = is_session
        self._own_database = self._database = "default"
        self._overlay: dict[str, str] = {}
        self._own: dict[str, str | None] = {}  # the session's own value under the overlay; None: the default
        self.writes_formats_its_own_way = False

    def prepare(self, settings: Mapping[str, str], database: str | None) -> None:
        """Make the connection what the next statement expects, and no more than that."""
        if (wanted := database or self._own_database) != self._database:
            self.connection.query(f"USE {_quoted(wanted, '`')}", "Null")
            self._database = wanted
        changes = {name: value for name, value in settings.items() if self._overlay.get(name) != value}
        stale = self._overlay.keys() - settings.keys()
        if self._is_session:
            self._remember([name for name in changes if name not in self._own])
        assignments = [f"{name} = {_quoted(value)}" for name, value in changes.items()]
        for name in stale:
            own = self._own.pop(name)
            assignments.append(f"{name} = {'DEFAULT' if own is None else _quoted(own)}")
            del self._overlay[name]
        if assignments:
            self._overlay |= changes  # first, so that a refused value is taken back by the next statement
            self.connection.query(f"SET {', '.join(assignments)}", "Null")

    def set_parameters(self, parameters: Mapping[str, str]) -> None:
        """For statements the engine takes no parameters with: they stay until set again."""
        if parameters:
            values = ", ".join(f"param_{name} = {_quoted(value)}" for name, value in parameters.items())
            self.connection.query(f"SET {values}", "Null")

    def settle(self, verb: str, sql: bytes) -> None:
        """Take note of what a finished statement changed for the ones after it."""
        if verb == "USE":
            current = self.connection.query("SELECT currentDatabase()", "TSVRaw").bytes()
            self._own_database = self._database = current.decode().rstrip("\n")
        elif verb == "SET" and b"output_format_" in sql:
            self.writes_formats_its_own_way = True

    def close(self) -> None:
        self.connection.close()

    def _remember(self, names: list[str]) -> None:
        if not names:
            return
        quoted = ", ".join(map(_quoted, names))
        rows = self.connection.query(
            f"SELECT name, value, changed FROM system.settings WHERE name IN ({quoted})", "JSONEachRow"
        ).bytes()
        for row in map(orjson.loads, rows.splitlines()):
            self._own[row["name"]] = row["value"] if row["changed"] else None
        if unknown := [name for name in names if name not in self._own]:
            raise ClickHouseError(115, "UNKNOWN_SETTING", f"Unknown setting '{unknown[0]}'")


class Sessions:
    """The open sessions by id. Used from the event loop alone; connections are opened and closed by the caller."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._sessions: dict[str, _Session] = {}

    def acquire(self, session_id: str, *, must_exist: bool) -> Context | None:
        """Lock a session for one statement. None: it is new, and the caller puts a context in with `put`."""
        session = self._sessions.get(session_id)
        if session is None:
            if must_exist:
                raise ClickHouseError(372, "SESSION_NOT_FOUND", f"Session {session_id} not found")
            if len(self._sessions) >= self._limit:
                raise ClickHouseError(
                    202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                    f"Too many sessions: {self._limit} are open; close_session=1 or session_timeout frees one",
                )  # fmt: skip
            self._sessions[session_id] = _Session()
            return None
        if session.is_locked:
            raise ClickHouseError(
                373, "SESSION_IS_LOCKED", f"Session {session_id} is locked by a concurrent client"
            )
        session.is_locked = True
        return session.context

    def put(self, session_id: str, context: Context) -> None:
        self._sessions[session_id].context = context

    def release(self, session_id: str, *, timeout_s: int) -> None:
        session = self._sessions[session_id]
        if session.context is None:
            del self._sessions[session_id]  # its connection could not be opened
        else:
            session.is_locked, session.expires_at = False, self._clock() + timeout_s

    def discard(self, session_id: str) -> None:
        """Forget a session the caller holds; the caller closes its context."""
        del self._sessions[session_id]

    def expired(self) -> list[Context]:
        """Contexts of sessions nobody used in time, forgotten here; the caller closes them."""
        now = self._clock()
        gone = [
            key
            for key, session in self._sessions.items()
            if not session.is_locked and session.expires_at <= now
        ]
        return [context for key in gone if (context := self._sessions.pop(key).context) is not None]

    def all(self) -> list[Context]:
        """Every context, forgotten here, when the front stops."""
        contexts = [session.context for session in self._sessions.values() if session.context is not None]
        self._sessions.clear()
        return contexts

    def __len__(self) -> int:
        return len(self._sessions)


class _Session:
    def __init__(self) -> None:
        self.context: Context | None = None
        self.is_locked = True
        self.expires_at = 0.0


def _quoted(text: str, quote: str = "'") -> str:
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
