"""From schedules to deliveries: what has come due, and the bytes that follow from it.

Any number of processes may do this at once. A schedule is looked at by one of them, a slot is a unique row,
and a slot's delivery is one too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from asyncpg.pool import PoolConnectionProxy

from ingest.contracts.impact import ImpactScheduleTriggered
from ingest.events import new_event
from ingest.outbox import emit_async
from orchestration.impact_in.claims import GATE
from orchestration.impact_in.connectors import ConnectorError, connector
from orchestration.impact_in.cron import BadZoneError, zone_of
from orchestration.impact_in.figures import figures_of
from orchestration.impact_in.payloads import (
    Payload,
    PayloadError,
    Target,
    changes_between,
    idempotency_key,
    payload_of,
)
from orchestration.impact_in.periods import GRAIN_OF, Period, closed_before, cron_of, due_between, named
from orchestration.impact_in.telling import SOURCE

log = structlog.get_logger(__name__)
Connection = asyncpg.Connection | PoolConnectionProxy

AT_ONCE = 200
LATE = timedelta(hours=1)  # a slot later than this was missed, and the schedule says what happens then
MOST_MISSED = 400
LOOK_AGAIN = timedelta(hours=1)  # for figures of a period that are not there yet
GIVE_UP_AFTER = timedelta(days=3)
CORRECTIONS_APART = timedelta(hours=24)
CORRECTED_FOR = timedelta(days=400)

_SCHEDULES_DUE = """
select schedules.*, companies.time_zone as company_zone,
    {gate} as is_open
from impact_in.schedules as schedules
inner join ingest.companies as companies on schedules.company_id = companies.company_id
where schedules.next_due_at <= $1 and schedules.is_active and schedules.deleted_at is null
order by schedules.next_due_at limit $3 for update of schedules skip locked
""".format(gate=GATE.format(row="schedules", flags="$2"))
_NO_SCHEDULE = """
not exists (select from impact_in.schedules as schedules
    where schedules.company_id = connections.company_id and schedules.platform = connections.platform)
"""
_UNSCHEDULED = f"""
select connections.company_id, companies.time_zone
from impact_in.connections as connections
inner join ingest.companies as companies on connections.company_id = companies.company_id
where connections.platform = $1 and {_NO_SCHEDULE}
"""  # noqa: S608 - constants of this module
_ADD_DEFAULT = f"""
insert into impact_in.schedules (company_id, platform, cadence, cron, grain, next_due_at, created_by)
select company_id, platform, $3, $4, $5, $6, 'environment' from impact_in.connections as connections
where company_id = $1 and platform = $2 and {_NO_SCHEDULE}
"""  # noqa: S608 - constants of this module
_ADD_SLOT = """
insert into impact_in.slots (
    schedule_id, company_id, platform, grain, period, period_start, period_end, due_at, state, reason,
    look_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $8) on conflict do nothing returning slot_id
"""
_PLANNED = """
select slots.*, schedules.requires_approval, connections.connector, connections.options,
    connections.mapping_version
from impact_in.slots as slots
inner join impact_in.schedules as schedules on slots.schedule_id = schedules.schedule_id
inner join impact_in.connections as connections
    on slots.company_id = connections.company_id and slots.platform = connections.platform
where slots.state = 'planned' and slots.look_at <= $1
order by slots.look_at, slots.slot_id limit $2 for update of slots skip locked
"""
# The newest delivery of each slot, where the company's figures have been published anew since it was made.
_OVERTAKEN_SLOTS = """
from impact_in.slots as slots
inner join impact_in.schedules as schedules on slots.schedule_id = schedules.schedule_id
inner join impact_in.connections as connections
    on slots.company_id = connections.company_id and slots.platform = connections.platform
inner join serving.company_versions as versions on slots.company_id = versions.company_id
inner join lateral (
    select * from impact_in.scheduled_deliveries as deliveries
    where deliveries.slot_id = slots.slot_id order by deliveries.revision desc limit 1
) as newest on newest.status = 'delivered' and newest.finished_at < $1::timestamptz - $3::interval
where slots.state = 'filled' and versions.data_version > slots.checked_version
    and schedules.sends_corrections and schedules.is_active and schedules.deleted_at is null
    and slots.due_at > $1::timestamptz - $4::interval
"""
_OVERTAKEN = f"""
select slots.*, schedules.requires_approval, connections.connector, connections.options,
    connections.mapping_version, versions.data_version as published_version,
    newest.delivery_id as newest_id, newest.revision, newest.body as newest_body,
    newest.payload_sha256 as newest_sha256
{_OVERTAKEN_SLOTS} order by slots.slot_id limit $2 for update of slots skip locked
"""
_ANYTHING_DUE = f"""
select exists (select from impact_in.schedules where next_due_at <= $1 and is_active and deleted_at is null)
    or exists (select from impact_in.slots where state = 'planned' and look_at <= $1)
    or exists (
        select from impact_in.scheduled_deliveries as deliveries
        inner join ingest.companies as companies on deliveries.company_id = companies.company_id
        where deliveries.status in ('due', 'retrying', 'sending')
            and greatest(deliveries.next_attempt_at, deliveries.leased_until)
                <= $1::timestamptz + $2::interval
            and {GATE.format(row="deliveries", flags="$5")}
    )
    or exists (
        select from impact_in.connections as connections where platform = any($6) and {_NO_SCHEDULE}
    )
    or exists (select {_OVERTAKEN_SLOTS})
"""  # noqa: S608 - constants of this module
_ADD_DELIVERY = """
insert into impact_in.scheduled_deliveries (
    slot_id, revision, company_id, platform, period, period_start, period_end, connector, mapping_version,
    data_version, body, content_type, payload_sha256, idempotency_key, withheld, corrects, changes, status,
    due_at, approved_by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::jsonb, $18, $19, $20)
on conflict (slot_id, revision) do nothing returning delivery_id
"""


@dataclass(frozen=True)
class Rules:
    """What the environment says of planning."""

    enabled: Sequence[str]
    default_cadences: dict[str, str]


async def plan(pool: asyncpg.Pool, rules: Rules, now: datetime) -> Counter[str]:
    """Everything that is due at `now` becomes slots, and slots become deliveries; counts what was made."""
    counts: Counter[str] = Counter()
    counts["schedules"] = await add_default_schedules(pool, rules, now)
    while await _tick(pool, rules, now, counts):
        pass
    while await _fill(pool, now, counts):
        pass
    while await _correct(pool, now, counts):
        pass
    return counts


async def add_default_schedules(pool: asyncpg.Pool, rules: Rules, now: datetime) -> int:
    """Give every connection that never had a schedule the one its platform has by the environment."""
    added = 0
    for platform, asked in rules.default_cadences.items():
        grain = GRAIN_OF.get(asked)
        cadence, cron = ("cron", asked) if grain is None else (asked, None)
        rule = cron_of(cadence, cron=cron)
        for row in await pool.fetch(_UNSCHEDULED, platform):
            first = next(rule.instants(now, zone_of(row["time_zone"])))
            async with pool.acquire() as connection, connection.transaction():
                # Two processes at once: the second waits here, and its insert sees what the first wrote.
                await connection.execute(
                    "select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 9))",
                    row["company_id"], platform,
                )  # fmt: skip
                status = await connection.execute(
                    _ADD_DEFAULT, row["company_id"], platform, cadence, cron, grain or "month", first
                )
            added += status == "INSERT 0 1"
    return added


async def _tick(pool: asyncpg.Pool, rules: Rules, now: datetime, counts: Counter[str]) -> bool:
    """Slots of some schedules that have come due; False when none is left."""
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_SCHEDULES_DUE, now, list(rules.enabled), AT_ONCE)
        for row in rows:
            try:
                zone = zone_of(row["time_zone"] or row["company_zone"])
            except BadZoneError:
                log.error("impact_schedule_zone_unknown", schedule_id=str(row["schedule_id"]))
                zone = zone_of("UTC")
            rule = cron_of(row["cadence"], hour=row["hour"], cron=row["cron"])
            first = row["next_due_at"]
            due = [first, *islice(due_between(rule, first, now, zone), MOST_MISSED)]
            if row["is_open"]:
                for place, at in enumerate(due):
                    await _slot(connection, row, at, closed_before(row["grain"], at, zone), now, counts,
                                is_newest=place == len(due) - 1)  # fmt: skip
            await connection.execute(
                "update impact_in.schedules set next_due_at = $2 where schedule_id = $1",
                row["schedule_id"], next(rule.instants(max(now, due[-1]), zone)),
            )  # fmt: skip
        return len(rows) == AT_ONCE


async def _slot(
    connection: Connection, schedule: asyncpg.Record, due_at: datetime, period: Period, now: datetime,
    counts: Counter[str], *, is_newest: bool,
) -> None:  # fmt: skip
    is_late = now - due_at > LATE
    is_missed = is_late and (
        schedule["missed"] == "report" or (schedule["missed"] == "latest" and not is_newest)
    )
    slot_id = await connection.fetchval(
        _ADD_SLOT, schedule["schedule_id"], schedule["company_id"], schedule["platform"], period.grain,
        period.name, period.first, period.last, due_at, "missed" if is_missed else "planned",
        f"the scheduler was away at {due_at:%Y-%m-%d %H:%M} UTC" if is_missed else None,
    )  # fmt: skip
    if slot_id is None:
        return
    if is_missed:
        counts["missed"] += 1
        log.error("impact_slot_missed", slot_id=str(slot_id), company_id=str(schedule["company_id"]),
                  platform=schedule["platform"], period=period.name)  # fmt: skip
        return
    counts["slots"] += 1
    await emit_async(connection, new_event(
        ImpactScheduleTriggered(
            schedule_id=schedule["schedule_id"], company_id=schedule["company_id"],
            platform=schedule["platform"], period_start=period.first, period_end=period.last,
            triggered_at=due_at,
        ),
        subject=f"impact-schedule/{schedule['schedule_id']}/{period.first}",
        company_id=schedule["company_id"], source=SOURCE, source_time=due_at, origin=f"impact-in:{slot_id}",
    ))  # fmt: skip


async def _fill(pool: asyncpg.Pool, now: datetime, counts: Counter[str]) -> bool:
    """Deliveries of some slots that wait for one; False when none is left."""
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_PLANNED, now, AT_ONCE)
        for row in rows:
            try:
                async with connection.transaction():
                    payload = await build(connection, row, named(row["period"]))
            except (PayloadError, ConnectorError) as error:
                await _wait(connection, row, str(error), now, counts)
                continue
            except (
                Exception
            ) as error:  # whatever a company's figures are, they stop no other company's report
                log.exception("impact_report_not_built", slot_id=str(row["slot_id"]))
                await _wait(connection, row, f"it could not be built: {type(error).__name__}", now, counts)
                continue
            if payload is None:
                await _wait(connection, row, "nothing of the period has been published", now, counts)
                continue
            status = "awaiting_approval" if row["requires_approval"] else "due"
            await add_delivery(connection, row, payload, status=status)
            counts["deliveries"] += 1
        return len(rows) == AT_ONCE


async def _wait(
    connection: Connection, slot: asyncpg.Record, reason: str, now: datetime, counts: Counter[str]
) -> None:
    """Look at the slot again later; one that waited for long is given up and reported."""
    is_over = now - slot["due_at"] > GIVE_UP_AFTER
    counts["no_data" if is_over else "waiting"] += 1
    await connection.execute(
        "update impact_in.slots set state = $2, reason = $3, look_at = $4 where slot_id = $1",
        slot["slot_id"], "no_data" if is_over else "planned", reason, now + LOOK_AGAIN,
    )  # fmt: skip
    if is_over:
        log.error("impact_slot_without_data", slot_id=str(slot["slot_id"]),
                  company_id=str(slot["company_id"]), platform=slot["platform"],
                  period=slot["period"])  # fmt: skip


async def _correct(pool: asyncpg.Pool, now: datetime, counts: Counter[str]) -> bool:
    """Corrections of accepted deliveries whose numbers have changed since; False when none is left."""
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_OVERTAKEN, now, AT_ONCE, CORRECTIONS_APART, CORRECTED_FOR)
        for row in rows:
            try:
                payload = await build(connection, row, named(row["period"]))
            except (PayloadError, ConnectorError) as error:
                log.warning("impact_correction_not_possible", slot_id=str(row["slot_id"]), reason=str(error))
                payload = None
            if payload is not None and payload.sha256 != bytes(row["newest_sha256"]):
                status = "awaiting_approval" if row["requires_approval"] else "due"
                await add_delivery(
                    connection, row, payload, status=status, revision=row["revision"] + 1,
                    corrects=row["newest_id"], changes=changes_between(bytes(row["newest_body"]),
                    payload.body),
                )  # fmt: skip
                counts["corrections"] += 1
            await connection.execute(
                "update impact_in.slots set checked_version = $2 where slot_id = $1",
                row["slot_id"], row["published_version"],
            )  # fmt: skip
        return len(rows) == AT_ONCE


async def build(connection: Connection, how: asyncpg.Record, period: Period) -> Payload | None:
    """The payload for a row with a connection's columns; None if nothing of the period is published."""
    figures = await figures_of(connection, how["company_id"], period)
    if figures is None:
        return None
    version = how["mapping_version"] or connector(how["connector"]).newest
    target = Target(how["connector"], version, orjson.loads(how["options"]))
    return payload_of(figures, target, company_id=how["company_id"], period=period)


async def add_delivery(
    connection: Connection, slot: Any, payload: Payload, *, status: str, revision: int = 0,
    corrects: UUID | None = None, changes: list[dict[str, Any]] | None = None, approved_by: str | None = None,
) -> UUID | None:  # fmt: skip
    """The delivery of a slot; None if it has that revision already. Needs the caller's transaction."""
    version = slot["mapping_version"] or connector(slot["connector"]).newest
    delivery_id: UUID | None = await connection.fetchval(
        _ADD_DELIVERY, slot["slot_id"], revision, slot["company_id"], slot["platform"], slot["period"],
        slot["period_start"], slot["period_end"], slot["connector"], version, payload.data_version,
        payload.body, payload.content_type, payload.sha256,
        idempotency_key(slot["company_id"], slot["platform"], slot["period"], revision, payload.sha256),
        list(payload.withheld), corrects, None if changes is None else orjson.dumps(changes).decode(),
        status, slot["due_at"] if corrects is None else datetime.now(UTC), approved_by,
    )  # fmt: skip
    await connection.execute(
        "update impact_in.slots set state = 'filled', reason = null, checked_version = $2 where slot_id = $1",
        slot["slot_id"], payload.data_version,
    )  # fmt: skip
    return delivery_id


async def is_anything_due(connection: Connection, rules: Rules, now: datetime, within: timedelta) -> bool:
    """Whether planning or sending would find something to do; one question, answered from indexes."""
    return bool(await connection.fetchval(
        _ANYTHING_DUE, now, within, CORRECTIONS_APART, CORRECTED_FOR, list(rules.enabled),
        list(rules.default_cadences),
    ))  # fmt: skip
