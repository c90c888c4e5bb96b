"""Flagged texts and their reviewers: company administrators for their company, the platform's for all."""

from __future__ import annotations

import base64
import binascii
import struct
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Header, Query, Request, Response

from orchestration.gate.held import held_text
from serving.auth import CallersPool, own_or_asked
from serving.credentials import Caller
from serving.dependencies import AppServices, Services
from serving.openapi import QUEUE_PROBLEMS, REVIEW_ITEM_PROBLEMS, REVIEW_PROBLEMS, SCREEN_PROBLEMS
from serving.parameters import Instant
from serving.permissions import DataWriter, allowed
from serving.problems import (
    REVIEW_CHANGED,
    REVIEW_CLAIMED,
    REVIEW_CLOSED,
    REVIEW_ITEM_NOT_FOUND,
    SECOND_REVIEWER_NEEDED,
    VERSION_REQUIRED,
    ProblemError,
    ProblemType,
    invalid_parameter,
)
from serving.queries import safety
from serving.queries.safety_decisions import Refusal, Review, decide
from serving.queries.safety_texts import FlaggedText
from serving.routers.safety_schemas import (
    FEW_LABELS,
    MANY_OVERTURNED,
    ClaimOrder,
    ItemFinding,
    PastDecision,
    Queue,
    QueueQuery,
    ReviewItem,
    ReviewItemWithText,
    ReviewOrder,
    RuleList,
    RulePrecision,
    ScreenAnswer,
    ScreenFlag,
    ScreenOrder,
)
from serving.screening import screen

router = APIRouter(prefix="/v1/safety", tags=["safety"])
audit = structlog.get_logger("audit")

OPEN = ("pending", "escalated")
PASSING = ("allow", "warn")
_CURSOR = struct.Struct(">?q16s")  # not a crisis, microseconds since 1970, item id
_FIRST = (False, datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


Reviewer = Annotated[Caller, allowed("safety:review")]


@router.get("/queue", responses=QUEUE_PROBLEMS)
async def list_queue(
    response: Response, caller: Reviewer, pool: CallersPool, query: Annotated[QueueQuery, Query()]
) -> Queue:
    """Flagged texts without their words: cries for help first, then by the time due."""
    found = await safety.find(
        pool,
        safety.QueueFilter(
            company_id=own_or_asked(caller, query.company_id),
            states=query.state or OPEN,
            severity=query.severity,
            category=query.category,
            language=query.language,
            assignee=caller.caller_id if query.mine else None,
            is_free=query.free,
            is_overdue=query.overdue,
            after=_read_cursor(query.cursor) if query.cursor else _FIRST,
        ),
        query.limit + 1,
    )
    page = found[: query.limit]
    response.headers["Cache-Control"] = "no-store"
    return Queue(
        items=[ReviewItem(**_fields(row)) for row in page],
        next_cursor=_write_cursor(page[-1]) if len(found) > query.limit else None,
    )


@router.get("/queue/{item_id}", responses=REVIEW_ITEM_PROBLEMS)
async def get_item(
    request: Request, response: Response, caller: Reviewer, services: Services, item_id: UUID
) -> ReviewItemWithText:
    """One flagged text with its words. The look is recorded before the words are fetched."""
    row = await _item(services, item_id, caller)
    request_id = request.state.request_id
    await safety.record_view(services.pool, row, viewer=caller.caller_id, request_id=request_id)
    audit.info("flagged_text_read", caller_id=caller.caller_id, item_id=str(item_id), request_id=request_id)
    services.metrics.safety_views.inc()
    text = await _text(services, row)
    decisions = await safety.decisions(services.seen_by(caller.company_id), item_id)
    _version_header(response, row)
    return ReviewItemWithText(
        **_fields(row),
        text=text.content,
        findings=[ItemFinding(**one) for one in text.findings],
        decisions=[PastDecision(**dict(one)) for one in decisions],
    )


async def _text(services: AppServices, row: asyncpg.Record) -> FlaggedText:
    if row["text_type"] != "api_text":
        return await services.flagged_texts.get(
            row["text_id"], row["event_id"], row["written_at"], row["safety_version"]
        )
    held = await held_text(services.pool, row["event_id"])
    return FlaggedText(None, []) if held is None else FlaggedText(*held)


@router.post("/queue/{item_id}/claim", responses=REVIEW_PROBLEMS)
async def claim_item(
    response: Response, caller: Reviewer, services: Services, item_id: UUID, order: ClaimOrder | None = None
) -> ReviewItem:
    """Claim an item for some minutes, or prolong that. Others cannot decide about it meanwhile."""
    minutes = (order or ClaimOrder(minutes=15)).minutes
    row = await safety.claim(services.pool, item_id, caller.company_id, caller.caller_id, minutes)
    if row is None:
        there = await _item(services, item_id, caller)
        is_open = there["state"] in OPEN and not there["is_superseded"]
        raise _refused("claimed" if is_open else "decided", item_id)
    _version_header(response, row)
    return ReviewItem(**_fields(row))


@router.delete("/queue/{item_id}/claim", responses=REVIEW_PROBLEMS)
async def unclaim_item(response: Response, caller: Reviewer, services: Services, item_id: UUID) -> ReviewItem:
    """Give an item back. Giving back what one does not hold changes nothing."""
    row = await safety.unclaim(services.pool, item_id, caller.company_id, caller.caller_id)
    row = row or await _item(services, item_id, caller)
    _version_header(response, row)
    return ReviewItem(**_fields(row))


@router.post("/review/{item_id}", responses=REVIEW_PROBLEMS)
async def review_item(
    response: Response,
    caller: Reviewer,
    services: Services,
    item_id: UUID,
    order: ReviewOrder,
    if_match: Annotated[str | None, Header(description='The item\'s version, e.g. `"1"`.')] = None,
) -> ReviewItem:
    """Decide about a flagged text. A text that is approved can be read by models a few seconds later."""
    refusal = await decide(
        services.pool,
        Review(
            item_id, caller.company_id, caller.caller_id, _expected_version(if_match, order.version),
            order.decision, order.is_flag_right, order.notes,
        ),
    )  # fmt: skip
    if refusal is not None:
        raise _refused(refusal, item_id)
    services.metrics.safety_reviews.labels(order.decision).inc()
    audit.info(
        "flagged_text_reviewed", caller_id=caller.caller_id, item_id=str(item_id), decision=order.decision
    )
    row = await _item(services, item_id, caller)
    _version_header(response, row)
    return ReviewItem(**_fields(row))


@router.get("/rules", responses=QUEUE_PROBLEMS)
async def list_rules(
    caller: Reviewer,
    pool: CallersPool,
    since: Annotated[Instant | None, Query(description="Labels from then on; without it, all.")] = None,
    company_id: Annotated[
        UUID | None, Query(alias="companyId", description="For administrators of the platform.")
    ] = None,
) -> RuleList:
    """How often each rule was right, by what reviewers said."""
    start = since or datetime(1970, 1, 1, tzinfo=UTC)
    found = await safety.rules(pool, own_or_asked(caller, company_id), start)
    return RuleList(since=start, items=[_precision(one) for one in found])


@router.post("/screen", responses=SCREEN_PROBLEMS)
async def screen_text(response: Response, _: DataWriter, order: ScreenOrder) -> ScreenAnswer:
    """Screen a text before it is accepted somewhere, as a bot does. Nothing is stored, nobody is told.

    The same text, once it arrives as feedback, is screened again at the gate.
    """
    found = await screen(order.text, order.language)
    verdict = found.verdict
    response.headers["Cache-Control"] = "no-store"
    flags = [
        ScreenFlag(
            type=one.category, reason=one.rule, severity=one.severity, confidence=one.confidence,
            start=one.start, end=one.end,
        )
        for one in verdict.findings
    ]  # fmt: skip
    flags += [
        ScreenFlag(type="pii", reason=kind, severity=None, confidence=1.0, start=None, end=None)
        for kind in found.personal_data
    ]
    return ScreenAnswer(
        content_id=order.content_id,
        safe=verdict.action in PASSING,
        action=verdict.action,
        flags=flags,
        requires_review=verdict.action in ("hold", "block", "escalate"),
        overall_confidence=verdict.confidence,
        language=found.language,
        safety_version=verdict.version,
    )


async def _item(services: AppServices, item_id: UUID, caller: Caller) -> asyncpg.Record:
    row = await safety.get(services.seen_by(caller.company_id), item_id, caller.company_id)
    if row is None:
        raise _refused("unknown", item_id)
    return row


def _fields(row: asyncpg.Record) -> dict[str, Any]:
    is_open = row["state"] in OPEN
    return {
        **dict(row),
        "is_overdue": is_open and not row["is_superseded"] and row["due_at"] < datetime.now(UTC),
        "awaits_second_reviewer": is_open and row["first_approved_by"] is not None,
    }


def _precision(row: dict[str, Any]) -> RulePrecision:
    precision = row["right_count"] / row["decided_count"]
    is_questionable = row["decided_count"] >= FEW_LABELS and 1 - precision > MANY_OVERTURNED
    return RulePrecision(**row, precision=round(precision, 4), is_questionable=is_questionable)


def _expected_version(if_match: str | None, version: int | None) -> int:
    if if_match is not None:
        number = if_match.strip().removeprefix("W/").strip('"')
        if not number.isascii() or not number.isdigit():
            raise invalid_parameter("header.if-match", 'give the item\'s version, such as "1"')
        return int(number[:9])
    if version is None:
        raise ProblemError(
            VERSION_REQUIRED,
            "send the version of the item that was decided about, as `If-Match` or `version`",
        )
    return version


_REFUSALS: dict[Refusal, tuple[ProblemType, str]] = {
    "unknown": (REVIEW_ITEM_NOT_FOUND, "there is no item {} in this queue"),
    "changed": (REVIEW_CHANGED, "item {} has changed since; look at it again and send its new version"),
    "decided": (REVIEW_CLOSED, "item {} is closed: it was decided, or the text has a newer version"),
    "superseded": (REVIEW_CLOSED, "item {} is closed: the text has a newer version"),
    "claimed": (REVIEW_CLAIMED, "item {} is claimed by another reviewer"),
    "same_reviewer": (
        SECOND_REVIEWER_NEEDED,
        "item {} has this reviewer's approval; another one has to agree",
    ),
}


def _refused(refusal: Refusal, item_id: UUID) -> ProblemError:
    kind, detail = _REFUSALS[refusal]
    return ProblemError(kind, detail.format(item_id))


def _version_header(response: Response, row: asyncpg.Record) -> None:
    response.headers["ETag"] = f'"{row["version"]}"'
    response.headers["Cache-Control"] = "no-store"


def _write_cursor(row: asyncpg.Record) -> str:
    since = row["due_at"] - _FIRST[1]
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return base64.urlsafe_b64encode(
        _CURSOR.pack(not row["is_crisis"], microseconds, row["item_id"].bytes)
    ).decode()


def _read_cursor(cursor: str) -> tuple[bool, datetime, UUID]:
    try:
        no_crisis, microseconds, item = _CURSOR.unpack(
            base64.b64decode(cursor, altchars=b"-_", validate=True)
        )
        due_at = datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(
            microsecond=microseconds % 1_000_000
        )
    except (binascii.Error, struct.error, ValueError, OverflowError, OSError):
        raise invalid_parameter("query.cursor", "not a next_cursor of this list") from None
    return no_crisis, due_at, UUID(bytes=item)
