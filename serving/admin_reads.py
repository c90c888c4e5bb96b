"""What administrators of the platform reached into: in the log at once, in Postgres a second later, for good.

Nothing waits for the row. What Postgres did not take is kept and written with the next ones; a process that
is killed leaves its last second in the log alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from fastapi import Request

from serving.credentials import Caller
from serving.queries import admin_reads

log = structlog.get_logger("serving")
audit = structlog.get_logger("audit")

FLUSH_S = 1.0
MOST_KEPT = 10_000  # while Postgres is away; the log has those beyond


@dataclass(frozen=True, slots=True)
class AdminRead:
    request_id: UUID
    asked_at: datetime
    caller_id: str
    method: str
    route: str
    company_id: UUID | None


class AdminReads:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: list[AdminRead] = []

    async def note(self, request: Request, caller: Caller) -> None:
        """Record a request of an administrator; before it is answered, and whatever the answer is.

        The company is the one that its path, its query or its body names.
        """
        named = (
            request.path_params.get("company_id")
            or request.query_params.get("companyId")
            or await _named_in_body(request)
        )
        read = AdminRead(
            UUID(request.state.request_id),
            _now(),
            caller.caller_id,
            request.method,
            getattr(request.scope.get("route"), "path", "unmatched"),
            _company(named),
        )
        audit.info(
            "admin_request",
            caller_id=read.caller_id,
            method=read.method,
            route=read.route,
            company_id=str(read.company_id) if read.company_id else None,
            request_id=str(read.request_id),
        )
        if len(self._waiting) < MOST_KEPT:
            self._waiting.append(read)
        else:
            log.error("admin_read_only_in_the_log", request_id=str(read.request_id))

    async def run(self) -> None:
        """Write what was noted, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("admin_reads_not_written", error=type(error).__name__, count=len(self._waiting))

    async def flush(self) -> None:
        """Write what was noted. A row that is there already stays as it is."""
        if not self._waiting:
            return
        noted, self._waiting = self._waiting, []
        try:
            await admin_reads.add(self._pool, noted)
        except BaseException:
            self._waiting = noted + self._waiting
            raise


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)  # as exact as a cursor


async def _named_in_body(request: Request) -> Any:
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return None
    try:
        body = await request.json()  # read for the route already
    except ValueError:
        return None  # it is none, which the route may allow
    return body.get("company_id") if isinstance(body, dict) else None


def _company(named: Any) -> UUID | None:
    try:
        return UUID(named) if isinstance(named, str) else None
    except ValueError:
        return None  # refused by the route
