"""Of whom something has arrived while no rule says anything new: most people, most of the time.

Mostly that is seen from the activity itself, which can only confirm what the rules say of the person
(`confirming`). Of the others ClickHouse says what all rules answer now. Either way Postgres notes it where
the answers are those that it expects. Between the two it stays text: made into values, a thousand people were
a fifth of a second of a core. Whoever is left over is evaluated (`engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from orchestration.journey import arrivals
from orchestration.journey.confirming import expectation, soonest_change
from orchestration.journey.masks import Question
from orchestration.journey.people import Key, Person
from orchestration.journey.states import deadline
from orchestration.journey.timeline import is_settled
from orchestration.journey.versions import Version

_TSV = "TabSeparated"
_UNKNOWN = r"\N"
_COLUMN_COUNT = 6  # of a line of `arrivals.of_each`, up to `last_hash`
# The lock is taken by whoever comes first and nobody waits for it: the other evaluates what is left over, by
# the version it read.
_NOTE = """
with given as (
    select company_id::uuid, person_id::uuid, row_count::bigint, all_hash::bigint,
        last_at::timestamp at time zone 'UTC' as last_at, last_hash::bigint, answers, {change_at} as change_at
    from unnest(
        $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::{change}[]
    ) as given (company_id, person_id, row_count, all_hash, last_at, last_hash, answers, change)
),
known as materialized (
    select given.*, person.arrival_count, person.arrival_hash, person.evaluated_through, person.expects
    from given
    inner join journey.people as person using (company_id, person_id)
    where not person.is_asked_for and person.rules_hash = $1
        and (person.next_change_at is null or person.next_change_at > $2)
    for update of person skip locked
),
done as (
    select company_id, person_id from known where row_count = arrival_count and all_hash = arrival_hash
),
-- One activity has arrived, which happened after all others and so lately that no answer has changed by time
-- since.
noted as (
    update journey.people as person
    set version = person.version + 1, arrival_count = known.row_count, arrival_hash = known.all_hash,
        evaluated_through = known.last_at,
        next_change_at = least({earlier}known.change_at, person.deadline_at, $3)
    from known
    where person.company_id = known.company_id and person.person_id = known.person_id
        and known.row_count = known.arrival_count + 1
        and known.all_hash = known.arrival_hash # known.last_hash
        and known.last_at > known.evaluated_through and known.last_at > $4 and known.last_at <= $2
        and {agrees}
    returning person.company_id, person.person_id
),
left_over as (
    select company_id, person_id from given
    except select company_id, person_id from done
    except select company_id, person_id from noted
)
select (select count(*) from noted) as noted_count, array_agg(company_id) as company_ids,
    array_agg(person_id) as person_ids
from left_over
"""
_NOTE_ANSWERS = _NOTE.format(
    change="text", change_at="to_timestamp(change::bigint / 1000.0)", earlier="",
    agrees="known.answers like known.expects",
)  # fmt: skip
# When an answer may change by time was known before: not later than then, nor than this activity's own time.
_NOTE_CONFIRMED = _NOTE.format(
    change="interval", change_at="last_at::timestamp at time zone 'UTC' + change",
    earlier="person.next_change_at, ", agrees="known.expects ~ known.answers",
)  # fmt: skip


def known_to_rest(person: Person, versions: Sequence[Version]) -> Person:
    """The person with what these rules have to answer for nothing to change, and when it does by itself."""
    expects, deadlines = [], []
    for version in versions:
        standing = person.states.rules.get(version.rule.id)
        if standing is None:
            expects.append("0")
            continue
        # What is reached for good stays, whatever the rule says later.
        expects.append("_" if is_settled(version, standing.state) else f"{standing.state.holds:d}")
        deadlines.append(deadline(standing.state, version.policy))
    return replace(
        person, expects="".join(expects),
        deadline_at=min((one for one in deadlines if one is not None), default=None),
    )  # fmt: skip


class Resting:
    """The rules of a moment, ready to be asked who has changed."""

    def __init__(self, question: Question, rules_hash: str, next_change_at: datetime | None) -> None:
        self._question, self._rules_hash, self._next_change_at = question, rules_hash, next_change_at
        self._expected: dict[str, tuple[str, timedelta | None]] = {}  # by type of activity

    @property
    def is_ready(self) -> bool:
        """Whether there is a rule to ask about."""
        return bool(self._question.rules)

    def look(self, clickhouse: ClickHouseClient, keys: Sequence[Key]) -> list[bytes]:
        """What has arrived of each of these people, and how many versions of the last of it; a line each."""
        return arrivals.with_versions(clickhouse, arrivals.of_each(clickhouse, keys))

    async def confirm(
        self, connection: asyncpg.pool.PoolConnectionProxy, lines: Sequence[bytes], now: datetime
    ) -> tuple[int, list[bytes]]:
        """How many were noted since what has arrived turns no answer, and the lines of the others."""
        columns = _columns(lines)
        *_, types, versions = columns
        expected = [
            self._of_type(event_type) if count == "1" else (None, None)
            for event_type, count in zip(types, versions, strict=True)
        ]
        patterns, lengths = zip(*expected, strict=True)
        count, left_over = await self._note(
            connection, _NOTE_CONFIRMED, columns[:_COLUMN_COUNT], patterns, lengths, now
        )
        others = {(str(one.company_id), str(one.person_id)) for one in left_over}
        return count, [line for line, *key in zip(lines, *columns[:2], strict=True) if tuple(key) in others]

    def ask(
        self, clickhouse: ClickHouseClient, lines: Sequence[bytes], now: datetime
    ) -> list[tuple[str, ...]]:
        """What all rules answer now of the people of these lines; per column of `_NOTE` a text for each."""
        # What has arrived was looked at before: the answers may know more than was counted, never less.
        bare = [line.rpartition(b"\t")[0] for line in lines]
        people = arrivals.lines_as_table(bare)
        return _columns(self._question.answers(clickhouse, people, now, fmt=_TSV).splitlines())

    async def note(
        self, connection: asyncpg.pool.PoolConnectionProxy, columns: Sequence[Sequence[str]], now: datetime
    ) -> tuple[int, list[Key]]:
        """How many were noted, and who is left over; what is said of them is what `ask` said."""
        *_, answers, changes = columns
        moments = [None if change == _UNKNOWN else change for change in changes]
        return await self._note(connection, _NOTE_ANSWERS, columns[:_COLUMN_COUNT], answers, moments, now)

    async def _note(
        self, connection: asyncpg.pool.PoolConnectionProxy, statement: str, arrived: Sequence[Sequence[str]],
        answers: Sequence[str | None], changes: Sequence[str | timedelta | None], now: datetime,
    ) -> tuple[int, list[Key]]:  # fmt: skip
        async with connection.transaction():
            await leases.write_async(connection)
            row = await connection.fetchrow(
                statement, self._rules_hash, now, self._next_change_at, now - self._question.shortest,
                *arrived, answers, changes,
            )  # fmt: skip
        assert row is not None  # noqa: S101 - an aggregate always has a row
        left_over = map(Key, row["company_ids"] or (), row["person_ids"] or ())
        return row["noted_count"], list(left_over)

    def _of_type(self, event_type: str) -> tuple[str, timedelta | None]:
        if event_type not in self._expected:
            rules = self._question.rules
            self._expected[event_type] = expectation(rules, event_type), soonest_change(rules, event_type)
        return self._expected[event_type]


def _columns(lines: Sequence[bytes]) -> list[tuple[str, ...]]:
    return list(zip(*(line.decode().split("\t") for line in lines), strict=True))
