"""What people order of deliveries: approve one, send a failed one again, have a period's report made now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from orchestration.impact_in.claims import GATE
from orchestration.impact_in.cron import zone_of
from orchestration.impact_in.payloads import Payload
from orchestration.impact_in.periods import Period, closed_before, named
from orchestration.impact_in.planning import add_delivery

Connection = asyncpg.Connection | PoolConnectionProxy
Refusal = Literal["no_figures", "sent_already", "expired", "other_bytes", "not_failed", "gate_closed"]

_AWAITING = """
select deliveries.status, deliveries.payload_sha256,
    coalesce(versions.data_version, 0) > deliveries.data_version as has_moved
from impact_in.scheduled_deliveries as deliveries
left join serving.company_versions as versions on deliveries.company_id = versions.company_id
where deliveries.delivery_id = $1 and ($2::uuid is null or deliveries.company_id = $2)
for update of deliveries
"""
_PREVIEWED = """
select previews.*, coalesce(versions.data_version, 0) > previews.data_version as has_moved
from impact_in.previews as previews
left join serving.company_versions as versions on previews.company_id = versions.company_id
where previews.preview_id = $1 and previews.schedule_id = $2
    and ($3::uuid is null or previews.company_id = $3)
for update of previews
"""
_SCHEDULE = f"""
select schedules.*, companies.time_zone as company_zone,
    {GATE.format(row="schedules", flags="$3")} as is_open
from impact_in.schedules as schedules
inner join ingest.companies as companies on schedules.company_id = companies.company_id
where schedules.schedule_id = $1 and schedules.deleted_at is null
    and ($2::uuid is null or schedules.company_id = $2)
"""  # noqa: S608 - constants of this room
_CLAIM_SLOT = """
insert into impact_in.slots (
    schedule_id, company_id, platform, grain, period, period_start, period_end, due_at, look_at)
values ($1, $2, $3, $4, $5, $6, $7, now(), now())
on conflict (company_id, platform, period) do update
set state = 'planned', reason = null, look_at = now() where slots.state <> 'filled'
returning slot_id
"""
# What the partner said of the sending before is no word on the next one.
_REPLAY = """
update impact_in.scheduled_deliveries
set status = 'due', failure_count = 0, next_attempt_at = now(), replayed_by = $1, replayed_at = now(),
    finished_at = null, partner_state = null, partner_state_at = null
where status = 'failed' and ($2::uuid is null or company_id = $2) and ($3::uuid is null or delivery_id = $3)
    and ($4::text is null or period = $4) and ($5::text is null or platform = $5)
returning delivery_id
"""


class RefusedError(Exception):
    """It cannot be done; `kind` says why."""

    def __init__(self, kind: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.kind: Refusal = kind


async def approve_delivery(
    connection: Connection, delivery_id: UUID, company_id: UUID | None, payload_sha256: str, *, actor: str
) -> bool:
    """Let a delivery that awaits approval go, as it was looked at; False for an unknown one."""
    async with connection.transaction():
        row = await connection.fetchrow(_AWAITING, delivery_id, company_id)
        if row is None:
            return False
        if row["status"] != "awaiting_approval":
            raise RefusedError(
                "sent_already", f"delivery {delivery_id} is {row['status']}: nothing to approve"
            )
        _same(row, payload_sha256)
        await connection.execute(
            "update impact_in.scheduled_deliveries set status = 'due', approved_by = $2,"
            " next_attempt_at = now() where delivery_id = $1",
            delivery_id, actor,
        )  # fmt: skip
        return True


async def approve_preview(
    connection: Connection, schedule_id: UUID, company_id: UUID | None, preview_id: UUID, payload_sha256: str,
    *, actor: str,
) -> UUID | None:  # fmt: skip
    """Make a delivery of exactly the previewed bytes; its id, or None for an unknown preview."""
    async with connection.transaction():
        row = await connection.fetchrow(_PREVIEWED, preview_id, schedule_id, company_id)
        if row is None:
            return None
        _same(row, payload_sha256)
        period = named(row["period"])
        slot_id = await _claim_slot(connection, row, period)
        payload = Payload(
            bytes(row["body"]), row["content_type"], row["data_version"], tuple(row["withheld"])
        )
        slot = {**dict(row), "slot_id": slot_id, "period_start": period.first, "period_end": period.last,
                "due_at": datetime.now(UTC)}  # fmt: skip
        delivery_id = await add_delivery(connection, slot, payload, status="due", approved_by=actor)
        await connection.execute(
            "update impact_in.previews set approved_at = now(), approved_by = $2, delivery_id = $3"
            " where preview_id = $1",
            preview_id, actor, delivery_id,
        )  # fmt: skip
        return delivery_id


async def replay(connection: Connection, delivery_id: UUID, company_id: UUID | None, *, actor: str) -> bool:
    """Send a failed delivery again: the same bytes under the same key. False for an unknown one."""
    if await connection.fetchrow(_REPLAY, actor, company_id, delivery_id, None, None) is not None:
        return True
    status = await connection.fetchval(
        "select status from impact_in.scheduled_deliveries"
        " where delivery_id = $1 and ($2::uuid is null or company_id = $2)",
        delivery_id, company_id,
    )  # fmt: skip
    if status is None:
        return False
    raise RefusedError("not_failed", f"delivery {delivery_id} is {status}; only failed ones are replayed")


async def replay_period(
    connection: Connection, company_id: UUID, period: str, platform: str | None, *, actor: str
) -> int:
    """Send again what failed of a company's period, to one platform or all of them; how many that are."""
    return len(await connection.fetch(_REPLAY, actor, company_id, None, period, platform))


async def run_now(
    connection: Connection,
    schedule_id: UUID,
    company_id: UUID | None,
    period: Period | None,
    enabled: list[str],
) -> tuple[UUID, Period] | None:
    """Have a period's report made as if it had come due now; its slot, or None for an unknown schedule."""
    row = await connection.fetchrow(_SCHEDULE, schedule_id, company_id, enabled)
    if row is None:
        return None
    if not row["is_open"]:
        raise RefusedError("gate_closed", f"deliveries to {row['platform']} are off for this company")
    newest = closed_before(row["grain"], datetime.now(UTC), zone_of(row["time_zone"] or row["company_zone"]))
    period = period or newest
    if period.last > newest.last:
        raise RefusedError("no_figures", f"{period.name} is not over yet")
    return await _claim_slot(connection, row, period), period


async def _claim_slot(connection: Connection, schedule: Any, period: Period) -> UUID:
    """The schedule's slot of a period, if nothing was made of it yet."""
    slot_id: UUID | None = await connection.fetchval(
        _CLAIM_SLOT, schedule["schedule_id"], schedule["company_id"], schedule["platform"], period.grain,
        period.name, period.first, period.last,
    )  # fmt: skip
    if slot_id is None:
        raise RefusedError(
            "sent_already",
            f"the report of {period.name} exists already; replay it if it failed. A correction follows"
            " by itself when its numbers change",
        )
    return slot_id


def _same(frozen: asyncpg.Record, looked_at: str) -> None:
    if frozen["has_moved"]:
        raise RefusedError(
            "expired", "the company's figures were published anew since; look at a new preview"
        )
    if frozen["payload_sha256"].hex() != looked_at:
        raise RefusedError(
            "other_bytes", "these are not the bytes that were looked at; look at a new preview"
        )
