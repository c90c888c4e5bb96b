"""Follows the stream DEAD_LETTERS: one narrow row per letter in Postgres, to be searched and settled.

The row is derived: whoever writes a letter only has to put it into the stream, and a lost index is filled
again by deleting the consumer. A payload is never read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from nats.js import JetStreamContext

from ingest.failures import ErrorClass
from ingest.jetstream import acknowledge, hand_back
from ingest.nats_wire import Received
from ingest.pull import Pull
from ingest.retries import REPLAY_OF

DURABLE = "dead-letter-index"
BATCH = 500
HAND_BACK_S = 2.0

# A stream that was made anew counts from 1 again: its letters replace those whose bytes are gone.
_KEEP = """
insert into ingest.dead_letters as known (
    letter_id, stored_at, source, kind, message_key, delivery_id, error_class, reason, first_error, attempts,
    first_failed_at, died_at, code_version, replay_of
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (letter_id) do update
set stored_at = excluded.stored_at, source = excluded.source, kind = excluded.kind,
    message_key = excluded.message_key, delivery_id = excluded.delivery_id,
    error_class = excluded.error_class, reason = excluded.reason, first_error = excluded.first_error,
    attempts = excluded.attempts, first_failed_at = excluded.first_failed_at, died_at = excluded.died_at,
    code_version = excluded.code_version, replay_of = excluded.replay_of,
    state = 'waiting', settled_at = null, action_id = null
where known.stored_at <> excluded.stored_at
"""


class DeadLetterIndex:
    def __init__(self, pool: asyncpg.Pool, js: JetStreamContext, *, ack_wait_s: float = 30.0) -> None:
        self._pool = pool
        self._js = js
        self._ack_wait_s = ack_wait_s

    async def pull(self, *, idle_s: float = 5.0) -> Pull:
        return await Pull.open(
            self._js, stream="DEAD_LETTERS", durable=DURABLE, ack_wait_s=self._ack_wait_s, batch=BATCH,
            idle_s=idle_s, linger_s=0.05, headers_only=True,
        )  # fmt: skip

    async def run(self) -> None:
        """Follow until cancelled; raises when a store is away, with the batch handed back."""
        pull = await self.pull()
        await pull.each(self.keep)

    async def keep(self, messages: Sequence[Received]) -> None:
        try:
            await self._pool.executemany(_KEEP, [_row(message) for message in messages])
            await acknowledge(messages)
        except Exception:
            await hand_back(messages, delay_s=HAND_BACK_S)
            raise


def _row(message: Received) -> tuple[Any, ...]:
    headers: Mapping[str, str] = message.headers or {}
    stored_at = message.metadata.timestamp
    source, kind = message.subject.split(".")[-2:]
    error_class = headers.get("Impact-Error-Class", ErrorClass.UNKNOWN)
    reason = headers.get("Impact-Reason", "")
    return (
        message.metadata.sequence.stream,
        stored_at,
        source,
        kind,
        _text(headers.get("Impact-Key", "")),
        _text(headers["Impact-Delivery-Id"]) if "Impact-Delivery-Id" in headers else None,
        error_class if error_class in list(ErrorClass) else ErrorClass.UNKNOWN,
        _text(reason),
        _text(headers.get("Impact-First-Error", reason)),
        int(headers.get("Impact-Attempts", "1")),
        _moment(headers.get("Impact-First-Failed-At"), stored_at),
        _moment(headers.get("Impact-Died-At"), stored_at),
        headers.get("Impact-Code-Version", "before 0.1.0"),
        int(headers[REPLAY_OF]) if REPLAY_OF in headers else None,
    )


def _text(value: str) -> str:
    return value.replace("\0", "�")  # Postgres takes no NUL in a text, and the sick end up here


def _moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise
