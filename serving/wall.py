"""The second wall between companies: statements about one company run as a role that sees no other.

The first wall is the statement's own `company_id = $1`. Should one lack it, Postgres shows the session's
company all the same, and nothing at all where the company was not set. ClickHouse adds the company to every
table that a question reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

import asyncpg

ROLE = "impact_reader"  # made by the migrations, which also say what it sees


class Asks(Protocol):
    """What a query needs of a pool, so that it may be one that is behind the wall."""

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]: ...

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...


class WalledConnection(asyncpg.Connection):
    """A connection that knows which company its session sees."""

    company: UUID | None = None

    async def enter(self, company_id: UUID) -> None:
        """See this company and no other. Costs a round trip when the session saw another one."""
        if self.company != company_id:
            self.company = None  # until it is done, whatever happens in between
            await self.execute("select set_config('app.company', $1, false)", str(company_id))
            self.company = company_id


def walled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a pool, with which its connections are behind the wall from their first moment."""
    server_settings = {**options.get("server_settings", {}), "role": ROLE}
    return {**options, "server_settings": server_settings, "connection_class": WalledConnection}


@dataclass(frozen=True, slots=True)
class CompanyPool:
    """The pool as one company sees it."""

    pool: asyncpg.Pool
    company_id: UUID

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]:
        async with self.pool.acquire() as connection:
            await cast(WalledConnection, connection).enter(self.company_id)
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None:
        async with self.pool.acquire() as connection:
            await cast(WalledConnection, connection).enter(self.company_id)
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        async with self.pool.acquire() as connection:
            await cast(WalledConnection, connection).enter(self.company_id)
            return await connection.fetchval(query, *args)


def table_filters(database: str, tables: Sequence[str], company_id: UUID) -> dict[str, str]:
    """The setting by which ClickHouse reads nothing of these tables but the company's rows."""
    filters = ", ".join(f"'{database}.{table}': 'company_id = \\'{company_id}\\''" for table in tables)
    return {"additional_table_filters": f"{{{filters}}}"}
