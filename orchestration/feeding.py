"""Whoever brings much at once says so, and the marts are refreshed at its end, not over and over on the way.

A shared advisory lock in Postgres: it needs no table, keeps nobody waiting, and goes with the connection of a
process that dies. It is a request and no veto: `orchestration/freshness.py` knows how long it is heeded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import psycopg

_FEEDING = 7_163_202_646  # any constant of its own
_LOOK_S = 2.0  # a store that was restarted forgets who feeds it


@contextmanager
def feeding(connection: psycopg.Connection) -> Iterator[None]:
    """Be one of those who bring much, over a connection in autocommit that has no other use meanwhile."""
    connection.execute("select pg_advisory_lock_shared(%s)", (_FEEDING,))
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):  # the lock went with its connection
            connection.execute("select pg_advisory_unlock_shared(%s)", (_FEEDING,))


@asynccontextmanager
async def feeding_patiently(postgres_url: str) -> AsyncIterator[None]:
    """`feeding` over a connection of its own, which is made again as often as the store goes away."""

    async def feed() -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
                    await connection.execute("select pg_advisory_lock_shared(%s)", (_FEEDING,))
                    while True:
                        await asyncio.sleep(_LOOK_S)
                        await connection.execute("select 1")
            except psycopg.OperationalError:
                await asyncio.sleep(_LOOK_S)

    task = asyncio.create_task(feed())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])  # its connection is closed when it returns


def somebody_feeds(connection: psycopg.Connection) -> bool:
    """Whether anybody says so now. The connection has to be in autocommit."""
    rows = connection.execute("select pg_try_advisory_xact_lock(%s)", (_FEEDING,)).fetchall()
    return not rows[0][0]
