"""The question asked of an API key: whose is it?"""

from __future__ import annotations

import asyncpg

# Use is recorded in the same round trip, once a minute at most: an update per request would each cost a
# disk sync.
_FIND = """
with found as (
    select key_id, company_id, role, rate_limit_per_minute, expires_at
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
