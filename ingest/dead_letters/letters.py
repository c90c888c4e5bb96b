"""Finding dead letters: by source, kind, error class, state and time, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import asyncpg
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from ingest.failures import ErrorClass

Executor = asyncpg.Pool | asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
State = Literal["waiting", "replayed", "discarded", "gone"]
STATES: tuple[State, ...] = get_args(State)
STREAM = "DEAD_LETTERS"

_COLUMNS = """
letter_id, stored_at, source, kind, message_key, delivery_id, error_class, reason, first_error, attempts,
first_failed_at, died_at, code_version, replay_of, state, letter.settled_at, letter.action_id,
actor as settled_by
"""

_WHERE = """
($1::text is null or source = $1)
and ($2::text is null or kind = $2)
and ($3::text is null or error_class = $3)
and ($4::timestamptz is null or died_at >= $4)
and ($5::timestamptz is null or died_at < $5)
and ($6::bigint[] is null or letter_id = any($6))
"""

_FIND = f"""
select {_COLUMNS}
from ingest.dead_letters as letter
left join ingest.dead_letter_actions using (action_id)
where {_WHERE} and ($7::text is null or state = $7) and ($8::bigint is null or letter_id < $8)
order by letter_id desc
limit $9
"""  # noqa: S608 - both parts are constants

_OF_A_DELIVERY = f"""
select {_COLUMNS}
from ingest.dead_letters as letter
left join ingest.dead_letter_actions using (action_id)
where source = $1 and delivery_id = $2
order by letter_id
"""  # noqa: S608

_COUNT = f"""
select count(*) from ingest.dead_letters where {_WHERE} and state = 'waiting'
"""  # noqa: S608

# Oldest first, and none that another operator has in hand. Letters that died since the start are not chased.
TAKE = f"""
select letter_id from ingest.dead_letters
where {_WHERE} and state = 'waiting' and letter_id <= $7
order by letter_id
limit $8
for update skip locked
"""  # noqa: S608

_SUMMARY = """
select source, kind, error_class, state, count(*) as letter_count, min(died_at) as oldest_died_at
from ingest.dead_letters group by source, kind, error_class, state
order by state = 'waiting' desc, letter_count desc
"""


@dataclass(frozen=True)
class LetterFilter:
    """Which letters; None leaves a side open. `since` is included, `until` is not."""

    source: str | None = None
    kind: str | None = None
    error_class: ErrorClass | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: Sequence[int] | None = None

    def arguments(self) -> tuple[Any, ...]:
        return self.source, self.kind, self.error_class, self.since, self.until, self.ids

    def described(self) -> dict[str, Any]:
        """For the audit: what was asked for, as JSON."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value is not None
        }


@dataclass(frozen=True)
class Letter:
    """One row of the index."""

    letter_id: int
    stored_at: datetime
    source: str
    kind: str
    message_key: str
    delivery_id: str | None
    error_class: str
    reason: str
    first_error: str
    attempts: int
    first_failed_at: datetime
    died_at: datetime
    code_version: str
    replay_of: int | None
    state: State
    settled_at: datetime | None
    action_id: int | None
    settled_by: str | None


async def find(
    executor: Executor,
    wanted: LetterFilter,
    *,
    state: State | None = "waiting",
    before: int | None = None,
    limit: int = 50,
) -> list[Letter]:
    """Letters, newest first; `before` is the last id of the page before."""
    rows = await executor.fetch(_FIND, *wanted.arguments(), state, before, limit)
    return [Letter(**row) for row in rows]


async def get(executor: Executor, letter_id: int) -> Letter | None:
    found = await find(executor, LetterFilter(ids=[letter_id]), state=None)
    return found[0] if found else None


async def of_delivery(executor: Executor, source: str, delivery_id: str) -> list[Letter]:
    return [Letter(**row) for row in await executor.fetch(_OF_A_DELIVERY, source, delivery_id)]


async def count_waiting(executor: Executor, wanted: LetterFilter) -> int:
    count: int = await executor.fetchval(_COUNT, *wanted.arguments())
    return count


async def summary(executor: Executor) -> list[dict[str, Any]]:
    """How many there are of each source, kind, error class and state."""
    return [dict(row) for row in await executor.fetch(_SUMMARY)]


async def original(js: JetStreamContext, letter_id: int) -> RawStreamMsg | None:
    """The letter in the stream, bytes and headers; None when it is gone."""
    try:
        return await js.get_msg(STREAM, seq=letter_id)
    except NotFoundError:
        return None
