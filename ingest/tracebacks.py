"""Errors as logs may have them: what kind, where, and no data.

Drivers quote what they were given: the key that is there already, the row that breaks a rule, the argument
that is no date. So an error's own words are told only where they are about code, files or connections, or are
ours, which name ids and fields. Of a store's error its code and the names of what it concerns are told.
"""

from __future__ import annotations

import socket
import traceback
from collections.abc import Iterator
from types import TracebackType

import asyncpg
import nats.errors

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_OUR_PACKAGES = frozenset({"ingest", "nlp", "orchestration", "serving"})
# Of exactly these types: what is derived from them may say anything.
_TOLD = frozenset(
    {
        AttributeError, ImportError, ModuleNotFoundError, NameError, NotImplementedError, RecursionError,
        TypeError, UnboundLocalError,
        OSError, BrokenPipeError, ConnectionAbortedError, ConnectionRefusedError, ConnectionResetError,
        FileNotFoundError, PermissionError, TimeoutError, socket.gaierror,
        asyncpg.InterfaceError,
    }
)  # fmt: skip
_QUOTING = "22"  # the class of SQLSTATE whose words have the value: data exceptions
_NAMED = ("schema", "table", "column", "constraint")


def without_data(exc_info: ExcInfo) -> str:
    """The traceback with everything that led to the error, for structlog's `ExceptionRenderer`."""
    return "\n".join(_lines(exc_info[1], set()))


def named(error: BaseException) -> str:
    """The error in a line: its type, and its words or codes where they quote no data."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    said = _words(error)
    return f"{name}: {said}" if said else name


def words_of_postgres(error: BaseException, sqlstate: str) -> str:
    """What Postgres said, by either driver; a rule that was broken is named, and not by what."""
    said = getattr(error, "diag", error)
    names = [f"{name} {value}" for name in _NAMED if (value := getattr(said, f"{name}_name", None))]
    words = getattr(said, "message_primary", None) or getattr(said, "message", None)
    told = [words] if words and not sqlstate.startswith(_QUOTING) else []
    return ", ".join([f"SQLSTATE {sqlstate}", *told, *names])


def _words(error: BaseException) -> str:
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(sqlstate, str):
        return words_of_postgres(error, sqlstate)
    is_told = (
        type(error).__module__.partition(".")[0] in _OUR_PACKAGES
        or type(error) in _TOLD
        or isinstance(error, nats.errors.Error)
    )
    if is_told:
        return str(error)
    code = getattr(error, "code", None)  # ClickHouse's
    return f"code {code}" if isinstance(code, int) else ""


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "This led to:"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__))
        yield from (line.rstrip("\n") for line in frames.format())
    yield named(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            if id(one) not in seen:
                yield from (f"  | {line}" for line in _lines(one, seen))
