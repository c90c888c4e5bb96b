"""What went wrong, in the three classes that decide what happens next, and whether a store is to blame.

A store that is away is nobody's fault: the batch stays, or goes back, where it was. Everything else is one
message's own failure: permanent ones are given up at once, transient and unknown ones are tried again.
"""

from __future__ import annotations

import traceback
from enum import StrEnum
from pathlib import Path

import asyncpg
import nats.errors
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.exceptions import Error as CodedClickHouseError

from ingest.events import UnreadableEvent
from ingest.jetstream import BrokerUnavailableError
from ingest.normalise.delivery import UnprocessableDeliveryError

_PACKAGE = Path(__file__).parent


class ErrorClass(StrEnum):
    TRANSIENT = "transient"  # may pass by itself: a deadlock, a statement that took too long
    PERMANENT = "permanent"  # the content is at fault: the same bytes fail again
    UNKNOWN = "unknown"  # nobody expected it, so it is tried again and then looked at


# What these say names fields and never quotes values, so it may be shown as it is.
_EXPLAINED = (UnprocessableDeliveryError, UnreadableEvent)

_PERMANENT = (*_EXPLAINED, asyncpg.DataError, UnicodeError)

# Contention and patience, not absence: the store answers.
_TRANSIENT = (
    asyncpg.TransactionRollbackError,  # deadlock, serialization
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)

_AWAY = (
    BrokerUnavailableError,
    nats.errors.Error,
    OSError,  # refused, reset; also what a timeout is
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    asyncpg.UndefinedTableError,  # not migrated yet
)

# ClickHouse's codes for a value it cannot take. Its other codes speak of the server: memory, parts, rights.
_CONTENT_CODES = frozenset({6, 27, 38, 41, 53, 69, 70, 72, 117, 131, 321, 376, 407, 469})


def is_content(error: ClickHouseError) -> bool:
    """Whether ClickHouse refused what was sent, rather than being in trouble itself."""
    return isinstance(error, CodedClickHouseError) and error.code in _CONTENT_CODES


def is_store_away(error: BaseException) -> bool:
    """Whether a store is away, refuses or is full: then no message is at fault."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return False
    if isinstance(error, ClickHouseError):
        return not is_content(error)
    return isinstance(error, _AWAY)


def class_of(error: BaseException) -> ErrorClass:
    if isinstance(error, _PERMANENT) or (isinstance(error, ClickHouseError) and is_content(error)):
        return ErrorClass.PERMANENT
    if isinstance(error, _TRANSIENT) or is_store_away(error):
        return ErrorClass.TRANSIENT
    return ErrorClass.UNKNOWN


def reason_of(error: BaseException) -> str:
    """What to tell an operator: the text of an unexpected error may quote a person, its place does not."""
    if isinstance(error, _EXPLAINED):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return type(error).__name__
    place = Path(ours[-1].filename).relative_to(_PACKAGE.parent)
    return f"{type(error).__name__} at {place}:{ours[-1].lineno} in {ours[-1].name}"
