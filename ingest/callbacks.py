"""Keeps what CSR suites call back as rows of `impact_in.callbacks`, where those who deliver to them find it.

The signature was checked when the callback came in, and its event is on EVENTS by then. An event that comes
again is the same row.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
from nats.js import JetStreamContext

from ingest.contracts.impact import ImpactCallbackReceived
from ingest.events import UnreadableEvent, decode
from ingest.jetstream import acknowledge, hand_back
from ingest.nats_wire import Received
from ingest.pull import Pull

DURABLE = "impact-callbacks"
SUBJECT = "events.*.impact.callback.received"
BATCH = 200
ACK_WAIT_S = 30.0
RETRY_DELAY_S = 2.0

_KEEP = """
insert into impact_in.callbacks (
    event_id, platform, provider_event, provider_reference, outcome, named_delivery_id, provider_tenant,
    error_code, occurred_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
"""


class CallbackKeeper:
    def __init__(self, pool: asyncpg.Pool, js: JetStreamContext, *, ack_wait_s: float = ACK_WAIT_S) -> None:
        self._pool = pool
        self._js = js
        self._ack_wait_s = ack_wait_s

    async def run(self) -> None:
        """Keep callbacks until cancelled; raises when a store is away, and nothing is lost then."""
        pull = await self.pull()
        await pull.each(self.keep)

    async def pull(self, *, idle_s: float = 5.0) -> Pull:
        return await Pull.open(
            self._js, stream="EVENTS", durable=DURABLE, ack_wait_s=self._ack_wait_s, batch=BATCH,
            idle_s=idle_s, linger_s=0, subjects=SUBJECT,
        )  # fmt: skip

    async def keep(self, messages: Sequence[Received]) -> None:
        """Return once the callbacks are rows."""
        try:
            rows = [row for message in messages if (row := _row(message)) is not None]
            await self._pool.executemany(_KEEP, rows)
            await acknowledge(messages)
        except Exception:
            await hand_back(messages, delay_s=RETRY_DELAY_S)
            raise


def _row(message: Received) -> tuple[object, ...] | None:
    """A callback's columns; None for an unreadable event, which the loader parks."""
    try:
        event = decode(message.data)
    except UnreadableEvent:
        return None
    said = event.data
    if not isinstance(said, ImpactCallbackReceived):
        return None
    return (
        event.id, said.platform, said.provider_event, said.provider_reference, said.outcome, said.delivery_id,
        said.provider_tenant, said.error_code, said.occurred_at,
    )  # fmt: skip
