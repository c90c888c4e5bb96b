"""Announces changed numbers on the UPDATES stream, from the outbox that the copy filled.

A row leaves the outbox only after the broker acknowledged its message. A run that dies in between sends the
message again under the same id, which the broker drops within the stream's duplicate window.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from nats.js import JetStreamContext
from nats.js.api import Header
from psycopg.rows import class_row

from ingest.streams import update_subject

UPDATE_TYPE = "metric.updated"
BATCH = 500  # messages in flight at once, and rows deleted per transaction


@dataclass(frozen=True)
class Update:
    """One number that changed: a row of the outbox."""

    update_id: int
    data_version: int
    company_id: UUID
    period_grain: str
    period: str
    metric: str
    value: float | None
    previous_value: float | None
    changed_at: datetime

    @property
    def subject(self) -> str:
        return update_subject(self.company_id, UPDATE_TYPE)

    @property
    def message_id(self) -> str:
        return f"{self.data_version}:{self.company_id}:{self.period}:{self.metric}"

    def body(self) -> bytes:
        message: dict[str, Any] = {
            "type": UPDATE_TYPE,
            "companyId": self.company_id,
            "time": self.changed_at,
            "data": {
                "metric": self.metric,
                "periodGrain": self.period_grain,
                "period": self.period,
                "value": self.value,
                "previousValue": self.previous_value,
                "dataVersion": self.data_version,
            },
        }
        return msgspec.json.encode(message)


async def send_pending_updates(connection: psycopg.AsyncConnection, jetstream: JetStreamContext) -> int:
    """Send everything in the outbox, oldest first, and empty it; returns the number of messages sent."""
    sent = 0
    while True:
        async with connection.transaction():
            updates = await _next_batch(connection)
            if not updates:
                return sent
            # All settle before the first failure is raised: no message is left in flight behind a rollback.
            outcomes = await asyncio.gather(
                *(_send(jetstream, update) for update in updates), return_exceptions=True
            )
            for failure in filter(None, outcomes):
                raise failure
            await connection.execute(
                "delete from serving.update_outbox where update_id = any(%s)",
                ([u.update_id for u in updates],),
            )
        sent += len(updates)


async def _next_batch(connection: psycopg.AsyncConnection) -> list[Update]:
    async with connection.cursor(row_factory=class_row(Update)) as cursor:
        # Locked, so that two runs at once share the outbox instead of sending it twice.
        await cursor.execute(
            "select * from serving.update_outbox order by update_id limit %s for update skip locked", (BATCH,)
        )
        return await cursor.fetchall()


async def _send(jetstream: JetStreamContext, update: Update) -> None:
    await jetstream.publish(update.subject, update.body(), headers={Header.MSG_ID.value: update.message_id})
