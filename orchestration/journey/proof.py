"""Computes everybody's flags anew from events and compares: what is stored has to be what follows.

Rules whose flags follow their conditions at once are asked of everybody in one statement. Flags with a memory
(hold times, expiry, sticky ones, ones that others clear) are followed through each person's whole past.
People who wait to be evaluated, because something arrived or is due this moment, are counted and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg.rows import tuple_row

from orchestration.journey import activities, arrivals
from orchestration.journey.masks import Question
from orchestration.journey.people import Arrivals, Key
from orchestration.journey.rules.model import Rule
from orchestration.journey.states import Policy
from orchestration.journey.timeline import Past, follow
from orchestration.journey.versions import Version, Versions

BATCH = 500
SHOWN = 20
SETTLED_AFTER = timedelta(minutes=5)  # the engine looks for moved activities every minute
_VERSIONS = "select version_id, definition, effective_from from journey.rule_versions order by version_id"
_PEOPLE = """
select company_id, person_id, arrival_count, arrival_hash, rules_hash, next_change_at, is_asked_for
from journey.people
"""
_SET = "select company_id, person_id, array_agg(flag) from journey.flags where is_set group by 1, 2"
_RAW = """
select
    company_id, person_id, event_id, source_time, loaded_at, 1 as side,
    cityHash64(if(event_type = 'q2q.analyzed', 'q2q.scored', event_type), subject) as subject_key
from raw.events
where person_id != toUUID('00000000-0000-0000-0000-000000000000')
    and event_type in (select 'q2q.analyzed' union distinct select event_type from journey.events)
"""
# What the rules read against what was loaded, both ways, a part of all at a time.
_MISSING = f"""
select count() from (
    select company_id, person_id, event_id from (
        select company_id, person_id, event_id, side from ({_RAW})
        union all
        select company_id, person_id, event_id, 2 as side from journey.events where not is_deleted
    )
    where cityHash64(person_id) % {{buckets:UInt32}} = {{bucket:UInt32}}
    group by company_id, person_id, event_id having uniqExact(side) = 1
)
"""  # noqa: S608 - the text above
# Whose an activity is by its newest version, against who has it; what arrived just now may still be moved.
_MISPLACED = f"""
select count() from (
    select subject_key from (
        select
            subject_key, argMax((company_id, person_id), (source_time, event_id, loaded_at)) as owner,
            1 as side, max(loaded_at) as known_at
        from ({_RAW}) where subject_key % {{buckets:UInt32}} = {{bucket:UInt32}}
        group by subject_key
        union all
        select subject_key, (company_id, person_id) as owner, 2 as side, max(recorded_at) as known_at
        from journey.events where subject_key % {{buckets:UInt32}} = {{bucket:UInt32}}
        group by subject_key, company_id, person_id
        having not argMax(is_deleted, (source_time, event_id, is_deleted))
    )
    group by subject_key
    having sumIf(cityHash64(owner), side = 1) != sumIf(cityHash64(owner), side = 2)
        and max(known_at) < {{settled:DateTime64(6, 'UTC')}}
)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Difference:
    """A flag that is stored as something else than what follows from events and rules."""

    key: Key
    flag: str
    is_set: bool  # as stored

    def __str__(self) -> str:
        stored = "set" if self.is_set else "not set"
        return f"{self.flag} of {self.key.person_id} in company {self.key.company_id} is {stored}"


@dataclass
class Proof:
    """What comparing everything has found."""

    person_count: int = 0
    waiting_count: int = 0  # not compared: an evaluation is on its way
    missing_event_count: int = 0  # in `raw.events` alone, or in `journey.events` alone
    misplaced_count: int = 0  # activities that are with somebody else than their newest version names
    differences: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.differences or self.missing_event_count or self.misplaced_count)


def prove(postgres: psycopg.Connection, clickhouse: ClickHouseClient, now: datetime) -> Proof:
    """Compare the flags of all people with what follows from events and rules as of now."""
    versions = read_versions(postgres)
    counting = versions.in_force(now)
    at_once = [one for one in counting if _follows_at_once(one, counting)]
    question = Question([one.rule for one in at_once])
    of_memory = Versions(
        version for one in counting if one not in at_once for version in versions.of(one.rule.id)
    )
    known, stored = _people(postgres), _set(postgres)
    proof = Proof()
    for bucket in arrivals.buckets(clickhouse):
        proof.missing_event_count += int(clickhouse.query(_MISSING, bucket).result_rows[0][0])
        settled = {**bucket, "settled": (now - SETTLED_AFTER).strftime("%Y-%m-%d %H:%M:%S.%f")}
        proof.misplaced_count += int(clickhouse.query(_MISPLACED, settled).result_rows[0][0])
        arrived = arrivals.of_bucket(clickhouse, bucket)
        keys = [
            key for key in arrived if _is_evaluated(known.get(key), arrived[key], versions.hash_at(now), now)
        ]
        proof.waiting_count += len(arrived) - len(keys)
        proof.person_count += len(keys)
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            follows = _computed(clickhouse, batch, question, at_once, of_memory, counting, now)
            for key in batch:
                both = set(follows[key]) ^ stored.get(key, set())
                proof.differences += [
                    Difference(key, flag, flag not in follows[key]) for flag in sorted(both)
                ]
    return proof


def repair(postgres: psycopg.Connection, proof: Proof) -> int:
    """Have the engine look at everybody again whose flags differ; returns how many people that is."""
    keys = {one.key for one in proof.differences}
    for key in keys:
        postgres.execute("select journey.ask(%s, %s)", key)
    return len(keys)


def note(postgres: psycopg.Connection, proof: Proof, now: datetime) -> None:
    """Leave the result for metrics and alerts."""
    postgres.execute(
        "insert into journey.proofs"
        " (proven_at, person_count, waiting_count, drift_count, missing_event_count, misplaced_count)"
        " values (%s, %s, %s, %s, %s, %s)",
        (
            now, proof.person_count, proof.waiting_count, len(proof.differences), proof.missing_event_count,
            proof.misplaced_count,
        ),
    )  # fmt: skip


def read_versions(postgres: psycopg.Connection) -> Versions:
    rows = postgres.execute(_VERSIONS).fetchall()
    return Versions(Version(one, Rule.model_validate(definition), at) for one, definition, at in rows)


def _follows_at_once(version: Version, counting: list[Version]) -> bool:
    cleared = {flag for one in counting for flag in one.rule.then.clear_flag}
    return version.rule.flag is None or (version.policy == Policy() and version.rule.flag not in cleared)


def _computed(
    clickhouse: ClickHouseClient, keys: list[Key], question: Question, at_once: list[Version],
    of_memory: Versions, counting: list[Version], now: datetime,
) -> Mapping[Key, set[str]]:  # fmt: skip
    """The flags that follow for these people."""
    found: dict[Key, set[str]] = {key: set() for key in keys}
    for key, mask in question.ask(clickhouse, keys, now).items():
        for version, holds in zip(at_once, mask.holds, strict=True):
            if holds and version.rule.flag and version.is_in_force_for(key.company_id):
                found[key].add(version.rule.flag)
    if of_memory.rule_ids:
        for key, known in activities.of_people(clickhouse, keys).items():
            past = Past(key, known)
            lines = follow(of_memory, past, {}, min(past.begins_at or now, now), now)
            for version in counting:
                line = lines.get(version.rule.id)
                if (
                    line
                    and line.state.value
                    and version.rule.flag
                    and version.is_in_force_for(key.company_id)
                ):
                    found[key].add(version.rule.flag)
    return found


def _is_evaluated(row: _Row | None, arrived: Arrivals, rules_hash: str, now: datetime) -> bool:
    return (
        row is not None
        and (row.arrival_count, row.arrival_hash) == (arrived.row_count, arrived.all_hash)
        and row.rules_hash == rules_hash
        and (row.next_change_at is None or row.next_change_at > now)
        and not row.is_asked_for
    )


class _Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    arrival_count: int
    arrival_hash: int
    rules_hash: str
    next_change_at: datetime | None
    is_asked_for: bool


def _people(postgres: psycopg.Connection) -> dict[Key, _Row]:
    return {Key(*row[:2]): _Row(*row[2:]) for row in _rows(postgres, _PEOPLE)}


def _set(postgres: psycopg.Connection) -> dict[Key, set[str]]:
    return {Key(company, person): set(flags) for company, person, flags in _rows(postgres, _SET)}


def _rows(postgres: psycopg.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    with postgres.cursor(row_factory=tuple_row) as cursor:
        yield from cursor.execute(query.encode())
