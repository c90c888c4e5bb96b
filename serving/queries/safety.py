"""The review queue as reviewers see it: SQL over `safety.*`. No text is in these tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from serving.wall import Asks

Connection = asyncpg.pool.PoolConnectionProxy

_ITEM = """
item_id, text_id, text_type, company_id, person_id, written_at, language, action, category, categories, rules,
severity, confidence, safety_version, is_crisis, state, version, raised_at, due_at, escalated_at,
first_approved_at, decided_at, superseded_at is not null as is_superseded,
case when lease_until > now() then assignee end as assignee,
case when lease_until > now() then lease_until end as lease_until,
first_approved_by, decided_by, event_id,
decided_at is not null and applied_at is null as is_waiting, apply_failures as failed_tries
"""
# $1: the reviewer's company, null for the platform's administrators, who see all, also items of no company.
_LIST = f"""
select {_ITEM} from safety.review_items
where ($1::uuid is null or company_id = $1)
    and (state = any($2::text[])) and (superseded_at is null or state not in ('pending', 'escalated'))
    and ($3::text is null or severity = $3)
    and ($4::text is null or $4 = any(categories))
    and ($5::text is null or language = $5)
    and ($6::text is null or (lease_until > now() and assignee = $6))
    and (not $7 or lease_until is null or lease_until <= now())
    and (not $8 or (due_at < now() and state in ('pending', 'escalated')))
    and (not is_crisis, due_at, item_id) > ($9, $10, $11)
order by not is_crisis, due_at, item_id limit $12
"""  # noqa: S608 - the columns above
_GET = f"""
select {_ITEM} from safety.review_items where item_id = $1 and ($2::uuid is null or company_id = $2)
"""  # noqa: S608
_DECISIONS = """
select review_id, reviewer, decision, is_final, is_flag_right, notes, decided_at
from safety.review_decisions where item_id = $1 order by decided_at
"""
_VIEWED = """
insert into safety.text_views (item_id, text_id, event_id, company_id, viewer, request_id)
values ($1, $2, $3, $4, $5, $6)
"""
_CLAIM = f"""
update safety.review_items
set assignee = $3, lease_until = now() + make_interval(mins => $4)
where item_id = $1 and ($2::uuid is null or company_id = $2) and state in ('pending', 'escalated')
    and superseded_at is null and (assignee is null or assignee = $3 or lease_until <= now())
returning {_ITEM}
"""  # noqa: S608
_UNCLAIM = f"""
update safety.review_items set assignee = null, lease_until = null
where item_id = $1 and ($2::uuid is null or company_id = $2) and assignee = $3
returning {_ITEM}
"""  # noqa: S608
# Of several decisions about an item the newest that says whether the flag was right is its label.
_RULES = """
with labels as (
    select distinct on (decision.item_id) decision.item_id, decision.rules, decision.language,
        decision.is_flag_right, decision.safety_version
    from safety.review_decisions as decision
    join safety.review_items as item using (item_id)
    where decision.is_flag_right is not null and ($1::uuid is null or item.company_id = $1)
        and decision.decided_at >= $2
    order by decision.item_id, decision.decided_at desc
)
select rule, language, count(*) as decided_count, count(*) filter (where is_flag_right) as right_count
from labels cross join unnest(rules) as rule
group by rule, language order by rule, language
"""


@dataclass(frozen=True)
class QueueFilter:
    """Which items, from which place on."""

    company_id: UUID | None
    states: Sequence[str]
    severity: str | None
    category: str | None
    language: str | None
    assignee: str | None
    is_free: bool
    is_overdue: bool
    after: tuple[bool, datetime, UUID]


async def find(pool: Asks, wanted: QueueFilter, limit: int) -> list[asyncpg.Record]:
    """Items in the order in which they want to be looked at: cries for help first, then by the time due."""
    return await pool.fetch(
        _LIST, wanted.company_id, list(wanted.states), wanted.severity, wanted.category, wanted.language,
        wanted.assignee, wanted.is_free, wanted.is_overdue, *wanted.after, limit,
    )  # fmt: skip


async def get(pool: Asks, item_id: UUID, company_id: UUID | None) -> asyncpg.Record | None:
    return await pool.fetchrow(_GET, item_id, company_id)


async def decisions(pool: Asks, item_id: UUID) -> list[asyncpg.Record]:
    return await pool.fetch(_DECISIONS, item_id)


async def record_view(pool: asyncpg.Pool, item: asyncpg.Record, *, viewer: str, request_id: str) -> None:
    """Note that somebody is about to see the text: before it is fetched, so that no look goes unrecorded."""
    await pool.execute(
        _VIEWED, item["item_id"], item["text_id"], item["event_id"], item["company_id"], viewer, request_id
    )


async def claim(
    pool: asyncpg.Pool, item_id: UUID, company_id: UUID | None, reviewer: str, minutes: int
) -> asyncpg.Record | None:
    """The item, the reviewer's until the lease ends; None if it is another's, closed, or not there."""
    return await pool.fetchrow(_CLAIM, item_id, company_id, reviewer, minutes)


async def unclaim(
    pool: asyncpg.Pool, item_id: UUID, company_id: UUID | None, reviewer: str
) -> asyncpg.Record | None:
    return await pool.fetchrow(_UNCLAIM, item_id, company_id, reviewer)


async def rules(pool: Asks, company_id: UUID | None, since: datetime) -> list[dict[str, Any]]:
    """Per rule and language: how many reviewers' labels there are, and how many say the flag was right."""
    return [dict(row) for row in await pool.fetch(_RULES, company_id, since)]
