"""Events as they are written: each wakes the engine for its person, once the warehouse has it.

The stream only wakes. What counts is what the loader has put into the warehouse, so the engine waits until
the loader is through with the events it has heard of; and whoever it misses, the sweep finds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog
from nats.js import JetStreamContext

from ingest import loader, tracing
from ingest.events import NIL, UnreadableEvent, decode_parts
from ingest.jetstream import BrokerUnavailableError, acknowledge, hand_back
from ingest.nats_wire import Received
from ingest.pull import Pull, has_settled
from orchestration.journey import metrics
from orchestration.journey.engine import BATCH, Engine
from orchestration.journey.people import Key

log = structlog.get_logger(__name__)

DURABLE = "journey"
LINGER_S = 0.1
IDLE_S = 30.0  # a fetch that waits costs nothing
ACK_WAIT_S = 30.0
HAND_BACK_S = 2.0
LOOK_S = 0.025  # at how far the loader is
# What `journey.events` takes from the stream. The engine's own events are not among them.
SUBJECTS = (
    "events.*.kintell.>", "events.*.buddy.>", "events.*.upskilling.>", "events.*.ingest.enrollment.created",
    "events.*.ingest.placement.created", "events.*.ingest.volunteer.logged", "events.*.ingest.donation.made",
    "events.*.ingest.directory.synced", "events.*.q2q.scored", "events.*.q2q.analyzed",
)  # fmt: skip


class EventStream:
    """The engine's own durable consumer of EVENTS. It starts at the stream's first event."""

    def __init__(self, js: JetStreamContext, engine: Engine, *, ack_wait_s: float = ACK_WAIT_S) -> None:
        self._js = js
        self._engine = engine
        self._ack_wait_s = ack_wait_s

    async def pull(self, *, idle_s: float = IDLE_S) -> Pull:
        return await Pull.open(
            self._js, stream="EVENTS", durable=DURABLE, ack_wait_s=self._ack_wait_s, batch=BATCH,
            idle_s=idle_s, linger_s=LINGER_S, subjects=SUBJECTS,
        )  # fmt: skip

    async def run(self) -> None:
        """Follow until cancelled; raises when a store is away, with the batch handed back."""
        pull = await self.pull()
        await pull.each(self.take)

    async def take(self, messages: Sequence[Received]) -> None:
        """Evaluate the people of these events, then acknowledge them."""
        began_ns = tracing.now_ns()
        try:
            if await self._are_loaded(max(one.place().sequence for one in messages)):
                await self._engine.evaluate(_people(messages), way="stream")
                await acknowledge(messages)
            else:
                await hand_back(messages, delay_s=HAND_BACK_S)
                return
        except Exception:
            await hand_back(messages, delay_s=HAND_BACK_S)
            raise
        if tracing.is_on():
            tracing.record("evaluate journey", (message.data for message in messages), began_ns)
        now = time.time()
        for message in messages:
            metrics.DELAY_SECONDS.observe(max(0.0, now - message.place().stored_at_ns / 1e9))

    async def _are_loaded(self, sequence: int) -> bool:
        """Wait until the loader is through with all up to this event; False if it takes too long."""
        until = time.monotonic() + self._ack_wait_s / 2
        while time.monotonic() < until:
            try:
                if await has_settled(self._js, "EVENTS", loader.DURABLE, sequence):
                    return True
            except OSError as error:  # a timeout
                raise BrokerUnavailableError(f"not answered: {type(error).__name__}") from error
            await asyncio.sleep(LOOK_S)
        log.warning("events are not loaded yet", sequence=sequence)
        return False


def _people(messages: Sequence[Received]) -> list[Key]:
    found: dict[Key, None] = {}
    for message in messages:
        try:
            envelope, _ = decode_parts(message.data)
        except UnreadableEvent as error:
            # The loader makes a dead letter of it, so it never becomes a row that anything could read.
            log.warning("unreadable event", sequence=message.place().sequence, reason=str(error))
            continue
        if envelope.personid is not None:
            found[Key(envelope.companyid or NIL, envelope.personid)] = None
    return list(found)
