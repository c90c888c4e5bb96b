"""Who may write, and when nobody else does: one advisory lock in Postgres, shared by all writers.

Every way into the stores writes while it holds the lock shared, which keeps nobody waiting. An erasure takes
it alone, for the seconds in which it puts a table's survivors in the place of the table: a row written in
between would be lost, and a person noted as erased meanwhile would come in. Postgres lets nobody overtake a
waiter, so neither side starves, and a process that dies gives its lock back with its connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import psycopg
from asyncpg.pool import PoolConnectionProxy

_WRITING = 7_163_202_629  # any constant
_BUILDING = 7_163_202_630  # any other: who writes for minutes must keep nobody waiting behind an erasure


async def write_async(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
    """Be a writer until the caller's transaction ends."""
    await connection.execute("select pg_advisory_xact_lock_shared($1)", _WRITING)


def write(connection: psycopg.Connection) -> None:
    """`write_async` over psycopg."""
    connection.execute("select pg_advisory_xact_lock_shared(%s)", (_WRITING,))


@contextmanager
def building(connection: psycopg.Connection) -> Iterator[None]:
    """Be one of those who write for minutes, such as dbt: an erasure begins after them."""
    with _held(connection, _BUILDING, shared=True):
        yield


@contextmanager
def nobody_builds(connection: psycopg.Connection) -> Iterator[None]:
    """Keep out those who write for minutes; waits for the ones at work. Take this before `alone`."""
    with _held(connection, _BUILDING, shared=False):
        yield


@contextmanager
def alone(connection: psycopg.Connection) -> Iterator[None]:
    """Keep out every writer; waits for those at work. For seconds: all that arrives waits."""
    with _held(connection, _WRITING, shared=False):
        yield


@contextmanager
def _held(connection: psycopg.Connection, lock: int, *, shared: bool) -> Iterator[None]:
    # The session's lock, not a transaction's: what is done meanwhile commits step by step.
    kind = "_shared" if shared else ""
    connection.execute(f"select pg_advisory_lock{kind}(%s)", (lock,))
    try:
        yield
    finally:
        if not connection.closed and not connection.broken:
            connection.execute(f"select pg_advisory_unlock{kind}(%s)", (lock,))
