"""A reviewer's decision, as one transaction: the item, the label, the event, and the gate's wake-up call."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from ingest.contracts.safety import SafetyReviewCompleted
from ingest.events import entity_id, new_event
from ingest.outbox import emit_async

Decision = Literal["approved", "rejected", "escalated"]
Refusal = Literal["unknown", "changed", "decided", "superseded", "claimed", "same_reviewer"]
SOURCE = "/safety/review"
ESCALATED_DUE_IN = timedelta(hours=1)

_LOCKED = """
select *, lease_until > now() as is_leased from safety.review_items
where item_id = $1 and ($2::uuid is null or company_id = $2) for update
"""
_CLOSE = """
update safety.review_items
set state = $2, version = version + 1, decided_by = $3, decided_at = $4, assignee = null, lease_until = null
where item_id = $1
"""
_ESCALATE = """
update safety.review_items
set state = 'escalated', version = version + 1, escalated_at = coalesce(escalated_at, $2),
    due_at = least(due_at, $3), assignee = null, lease_until = null
where item_id = $1
"""
_APPROVE_FIRST = """
update safety.review_items
set version = version + 1, first_approved_by = $2, first_approved_at = $3, assignee = null, lease_until = null
where item_id = $1
"""
_LABEL = """
insert into safety.review_decisions (
    item_id, item_version, reviewer, decision, is_final, is_flag_right, categories, rules, language,
    safety_version, notes, decided_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning review_id
"""


@dataclass(frozen=True)
class Review:
    """What a reviewer wants to decide, about which version of the item."""

    item_id: UUID
    company_id: UUID | None  # the reviewer's; None: an administrator of the platform
    reviewer: str
    version: int
    decision: Decision
    is_flag_right: bool | None
    notes: str | None


async def decide(pool: asyncpg.Pool, review: Review) -> Refusal | None:
    """Record the decision, or say why it cannot be; the gate carries a final one out within seconds.

    To let a cry for help pass takes two reviewers: the first approval leaves the item open.
    """
    now = datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        item = await connection.fetchrow(_LOCKED, review.item_id, review.company_id)
        if item is None:
            return "unknown"
        if refusal := _refusal(item, review):
            return refusal
        if review.decision == "escalated":
            await connection.execute(_ESCALATE, review.item_id, now, now + ESCALATED_DUE_IN)
            is_final = False
        elif review.decision == "approved" and item["is_crisis"] and item["first_approved_by"] is None:
            await connection.execute(_APPROVE_FIRST, review.item_id, review.reviewer, now)
            is_final = False
        else:
            await connection.execute(_CLOSE, review.item_id, review.decision, review.reviewer, now)
            is_final = True
        review_id = await connection.fetchval(
            _LABEL, review.item_id, review.version, review.reviewer, review.decision, is_final,
            _label(item, review), item["categories"], item["rules"], item["language"],
            item["safety_version"], review.notes, now,
        )  # fmt: skip
        if is_final or review.decision == "escalated":
            await _emit(connection, item, review, review_id, now)
        if is_final:
            await connection.execute("select pg_notify('safety_decisions', '')")
    return None


def _refusal(item: asyncpg.Record, review: Review) -> Refusal | None:
    if item["state"] in ("approved", "rejected"):
        return "decided"
    if item["superseded_at"] is not None:
        return "superseded"
    if item["version"] != review.version:
        return "changed"
    if item["is_leased"] and item["assignee"] != review.reviewer:
        return "claimed"
    if review.decision == "approved" and item["is_crisis"] and item["first_approved_by"] == review.reviewer:
        return "same_reviewer"
    return None


def _label(item: asyncpg.Record, review: Review) -> bool | None:
    """Whether the flag was right, as said, or as it follows from the decision.

    A cry for help may pass and have been one: there the decision says nothing about the flag.
    """
    if review.is_flag_right is not None or review.decision == "escalated" or item["is_crisis"]:
        return review.is_flag_right
    return review.decision == "rejected"


async def _emit(
    connection: asyncpg.pool.PoolConnectionProxy,
    item: asyncpg.Record, review: Review, review_id: UUID, now: datetime,
) -> None:  # fmt: skip
    event = new_event(
        SafetyReviewCompleted(
            review_id=review_id,
            flag_id=item["item_id"],
            reviewer_id=reviewer_id(review.reviewer),
            decision=review.decision,
            completed_at=now,  # the notes stay in the queue: they may name somebody
        ),
        subject=f"safety-review/{review_id}",
        company_id=item["company_id"],
        source=SOURCE,
        source_time=now,
        origin=f"safety:{review_id}",
        causation_id=str(item["event_id"]),
    )
    await emit_async(connection, event)


def reviewer_id(caller_id: str) -> UUID:
    """A caller's id as events have it: a key's own id, or one that follows from a user's."""
    kind, _, id_ = caller_id.partition(":")
    if kind == "key":
        with suppress(ValueError):
            return UUID(id_)
    return entity_id("impact", kind, id_)
