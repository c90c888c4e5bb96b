"""What is believed of a person's flags: SQL over `journey.*`, and the activities behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import OperationalError

from ingest import leases
from ingest.outbox import emit_async
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey import activities, versions
from orchestration.journey.interpreter import Activity
from orchestration.journey.people import Key
from orchestration.journey.versions import Versions
from orchestration.journey.writing import milestone_event
from serving.problems import PARTICIPANT_NOT_FOUND, ProblemError, unavailable
from serving.wall import Asks

_PERSON = "select evaluated_through from journey.people where company_id = $1 and person_id = $2"
_FLAGS = """
select flag, is_set, value, rule_id, rule_hash, since, expires_at, changed_at, version
from journey.flags where company_id = $1 and person_id = $2 order by flag
"""
_ROW = """
history_id, rule_id, rule_hash, flag, milestone, value, valid_from, recorded_at, revision, cause, is_in_force,
facts, unmet, evidence
"""
# Rows of a higher revision take the place of all that lower ones say about their first moment and after.
# Of rules on trial nothing is shown unless asked for; of one that was in force, also the row that ended it.
_HISTORY = f"""
select * from (select {_ROW}, (
    select min(later.recorded_at) from journey.flag_history as later
    where later.company_id = row.company_id and later.person_id = row.person_id
        and later.rule_id = row.rule_id and later.revision > row.revision
        and later.valid_from <= row.valid_from
        and later.recorded_at <= $3
) as superseded_at, lag(is_in_force, 1, false) over (partition by rule_id order by history_id) as was_in_force
from journey.flag_history as row
where company_id = $1 and person_id = $2 and recorded_at <= $3) as shown
where $5 or is_in_force or was_in_force
order by recorded_at desc, history_id desc limit $4
"""  # noqa: S608 - the columns above
_AT = f"""
select * from (
    select distinct on (rule_id) {_ROW}, null::timestamptz as superseded_at
    from journey.flag_history
    where company_id = $1 and person_id = $2 and recorded_at <= $3 and valid_from <= $4
    order by rule_id, revision desc, valid_from desc
) as believed
where $5 or is_in_force
"""  # noqa: S608
_MILESTONES = """
select
    milestone, reached_at, rule_id, rule_hash, evidence, event_id, recorded_at, recorded_by, reason,
    withdrawn_at
from journey.milestones
where company_id = $1 and person_id = $2 and ($3::text is null or milestone = $3)
order by reached_at, milestone
"""
_RECORD = """
insert into journey.milestones (
    company_id, person_id, milestone, reached_at, evidence, event_id, recorded_at, recorded_by, reason
) values ($1, $2, $3, $4, '{}', $5, $6, $7, $8)
on conflict do nothing returning milestone
"""
_PREVIOUS = """
select milestone from journey.milestones
where company_id = $1 and person_id = $2 and reached_at <= $3 and withdrawn_at is null
order by reached_at desc, milestone limit 1
"""
_VERSION_COUNT = "select count(*) from journey.rule_versions"
BY_HAND = "by_hand"
Answer = TypeVar("Answer")


class Journeys:
    """Asks the warehouse beside the event loop through one connection: a person's activities are few rows."""

    def __init__(self, settings: StoreSettings, pool: asyncpg.Pool) -> None:
        self._settings = settings
        self._pool = pool
        self._turn = asyncio.Lock()
        self._client: ClickHouseClient | None = None
        self._versions: tuple[int, Versions] | None = None

    async def versions(self) -> Versions:
        """The rules on record; read again when there is another version."""
        async with self._pool.acquire() as connection:
            count = await connection.fetchval(_VERSION_COUNT)
            if self._versions is None or self._versions[0] != count:
                self._versions = (count, await versions.read(connection))
        return self._versions[1]

    async def activities(self, key: Key) -> list[Activity]:
        """What the person did, as the warehouse knows it now."""
        return (await self.ask_warehouse(lambda client: activities.of_people(client, [key])))[key]

    async def ask_warehouse(self, question: Callable[[ClickHouseClient], Answer]) -> Answer:
        """The answer of the warehouse to one question at a time, or the problem that it is away."""
        async with self._turn:
            try:
                return await asyncio.to_thread(lambda: question(self._connected()))
            except OperationalError:
                self.close()
                raise unavailable("the warehouse") from None

    def close(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                self._client.close()
            self._client = None

    def _connected(self) -> ClickHouseClient:
        if self._client is None:
            self._client = clickhouse_client(self._settings, connect_timeout=3, send_receive_timeout=10)
        return self._client


async def is_known(pool: Asks, key: Key) -> bool:
    """Whether the company has anything to do with the person, as far as the engine has seen."""
    return await pool.fetchrow(_PERSON, *key) is not None


async def evaluated_through(pool: Asks, key: Key) -> datetime | None:
    return await pool.fetchval(_PERSON, *key)  # type: ignore[no-any-return]


async def flags(pool: Asks, key: Key) -> Sequence[asyncpg.Record]:
    """The flags a person has or has had."""
    return await pool.fetch(_FLAGS, *key)


async def history(
    pool: Asks, key: Key, known_at: datetime, limit: int, *, trials: bool
) -> Sequence[asyncpg.Record]:
    """All that was recorded by then, newest first, with when something else took its place."""
    return await pool.fetch(_HISTORY, *key, known_at, limit, trials)


async def belief(
    pool: Asks, key: Key, known_at: datetime, as_of: datetime, *, trials: bool
) -> Sequence[asyncpg.Record]:
    """What was believed at one time about another: a row per rule that had said anything."""
    return await pool.fetch(_AT, *key, known_at, as_of, trials)


async def milestones(pool: Asks, key: Key, milestone: str | None = None) -> Sequence[asyncpg.Record]:
    return await pool.fetch(_MILESTONES, *key, milestone)


async def record_milestone(
    pool: asyncpg.Pool, key: Key, milestone: str, reached_at: datetime, *, caller: str, reason: str
) -> bool:
    """Record a milestone with its event, in one transaction; False if it was reached before.

    Raises a problem for somebody who has been erased since they were looked up.
    """
    now = datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        await leases.write_async(connection)
        if await connection.fetchval(f"{_PERSON} for key share", *key) is None:
            raise ProblemError(
                PARTICIPANT_NOT_FOUND,
                f"company {key.company_id} has no participant {key.person_id} with activities",
            )
        previous = await connection.fetchval(_PREVIOUS, *key, reached_at)
        event = milestone_event(
            key, milestone, BY_HAND, reached_at, "recorded by a coordinator", previous, now,
            origin="journey:by-hand",
        )  # fmt: skip
        is_new = await connection.fetchval(
            _RECORD, *key, milestone, reached_at, event.id, now, caller, reason
        )
        if is_new is None:
            return False
        await emit_async(connection, event)
        return True


async def ask(pool: asyncpg.Pool, key: Key) -> None:
    """Have the engine look at a person's whole history again."""
    await pool.execute("select journey.ask($1, $2)", *key)


def evidence_of(known: Sequence[Activity], ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """These events with what they are, as far as they are still there."""
    by_id = {one.event_id: one for one in known}
    return [
        {
            "event_id": event_id,
            "event_type": by_id[event_id].event_type if event_id in by_id else None,
            "occurred_at": by_id[event_id].occurred_at if event_id in by_id else None,
        }
        for event_id in ids
    ]
