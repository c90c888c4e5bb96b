"""Of whom something has arrived while no rule says anything new: most people, most of the time.

ClickHouse says what has arrived and what all rules answer now, and Postgres notes it where the answers are
those that it expects. Between the two it stays text: made into values, a thousand people were a fifth of a
second of a core. Whoever is left over is evaluated (`engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.external import ExternalData

from ingest import leases
from orchestration.journey import arrivals
from orchestration.journey.masks import Question
from orchestration.journey.people import Key, Person
from orchestration.journey.states import deadline
from orchestration.journey.timeline import is_settled
from orchestration.journey.versions import Version

_TSV = "TabSeparated"
_COLUMNS = (
    "company_id UUID", "person_id UUID", "row_count UInt64", "all_hash Int64", "last_at String",
    "last_hash Int64",
)  # fmt: skip
_UNKNOWN = r"\N"
# The lock is taken by whoever comes first and nobody waits for it: the other evaluates what is left over, by
# the version it read.
_NOTE = """
with given as (
    select company_id::uuid, person_id::uuid, row_count::bigint, all_hash::bigint,
        last_at::timestamp at time zone 'UTC' as last_at, last_hash::bigint, answers,
        to_timestamp(change::bigint / 1000.0) as change_at
    from unnest(
        $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[]
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
        evaluated_through = known.last_at, next_change_at = least(known.change_at, person.deadline_at, $3)
    from known
    where person.company_id = known.company_id and person.person_id = known.person_id
        and known.row_count = known.arrival_count + 1
        and known.all_hash = known.arrival_hash # known.last_hash
        and known.last_at > known.evaluated_through and known.last_at > $4 and known.last_at <= $2
        and known.answers like known.expects
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

    @property
    def is_ready(self) -> bool:
        """Whether there is a rule to ask about."""
        return bool(self._question.rules)

    def ask(self, clickhouse: ClickHouseClient, keys: Sequence[Key], now: datetime) -> list[tuple[str, ...]]:
        """Per column of `_NOTE`, a text for each of these people."""
        # First what has arrived, then the answers: they may know more than was counted, never less.
        arrived = clickhouse.raw_query(arrivals.OF_EACH, external_data=arrivals.as_table(keys), fmt=_TSV)
        people = ExternalData(file_name="people", data=arrived, fmt="TSV", structure=_COLUMNS)
        answered = self._question.answers(clickhouse, people, now, fmt=_TSV)
        return list(zip(*(line.split("\t") for line in answered.decode().splitlines()), strict=True))

    async def note(
        self, connection: asyncpg.pool.PoolConnectionProxy, columns: Sequence[Sequence[str]], now: datetime
    ) -> tuple[int, list[Key]]:
        """How many were noted, and who is left over; what is said of them is what `ask` said."""
        *columns, changes = columns
        async with connection.transaction():
            await leases.write_async(connection)
            row = await connection.fetchrow(
                _NOTE, self._rules_hash, now, self._next_change_at, now - self._question.shortest, *columns,
                [None if change == _UNKNOWN else change for change in changes],
            )  # fmt: skip
        assert row is not None  # noqa: S101 - an aggregate always has a row
        left_over = map(Key, row["company_ids"] or (), row["person_ids"] or ())
        return row["noted_count"], list(left_over)
