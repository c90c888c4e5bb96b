"""Writes what evaluations came to, in one transaction with what others are told of it.

First the people, each under the version that was read; of those whom somebody else wrote meanwhile nothing is
written. So each change is written once and told once, whoever else evaluates and whenever one of them is
killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from uuid import UUID

import msgspec
import structlog

from ingest.contracts import CONTRACTS
from ingest.contracts.base import Contract
from ingest.contracts.orchestration import FlagUpdated, MilestoneReached
from ingest.events import NIL, Event, new_event
from ingest.outbox import emit_async
from orchestration.journey import metrics, people
from orchestration.journey.changes import Began, Changes, FlagChange, HistoryRow, MilestoneChange
from orchestration.journey.outcome import Outcome
from orchestration.journey.people import Connection, Key

log = structlog.get_logger(__name__)

SOURCE = "/journey/engine"
LONGEST_REASON = 500
_Reached = tuple[UUID, UUID, str, datetime]  # company, person, milestone, and when
_HISTORY = (
    "company_id", "person_id", "rule_id", "rule_hash", "flag", "milestone", "value", "valid_from",
    "recorded_at", "revision", "cause", "is_in_force", "facts", "unmet", "evidence", "run_id",
)  # fmt: skip
_FLAG = """
insert into journey.flags as flag (
    company_id, person_id, flag, is_set, value, rule_id, rule_hash, since, expires_at, changed_at
) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10)
on conflict (company_id, person_id, flag) do update set
    is_set = excluded.is_set, value = excluded.value, rule_id = excluded.rule_id,
    rule_hash = excluded.rule_hash, since = excluded.since, expires_at = excluded.expires_at,
    changed_at = excluded.changed_at,
    version = flag.version + 1
"""
# Reached before, by hand or before a withdrawal, it is not reached again: only what led to it may change.
_REACH = """
insert into journey.milestones as milestone (
    company_id, person_id, milestone, reached_at, rule_id, rule_hash, evidence, event_id, recorded_at, reason
)
select
    company_id, person_id, milestone, reached_at, rule_id, rule_hash, evidence::uuid[], event_id, $9, reason
from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::uuid[],
    $10::text[]
) as given (company_id, person_id, milestone, reached_at, rule_id, rule_hash, evidence, event_id, reason)
on conflict (company_id, person_id, milestone) do update set
    reached_at = excluded.reached_at, evidence = excluded.evidence, withdrawn_at = null
    where milestone.recorded_by is null
returning event_id
"""
_PREVIOUS = """
select given.company_id, given.person_id, previous.milestone
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
    as given (company_id, person_id, milestone, reached_at)
cross join lateral (
    select milestone from journey.milestones as known
    where known.company_id = given.company_id and known.person_id = given.person_id
        and known.milestone <> given.milestone and known.reached_at <= given.reached_at
        and known.withdrawn_at is null
    order by known.reached_at desc, known.milestone limit 1
) as previous
"""
_WITHDRAW = """
update journey.milestones set withdrawn_at = $4
where company_id = $1 and person_id = $2 and milestone = $3 and recorded_by is null
"""


async def write(connection: Connection, changes: Sequence[Changes], now: datetime, run_id: UUID) -> set[Key]:
    """Write these changes in the caller's transaction; returns whose were written."""
    written = await people.write(connection, [one.person for one in changes])
    ours = [one for one in changes if one.person.key in written]
    await _write_history(connection, [row for one in ours for row in one.history], now, run_id)
    events: list[Event] = []
    flags = [flag for one in ours for flag in one.flags]
    if flags:
        await connection.executemany(_FLAG, [_flag_row(one, now) for one in flags])
        events += [_flag_event(one, now, run_id) for one in flags if one.is_told]
    events += await _write_milestones(connection, [one.milestones for one in ours], now, run_id)
    events += [event for change in ours for one in change.began for event in own_events(one, now, run_id)]
    if events:
        await emit_async(connection, *events)
    for event in events:
        metrics.EMITTED.labels(event.type).inc()
    return written


async def _write_history(
    connection: Connection, rows: Sequence[HistoryRow], now: datetime, run_id: UUID
) -> None:
    if rows:
        await connection.copy_records_to_table(
            "flag_history", schema_name="journey", columns=_HISTORY,
            records=[_history_row(one, now, run_id) for one in rows],
        )  # fmt: skip
    for one in rows:
        metrics.CHANGES.labels(one.cause).inc()


def _history_row(one: HistoryRow, now: datetime, run_id: UUID) -> tuple[object, ...]:
    rule, outcome = one.version.rule, one.outcome
    return (
        *one.key, rule.id, rule.hash, rule.flag, rule.milestone, one.belief.value, one.belief.valid_from, now,
        one.revision, one.cause, one.is_in_force, _json(outcome.facts if outcome else {}),
        _json([item._asdict() for item in outcome.unmet] if outcome else []),
        list(outcome.evidence) if outcome else [], run_id,
    )  # fmt: skip


def _flag_row(one: FlagChange, now: datetime) -> tuple[object, ...]:
    return (
        *one.key, one.flag, one.is_set, _json(one.value), one.version.rule.id, one.version.rule.hash,
        one.since, one.expires_at, now,
    )  # fmt: skip


def _flag_event(one: FlagChange, now: datetime, run_id: UUID) -> Event:
    company_id = _company(one.key)
    return new_event(
        FlagUpdated(
            user_id=one.key.person_id, company_id=company_id, rule_id=one.version.rule.id, flag=one.flag,
            value=one.value, previous_value=one.previous_value, reason=one.reason[:LONGEST_REASON],
            evaluated_at=now,
        ),
        subject=f"flag/{company_id or '_'}/{one.key.person_id}/{one.flag}",
        company_id=company_id,
        source=SOURCE,
        source_time=now,
        origin=f"journey:{run_id}",
    )  # fmt: skip


async def _write_milestones(
    connection: Connection, of_people: Iterable[Sequence[MilestoneChange]], now: datetime, run_id: UUID
) -> list[Event]:
    """The events to send: none for a milestone that was reached before, or is withdrawn."""
    events: list[Event] = []
    # Everybody's first, then everybody's second: what came before a person's second one may be the first.
    for some in zip_longest(*of_people):
        changes: list[MilestoneChange] = [one for one in some if one is not None]
        if lost := [one for one in changes if one.reached_at is None]:
            await connection.executemany(_WITHDRAW, [(*one.key, one.milestone, now) for one in lost])
        reached: dict[_Reached, MilestoneChange] = {
            (one.key.company_id, one.key.person_id, one.milestone, one.reached_at): one
            for one in changes
            if one.reached_at is not None
        }
        if reached:
            events += await _reach(connection, reached, now, run_id)
    return events


async def _reach(
    connection: Connection, reached: Mapping[_Reached, MilestoneChange], now: datetime, run_id: UUID
) -> list[Event]:  # fmt: skip
    """Write one milestone each of some people; the events of those that nobody had reached before."""
    columns = [list(column) for column in zip(*reached, strict=True)]
    previous = {Key(*row[:2]): row[2] for row in await connection.fetch(_PREVIOUS, *columns)}
    events = [
        milestone_event(
            one.key, one.milestone, one.version.rule.id, reached_at, one.reason, previous.get(one.key), now,
            origin=f"journey:{run_id}", outcome=one.outcome,
        )
        for (*_, reached_at), one in reached.items()
    ]  # fmt: skip
    ones = list(reached.values())
    written = await connection.fetch(
        _REACH, *columns, [one.version.rule.id for one in ones], [one.version.rule.hash for one in ones],
        [f"{{{','.join(map(str, one.outcome.evidence if one.outcome else ()))}}}" for one in ones],
        [event.id for event in events], now, [one.reason[:LONGEST_REASON] for one in ones],
    )  # fmt: skip
    new = {row["event_id"] for row in written}
    return [event for event in events if event.id in new]


def milestone_event(
    key: Key, milestone: str, rule_id: str, reached_at: datetime, reason: str, previous: str | None,
    now: datetime, *, origin: str, outcome: Outcome | None = None,
) -> Event:  # fmt: skip
    """`orchestration.milestone.reached`; its cause is the newest event behind it."""
    company_id = _company(key)
    return new_event(
        msgspec.convert(
            {
                "userId": key.person_id, "ruleId": rule_id, "milestone": milestone,
                "reason": reason[:LONGEST_REASON], "reachedAt": reached_at,
                **({"previousMilestone": previous} if previous else {}),
            },
            MilestoneReached,
        ),
        subject=f"milestone/{company_id or '_'}/{key.person_id}/{milestone}",
        company_id=company_id,
        source=SOURCE,
        source_time=now,
        origin=origin,
        causation_id=str(outcome.evidence[0]) if outcome and outcome.evidence else None,
    )  # fmt: skip


def own_events(one: Began, now: datetime, run_id: UUID) -> list[Event]:
    """The events that a rule asks for beside the flag's; one that its contract does not allow is left out."""
    events = []
    for asked in one.version.rule.then.emit_event:
        contract = CONTRACTS.get(asked.event)
        try:
            if contract is None:
                raise msgspec.ValidationError("there is no such event")
            company_id = _company(one.key)
            known = {
                "userId": one.key.person_id, "companyId": company_id, "ruleId": one.version.rule.id,
                "reason": one.reason[:LONGEST_REASON], _wire_name(contract, contract.time): one.at,
            }  # fmt: skip
            data = msgspec.convert({**known, **asked.payload}, contract.data)
        except msgspec.ValidationError as error:
            rule_id = one.version.rule.id
            log.error(
                "rule asks for an impossible event",
                rule_id=rule_id,
                event_type=asked.event,
                reason=str(error),
            )
            continue
        events.append(
            new_event(
                data,
                subject=f"rule/{company_id or '_'}/{one.key.person_id}/{one.version.rule.id}",
                company_id=company_id,
                source=SOURCE,
                source_time=now,
                origin=f"journey:{run_id}",
            )
        )
    return events


def _wire_name(contract: Contract, name: str) -> str:
    fields = contract.data.__struct_fields__
    return contract.data.__struct_encode_fields__[fields.index(name)]


def _company(key: Key) -> UUID | None:
    return None if key.company_id == NIL else key.company_id


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
