"""The engine connection a statement runs on, and what is laid over it for that statement alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from orchestration.stack.clickhouse.engine import Connection, Engine
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.forms import ExternalTable
from orchestration.stack.clickhouse.sql import UNCHUNKED, Statement, quoted

DEFAULT_DATABASE = "default"
_numbers = itertools.count(1)
_TRACELESS = {"SELECT", "WITH", "FROM", "(", "INSERT", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"}


LaidOver = tuple[str, frozenset[tuple[str, str]]]


def laid_over(settings: Mapping[str, str], database: str | None) -> LaidOver:
    """A request's settings and database, to be compared with another's."""
    return database or DEFAULT_DATABASE, frozenset(settings.items())


class Context:
    """One connection of a session, or of a single statement.

    What a request carries (settings, database) holds for its statement; what a statement changes (`SET`,
    `USE`, temporary tables) holds for the session. The engine knows one level only, so a session's own values
    are remembered under the request's and put back by the next statement that does not ask for the same.

    Blocking: for worker threads. Opened by its first statement.
    """

    def __init__(self, engine: Engine, *, is_session: bool) -> None:
        self.is_session = is_session
        self.tag = f"front-{next(_numbers)}"
        """The connection's `log_comment`, by which its running query is found."""
        self.is_unchunked = False
        self._has_finished = self._has_traces = False
        self._engine = engine
        self._connection: Connection | None = None
        self._own_database = self._database = DEFAULT_DATABASE
        self._external_tables: list[str] = []
        self._overlay: dict[str, str] = {}
        self._own: dict[str, str | None] = {}  # the session's values under the overlay; None is the default

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect(self.tag)
        return self._connection

    @property
    def folder(self) -> Path:
        """The engine's data folder."""
        return self._engine.folder

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @property
    def is_reusable(self) -> bool:
        """Whether a statement with the same settings, of any client, finds it as if it were new."""
        return self._has_finished and not self.is_session and not self._has_traces

    @property
    def laid_over(self) -> LaidOver:
        """What of the last request is laid over the connection."""
        return laid_over(self._overlay, self._database)

    def prepare(self, settings: Mapping[str, str], database: str | None) -> None:
        """Make the connection what the next statement expects, no more and no less."""
        self._has_finished = False
        self._drop_external_tables()  # of a statement that failed
        if (wanted := database or self._own_database) != self._database:
            self.connection.query(f"USE {quoted(wanted, '`')}", "Null")
            self._database = wanted
        changes = {name: value for name, value in settings.items() if self._overlay.get(name) != value}
        if self.is_session:
            self._remember([name for name in changes if name not in self._own])
        assignments = [f"{name} = {quoted(value)}" for name, value in changes.items()]
        for name in self._overlay.keys() - settings.keys():
            own = self._own.pop(name)
            assignments.append(f"{name} = {'DEFAULT' if own is None else quoted(own)}")
            del self._overlay[name]
        if assignments:
            self._overlay |= changes  # before it succeeds, so that the next statement takes a part of it back
            self.connection.query(f"SET {', '.join(assignments)}", "Null")

    def settle(self, statement: Statement) -> None:
        """Take note of what a finished statement changed for the ones after it."""
        self._has_traces = self._has_traces or statement.verb not in _TRACELESS
        if statement.verb == "USE":
            current = self.connection.query("SELECT currentDatabase()", "TSVRaw").bytes()
            self._own_database = self._database = current.decode().rstrip("\n")
        elif statement.verb == "SET" and any(name in statement.text.upper().decode() for name in UNCHUNKED):
            self.is_unchunked = True

    def set_parameters(self, parameters: Mapping[str, str]) -> None:
        """For an INSERT with data, to which the engine takes no parameters: in the connection they stay."""
        if parameters:
            self._has_traces = True
            values = ", ".join(f"param_{name} = {quoted(value)}" for name, value in parameters.items())
            self.connection.query(f"SET {values}", "Null")

    @contextmanager
    def committing(self) -> Iterator[None]:
        """An INSERT with data: raises ClickHouseError at its end unless the engine has committed it."""
        failed_before = self._engine.commits.failed()
        yield
        self._engine.commits.check(failed_before)

    def add_external_table(self, table: ExternalTable) -> None:
        """A temporary table for this statement alone."""
        name = quoted(table.name, "`")
        self.connection.query(f"CREATE TEMPORARY TABLE {name} ({table.structure}) ENGINE = Memory", "Null")
        self._external_tables.append(name)
        with self.committing():
            self.insert(f"INSERT INTO {name}", table.data_format, [table.data])

    def insert(self, statement: str, data_format: str, pieces: Iterable[bytes]) -> Any:
        """Give the engine an INSERT's data; its result. What breaks off leaves the connection free."""
        insert = self.connection.send_insert(statement, data_format)
        try:
            for piece in pieces:
                if piece:
                    self.connection.insert_append(insert, piece)
        except BaseException:
            self.connection.insert_cancel(insert)
            raise
        return self.connection.insert_done(insert)

    def finish(self) -> None:
        """The statement has succeeded. A connection of its own that it changed goes with it."""
        self._drop_external_tables()
        self._has_finished = True  # after that: with a table of this request nobody else may have it
        if not self.is_session and not self.is_reusable:
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _drop_external_tables(self) -> None:
        while self._external_tables:
            self.connection.query(f"DROP TEMPORARY TABLE {self._external_tables.pop()}", "Null")

    def _remember(self, names: list[str]) -> None:
        if not names:
            return
        listed = ", ".join(map(quoted, names))
        rows = self.connection.query(
            f"SELECT name, value, changed FROM system.settings WHERE name IN ({listed})",  # noqa: S608  # quoted
            "JSONEachRow",
        ).bytes()
        for row in map(orjson.loads, rows.splitlines()):
            self._own[row["name"]] = row["value"] if row["changed"] else None
        if unknown := [name for name in names if name not in self._own]:
            raise ClickHouseError(115, "UNKNOWN_SETTING", f"Unknown setting '{unknown[0]}'")
