"""The commit point: deliveries of concurrent requests go to disk in one Postgres transaction.

While one commit is in flight, the deliveries that arrive meanwhile form the next group, so a busy receiver
shares each fsync among dozens of requests. A lone request waits for nothing; after a group of several, the
next is given some milliseconds to grow, since a commit costs far more than one delivery in it.

The relay is woken from a connection of its own. Postgres lets transactions that notify commit only one after
the other, each with its own sync, and others notify too: Dagster does for each of its events.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

import asyncpg
import structlog

from ingest import tracebacks
from ingest.webhooks import metrics

log = structlog.get_logger(__name__)

INBOX_CHANNEL = "ingest_inbox"  # Postgres NOTIFY channel that wakes the relay
LARGEST_GROUP = 500
LONGEST_PAUSE_S = 0.005  # from the beginning of one commit to the next
PAUSE_PER_DELIVERY_S = 0.0004
WAKE_EVERY_S = 0.01  # at most so often
LARGEST_GROUP_BYTES = 16 << 20
MOST_PENDING = 20_000
MOST_PENDING_BYTES = 256 << 20

# What asyncpg raises when the server is away, refuses, or does not answer in time.
POSTGRES_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"  # the id was accepted before with another body
    KEPT_AS_DEAD_LETTER = "kept"  # the delivery came with a problem; its id is not claimed
    UNCONFIRMED = "unconfirmed"  # Postgres is away or its answer was lost; trying again is safe either way


class InboxOverloadedError(Exception):
    """Too many deliveries wait for their commit. Trying again after a moment helps."""


class Delivery(NamedTuple):
    """One authentic request. `problem` says why it cannot be processed; such a delivery is only kept."""

    source: str
    kind: str
    delivery_id: str
    headers: str  # those that are kept, as JSON
    body: bytes
    problem: str | None
    body_sha256: bytes

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.delivery_id


Done = Callable[[Outcome], None]


_COMMIT = """
with arrived as (
    select *
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bytea[])
        with ordinality as arrived (source, kind, delivery_id, headers, body, problem, body_sha256, position)
),
claimed as (
    insert into ingest.deliveries (source, delivery_id, body_sha256)
    select source, delivery_id, body_sha256 from arrived where problem is null order by source, delivery_id
    on conflict do nothing
    returning source, delivery_id
),
kept as (
    insert into ingest.inbox (source, delivery_id, kind, headers, body, problem)
    select source, delivery_id, kind, headers::jsonb, body, problem
    from arrived left join claimed using (source, delivery_id)
    where claimed.delivery_id is not null or problem is not null
    order by position
)
select source, delivery_id from claimed
"""

_KNOWN = """
select source, delivery_id, body_sha256
from ingest.deliveries
where (source, delivery_id) in (select * from unnest($1::text[], $2::text[]))
"""

# Nothing of it has to be on disk.
_WAKE = f"begin; set local synchronous_commit = off; notify {INBOX_CHANNEL}; commit"

_RECORD_CONFLICTS = """
insert into ingest.delivery_conflicts (source, delivery_id, body_sha256)
select * from unnest($1::text[], $2::text[], $3::bytea[])
"""

_RECORD_DUPLICATES = """
update ingest.deliveries as delivery
set duplicate_count = coalesce(duplicate_count, 0) + repeated.times, last_repeated_at = now()
from (
    select source, delivery_id, count(*) as times from unnest($1::text[], $2::text[])
        as repeated (source, delivery_id)
    group by source, delivery_id order by source, delivery_id
) as repeated
where delivery.source = repeated.source and delivery.delivery_id = repeated.delivery_id
"""


class Inbox:
    """Puts deliveries on disk. One per process; what is put is stored while `run` is running."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self._connect = connect
        self._held = _Held(connect)
        self._pending: deque[tuple[Delivery, Done]] = deque()
        self._pending_bytes = 0
        self._arrived = asyncio.Event()
        self._committed = asyncio.Event()
        self._is_away = False

    @property
    def pending(self) -> int:
        return len(self._pending)

    def put(self, delivery: Delivery, done: Done) -> None:
        """Call `done` once `delivery` is on disk, or was before, or could not be confirmed to be.

        A callback, because a future and the task that awaits it would cost as much as all the rest.
        """
        if (
            len(self._pending) >= MOST_PENDING
            or self._pending_bytes + len(delivery.body) > MOST_PENDING_BYTES
        ):
            raise InboxOverloadedError(f"{len(self._pending)} deliveries wait for their commit")
        self._pending.append((delivery, done))
        self._pending_bytes += len(delivery.body)
        self._arrived.set()

    async def is_ready(self) -> bool:
        """Whether Postgres answers and its inbox is there."""
        try:
            connection = await self._connect()
            try:
                await connection.execute("select from ingest.inbox limit 0")
            finally:
                await connection.close()
        except POSTGRES_AWAY:
            return False
        return True

    async def run(self) -> None:
        """Commit group after group until cancelled."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._commit_groups())
            parts.create_task(self._wake_relay())

    async def _commit_groups(self) -> None:
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                while group := self._next_group():
                    began = time.monotonic()
                    await self._commit(group)
                    pause_s = min(LONGEST_PAUSE_S, len(group) * PAUSE_PER_DELIVERY_S)
                    if len(group) > 1 and (left_s := began + pause_s - time.monotonic()) > 0:
                        await asyncio.sleep(left_s)
        finally:
            self._held.drop()

    async def _wake_relay(self) -> None:
        """Notify after commits. The relay also polls, and so finds what a failure here keeps from it."""
        held = _Held(self._connect)
        try:
            while True:
                await self._committed.wait()
                self._committed.clear()
                try:
                    await (await held.connection()).execute(_WAKE)
                except Exception:  # nothing that happens here may end the commits
                    held.drop()
                await asyncio.sleep(WAKE_EVERY_S)
        finally:
            held.drop()

    def _next_group(self) -> list[tuple[Delivery, Done]]:
        group: list[tuple[Delivery, Done]] = []
        group_bytes = 0
        while self._pending and len(group) < LARGEST_GROUP and group_bytes < LARGEST_GROUP_BYTES:
            put = self._pending.popleft()
            group.append(put)
            group_bytes += len(put[0].body)
        self._pending_bytes -= group_bytes
        return group

    async def _commit(self, group: Sequence[tuple[Delivery, Done]]) -> None:
        metrics.COMMIT_DELIVERIES.observe(len(group))
        try:
            with metrics.COMMIT_SECONDS.time():
                outcomes = await _store(await self._held.connection(), [delivery for delivery, _ in group])
        except Exception as error:  # whatever went wrong, no request is left hanging and none is told 2xx
            # After a lost connection nobody knows whether the commit happened. The sender has to send again,
            # which the delivery id makes safe in both cases.
            self._held.drop()
            if not self._is_away:
                log.warning("inbox unavailable", error=tracebacks.named(error))
            self._is_away = True
            outcomes = [Outcome.UNCONFIRMED] * len(group)
        else:
            if self._is_away:
                log.info("inbox available again")
            self._is_away = False
            self._committed.set()
        for (_, done), outcome in zip(group, outcomes, strict=True):
            try:
                done(outcome)
            except Exception:  # one answer that cannot be given must not cost the others theirs
                log.exception("answer not given")


class _Held:
    """A connection that is kept, and made again after it was lost."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self._connect = connect
        self._held: asyncpg.Connection | None = None

    async def connection(self) -> asyncpg.Connection:
        if self._held is None or self._held.is_closed():
            self._held = await self._connect()
        return self._held

    def drop(self) -> None:
        if self._held is not None:
            self._held.terminate()
            self._held = None


async def _store(connection: asyncpg.Connection, deliveries: Sequence[Delivery]) -> list[Outcome]:
    # Copies of one delivery in one group: the first stands for all, the others are compared with it.
    first: dict[tuple[str, str], Delivery] = {}
    for delivery in deliveries:
        if delivery.problem is None:
            first.setdefault(delivery.key, delivery)
    new = [d for d in deliveries if d.problem is not None or first[d.key] is d]
    claimed = {tuple(row) for row in await connection.fetch(_COMMIT, *zip(*new, strict=True))}
    if len(claimed) == len(deliveries):  # as usual: all of them new and without a problem
        return [Outcome.ACCEPTED] * len(deliveries)
    accepted = {key: delivery.body_sha256 for key, delivery in first.items() if key in claimed}
    known = accepted | await _known_before(connection, [key for key in first if key not in claimed])

    outcomes = []
    for delivery in deliveries:
        if delivery.problem is not None:
            outcomes.append(Outcome.KEPT_AS_DEAD_LETTER)
        elif delivery.key in claimed and first[delivery.key] is delivery:
            outcomes.append(Outcome.ACCEPTED)
        elif known[delivery.key] == delivery.body_sha256:
            outcomes.append(Outcome.DUPLICATE)
        else:
            outcomes.append(Outcome.CONFLICT)
    conflicts = [d for d, outcome in zip(deliveries, outcomes, strict=True) if outcome is Outcome.CONFLICT]
    if conflicts:
        await connection.execute(
            _RECORD_CONFLICTS,
            [d.source for d in conflicts],
            [d.delivery_id for d in conflicts],
            [d.body_sha256 for d in conflicts],
        )
    repeated = [d for d, outcome in zip(deliveries, outcomes, strict=True) if outcome is Outcome.DUPLICATE]
    if repeated:
        await connection.execute(
            _RECORD_DUPLICATES, [d.source for d in repeated], [d.delivery_id for d in repeated]
        )
    return outcomes


async def _known_before(
    connection: asyncpg.Connection, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], bytes]:
    if not keys:
        return {}
    rows = await connection.fetch(_KNOWN, [source for source, _ in keys], [id_ for _, id_ in keys])
    return {(row["source"], row["delivery_id"]): row["body_sha256"] for row in rows}
