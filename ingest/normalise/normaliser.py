"""Takes deliveries from INBOX, publishes their events to EVENTS, and settles every message one way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

import asyncpg
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from ingest import metrics
from ingest.dead_letters import DeadLetter
from ingest.events import encode
from ingest.jetstream import Message, Pull, acknowledge, hand_back, publish_all
from ingest.normalise.batch import Claimed, Pool, events_of, mark_published
from ingest.normalise.delivery import AcceptedDelivery, UnprocessableDeliveryError
from ingest.normalise.draft import Draft
from ingest.normalise.readers import draft_of
from ingest.streams import PUBLISHED_AGAIN, event_subject

log = structlog.get_logger(__name__)

DURABLE = "normaliser"
BATCH = 500
LINGER_S = 0.03
RETRY_DELAY_S = 2.0

# The content is at fault: trying again cannot help. Anything else is the platform's trouble and is retried.
PERMANENT = (
    UnprocessableDeliveryError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ValueError,
)


class Normaliser:
    def __init__(self, pool: Pool, js: JetStreamContext, *, ack_wait_s: float = 30.0) -> None:
        self._pool = pool
        self._js = js
        self._ack_wait_s = ack_wait_s

    async def run(self) -> None:
        """Work until cancelled; raises when a store is away, with the batch handed back."""
        pull = await Pull.open(
            self._js, stream="INBOX", durable=DURABLE, ack_wait_s=self._ack_wait_s,
            batch=BATCH, linger_s=LINGER_S,
        )  # fmt: skip
        async with aclosing(pull):
            while True:
                if messages := await pull.fetch():
                    await self.handle(messages)

    async def handle(self, messages: Sequence[Msg]) -> None:
        """Ack what became events and park what never can; in trouble hand the rest back and raise."""
        drafts: list[tuple[Msg, AcceptedDelivery, Draft]] = []
        try:
            for message in messages:
                try:
                    delivery = AcceptedDelivery.of(message)
                    drafts.append((message, delivery, draft_of(delivery)))
                except PERMANENT as error:
                    await self._park(message, error)
            await self._normalise(drafts)
        except Exception:
            await hand_back(messages, delay_s=RETRY_DELAY_S)
            raise

    async def _normalise(self, drafts: Sequence[tuple[Msg, AcceptedDelivery, Draft]]) -> None:
        if not drafts:
            return
        try:
            claimed = await events_of(self._pool, [(delivery, draft) for _, delivery, draft in drafts])
        except PERMANENT as error:
            if len(drafts) == 1:
                await self._park(drafts[0][0], error)
                return
            # One delivery spoils the transaction of all: halve until it stands alone.
            middle = len(drafts) // 2
            await self._normalise(drafts[:middle])
            await self._normalise(drafts[middle:])
            return
        await publish_all(self._js, [_message(one) for one in claimed])
        await mark_published(self._pool, [one.event.id for one in claimed])
        await acknowledge(message for message, _, _ in drafts)
        for _, delivery, _ in drafts:
            metrics.PROCESSED.labels(delivery.source, delivery.kind).inc()
        metrics.EVENTS_PUBLISHED.inc(len(claimed))

    async def _park(self, message: Msg, error: Exception) -> None:
        """Keep the message as a dead letter, then end it. In this order, a crash in between loses nothing."""
        reason = str(error) if isinstance(error, UnprocessableDeliveryError) else type(error).__name__
        headers = message.headers or {}
        _, source, kind = message.subject.split(".", 2)
        letter = DeadLetter(
            source=source,
            kind=kind,
            key=headers.get("Nats-Msg-Id", f"INBOX:{message.metadata.sequence.stream}"),
            reason=reason,
            attempts=message.metadata.num_delivered or 1,
            payload=message.data,
            original_headers=headers,
        )
        await publish_all(self._js, [letter.message()])
        await message.term()
        metrics.DEAD_LETTERED.labels(source, "normalise").inc()
        log.warning("delivery parked", key=letter.key, reason=reason)


def _message(claimed: Claimed) -> Message:
    event = claimed.event
    return Message(
        subject=event_subject(event.companyid, event.type),
        payload=encode(event),
        message_id=str(event.id),
        headers={PUBLISHED_AGAIN: "1"} if claimed.again else {},
    )
