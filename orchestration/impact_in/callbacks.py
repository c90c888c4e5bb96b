"""What partners call back of deliveries moves them: received, retrying, processed or rejected.

`ingest.callbacks` keeps every callback as a row, after its signature was checked. What a delivery's callbacks
come to follows from all of them together, so they may arrive in any order, late, and before the answer that
holds the reference they name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg
import orjson
import structlog
from asyncpg.pool import PoolConnectionProxy

from ingest.contracts.impact import CallbackOutcome
from ingest.outbox import emit_async
from orchestration.impact_in import telling
from orchestration.impact_in.connectors import ConnectorError, connector
from orchestration.impact_in.sending import Answer
from orchestration.impact_in.totals import COUNT_ENDED

log = structlog.get_logger(__name__)
Connection = asyncpg.Connection | PoolConnectionProxy
State = Literal["waiting", "applied", "refused", "unmatched"]

AT_ONCE = 200
LOOK_AGAIN = timedelta(seconds=20)
GIVE_UP_AFTER = timedelta(hours=24)  # an answer that holds the reference is on record long before
CLOCKS = timedelta(minutes=5)  # by which a partner's clock may differ; its signatures may, too
PERIODS_LOOKED_AT = 60
ENDINGS = ("failed", "processed")
_ORDER: dict[CallbackOutcome, int] = {"received": 0, "retrying": 1, "failed": 2, "processed": 3}

_ONE_AT_A_TIME = "select pg_try_advisory_xact_lock(7163202634)"  # any constant: two would wait for each other
_WAITING = """
select * from impact_in.callbacks where state = 'waiting' and look_at <= $1
order by look_at, event_id limit $2
"""
_CANDIDATE = """
select deliveries.delivery_id, deliveries.connector, deliveries.attempt_count, deliveries.period,
    connections.options ->> 'organization_id' as tenant
from impact_in.scheduled_deliveries as deliveries
left join impact_in.connections as connections
    on deliveries.company_id = connections.company_id and deliveries.platform = connections.platform
"""
_BY_ID = f"{_CANDIDATE} where deliveries.platform = $1 and deliveries.delivery_id = $2"
_BY_REFERENCE = f"""
{_CANDIDATE} where deliveries.platform = $1 and deliveries.provider_reference = $2
order by deliveries.created_at desc
"""
_OF_TENANT = f"""
with sent as ({_CANDIDATE}
    where deliveries.platform = $1 and connections.options ->> 'organization_id' = $2
        and deliveries.attempt_count > 0
    order by deliveries.period_start desc, deliveries.revision desc limit $3)
select sent.*, deliveries.body from sent inner join impact_in.scheduled_deliveries as deliveries
    using (delivery_id) order by deliveries.period_start desc, deliveries.revision desc
"""  # noqa: S608 - constants of this module
# A delivery that somebody is writing to is looked at again: waiting here could be waiting for each other.
_DELIVERY = """
select delivery_id, company_id, platform, period_start, period_end, status, is_unknown, attempt_count,
    provider_reference, partner_state, replayed_at, due_at
from impact_in.scheduled_deliveries where delivery_id = $1 for update skip locked
"""
_SAID = """
select event_id, outcome, error_code, occurred_at, received_at from impact_in.callbacks
where delivery_id = $1 and state = 'applied'
"""
_NOTE = """
update impact_in.callbacks set state = $2, reason = $3, look_at = $4, delivery_id = $5 where event_id = $1
"""
_MOVE = f"""
with ended as (
    update impact_in.scheduled_deliveries
    set status = $2, is_unknown = false, error_class = $3, error = $4, partner_state = $5,
        partner_state_at = $6, finished_at = $7
    where delivery_id = $1
    returning platform, status as outcome, error_class, due_at, finished_at as ended_at
)
{COUNT_ENDED}
"""  # noqa: S608 - constants of this room
_STATE = """
update impact_in.scheduled_deliveries set partner_state = $2, partner_state_at = $3 where delivery_id = $1
"""


class Said(NamedTuple):
    """One callback of a delivery."""

    event_id: UUID
    outcome: CallbackOutcome
    error_code: str | None
    occurred_at: datetime
    received_at: datetime


class _NotYetError(Exception):
    """The callback's delivery cannot be told or moved now; it may be later."""


class _NeverError(Exception):
    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state: State = state


def standing(said: Sequence[Said], replayed_at: datetime | None) -> Said | None:
    """The word that counts: the newest that ends the matter, else the newest. Their order does not matter.

    What was said before a replay is no word on what was sent again.
    """
    if replayed_at is not None:
        said = [
            one for one in said if one.received_at > replayed_at and one.occurred_at > replayed_at - CLOCKS
        ]
    endings = [one for one in said if one.outcome in ENDINGS] or said
    return max(endings, key=lambda one: (one.occurred_at, _ORDER[one.outcome], one.event_id), default=None)


async def apply(pool: asyncpg.Pool, now: datetime) -> Counter[str]:
    """Apply every callback that waits; counts what became of them."""
    counts: Counter[str] = Counter()
    is_more = True
    while is_more:
        async with pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_ONE_AT_A_TIME):
                return counts
            rows = await connection.fetch(_WAITING, now, AT_ONCE)
            for row in rows:
                counts[f"callbacks {await _settled(connection, row, now)}"] += 1
            is_more = len(rows) == AT_ONCE
    return counts


async def _settled(connection: Connection, callback: asyncpg.Record, now: datetime) -> State:
    """Apply one callback, or note why not yet, or why never."""
    state: State = "applied"
    reason, look_at = None, now
    delivery: asyncpg.Record | None = None
    try:
        delivery = await _delivery_of(connection, callback)
    except _NotYetError as error:
        is_over = now - callback["received_at"] > GIVE_UP_AFTER
        state, reason, look_at = "unmatched" if is_over else "waiting", str(error), now + LOOK_AGAIN
    except _NeverError as error:
        state, reason = error.state, str(error)
    delivery_id = delivery["delivery_id"] if delivery else None
    await connection.execute(_NOTE, callback["event_id"], state, reason, look_at, delivery_id)
    if delivery is not None:
        await _move(connection, delivery, now)
    elif state != "waiting":
        log.error(
            "impact_callback_not_applied", event_id=str(callback["event_id"]), state=state, reason=reason,
            platform=callback["platform"],
        )  # fmt: skip
    return state


async def _delivery_of(connection: Connection, callback: asyncpg.Record) -> asyncpg.Record:
    """The delivery of a callback, locked: by our id, the partner's reference, or a row of the document."""
    platform, reference = callback["platform"], callback["provider_reference"]
    if callback["named_delivery_id"] is not None:
        found = await connection.fetchrow(_BY_ID, platform, callback["named_delivery_id"])
        if found is None:
            raise _NeverError("unmatched", "there is no delivery of the id it names")
    else:
        found = await connection.fetchrow(_BY_REFERENCE, platform, reference)
        if found is None and callback["provider_tenant"] is not None:
            found = await _by_row(connection, platform, reference, callback["provider_tenant"])
        if found is None:
            raise _NotYetError("no answer of the partner held its reference")
    # One secret signs a platform's callbacks for all companies: what names another company's is refused.
    if None not in (tenants := (callback["provider_tenant"], found["tenant"])) and len(set(tenants)) > 1:
        raise _NeverError("refused", "it names an organization that the delivery is not of")
    if not found["attempt_count"]:
        raise _NeverError("refused", "its delivery has not been sent")
    delivery = await connection.fetchrow(_DELIVERY, found["delivery_id"])
    if delivery is None or delivery["status"] == "sending":
        raise _NotYetError("its delivery is being sent")
    return delivery


async def _by_row(
    connection: Connection, platform: str, reference: str, tenant: str
) -> asyncpg.Record | None:
    """The organization's newest delivery with a row of this id, unless several periods have one."""
    found = [
        row
        for row in await connection.fetch(_OF_TENANT, platform, tenant, PERIODS_LOOKED_AT)
        if reference in _row_ids(row["connector"], bytes(row["body"]))
    ]
    if len({row["period"] for row in found}) > 1:
        raise _NeverError("unmatched", "deliveries of several periods have a row of its id")
    return found[0] if found else None


def _row_ids(name: str, body: bytes) -> set[Any]:
    try:
        rows = connector(name).callback_rows
    except ConnectorError:
        return set()
    if not rows:
        return set()
    document = orjson.loads(body)
    return {item.get(field) for list_name, field in rows.items() for item in document.get(list_name, ())}


async def _move(connection: Connection, delivery: asyncpg.Record, now: datetime) -> None:
    """Bring a delivery to where its callbacks say it stands."""
    delivery_id, before = delivery["delivery_id"], delivery["status"]
    said = [Said(*row) for row in await connection.fetch(_SAID, delivery_id)]
    word = standing(said, delivery["replayed_at"])
    if word is None:
        return
    state = "rejected" if word.outcome == "failed" else word.outcome
    after, error = before, None
    if word.outcome == "failed":
        after = "failed"
        error = "the partner called back that it could not use it"
        error += f": {word.error_code}" if word.error_code else ""
    elif word.outcome == "processed" or delivery["is_unknown"]:
        after = "delivered"  # whatever became of our requests: it has it
    report = telling.Report(*(delivery[name] for name in telling.Report._fields))
    tries, reference = delivery["attempt_count"], delivery["provider_reference"]
    events = []
    if after == before:
        await connection.execute(_STATE, delivery_id, state, word.occurred_at)
    else:
        error_class = "rejected" if error else None
        await connection.execute(
            _MOVE, delivery_id, after, error_class, error, state, word.occurred_at, now
        )  # fmt: skip
        if after == "failed":
            answer = Answer("give_up", None, "rejected", error)
            events += [telling.failed(report, tries, answer, now, None)]
            events += [telling.exhausted(report, tries, answer, now)]
            log.error("impact_delivery_rejected", delivery_id=str(delivery_id), platform=report.platform,
                      company_id=str(report.company_id), error_code=word.error_code)  # fmt: skip
        else:
            events += [telling.succeeded(report, tries, reference, now)]
    if state == "processed" != delivery["partner_state"]:
        events += [telling.confirmed(report, reference, word.occurred_at)]
    await emit_async(connection, *events)
