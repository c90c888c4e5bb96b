"""Answers kept under their Idempotency-Key for a day: a repeated request is answered, and not paid twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import orjson

# A process that died has not answered by then, and the key may be used anew.
_BEGIN = """
insert into ai.kept_answers as kept (company_id, key, request_hash)
values ($1, $2, $3)
on conflict (company_id, key) do update
set request_hash = excluded.request_hash, answer = null, begun_at = now()
where kept.begun_at < now() - interval '1 day'
   or (kept.answer is null and kept.begun_at < now() - interval '10 minutes')
returning 1
"""
_READ = "select request_hash, answer from ai.kept_answers where company_id = $1 and key = $2"
_KEEP = "update ai.kept_answers set answer = $3 where company_id = $1 and key = $2"
_DROP = "delete from ai.kept_answers where company_id = $1 and key = $2 and answer is null"
_FORGET = "delete from ai.kept_answers where begun_at < now() - interval '1 day'"


async def begin(pool: asyncpg.Pool, company_id: UUID, key: str, request_hash: bytes) -> bool:
    """Claim a key; False if an earlier request has it. Answers older than a day are forgotten on the way."""
    await pool.execute(_FORGET)
    return await pool.fetchval(_BEGIN, company_id, key, request_hash) is not None


async def read(pool: asyncpg.Pool, company_id: UUID, key: str) -> tuple[bytes, Any] | None:
    """The request's hash and its answer, None while it is being made; None if the key is free again."""
    row = await pool.fetchrow(_READ, company_id, key)
    if row is None:
        return None
    return row["request_hash"], None if row["answer"] is None else orjson.loads(row["answer"])


async def keep(pool: asyncpg.Pool, company_id: UUID, key: str, answer: bytes) -> None:
    await pool.execute(_KEEP, company_id, key, answer.decode())


async def drop(pool: asyncpg.Pool, company_id: UUID, key: str) -> None:
    """Free the key of a request that failed: its repetition is a new one."""
    await pool.execute(_DROP, company_id, key)
