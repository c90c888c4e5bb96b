"""What is behind a number, from the warehouse itself: events, and the redacted words that scores rest on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from ingest.stores import StoreSettings, clickhouse_client
from serving.problems import NOT_PUBLISHED, ProblemError, unavailable
from serving.wall import table_filters

# Newest first. The place of the page before is a time and an id, so that arrivals move nothing.
_EVENTS = """
select
    event_id,
    event_type,
    occurred_at,
    nullIf(person_id, toUUID('00000000-0000-0000-0000-000000000000')) as person_id
from {database:Identifier}.metric_evidence
where company_id = {company:UUID} and metric = {metric:String}
  and occurred_at >= {from:DateTime64(3, 'UTC')} and occurred_at < {to:DateTime64(3, 'UTC')}
  and (occurred_at, event_id) < ({before:DateTime64(3, 'UTC')}, {before_id:UUID})
order by occurred_at desc, event_id desc
limit {limit:UInt32}
"""
_SNIPPETS = """
select event_id, snippet from {database:Identifier}.evidence_snippets
where company_id = {company:UUID} and event_id in {events:Array(UUID)} and snippet is not null
"""
# Newest first. Of quarters in which few wrote, nothing is shown at all.
_FEED = """
select
    event_id, text_id, dimension, score, confidence, label, snippet, text_type as source, language,
    model_version, text_sha256, written_at, expires_at
from {database:Identifier}.evidence_snippets
where company_id = {company:UUID} and suppressed_reason is null
  and ({dimension:String} = '' or dimension = {dimension:String})
  and (written_at, event_id) < ({before:DateTime64(3, 'UTC')}, {before_id:UUID})
order by written_at desc, event_id desc
limit {limit:UInt32}
"""
_IS_KNOWN = (
    "select 1 as one from {database:Identifier}.metric_evidence where metric = {metric:String} limit 1"
)
_LIMITS = {"max_execution_time": 5}
_TABLES = ("metric_evidence", "evidence_snippets")
NO_PLACE = (datetime(2299, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True)
class EvidenceQuestion:
    company_id: UUID
    metric: str
    first: datetime
    end: datetime  # excluded
    before: tuple[datetime, UUID]
    limit: int


class Evidence:
    """Asks ClickHouse beside the event loop. A connection per question: few ask, and each reads much."""

    def __init__(self, settings: StoreSettings, database: str) -> None:
        self._settings = settings
        self._database = database
        self._at_once = asyncio.Semaphore(2)

    async def events(self, question: EvidenceQuestion) -> list[dict[str, Any]]:
        """The events of a metric in the stretch of time, newest first."""
        before, before_id = question.before
        found = await self._ask(
            question.company_id,
            _EVENTS,
            {
                "metric": question.metric,
                "from": _time(question.first),
                "to": _time(question.end),
                "before": _time(before),
                "before_id": str(before_id),
                "limit": question.limit,
            },
        )
        return [{**event, "occurred_at": event["occurred_at"].replace(tzinfo=UTC)} for event in found]

    async def snippets(self, company_id: UUID, events: Sequence[UUID]) -> dict[UUID, str]:
        """The words that these events' scores rest on, where they may be shown."""
        if not events:
            return {}
        found = await self._ask(company_id, _SNIPPETS, {"events": [str(event_id) for event_id in events]})
        return {row["event_id"]: row["snippet"] for row in found}

    async def feed(
        self, company_id: UUID, dimension: str | None, before: tuple[datetime, UUID], limit: int
    ) -> list[dict[str, Any]]:
        """What a company's people wrote and how it was scored, newest first."""
        found = await self._ask(
            company_id,
            _FEED,
            {
                "dimension": dimension or "",
                "before": _time(before[0]),
                "before_id": str(before[1]),
                "limit": limit,
            },
        )
        times = ("written_at", "expires_at")
        return [{**row, **{name: row[name].replace(tzinfo=UTC) for name in times}} for row in found]

    async def is_known(self, metric: str) -> bool:
        """Whether any company has an event behind this metric."""
        return bool(await self._ask(None, _IS_KNOWN, {"metric": metric}))

    async def _ask(
        self, company_id: UUID | None, query: str, parameters: dict[str, Any]
    ) -> list[dict[str, Any]]:
        async with self._at_once:
            try:
                return await asyncio.to_thread(self._ask_and_wait, company_id, query, parameters)
            except OperationalError:
                raise unavailable("the warehouse") from None
            except DatabaseError as error:
                if "UNKNOWN_TABLE" in str(error) or "UNKNOWN_DATABASE" in str(error):
                    raise ProblemError(
                        NOT_PUBLISHED,
                        "the warehouse has not been built yet; evidence appears after its first refresh",
                        headers={"Retry-After": "60"},
                    ) from None
                raise

    def _ask_and_wait(
        self, company_id: UUID | None, query: str, parameters: dict[str, Any]
    ) -> list[dict[str, Any]]:
        settings: dict[str, Any] = dict(_LIMITS)
        if company_id is not None:
            parameters = {"company": str(company_id), **parameters}
            settings |= table_filters(self._database, _TABLES, company_id)
        with closing(clickhouse_client(self._settings)) as client:
            found = client.query(
                query, parameters={"database": self._database, **parameters}, settings=settings
            )
            return list(found.named_results())


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
