"""What would be sent, frozen: an approval sends exactly the bytes that were looked at, or nothing.

A preview of a schedule is of the period it reports next; a preview of a delivery is the delivery. Both
expire when the company's figures are published anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from orchestration.impact_in.auth import UnusableError, sign
from orchestration.impact_in.connectors import connector
from orchestration.impact_in.cron import zone_of
from orchestration.impact_in.orders import RefusedError
from orchestration.impact_in.payloads import changes_between, idempotency_key
from orchestration.impact_in.periods import Period, closed_before, named
from orchestration.impact_in.planning import build

Connection = asyncpg.Connection | PoolConnectionProxy
MASK = "•••"

_SCHEDULE = """
select schedules.*, connections.connector, connections.options, connections.mapping_version,
    connections.base_url, companies.time_zone as company_zone
from impact_in.schedules as schedules
inner join impact_in.connections as connections
    on schedules.company_id = connections.company_id and schedules.platform = connections.platform
inner join ingest.companies as companies on schedules.company_id = companies.company_id
where schedules.schedule_id = $1 and schedules.deleted_at is null
    and ($2::uuid is null or schedules.company_id = $2)
"""
_DELIVERY = """
select deliveries.*, slots.schedule_id, connections.options, connections.base_url,
    coalesce(versions.data_version, 0) > deliveries.data_version as has_moved
from impact_in.scheduled_deliveries as deliveries
inner join impact_in.slots as slots on deliveries.slot_id = slots.slot_id
inner join impact_in.connections as connections
    on deliveries.company_id = connections.company_id and deliveries.platform = connections.platform
left join serving.company_versions as versions on deliveries.company_id = versions.company_id
where deliveries.delivery_id = $1 and ($2::uuid is null or deliveries.company_id = $2)
"""
# Of the same period the correction is against; else of the period before.
_LAST_ACCEPTED = """
select delivery_id, period, body from impact_in.scheduled_deliveries
where company_id = $1 and platform = $2 and status = 'delivered' and period_start <= $3
    and delivery_id is distinct from $4
order by period_start desc, revision desc limit 1
"""
_SAME_PREVIEW = """
select preview_id, created_at from impact_in.previews
where schedule_id = $1 and period = $2 and payload_sha256 = $3 and data_version = $4 and approved_at is null
order by created_at desc limit 1
"""
_KEEP_PREVIEW = """
insert into impact_in.previews (
    schedule_id, company_id, platform, grain, period, connector, mapping_version, data_version, body,
    content_type, payload_sha256, withheld, created_by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning preview_id, created_at
"""


@dataclass(frozen=True)
class Preview:
    """Bytes as they would be sent, and all that one needs to judge them."""

    preview_id: UUID | None
    delivery_id: UUID | None
    schedule_id: UUID
    company_id: UUID
    platform: str
    period: str
    status: str
    url: str
    method: str
    headers: dict[str, str]
    content_type: str
    body: bytes
    payload_sha256: str
    data_version: int
    withheld: tuple[str, ...]
    is_expired: bool
    created_at: datetime
    compared_with: UUID | None
    changes: list[dict[str, Any]]


async def of_schedule(
    connection: Connection, schedule_id: UUID, company_id: UUID | None, period: Period | None, *, actor: str
) -> Preview | None:
    """Freeze what the schedule reports of `period`, else of what closed last; None for an unknown one."""
    row = await connection.fetchrow(_SCHEDULE, schedule_id, company_id)
    if row is None:
        return None
    now = datetime.now(UTC)
    zone = zone_of(row["time_zone"] or row["company_zone"])
    period = period or closed_before(row["grain"], now, zone)
    payload = await build(connection, row, period)
    if payload is None:
        raise RefusedError("no_figures", f"nothing of {period.name} has been published yet")
    version = row["mapping_version"] or connector(row["connector"]).newest
    kept = await connection.fetchrow(
        _SAME_PREVIEW, schedule_id, period.name, payload.sha256, payload.data_version
    )
    if kept is None:
        kept = await connection.fetchrow(
            _KEEP_PREVIEW, schedule_id, row["company_id"], row["platform"], period.grain, period.name,
            row["connector"], version, payload.data_version, payload.body, payload.content_type,
            payload.sha256, list(payload.withheld), actor,
        )  # fmt: skip
    assert kept is not None  # noqa: S101 the insert returns a row
    before, changes = await _compared(
        connection, row["company_id"], row["platform"], period, payload.body, None
    )
    return Preview(
        kept["preview_id"], None, schedule_id, row["company_id"], row["platform"], period.name, "preview",
        *_request(row, idempotency_key(row["company_id"], row["platform"], period.name, 0, payload.sha256)),
        payload.content_type, payload.body, payload.sha256.hex(), payload.data_version, payload.withheld,
        False, kept["created_at"], before, changes,
    )  # fmt: skip


async def of_delivery(connection: Connection, delivery_id: UUID, company_id: UUID | None) -> Preview | None:
    """The bytes of a delivery, frozen when it was made; one that awaits approval is brought up to date."""
    row = await connection.fetchrow(_DELIVERY, delivery_id, company_id)
    if row is None:
        return None
    if row["status"] == "awaiting_approval" and row["has_moved"]:
        await _renew(connection, row)
        row = await connection.fetchrow(_DELIVERY, delivery_id, company_id)
        if row is None:
            return None
    body, period = bytes(row["body"]), named(row["period"])
    before, changes = await _compared(
        connection, row["company_id"], row["platform"], period, body, delivery_id
    )
    return Preview(
        None, delivery_id, row["schedule_id"], row["company_id"], row["platform"], row["period"],
        row["status"], *_request(row, row["idempotency_key"]), row["content_type"], body,
        row["payload_sha256"].hex(), row["data_version"], tuple(row["withheld"]),
        row["status"] == "awaiting_approval" and row["has_moved"], row["created_at"], before, changes,
    )  # fmt: skip


async def _renew(connection: Connection, row: asyncpg.Record) -> None:
    payload = await build(connection, row, named(row["period"]))
    if payload is None:
        return
    await connection.execute(
        "update impact_in.scheduled_deliveries set body = $2, payload_sha256 = $3, data_version = $4,"
        " withheld = $5, idempotency_key = $6 where delivery_id = $1 and status = 'awaiting_approval'",
        row["delivery_id"], payload.body, payload.sha256, payload.data_version, list(payload.withheld),
        idempotency_key(row["company_id"], row["platform"], row["period"], row["revision"], payload.sha256),
    )  # fmt: skip


async def _compared(
    connection: Connection, company_id: UUID, platform: str, period: Period, body: bytes, itself: UUID | None
) -> tuple[UUID | None, list[dict[str, Any]]]:
    before = await connection.fetchrow(_LAST_ACCEPTED, company_id, platform, period.first, itself)
    if before is None:
        return None, []
    return before["delivery_id"], changes_between(bytes(before["body"]), body)


def _request(row: asyncpg.Record, key: str) -> tuple[str, str, dict[str, str]]:
    """Address, method and headers, with every secret masked."""
    how = connector(row["connector"])
    options = how.full_options(orjson.loads(row["options"]))
    path = how.request.path.format_map(options)
    headers = {"Content-Type": how.request.content_type, **how.headers, how.idempotency_header: key}
    steps = how.auth_of(options)
    masked = dict.fromkeys(how.secrets_of(options), MASK)
    try:
        names = sign(
            steps, b"", secrets=masked, options=options, message_id=key, token=MASK, now=time.time()
        ).headers
    except UnusableError:  # a mask is no key of Standard Webhooks
        names = {"webhook-id": key, "webhook-timestamp": MASK, "webhook-signature": MASK}
    shown = {step.header for step in steps if step.kind == "header"} | {"webhook-id"}
    headers |= {name: value if name in shown else MASK for name, value in names.items()}
    return f"{row['base_url'].rstrip('/')}/{path.lstrip('/')}", how.request.method, headers
