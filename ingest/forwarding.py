"""Makes live updates of events: what `ingest.updates` lists goes from EVENTS to UPDATES, each event once.

An event is acknowledged when its update is in the stream. One that comes again leaves under the same id, and
after a long pause the stream is asked first (`ingest.sent`). An event older than updates are kept is not told
any more.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from nats.js import JetStreamContext

from ingest import metrics, tracing
from ingest.events import UnreadableEvent, decode_parts
from ingest.jetstream import Message, acknowledge, hand_back, publish_all
from ingest.nats_wire import Received
from ingest.pull import Pull
from ingest.sent import unsent
from ingest.streams import DAY_S, PUBLISHED_AGAIN, update_subject
from ingest.updates import FORWARDED, update_body

DURABLE = "live-updates"
BATCH = 500
ACK_WAIT_S = 30.0
RETRY_DELAY_S = 2.0
SUBJECTS = tuple(f"events.*.{event_type}" for event_type in FORWARDED)
_KEPT_S = DAY_S  # as long as UPDATES keeps a message


class Forwarder:
    def __init__(self, js: JetStreamContext, *, ack_wait_s: float = ACK_WAIT_S) -> None:
        self._js = js
        self._ack_wait_s = ack_wait_s

    async def run(self) -> None:
        """Forward until cancelled; raises when the broker is away, and nothing is lost then."""
        pull = await self.pull()
        await pull.each(self.forward)

    async def pull(self, *, idle_s: float = 5.0) -> Pull:
        return await Pull.open(
            self._js, stream="EVENTS", durable=DURABLE, ack_wait_s=self._ack_wait_s, batch=BATCH,
            idle_s=idle_s, linger_s=0, subjects=SUBJECTS,
        )  # fmt: skip

    async def forward(self, messages: Sequence[Received]) -> None:
        """Publish the updates of these events in their order, then acknowledge them."""
        began_ns = tracing.now_ns()
        try:
            updates: list[Message] = []
            perhaps_sent_at: list[datetime | None] = []
            for message in messages:
                if (update := _update(message)) is not None:
                    updates.append(update)
                    perhaps_sent_at.append(_perhaps_sent_at(message))
            await publish_all(self._js, await unsent(self._js, "UPDATES", updates, perhaps_sent_at))
            await acknowledge(messages)
        except Exception:
            await hand_back(messages, delay_s=RETRY_DELAY_S)
            raise
        if tracing.is_on():
            tracing.record("tell live streams", (message.data for message in messages), began_ns)
        for name, count in Counter(update.subject.split(".", 2)[2] for update in updates).items():
            metrics.UPDATES_FORWARDED.labels(name).inc(count)


def _update(message: Received) -> Message | None:
    """The update of an event; None for one without a company, unreadable (the loader parks it) or too old."""
    if message.place().stored_at_ns / 1e9 < time.time() - _KEPT_S:
        return None
    return update_of(message.data)


def update_of(event: bytes) -> Message | None:
    """The update that an event becomes, however old it is; None for one that becomes none."""
    try:
        envelope, data = decode_parts(event)
    except UnreadableEvent:
        return None
    forwarded = FORWARDED.get(envelope.type)
    if forwarded is None or envelope.companyid is None:
        return None
    fields = msgspec.to_builtins(data)
    told = {name: fields[name] for name in forwarded.fields if name in fields}
    return Message(
        update_subject(envelope.companyid, forwarded.name),
        update_body(forwarded.name, envelope.companyid, envelope.time, {**forwarded.constants, **told}),
        f"event:{envelope.id}",
    )


def _perhaps_sent_at(message: Received) -> datetime | None:
    place = message.place()
    if message.has_header(PUBLISHED_AGAIN):
        # Its first copy may be any age; older than the log keeps updates does not matter.
        return datetime.now(UTC) - timedelta(seconds=_KEPT_S)
    return datetime.fromtimestamp(place.stored_at_ns / 1e9, UTC) if place.delivered_count > 1 else None
