"""How much a company may ask in a day and in a month, counted in Postgres without a write per request.

Requests are counted in memory and written together about once a second, when the totals of all processes
are read back. So a process that is killed forgets at most the queries of its last interval, and several
processes together pass a budget by at most what they answer in one.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from serving.queries import usage

log = structlog.get_logger("serving")

FLUSH_S = 1.0
IDLE_COMPANIES = 10_000  # totals are forgotten beyond this many, and read again when a company comes back


@dataclass
class _Usage:
    """A company's totals: what Postgres said last, and what has been answered since."""

    day: date
    day_count: int
    month_count: int


@dataclass(frozen=True)
class Exceeded:
    """A budget that is used up."""

    span: str  # "day" or "month"
    limit: int
    resets_at: datetime

    def wait_s(self, now: datetime) -> int:
        return max(1, math.ceil((self.resets_at - now).total_seconds()))


class QueryBudgets:
    """The budgets of every company that asks this process."""

    def __init__(self, pool: asyncpg.Pool, *, per_day: int, per_month: int) -> None:
        self._pool = pool
        self._per_day, self._per_month = per_day, per_month
        self._totals: dict[UUID, _Usage] = {}
        self._loading: dict[UUID, asyncio.Task[_Usage]] = {}
        self._pending: dict[tuple[UUID, date], int] = {}

    async def take(self, company_id: UUID, now: datetime) -> Exceeded | None:
        """Count one query, unless a budget is used up; then say which. A refused query is not counted."""
        today = now.date()
        totals = self._totals.get(company_id)
        if totals is None or totals.day != today:
            totals = await asyncio.shield(self._load(company_id, today))
        if totals.month_count >= self._per_month:
            return Exceeded("month", self._per_month, _start_of_next_month(today))
        if totals.day_count >= self._per_day:
            return Exceeded("day", self._per_day, _midnight(today + timedelta(days=1)))
        totals.day_count += 1
        totals.month_count += 1
        key = (company_id, today)
        self._pending[key] = self._pending.get(key, 0) + 1
        return None

    async def run(self) -> None:
        """Write what was counted, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                # Kept and written with the next ones; whoever reads in between is told that Postgres is away.
                log.warning("query_usage_not_written", error=type(error).__name__)

    async def flush(self) -> None:
        """Write what was counted, and read back what other processes have added."""
        if not self._pending:
            return
        counted, self._pending = self._pending, {}
        try:
            await usage.add(self._pool, counted)
        except BaseException:
            for key, count in counted.items():
                self._pending[key] = self._pending.get(key, 0) + count
            raise
        for day in {day for _, day in counted}:
            await self._read([company_id for company_id, counted_on in counted if counted_on == day], day)
        if len(self._totals) > IDLE_COMPANIES:
            self._totals.clear()

    def _load(self, company_id: UUID, day: date) -> asyncio.Task[_Usage]:
        """One read per company, however many requests wait for it."""
        task = self._loading.get(company_id)
        if task is None:
            task = self._loading[company_id] = asyncio.create_task(self._remember(company_id, day))
            task.add_done_callback(lambda _: self._loading.pop(company_id))
        return task

    async def _remember(self, company_id: UUID, day: date) -> _Usage:
        await self._read([company_id], day)
        return self._totals[company_id]

    async def _read(self, companies: list[UUID], day: date) -> None:
        found = await usage.read(self._pool, companies, day)
        for company_id in companies:
            day_count, month_count = found.get(company_id, (0, 0))
            # What was answered while Postgres was asked is not in its numbers yet.
            pending = self._pending.get((company_id, day), 0)
            known = self._totals.get(company_id)
            if known is None or known.day <= day:
                self._totals[company_id] = _Usage(day, day_count + pending, month_count + pending)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _start_of_next_month(day: date) -> datetime:
    return _midnight((day.replace(day=28) + timedelta(days=4)).replace(day=1))
