"""Deliveries to CSR suites: what was sent, previews, replays, and how promises are kept."""

from __future__ import annotations

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
import structlog
from fastapi import APIRouter, Query, Request, Response

from orchestration.impact_in import orders, previews
from orchestration.impact_in.connectors import ConnectorError
from orchestration.impact_in.payloads import PayloadError
from orchestration.impact_in.periods import Period, named
from serving.auth import CallersPool, own_or_asked
from serving.credentials import Caller
from serving.dependencies import ReadPool
from serving.openapi import IMPACT_IN_ACT_PROBLEMS, IMPACT_IN_PROBLEMS, IMPACT_IN_READ_PROBLEMS
from serving.parameters import Instant
from serving.permissions import AnalyticsReader, allowed
from serving.problems import (
    NOTHING_TO_SEND,
    PREVIEW_EXPIRED,
    REPORT_NOT_REPEATED,
    SCHEDULED_NOT_FOUND,
    ProblemError,
    invalid_parameter,
)
from serving.queries import impact_in
from serving.routers.impact_in_schemas import (
    PLATFORM,
    Approval,
    ApprovalOrder,
    Attempt,
    BulkReplay,
    BulkReplayOrder,
    Callback,
    Change,
    Delivery,
    DeliveryPage,
    DeliveryQuery,
    DeliveryWithAttempts,
    PlatformSla,
    PlatformStats,
    Preview,
    SlaStatus,
    Stats,
    Timeline,
    TimelineDay,
)
from serving.wall import Asks

router = APIRouter(prefix="/v1/impact-in", tags=["impact-in"])
audit = structlog.get_logger("audit")

PROMISE = {
    "success_share": 0.98, "success_share_warning": 0.95, "latency_p95_s": 300.0, "retry_success_share": 0.90,
    "consecutive_failures_count": 3.0,
}  # fmt: skip
MOST_AT_ONCE = 100
_CURSOR = struct.Struct(">q16s")  # microseconds since 1970, delivery id
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


Manager = Annotated[Caller, allowed("report:create")]
Since = Annotated[Instant | None, Query(alias="from", description="Without it, the last 30 days.")]
ForCompany = Annotated[
    UUID | None, Query(alias="companyId", description="For administrators of the platform.")
]
PlatformFilter = Annotated[str | None, Query(pattern=PLATFORM, examples=["benevity"])]


@router.get("/deliveries", responses=IMPACT_IN_PROBLEMS)
async def list_deliveries(
    caller: AnalyticsReader, pool: CallersPool, query: Annotated[DeliveryQuery, Query()]
) -> DeliveryPage:
    """Deliveries, newest first."""
    found = await impact_in.find(
        pool,
        impact_in.DeliveryFilter(
            own_or_asked(caller, query.company_id), query.platform,
            [str(one) for one in query.status] if query.status else None, query.period, query.since,
            query.until, _read_cursor(query.cursor) if query.cursor else None,
        ),
        query.limit + 1,
    )  # fmt: skip
    page = found[: query.limit]
    return DeliveryPage(
        items=[Delivery(**dict(row)) for row in page],
        next_cursor=_write_cursor(page[-1]) if len(found) > query.limit else None,
    )


@router.get("/deliveries/stats", responses=IMPACT_IN_PROBLEMS)
async def get_stats(
    caller: AnalyticsReader, pool: CallersPool, since: Since = None, company_id: ForCompany = None
) -> Stats:
    """How many deliveries there are, per platform and status."""
    start = since or _month_ago()
    rows = await impact_in.stats(pool, own_or_asked(caller, company_id), start)
    return Stats(since=start, items=[PlatformStats(**dict(row)) for row in rows])


@router.post("/deliveries/bulk-replay", responses=IMPACT_IN_PROBLEMS)
async def replay_deliveries(
    caller: Manager, pool: ReadPool, order: BulkReplayOrder, company_id: ForCompany = None
) -> BulkReplay:
    """Send failed deliveries again, up to 100: those named, or those that match. Each under its own key."""
    company = own_or_asked(caller, company_id)
    if order.delivery_ids is not None:
        chosen = order.delivery_ids
    else:
        wanted = impact_in.DeliveryFilter(company, order.platform, ["failed"], order.period, None, None, None)
        chosen = [row["delivery_id"] for row in await impact_in.find(pool, wanted, MOST_AT_ONCE)]
    replayed: list[UUID] = []
    refused: dict[UUID, str] = {}
    async with pool.acquire() as connection:
        trial = connection.transaction() if order.dry_run else None
        if trial is not None:  # does it all, and takes it back
            await trial.start()
        for delivery_id in dict.fromkeys(chosen):
            try:
                if await orders.replay(connection, delivery_id, company, actor=caller.caller_id):
                    replayed.append(delivery_id)
                else:
                    refused[delivery_id] = "there is no such delivery"
            except orders.RefusedError as error:
                refused[delivery_id] = str(error)
        if trial is not None:
            await trial.rollback()
    if replayed and not order.dry_run:
        audit.info("deliveries_replayed", caller_id=caller.caller_id, count=len(replayed))
    return BulkReplay(replayed=replayed, refused=refused)


@router.get("/deliveries/{delivery_id}", responses=IMPACT_IN_READ_PROBLEMS)
async def get_delivery(caller: AnalyticsReader, pool: CallersPool, delivery_id: UUID) -> DeliveryWithAttempts:
    """One delivery with every request that was made for it, and what the partner called back."""
    row = await _delivery(pool, delivery_id, caller)
    requests = await impact_in.attempts(pool, delivery_id)
    callbacks = await impact_in.callbacks(pool, delivery_id)
    changes = None if row["changes"] is None else [Change(**one) for one in orjson.loads(row["changes"])]
    fields = {name: value for name, value in row.items() if name != "changes"}
    return DeliveryWithAttempts(
        **fields, changes=changes, attempts=[Attempt(**dict(one)) for one in requests],
        callbacks=[Callback(**dict(one)) for one in callbacks],
    )  # fmt: skip


@router.get(
    "/deliveries/{delivery_id}/payload",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The bytes, as they were sent."},
        **IMPACT_IN_READ_PROBLEMS,
    },
)
async def get_payload(caller: AnalyticsReader, pool: CallersPool, delivery_id: UUID) -> Response:
    """What was sent, byte for byte; of SOAP without its security header, which held a secret."""
    row = await _delivery(pool, delivery_id, caller)
    headers = {
        "X-Payload-SHA256": row["payload_sha256"], "X-Data-Version": str(row["data_version"]),
        "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{delivery_id}"',
    }  # fmt: skip
    return Response(bytes(row["body"]), media_type="application/octet-stream", headers=headers)


@router.get("/delivery-timeline", responses=IMPACT_IN_PROBLEMS)
async def get_timeline(
    caller: AnalyticsReader,
    pool: CallersPool,
    since: Since = None,
    platform: PlatformFilter = None,
    company_id: ForCompany = None,
) -> Timeline:
    """What was delivered and what failed, day by day in UTC."""
    start = since or _month_ago()
    rows = await impact_in.timeline(pool, own_or_asked(caller, company_id), start, platform)
    return Timeline(since=start, items=[TimelineDay(**dict(row)) for row in rows])


@router.get("/sla-status", responses=IMPACT_IN_PROBLEMS)
async def get_sla_status(
    caller: AnalyticsReader, pool: CallersPool, since: Since = None, company_id: ForCompany = None
) -> SlaStatus:
    """Whether deliveries keep what was promised, per platform."""
    start = since or _month_ago()
    rows = await impact_in.sla(pool, own_or_asked(caller, company_id), start)
    return SlaStatus(since=start, promise=PROMISE, items=[judged(row) for row in rows])


@router.get("/scheduled/{scheduled_id}/preview", responses=IMPACT_IN_ACT_PROBLEMS)
async def preview(
    response: Response,
    caller: AnalyticsReader,
    pool: ReadPool,
    scheduled_id: UUID,
    period: Annotated[
        str | None, Query(max_length=10, description="Of a schedule; else what closed last.")
    ] = None,
) -> Preview:
    """What a schedule would send, or what a delivery is: frozen bytes, their hash, and what has changed."""
    response.headers["Cache-Control"] = "no-store"
    wanted = period_named(period)
    async with pool.acquire() as connection:
        try:
            found = await previews.of_delivery(
                connection, scheduled_id, caller.company_id
            ) or await previews.of_schedule(
                connection, scheduled_id, caller.company_id, wanted, actor=caller.caller_id
            )
        except (orders.RefusedError, PayloadError, ConnectorError) as error:
            raise refused(error) from error
    if found is None:
        raise _unknown(scheduled_id)
    fields = {**vars(found), "body": found.body.decode()}
    return Preview(**{**fields, "withheld": list(found.withheld)})


@router.post("/scheduled/{scheduled_id}/approve", responses=IMPACT_IN_ACT_PROBLEMS)
async def approve(caller: Manager, pool: ReadPool, scheduled_id: UUID, order: ApprovalOrder) -> Approval:
    """Send exactly the bytes that were looked at; refused if the figures have moved since."""
    async with pool.acquire() as connection:
        try:
            if order.preview_id is not None:
                delivery_id = await orders.approve_preview(
                    connection, scheduled_id, caller.company_id, order.preview_id, order.payload_sha256,
                    actor=caller.caller_id,
                )  # fmt: skip
            else:
                is_known = await orders.approve_delivery(
                    connection, scheduled_id, caller.company_id, order.payload_sha256, actor=caller.caller_id
                )
                delivery_id = scheduled_id if is_known else None
        except orders.RefusedError as error:
            raise refused(error) from error
    if delivery_id is None:
        raise _unknown(scheduled_id)
    audit.info("delivery_approved", caller_id=caller.caller_id, delivery_id=str(delivery_id))
    return Approval(delivery_id=delivery_id)


@router.post("/scheduled/{scheduled_id}/replay", responses=IMPACT_IN_ACT_PROBLEMS)
async def replay(
    request: Request, caller: Manager, pool: ReadPool, seen: CallersPool, scheduled_id: UUID
) -> Delivery:
    """Send a failed delivery again: the same bytes under the same key, so that it cannot count twice."""
    async with pool.acquire() as connection:
        try:
            is_known = await orders.replay(
                connection, scheduled_id, caller.company_id, actor=caller.caller_id
            )
        except orders.RefusedError as error:
            raise refused(error) from error
    if not is_known:
        raise _unknown(scheduled_id)
    audit.info("delivery_replayed", caller_id=caller.caller_id, delivery_id=str(scheduled_id))
    return Delivery(**dict(await _delivery(seen, scheduled_id, caller)))


def refused(error: Exception) -> ProblemError:
    """The problem behind what a room refuses."""
    kinds = {"expired": PREVIEW_EXPIRED, "other_bytes": PREVIEW_EXPIRED, "no_figures": NOTHING_TO_SEND,
             "sent_already": REPORT_NOT_REPEATED, "not_failed": REPORT_NOT_REPEATED,
             "gate_closed": NOTHING_TO_SEND}  # fmt: skip
    kind = (
        kinds.get(error.kind, NOTHING_TO_SEND) if isinstance(error, orders.RefusedError) else NOTHING_TO_SEND
    )
    return ProblemError(kind, str(error))


def period_named(name: str | None) -> Period | None:
    """The period of a name; a problem if it is none."""
    if name is None:
        return None
    try:
        return named(name)
    except ValueError:
        raise invalid_parameter(
            "period", "give a period such as 2026-09, 2026-Q3, 2026-W39 or 2026-09-30"
        ) from None


async def _delivery(pool: Asks, delivery_id: UUID, caller: Caller) -> asyncpg.Record:
    row = await impact_in.get(pool, delivery_id, caller.company_id)
    if row is None:
        raise _unknown(delivery_id)
    return row


def _unknown(scheduled_id: UUID) -> ProblemError:
    return ProblemError(SCHEDULED_NOT_FOUND, f"there is no schedule or delivery {scheduled_id}")


def judged(row: dict[str, object]) -> PlatformSla:
    """What a platform's counts say of the promises: each that is broken or in danger is named."""
    finished, retried = _count(row, "finished_count"), _count(row, "retried_count")
    success = _count(row, "delivered_count") / finished if finished else None
    retry_success = _count(row, "retried_delivered_count") / retried if retried else None
    latency = row["latency_p95_s"]
    broken: list[str] = []
    warnings: list[str] = []
    if success is not None and success < PROMISE["success_share"]:
        (broken if success < PROMISE["success_share_warning"] else warnings).append("success_share")
    if isinstance(latency, float) and latency > PROMISE["latency_p95_s"]:
        warnings.append("latency_p95_s")
    if retry_success is not None and retry_success < PROMISE["retry_success_share"]:
        warnings.append("retry_success_share")
    if _count(row, "consecutive_failures_count") >= PROMISE["consecutive_failures_count"]:
        broken.append("consecutive_failures_count")
    warnings += [name for name in ("missed_count", "no_data_count") if row[name]]
    fields = {name: value for name, value in row.items() if name != "retried_delivered_count"}
    return PlatformSla.model_validate({
        **fields, "state": "breached" if broken else "warning" if warnings else "ok",
        "reasons": [*broken, *warnings], "success_share": None if success is None else round(success, 4),
        "retry_success_share": None if retry_success is None else round(retry_success, 4),
    })  # fmt: skip


def _count(row: dict[str, object], name: str) -> int:
    value = row[name]
    return value if isinstance(value, int) else 0


def _month_ago() -> datetime:
    return (datetime.now(UTC) - timedelta(days=30)).replace(microsecond=0)


def _write_cursor(row: asyncpg.Record) -> str:
    microseconds = (row["created_at"] - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_CURSOR.pack(microseconds, row["delivery_id"].bytes)).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        microseconds, delivery = _CURSOR.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
        return _EPOCH + timedelta(microseconds=microseconds), UUID(bytes=delivery)
    except (binascii.Error, struct.error, ValueError, OverflowError):
        raise invalid_parameter("query.cursor", "not a next_cursor of this list") from None
