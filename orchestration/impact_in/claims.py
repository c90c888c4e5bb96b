"""Which deliveries are due, and taking some of them so that nobody else sends them meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import orjson

from orchestration.impact_in.connectors import ConnectorError, connector
from orchestration.impact_in.sending import Parcel
from orchestration.impact_in.telling import Report
from orchestration.impact_in.vault import Vault

# A company's own word goes before the platform's flag; what is neither true nor false is no word.
GATE = """
case companies.features #>> array['impactIn', {row}.platform]
    when 'true' then true when 'false' then false else {row}.platform = any({flags}) end
"""
_DUE = (
    """
from impact_in.scheduled_deliveries as deliveries
inner join ingest.companies as companies on deliveries.company_id = companies.company_id
where deliveries.platform = $1 and deliveries.status in ('due', 'retrying', 'sending')
"""
    + f" and {GATE.format(row='deliveries', flags='$2')}"
)
_CLAIM = f"""
with due as (
    select deliveries.delivery_id, deliveries.lease_id is not null as was_left
    {_DUE} and deliveries.next_attempt_at <= clock_timestamp()
    and (deliveries.leased_until is null or deliveries.leased_until < clock_timestamp())
    order by deliveries.next_attempt_at, deliveries.delivery_id limit $3
    for update of deliveries skip locked
),
-- Whoever sent these is gone. An attempt that it left open may have reached the partner.
left_open as (
    select attempt_id, delivery_id from impact_in.attempts
    where delivery_id in (select delivery_id from due where was_left) and finished_at is null
        and decision is null
),
-- One that is locked is being closed, late, with the answer that it got.
given_up as (
    update impact_in.attempts set decision = 'unknown', error_class = 'unknown',
        error = 'the sender ended before the answer was written'
    where attempt_id in (
        select attempt_id from impact_in.attempts where attempt_id in (select attempt_id from left_open)
            and finished_at is null and decision is null for update skip locked
    )
)
update impact_in.scheduled_deliveries as deliveries
set status = 'sending', lease_id = $4, leased_until = clock_timestamp() + $5,
    is_unknown = is_unknown or deliveries.delivery_id in (select delivery_id from left_open)
from due
where deliveries.delivery_id = due.delivery_id
returning deliveries.delivery_id, deliveries.company_id, deliveries.connector, deliveries.body,
    deliveries.payload_sha256, deliveries.idempotency_key, deliveries.corrects, deliveries.period_start,
    deliveries.period_end, deliveries.failure_count, deliveries.attempt_count, deliveries.is_unknown
"""  # noqa: S608 - constants of this module
_NEXT = f"""
select extract(epoch from min(greatest(deliveries.next_attempt_at,
    deliveries.leased_until)) - clock_timestamp())::float8
{_DUE}
"""  # noqa: S608 - constants of this module
_CONNECTIONS = """
select company_id, connector, base_url, options from impact_in.connections
where company_id = any($1) and platform = $2
"""
_POSTPONE = """
update impact_in.scheduled_deliveries
set status = case when failure_count > 0 then 'retrying' else 'due' end, lease_id = null, leased_until = null,
    next_attempt_at = $3
where delivery_id = $1 and lease_id = $2
"""


@dataclass(frozen=True)
class Claimed:
    """A delivery that is this process's to send, until its lease ends."""

    lease_id: UUID
    report: Report
    parcel: Parcel | None  # None: it cannot be sent, and `problem` says why
    problem: str
    payload_sha256: bytes
    failure_count: int
    attempt_count: int
    is_unknown: bool


class Claims:
    """Takes deliveries of one platform."""

    def __init__(
        self, pool: asyncpg.Pool, vault: Vault, platform: str, enabled: Sequence[str], lease: timedelta
    ) -> None:
        self._pool, self._vault, self._platform = pool, vault, platform
        self._enabled, self._lease = list(enabled), lease

    async def take(self, count: int) -> list[Claimed]:
        """Up to `count` that are due, the longest due first, with all that it takes to send them."""
        lease_id = uuid4()
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_CLAIM, self._platform, self._enabled, count, lease_id, self._lease)
            if not rows:
                return []
            companies = list({row["company_id"] for row in rows})
            connections = {
                row["company_id"]: row
                for row in await connection.fetch(_CONNECTIONS, companies, self._platform)
            }
            secrets = await self._vault.open(connection, companies, self._platform)
        return [
            self._claimed(
                lease_id, row, connections.get(row["company_id"]), secrets.get(row["company_id"], {})
            )
            for row in rows
        ]

    async def next_in_s(self) -> float | None:
        """Seconds until the next one is due, or a lease ends; None if nothing waits."""
        seconds: float | None = await self._pool.fetchval(_NEXT, self._platform, self._enabled)
        return seconds

    async def postpone(self, claimed: Claimed, until: datetime) -> None:
        """Give it back untried: the partner takes nothing now."""
        await self._pool.execute(_POSTPONE, claimed.report.delivery_id, claimed.lease_id, until)

    def _claimed(
        self,
        lease_id: UUID,
        row: asyncpg.Record,
        connection: asyncpg.Record | None,
        secrets: Mapping[str, str],
    ) -> Claimed:
        parcel, problem = None, ""
        try:
            # Another connector would be another partner's address for these bytes.
            if connection is None or connection["connector"] != row["connector"]:
                raise ConnectorError(f"the company has no connection by {row['connector']} any more")
            how = connector(row["connector"])
            parcel = Parcel(
                row["delivery_id"], row["company_id"], self._platform, how, connection["base_url"],
                how.full_options(orjson.loads(connection["options"])), secrets, row["body"],
                row["idempotency_key"], row["corrects"],
            )  # fmt: skip
        except ConnectorError as error:
            problem = str(error)
        report = Report(
            row["delivery_id"], row["company_id"], self._platform, row["period_start"], row["period_end"]
        )
        return Claimed(
            lease_id, report, parcel, problem, row["payload_sha256"], row["failure_count"],
            row["attempt_count"], row["is_unknown"],
        )  # fmt: skip


async def waiting_platforms(pool: asyncpg.Pool) -> list[str]:
    """The platforms that have anything to send, now or later."""
    rows = await pool.fetch(
        "select distinct platform from impact_in.scheduled_deliveries"
        " where status in ('due', 'retrying', 'sending') order by platform"
    )
    return [row["platform"] for row in rows]
