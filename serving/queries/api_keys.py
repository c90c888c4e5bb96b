"""The questions asked of API keys: whose is this one, and which are still good?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

# Use is recorded in the same round trip, once a minute at most: an update per request would each cost a
# disk sync.
_FIND = """
with found as (
    select key_id, company_id, role, rate_limit_per_minute, expires_at, scopes, api_version
    from ingest.api_keys
    where key_sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())
), touched as (
    update ingest.api_keys as keys set last_used_at = now()
    from found
    where keys.key_id = found.key_id
      and (keys.last_used_at is null or keys.last_used_at < now() - interval '1 minute')
)
select * from found
"""


async def find(pool: asyncpg.Pool, key_sha256: bytes) -> asyncpg.Record | None:
    """The valid key with this hash, or None: unknown, expired and revoked look alike."""
    return await pool.fetchrow(_FIND, key_sha256)


async def valid(pool: asyncpg.Pool, key_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the keys that are neither revoked nor expired nor gone."""
    rows = await pool.fetch(
        "select key_id from ingest.api_keys where key_id = any($1::uuid[]) and revoked_at is null"
        " and (expires_at is null or expires_at > now())",
        key_ids,
    )
    return {row["key_id"] for row in rows}
