"""Whether partners hold what is published: of each period that a partner accepted, its bytes against today's.

The bytes a partner accepted last are compared with those that the published figures make now, by the mapping
of then. What differs is a correction that is on its way, or one that was not to be sent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from orchestration.impact_in.connectors import ConnectorError
from orchestration.impact_in.payloads import PayloadError, changes_between
from orchestration.impact_in.periods import named
from orchestration.impact_in.planning import build

Connection = asyncpg.Connection | PoolConnectionProxy
State = Literal["equal", "differs", "being_corrected", "unknown"]
# The last accepted revision of each slot, and whether a later one waits.
_ACCEPTED = """
select distinct on (slots.slot_id) deliveries.delivery_id, deliveries.company_id, deliveries.platform,
    deliveries.period, deliveries.revision, deliveries.connector, deliveries.mapping_version,
    deliveries.body, connections.options,
    exists (
        select from impact_in.scheduled_deliveries as later
        where later.slot_id = slots.slot_id and later.revision > deliveries.revision
    ) as is_being_corrected
from impact_in.slots as slots
inner join impact_in.scheduled_deliveries as deliveries
    on deliveries.slot_id = slots.slot_id and deliveries.status = 'delivered'
inner join impact_in.connections as connections
    on deliveries.company_id = connections.company_id and deliveries.platform = connections.platform
where ($1::uuid is null or slots.company_id = $1) and ($2::text is null or slots.platform = $2)
order by slots.slot_id, deliveries.revision desc
"""


@dataclass(frozen=True)
class Reconciled:
    """One period that a partner has accepted."""

    delivery_id: UUID
    company_id: UUID
    platform: str
    period: str
    revision: int
    state: State  # unknown: no published figures make a document
    changes: tuple[dict[str, Any], ...]  # path, before (theirs), after (published)


async def reconcile(
    connection: Connection, company_id: UUID | None = None, platform: str | None = None
) -> AsyncIterator[Reconciled]:
    """Every period that was accepted, of a company, of a platform. Needs the caller's transaction."""
    async for row in connection.cursor(_ACCEPTED, company_id, platform, prefetch=200):
        try:
            payload = await build(connection, row, named(row["period"]))
        except (PayloadError, ConnectorError):
            payload = None
        changes = [] if payload is None else changes_between(bytes(row["body"]), payload.body)
        state: State = "unknown" if payload is None else "equal"
        if changes:
            state = "being_corrected" if row["is_being_corrected"] else "differs"
        yield Reconciled(
            row["delivery_id"], row["company_id"], row["platform"], row["period"], row["revision"], state,
            tuple(changes),
        )  # fmt: skip
