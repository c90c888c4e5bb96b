"""Redriving and discarding dead letters: in bulk, at a bounded rate, audited, and once.

A letter is taken under a row lock, acted on, and settled in the same transaction. Killed in between, it is
taken again; what was published twice counts once, by the broker's memory and by the event id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import asyncpg
import msgspec
from nats.js import JetStreamContext
from nats.js.errors import APIError

from ingest.dead_letters import letters
from ingest.dead_letters.letter import original_headers
from ingest.dead_letters.letters import STREAM, LetterFilter
from ingest.jetstream import Message, publish_all
from ingest.retries import ATTEMPT, FIRST_ERROR, FIRST_FAILED_AT, REPLAY_OF
from ingest.streams import PUBLISHED_AGAIN

Action = Literal["replay", "discard"]
Progress = Callable[[int], None]

BATCH = 200
SMALLEST_BATCHES_PER_S = 5  # a low rate goes in small steps, not in bursts
_NO_SUCH_SEQUENCE = 10043  # the broker's code for a message that is not there
_TRIED_BEFORE = (ATTEMPT, FIRST_ERROR, FIRST_FAILED_AT, REPLAY_OF)

_BEGIN = """
insert into ingest.dead_letter_actions (action, actor, filters) values ($1, $2, $3::jsonb) returning action_id
"""
_SETTLE = """
update ingest.dead_letters set state = $2, settled_at = now(), action_id = $3
where letter_id = any($1::bigint[])
"""
_COUNT_ON = "update ingest.dead_letter_actions set letter_count = letter_count + $2 where action_id = $1"
_END = "update ingest.dead_letter_actions set finished_at = now() where action_id = $1"


@dataclass(frozen=True)
class Settled:
    """What an action did. `matched_count` letters waited when it began; `gone_count` had lost their bytes."""

    matched_count: int
    settled_count: int = 0
    gone_count: int = 0
    action_id: int | None = None


async def settle(
    pool: asyncpg.Pool,
    js: JetStreamContext,
    action: Action,
    wanted: LetterFilter,
    *,
    actor: str,
    limit: int | None = None,
    per_second: float = 500.0,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Settled:
    """Replay or discard what waits and matches, oldest first, `limit` at most."""
    matched = await letters.count_waiting(pool, wanted)
    matched = matched if limit is None else min(matched, limit)
    if dry_run or not matched:
        return Settled(matched)
    newest: int = await pool.fetchval("select max(letter_id) from ingest.dead_letters")
    filters = msgspec.json.encode({**wanted.described(), "limit": limit}).decode()
    action_id: int = await pool.fetchval(_BEGIN, action, actor, filters)
    size = max(1, min(BATCH, int(per_second / SMALLEST_BATCHES_PER_S)))
    started = time.monotonic()
    settled = gone = 0
    while settled + gone < matched:
        count = min(size, matched - settled - gone)
        done, lost = await _settle_some(pool, js, action, wanted, newest, count, action_id)
        if not done + lost:
            break  # another operator has the rest in hand
        settled, gone = settled + done, gone + lost
        progress(settled + gone)
        await asyncio.sleep(max(0.0, started + (settled + gone) / per_second - time.monotonic()))
    await pool.execute(_END, action_id)
    return Settled(matched, settled, gone, action_id)


async def _settle_some(
    pool: asyncpg.Pool,
    js: JetStreamContext,
    action: Action,
    wanted: LetterFilter,
    newest: int,
    count: int,
    action_id: int,
) -> tuple[int, int]:
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(letters.TAKE, *wanted.arguments(), newest, count)
        ids = [row["letter_id"] for row in rows]
        done = await (_replay(js, ids) if action == "replay" else _discard(js, ids))
        gone = sorted(set(ids) - set(done))
        await connection.execute(_SETTLE, done, "replayed" if action == "replay" else "discarded", action_id)
        await connection.execute(_SETTLE, gone, "gone", action_id)
        await connection.execute(_COUNT_ON, action_id, len(done))
    return len(done), len(gone)


async def _replay(js: JetStreamContext, ids: Sequence[int]) -> list[int]:
    """Send the originals back to where they came from; returns the ids whose bytes were there."""
    found = await asyncio.gather(*(letters.original(js, id_) for id_ in ids))
    messages, done = [], []
    for id_, letter in zip(ids, found, strict=True):
        if letter is None:
            continue
        headers = letter.headers or {}
        subject = headers.get("Impact-Return-Subject", (letter.subject or "").replace("dead.", "inbox.", 1))
        carried = {k: v for k, v in original_headers(headers).items() if k not in _TRIED_BEFORE}
        if subject.startswith("events."):
            carried[PUBLISHED_AGAIN] = "1"
        messages.append(
            Message(subject, letter.data or b"", f"replay:{id_}", {**carried, REPLAY_OF: str(id_)})
        )
        done.append(id_)
    await publish_all(js, messages)
    return done


async def _discard(js: JetStreamContext, ids: Sequence[int]) -> list[int]:
    """Delete the bytes, which may be personal; the row stays and says who did it."""

    async def delete(id_: int) -> bool:
        try:
            return await js.delete_msg(STREAM, id_)
        except APIError as error:
            if error.err_code == _NO_SUCH_SEQUENCE:
                return False
            raise

    deleted = await asyncio.gather(*(delete(id_) for id_ in ids))
    return [id_ for id_, was_there in zip(ids, deleted, strict=True) if was_there]
