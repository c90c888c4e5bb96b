"""The record of what administrators of the platform reached into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from serving.wall import Asks

if TYPE_CHECKING:
    from serving.admin_reads import AdminRead

_ADD = """
insert into ingest.admin_reads (request_id, asked_at, caller_id, method, route, company_id)
select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::uuid[])
on conflict do nothing
"""
# Newest first; $2 and $3 are the place of the page before.
_FIND = """
select request_id, asked_at, caller_id, method, route, company_id
from ingest.admin_reads
where ($1::uuid is null or company_id = $1) and (asked_at, request_id) < ($2, $3)
order by asked_at desc, request_id desc
limit $4
"""


async def add(pool: asyncpg.Pool, reads: Sequence[AdminRead]) -> None:
    """Record the reads, all or none; one that is recorded already changes nothing."""
    await pool.execute(
        _ADD,
        [read.request_id for read in reads],
        [read.asked_at for read in reads],
        [read.caller_id for read in reads],
        [read.method for read in reads],
        [read.route for read in reads],
        [read.company_id for read in reads],
    )


async def find(
    pool: Asks, company_id: UUID | None, before: tuple[datetime, UUID], limit: int
) -> list[asyncpg.Record]:
    """The reads of a company, or of all and of none in particular, newest first."""
    return await pool.fetch(_FIND, company_id, *before, limit)
