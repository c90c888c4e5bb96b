"""Texts that the API was asked to label and screening held: they wait for a person like all others.

No event holds such a text, so its words are kept beside the queue until a person has decided, or MAX_AGE at
most: reviewers have to see what they decide about. Approving one releases nothing, since nothing was stored
to release; it tells the caller's reviewers that the flag was wrong, and the text may be sent again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import orjson

from ingest.events import NIL
from nlp.safety.verdicts import Verdict
from orchestration.gate import queue
from orchestration.gate.judging import Judged
from orchestration.gate.texts import TextVersion

MAX_AGE = timedelta(days=30)

# The same words sent again while they wait are the same item.
_WAITING = """
select held.event_id from safety.held_texts as held join safety.review_items as item using (event_id)
where held.company_id = $1 and held.content = $2 and item.state in ('pending', 'escalated')
"""
_KEEP = "insert into safety.held_texts (event_id, company_id, content, findings) values ($1, $2, $3, $4)"
_GET = "select content, findings from safety.held_texts where event_id = $1"
_FORGET = """
delete from safety.held_texts as held using safety.review_items as item
where item.event_id = held.event_id and (item.decided_at is not null or held.held_at < $1)
"""
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1, 0))"


async def hold_for_review(
    pool: asyncpg.Pool, company_id: UUID, content: str, language: str, verdict: Verdict
) -> UUID:
    """Put a held text into the company's queue, once however often it is sent; returns the item's id."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_ONE_AT_A_TIME, str(company_id))
        waiting: UUID | None = await connection.fetchval(_WAITING, company_id, content)
        if waiting is not None:
            return queue.item_id(waiting)
        event_id, now = uuid4(), datetime.now(UTC)
        version = TextVersion(
            text_id=event_id, text_type="api_text", event_id=event_id, subject=f"api-text/{event_id}",
            company_id=company_id, person_id=NIL, program_instance_id=None, written_at=now, source_time=now,
            content=None,
        )  # fmt: skip
        findings = [
            {"category": one.category, "severity": one.severity, "rule": one.rule, "start": one.start,
             "end": one.end, "confidence": one.confidence}
            for one in verdict.findings
        ]  # fmt: skip
        await connection.execute(_KEEP, event_id, company_id, content, orjson.dumps(findings).decode())
        await queue.raise_items(connection, [Judged(version, language, "", verdict, None)])
        return queue.item_id(event_id)


async def held_text(pool: asyncpg.Pool, event_id: UUID) -> tuple[str, list[dict[str, object]]] | None:
    """The words of a held text and what was found in them; None once it is decided or too old."""
    row = await pool.fetchrow(_GET, event_id)
    return None if row is None else (row["content"], orjson.loads(row["findings"]))


async def forget(pool: asyncpg.Pool) -> None:
    """Delete the words that nobody needs to see any more."""
    await pool.execute(_FORGET, datetime.now(UTC) - MAX_AGE)
