"""From people about whom something may have changed to what has, written once.

Most have not changed: one statement asks all rules about all of them, and whoever's answers are as before is
done (`resting`). Of the others the activities are read and the moments found at which flags changed. Whose
past changed (a late, corrected or taken back activity, a new rule), of them everything is computed again and
compared with what history says. While all this is read, something may arrive; such a person is taken again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from ingest.tombstones import Tombstones
from orchestration.journey import activities, arrivals, metrics, people, resting, writing
from orchestration.journey.changes import Changes, changes_of
from orchestration.journey.history import Belief, Row, believed
from orchestration.journey.masks import Mask, Question
from orchestration.journey.people import Arrivals, Key, Person, States, Told
from orchestration.journey.resting import Resting
from orchestration.journey.timeline import Past, follow, is_settled
from orchestration.journey.versions import Version, Versions

BATCH = 1_000
# Of people whom no event waits for, fewer at once: the stream gets its turn after them.
FEWER = 200
TRIES = 5
_NOBODY_RESTS = ("due", "rules")  # time or other rules have changed their answers
_BELIEVED = """
select company_id, person_id, rule_id, revision, valid_from, value from journey.flag_history
where (company_id, person_id) in (select * from unnest($1::uuid[], $2::uuid[]))
"""
# Of whom the whole past is looked at, what others see is looked at too, not what the last evaluation left.
_STORED = """
select company_id, person_id, flag, rule_id, value from journey.flags
where is_set and (company_id, person_id) in (select * from unnest($1::uuid[], $2::uuid[]))
"""
Clock = Callable[[], datetime]
Beliefs = Mapping[Key, Mapping[str, Sequence[Belief]]]


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Counting(NamedTuple):
    """The rules of a moment."""

    hash: str
    versions: list[Version]
    question: Question
    next_change_at: datetime | None
    resting: Resting


class _Read(NamedTuple):
    """What is known of a batch of people before anything is computed."""

    people: Mapping[Key, Person]
    arrived: Mapping[Key, Arrivals]


class Engine:
    """One engine. Its ClickHouse client is used by one thread at a time, and people by one call at a time."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        clickhouse: ClickHouseClient,
        versions: Versions,
        clock: Clock = utc_now,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._pool = pool
        self._clickhouse = clickhouse
        self.versions = versions
        self.clock = clock
        self._tombstones = Tombstones() if tombstones is None else tombstones
        self._turn = asyncio.Lock()
        self._counting: _Counting | None = None

    @property
    def rules_hash(self) -> str:
        """Of the rules that count now."""
        return self._rules_of(self.clock()).hash

    async def evaluate(self, keys: Iterable[Key], *, way: str) -> int:
        """Bring these people's flags up to now; returns how many had anything to evaluate."""
        waiting = list(dict.fromkeys(keys))
        count = 0
        while waiting:
            size = BATCH if way == "stream" else FEWER
            some, waiting = waiting[:size], waiting[size:]
            if way not in _NOBODY_RESTS:
                async with self._turn:
                    done, some = await self._rest(some)
                count += done
            for _ in range(TRIES if some else 0):
                async with self._turn:
                    done, some = await self._evaluate(some)
                count += done
                if not some:
                    break
            # Who goes on changing all the time is taken by the next sweep.
        metrics.EVALUATED.labels(way).inc(count)
        return count

    async def _rest(self, keys: Sequence[Key]) -> tuple[int, list[Key]]:
        """How many have something new that changes nothing, which is noted; and who is to be looked at."""
        began, now = time.monotonic(), self.clock()
        ready = self._rules_of(now).resting
        if not ready.is_ready:
            return 0, list(keys)
        lines = await asyncio.to_thread(ready.look, self._clickhouse, keys)
        async with self._pool.acquire() as connection:
            count, lines = await ready.confirm(connection, lines, now)
        left_over: list[Key] = []
        if lines:
            said = await asyncio.to_thread(ready.ask, self._clickhouse, lines, now)
            async with self._pool.acquire() as connection:
                answered, left_over = await ready.note(connection, said, now)
            count += answered
        if not left_over:
            metrics.BATCH_SECONDS.observe(time.monotonic() - began)
        return count, left_over

    async def _evaluate(self, keys: Sequence[Key]) -> tuple[int, list[Key]]:
        """How many were evaluated, and whom somebody else wrote or something arrived of meanwhile."""
        began, now, run_id = time.monotonic(), self.clock(), uuid4()
        counting = self._rules_of(now)
        async with self._pool.acquire() as connection:
            rows = await people.read(connection, keys)
        arrived = await asyncio.to_thread(arrivals.of_people, self._clickhouse, keys)
        waiting = {
            key: row
            for key, row in rows.items()
            if _is_waiting(row, arrived.get(key, Arrivals()), counting, now)
        }
        if not waiting:
            return 0, []
        whole = [
            key for key, row in waiting.items() if _is_whole(row, arrived.get(key, Arrivals()), counting)
        ]
        following = list(waiting.keys() - set(whole))
        parts = [(following, False)] if following else []
        parts += [(whole[start : start + FEWER], True) for start in range(0, len(whole), FEWER)]
        done, again = 0, list[Key]()
        for part, is_whole in parts:
            read = _Read({key: waiting[key] for key in part}, arrived)
            written = await self._bring_up(read, counting, now, run_id, is_whole=is_whole)
            done += len(written)
            again += [key for key in part if key not in written]
        metrics.BATCH_SECONDS.observe(time.monotonic() - began)
        return done, again

    async def _bring_up(
        self, read: _Read, counting: _Counting, now: datetime, run_id: UUID, *, is_whole: bool
    ) -> set[Key]:
        """Compute and write; returns whose changes were written."""
        beliefs: Beliefs | None = None
        if is_whole:
            beliefs = await self._beliefs(list(read.people))
            read = read._replace(people=await self._as_stored(read.people))
        changes = await asyncio.to_thread(self._compute, read, counting, now, beliefs)
        async with self._pool.acquire() as connection, connection.transaction():
            await leases.write_async(connection)
            await self._tombstones.refresh_async(connection)
            # Who was erased while this was computed is done with, and leaves nothing.
            erased = self._tombstones.among("person", {str(one.person.key.person_id) for one in changes})
            done = {one.person.key for one in changes if str(one.person.key.person_id) in erased}
            changes = [one for one in changes if one.person.key not in done]
            written = done | await writing.write(connection, changes, now, run_id)
        metrics.CONFLICTS.inc(len(changes) + len(done) - len(written))
        return written

    def _compute(
        self, read: _Read, counting: _Counting, now: datetime, beliefs: Beliefs | None
    ) -> list[Changes]:
        """What follows for these people; those of whom something arrived meanwhile are left out."""
        keys = list(read.people)
        masks: Mapping[Key, Mask] = {}
        if beliefs is None:
            masks = counting.question.ask(self._clickhouse, keys, now)
        moving = {key: self._moving(read, key, masks.get(key), counting, now) for key in keys}
        known = activities.of_people(
            self._clickhouse,
            [key for key, rules in moving.items() if rules is None or rules],
            self._types_of(moving.values()),
        )
        still = arrivals.of_people(self._clickhouse, keys)
        steady = [key for key in keys if still.get(key) == read.arrived.get(key)]
        found: list[Changes] = []
        for key in steady:
            arrived = read.arrived.get(key, Arrivals())
            row = replace(
                read.people[key], arrival_count=arrived.row_count, arrival_hash=arrived.all_hash,
                rules_hash=counting.hash,
            )  # fmt: skip
            if key in known:
                past = Past(key, known[key])
                changes = self._follow(row, past, now, beliefs, counting, only=moving[key])
                if moving[key] is not None:  # the others may change next as their answers say
                    rest = _at_rest(row, arrived, masks[key], counting, now)
                    changes.person = _both(changes.person, rest)
                found.append(changes)
            else:
                found.append(Changes(_at_rest(row, arrived, masks[key], counting, now)))
        for one in found:
            one.person = resting.known_to_rest(one.person, counting.versions)
        return found

    def _moving(
        self, read: _Read, key: Key, mask: Mask | None, counting: _Counting, now: datetime
    ) -> set[str] | None:
        """The rules that may have changed since the person was evaluated last; None: any of them."""
        row, arrived = read.people[key], read.arrived.get(key, Arrivals())
        if mask is None or (row.next_change_at is not None and row.next_change_at <= now):
            return None
        if not now - counting.question.shortest < arrived.last_at <= now:
            return None
        moving: set[str] = set()
        for version, holds in zip(counting.versions, mask.holds, strict=True):
            standing = row.states.rules.get(version.rule.id)
            if standing is not None and is_settled(version, standing.state):
                continue
            if holds != (standing is not None and standing.state.holds):
                if version.rule.then.clear_flag:
                    return None
                moving.add(version.rule.id)
        return moving

    def _types_of(self, moving: Iterable[set[str] | None]) -> set[str] | None:
        """The types of activity that rules look at which may have changed; None: all."""
        types: set[str] = set()
        for rules in moving:
            if rules is None:
                return None
            for rule_id in rules:
                for version in self.versions.of(rule_id):
                    types.update(name for fact in version.rule.facts.values() for name in fact.event_types)
        return types

    def _follow(
        self, row: Person, past: Past, now: datetime, beliefs: Beliefs | None, counting: _Counting,
        *, only: set[str] | None,
    ) -> Changes:  # fmt: skip
        if beliefs is None:
            states = {rule_id: standing.state for rule_id, standing in row.states.rules.items()}
            lines = follow(self.versions, past, states, row.evaluated_through, now, only=only)
            changes = changes_of(row, self.versions, lines, past, None, now)
        else:
            lines = follow(self.versions, past, {}, min(past.begins_at or now, now), now)
            changes = changes_of(row, self.versions, lines, past, beliefs.get(row.key, {}), now)
        waiting = [one.next_change_at for one in lines.values() if one.next_change_at is not None]
        # An activity of the future counts when its time has come.
        waiting += [one.occurred_at for one in past.activities if one.occurred_at > now]
        if counting.next_change_at is not None:
            waiting.append(counting.next_change_at)
        happened = [one.occurred_at for one in past.activities if one.occurred_at <= now]
        through = max([row.evaluated_through, *happened, *(one.belief.valid_from for one in changes.history)])
        changes.person = replace(
            changes.person, evaluated_through=through, next_change_at=min(waiting, default=None)
        )
        return changes

    async def _beliefs(self, keys: Collection[Key]) -> Beliefs:
        """What history says of these people."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(
                _BELIEVED, [one.company_id for one in keys], [one.person_id for one in keys]
            )
        found: dict[Key, dict[str, list[Row]]] = {}
        for company_id, person_id, rule_id, *row in rows:
            of_rules = found.setdefault(Key(company_id, person_id), {})
            of_rules.setdefault(rule_id, []).append(Row(*row))
        return {
            key: {rule_id: believed(some) for rule_id, some in rules.items()} for key, rules in found.items()
        }

    async def _as_stored(self, rows: Mapping[Key, Person]) -> Mapping[Key, Person]:
        """These people with the flags that others see."""
        async with self._pool.acquire() as connection:
            stored = await connection.fetch(
                _STORED, [one.company_id for one in rows], [one.person_id for one in rows]
            )
        flags: dict[Key, dict[str, Told]] = {key: {} for key in rows}
        for company_id, person_id, flag, rule_id, value in stored:
            flags[Key(company_id, person_id)][flag] = Told(rule_id, msgspec.json.decode(value))
        return {
            key: replace(row, states=States(row.states.rules, flags[key], row.states.milestones))
            for key, row in rows.items()
        }

    def _rules_of(self, now: datetime) -> _Counting:
        rules_hash = self.versions.hash_at(now)
        if self._counting is None or self._counting.hash != rules_hash:
            versions = self.versions.in_force(now)
            question, changes_at = (
                Question([one.rule for one in versions]),
                self.versions.next_change_after(now),
            )
            ready = Resting(question, rules_hash, changes_at)
            self._counting = _Counting(rules_hash, versions, question, changes_at, ready)
        return self._counting


def _is_waiting(row: Person, arrived: Arrivals, counting: _Counting, now: datetime) -> bool:
    is_due = row.next_change_at is not None and row.next_change_at <= now
    return (
        is_due
        or row.is_asked_for
        or row.rules_hash != counting.hash
        or (row.arrival_count, row.arrival_hash) != (arrived.row_count, arrived.all_hash)
    )


def _is_whole(row: Person, arrived: Arrivals, counting: _Counting) -> bool:
    """Whether more may have changed than what follows on the person's last evaluation."""
    if row.is_asked_for or row.rules_hash != counting.hash:
        return True
    if (row.arrival_count, row.arrival_hash) == (arrived.row_count, arrived.all_hash):
        return False
    # One activity has arrived, and it is the one that happened last, after all that was evaluated.
    is_next = (
        arrived.row_count == row.arrival_count + 1
        and arrived.all_hash == row.arrival_hash ^ arrived.last_hash
        and arrived.last_at > row.evaluated_through
    )
    return not is_next


def _at_rest(row: Person, arrived: Arrivals, mask: Mask, counting: _Counting, now: datetime) -> Person:
    """The row of a person for whom nothing has changed but when the next change may come."""
    deadline_at = resting.known_to_rest(row, counting.versions).deadline_at
    waiting = [mask.next_change_at, counting.next_change_at, deadline_at]
    return replace(
        row,
        evaluated_through=max(row.evaluated_through, min(arrived.last_at, now)),
        next_change_at=min((one for one in waiting if one is not None), default=None),
    )


def _both(person: Person, other: Person) -> Person:
    """Of some rules followed and the others at rest, how far they got and when the first may change."""
    waiting = [at for at in (person.next_change_at, other.next_change_at) if at is not None]
    return replace(
        person,
        evaluated_through=max(person.evaluated_through, other.evaluated_through),
        next_change_at=min(waiting, default=None),
    )
