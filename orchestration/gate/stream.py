"""Texts as they are written: events of the stream, each admitted within a second of its arrival there."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from nats.js import JetStreamContext

from ingest import tracing
from ingest.events import UnreadableEvent, decode_parts
from ingest.jetstream import acknowledge, hand_back
from ingest.nats_wire import Received
from ingest.pull import Pull
from orchestration.gate import metrics
from orchestration.gate.gate import Gate
from orchestration.gate.texts import TEXT_TYPES, TextVersion, version_of

log = structlog.get_logger(__name__)

DURABLE = "safety-gate"
BATCH = 200
LINGER_S = 0.1
IDLE_S = 30.0  # a fetch that waits costs nothing
ACK_WAIT_S = 30.0
HAND_BACK_S = 2.0
SUBJECTS = [f"events.*.{event_type}" for event_type in TEXT_TYPES]


class TextStream:
    """The gate's own durable consumer of EVENTS. It starts at the stream's first event."""

    def __init__(self, js: JetStreamContext, gate: Gate, *, ack_wait_s: float = ACK_WAIT_S) -> None:
        self._js = js
        self._gate = gate
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
        """Admit the texts of these events, then acknowledge them."""
        began_ns = tracing.now_ns()
        try:
            await self._gate.admit(_versions(messages), way="stream")
            await acknowledge(messages)
        except Exception:
            await hand_back(messages, delay_s=HAND_BACK_S)
            raise
        if tracing.is_on():
            tracing.record("screen", (message.data for message in messages), began_ns)
        now = time.time()
        for message in messages:
            metrics.DELAY_SECONDS.observe(max(0.0, now - message.place().stored_at_ns / 1e9))


def _versions(messages: Sequence[Received]) -> list[TextVersion]:
    versions = []
    for message in messages:
        try:
            versions.append(version_of(*decode_parts(message.data)))
        except UnreadableEvent as error:
            # The loader makes a dead letter of it, so it never becomes a row that anything could read.
            log.warning("unreadable event", sequence=message.place().sequence, reason=str(error))
    return versions
