"""The log of attempts: written before the socket opens and closed after, many at a time.

Whoever opens or closes an attempt returns once it is committed. While one group is being committed the next
one gathers, so that a burst costs a few transactions and a single attempt waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar
from uuid import UUID

import asyncpg

from ingest.events import Event, encode
from ingest.streams import event_subject
from orchestration.impact_in.sending import Answer
from orchestration.impact_in.totals import COUNT_ENDED

MOST = 500
T = TypeVar("T")
R = TypeVar("R")

_OPEN = """
with wanted as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
        as wanted (attempt_id, delivery_id, lease_id, kind, started_at)
),
numbered as (
    update impact_in.scheduled_deliveries as deliveries
    set attempt_count = attempt_count + 1, leased_until = clock_timestamp() + $6
    from wanted
    -- A lease that has ended is still good as long as nobody else has taken the delivery.
    where deliveries.delivery_id = wanted.delivery_id and deliveries.lease_id = wanted.lease_id
    -- By the attempt: one delivery may be in the group twice, under a lease that has ended and a new one.
    returning wanted.attempt_id, deliveries.attempt_count, deliveries.payload_sha256
)
insert into impact_in.attempts (attempt_id, delivery_id, number, kind, started_at, payload_sha256)
select attempt_id, wanted.delivery_id, numbered.attempt_count, wanted.kind, wanted.started_at,
    numbered.payload_sha256
from wanted inner join numbered using (attempt_id)
returning attempt_id, number
"""
_CLOSE = """
update impact_in.attempts as attempts
set finished_at = closed.finished_at, http_status = closed.http_status, latency_ms = closed.latency_ms,
    error_class = closed.error_class, error = closed.error, decision = closed.decision,
    provider_reference = closed.reference
from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::float8[], $5::text[], $6::text[], $7::text[],
    $8::text[]) as closed (attempt_id, finished_at, http_status, latency_ms, error_class, error,
        decision, reference)
where attempts.attempt_id = closed.attempt_id
"""
_SETTLE = f"""
with settled as (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::integer[], $6::boolean[],
        $7::integer[], $8::text[], $9::text[], $10::text[], $11::timestamptz[]) as settled (delivery_id,
        lease_id, status, next_attempt_at, failure_count, is_unknown, http_status, error_class, error,
        reference, ended_at)
),
ended as (
    update impact_in.scheduled_deliveries as deliveries
    set status = settled.status, next_attempt_at = settled.next_attempt_at, lease_id = null,
        leased_until = null, failure_count = settled.failure_count, is_unknown = settled.is_unknown,
        http_status = settled.http_status, error_class = settled.error_class, error = settled.error,
        provider_reference = coalesce(settled.reference, deliveries.provider_reference),
        finished_at = case when settled.status <> 'retrying' then settled.ended_at end
    from settled
    where deliveries.delivery_id = settled.delivery_id and deliveries.lease_id = settled.lease_id
    returning settled.delivery_id, settled.lease_id, deliveries.platform, settled.status as outcome,
        settled.error_class, deliveries.due_at, settled.ended_at
),
counted as ({COUNT_ENDED})
select delivery_id, lease_id from ended
"""  # noqa: S608 - constants of this room
_EMIT = """
insert into ingest.event_outbox (event_id, subject, event)
select * from unnest($1::uuid[], $2::text[], $3::bytea[]) on conflict do nothing
"""


@dataclass(frozen=True)
class Opening:
    attempt_id: UUID
    delivery_id: UUID
    lease_id: UUID
    kind: Literal["send", "read_back"]
    started_at: datetime


@dataclass(frozen=True)
class Settled:
    """What becomes of the delivery after its try."""

    lease_id: UUID
    status: Literal["delivered", "retrying", "failed"]
    next_attempt_at: datetime
    failure_count: int
    is_unknown: bool


@dataclass(frozen=True)
class Closing:
    """An attempt's end, if there was an attempt, and what follows for its delivery, if it is over for now."""

    attempt_id: UUID | None
    delivery_id: UUID
    finished_at: datetime
    answer: Answer
    settled: Settled | None
    events: Sequence[Event]


class Ledger:
    """One per process. `lease` is how long a delivery is kept from others behind an opened attempt."""

    def __init__(self, pool: asyncpg.Pool, lease: timedelta) -> None:
        self._pool = pool
        self._lease = lease
        self._opening = _Grouped[Opening, int | None](self._open)
        self._closing = _Grouped[Closing, bool](self._close)

    async def open(self, opening: Opening) -> int | None:
        """The attempt's number; None if the delivery is somebody else's by now, and must not be sent."""
        return await self._opening.put(opening)

    async def close(self, closing: Closing) -> bool:
        """Whether what follows was written: not if the lease was lost meanwhile."""
        return await self._closing.put(closing)

    async def _open(self, group: Sequence[Opening]) -> list[int | None]:
        rows = await self._pool.fetch(
            _OPEN, [one.attempt_id for one in group], [one.delivery_id for one in group],
            [one.lease_id for one in group], [one.kind for one in group], [one.started_at for one in group],
            self._lease,
        )  # fmt: skip
        numbers = {row["attempt_id"]: int(row["number"]) for row in rows}
        return [numbers.get(one.attempt_id) for one in group]

    async def _close(self, group: Sequence[Closing]) -> list[bool]:
        attempts = [(one.attempt_id, one) for one in group if one.attempt_id is not None]
        settled = [(one.settled, one) for one in group if one.settled is not None]
        async with self._pool.acquire() as connection, connection.transaction():
            # Deliveries before attempts, as claimers lock them: else the two could wait for each other.
            kept: set[tuple[UUID, UUID]] = set()
            if settled:
                rows = await connection.fetch(
                    _SETTLE, [one.delivery_id for _, one in settled], [it.lease_id for it, _ in settled],
                    [it.status for it, _ in settled], [it.next_attempt_at for it, _ in settled],
                    [it.failure_count for it, _ in settled], [it.is_unknown for it, _ in settled],
                    [one.answer.http_status for _, one in settled],
                    [one.answer.error_class for _, one in settled], [one.answer.error for _, one in settled],
                    [one.answer.reference for _, one in settled],
                    [one.finished_at for _, one in settled],
                )  # fmt: skip
                kept = {(row["delivery_id"], row["lease_id"]) for row in rows}
            if attempts:
                await connection.execute(
                    _CLOSE, [attempt_id for attempt_id, _ in attempts],
                    [one.finished_at for _, one in attempts], [one.answer.http_status for _, one in attempts],
                    [one.answer.latency_ms for _, one in attempts],
                    [one.answer.error_class for _, one in attempts],
                    [one.answer.error for _, one in attempts],
                    [one.answer.decision for _, one in attempts],
                    [one.answer.reference for _, one in attempts],
                )  # fmt: skip
            events = [event for one in group if _is_kept(one, kept) for event in one.events]
            if events:
                await connection.execute(
                    _EMIT, [event.id for event in events],
                    [event_subject(event.companyid, event.type) for event in events],
                    [encode(event) for event in events],
                )  # fmt: skip
        return [_is_kept(one, kept) for one in group]


def _is_kept(one: Closing, kept: Set[tuple[UUID, UUID]]) -> bool:
    return one.settled is None or (one.delivery_id, one.settled.lease_id) in kept


class _Grouped(Generic[T, R]):
    """Commits what comes while the commit before is under way, together."""

    def __init__(self, commit: Callable[[Sequence[T]], Awaitable[list[R]]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, item: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        await asyncio.sleep(0)  # whoever is ready in this turn of the loop comes along
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                results = await self._commit([item for item, _ in group])
            except Exception as error:
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(result)
