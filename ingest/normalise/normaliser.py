"""Turns deliveries into events on EVENTS, and settles every one of them in one of three ways.

As an event whose texts are sealed, in RETRY or in DEAD_LETTERS; while a store is away, not at all. Fresh
deliveries come from the relay, straight from Postgres. What is due for another try comes from RETRY and what
was redriven from INBOX, each in a loop of its own: it holds up no fresh delivery.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial

import asyncpg
import structlog
from nats.js import JetStreamContext

from ingest import metrics, tracing
from ingest.dead_letters import DeadLetter
from ingest.events import Event, encode
from ingest.failures import is_store_away
from ingest.jetstream import Message, acknowledge, hand_back, publish_all
from ingest.nats_wire import Received
from ingest.normalise.batch import Pool, events_of, settle
from ingest.normalise.delivery import DELIVERY_ID, AcceptedDelivery, UnprocessableDeliveryError
from ingest.normalise.draft import Draft
from ingest.normalise.readers import draft_of
from ingest.pull import Pull
from ingest.retries import ALL_DUE, Failure, RetryPolicy
from ingest.sealing.keys import TextKeys
from ingest.sealing.master import MasterKeyError
from ingest.streams import PUBLISHED_AGAIN, event_subject
from ingest.tombstones import Tombstones

log = structlog.get_logger(__name__)

DURABLE = "normaliser"
RETRY_DURABLE = "normaliser-retry"
BATCH = 500
LINGER_S = 0.03
HAND_BACK_S = 2.0
PROBE_S = 5.0

_FAILED = """
update ingest.deliveries
set outcome = $3, failure_count = $4, last_error = $5, retry_at = $6,
    settled_at = case when $3 = 'dead' then now() end
where source = $1 and delivery_id = $2
"""


# A delivery, and the message it is as, for when it has to go to the broker: few ever do.
Given = tuple[AcceptedDelivery, Callable[[], Message]]


class Normaliser:
    def __init__(
        self,
        pool: Pool,
        js: JetStreamContext,
        texts: TextKeys,
        *,
        ack_wait_s: float = 30.0,
        retries: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        tombstones: Tombstones | None = None,
    ) -> None:
        self._pool = pool
        self._js = js
        self._texts = texts
        self._ack_wait_s = ack_wait_s
        self._retries = retries
        self._tombstones = Tombstones() if tombstones is None else tombstones

    async def run(self) -> None:
        """Take what was redriven until cancelled; raises when a store is away, with the batch handed back."""
        await self._run("INBOX", DURABLE, None)

    async def run_retries(self) -> None:
        """The same for what is due for another try."""
        await self._run("RETRY", RETRY_DURABLE, ALL_DUE)

    async def _run(self, stream: str, durable: str, subjects: str | None) -> None:
        pull = await Pull.open(
            self._js, stream=stream, durable=durable, ack_wait_s=self._ack_wait_s,
            batch=BATCH, linger_s=LINGER_S, subjects=subjects,
        )  # fmt: skip
        async with aclosing(pull):
            while True:
                if messages := await pull.fetch():
                    await self.handle(messages)

    async def handle(self, messages: Sequence[Received]) -> None:
        """Normalise the deliveries that messages hold; when a store is away, hand them back and raise."""
        given: list[Given] = []
        try:
            for message in messages:
                place = f"{message.metadata.stream}:{message.metadata.sequence.stream}"
                original = Message(message.subject, message.data, place, message.headers or {})
                try:
                    given.append((AcceptedDelivery.of(original), partial(_same, original)))
                except UnprocessableDeliveryError as error:
                    await self._fail(original, error)
            await self._normalise(given)
            await acknowledge(messages)
        except Exception:
            await hand_back(messages, delay_s=HAND_BACK_S)
            raise

    async def take(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        """Return once every delivery is settled, so that its row may go; raises when a store is away.

        Taking a delivery again, after a crash or a store's absence, changes nothing.
        """
        await self._normalise([(delivery, delivery.message) for delivery in deliveries])

    async def _normalise(self, given: Sequence[Given]) -> None:
        if not tracing.is_on():
            await self._draft_and_publish(given)
            return
        with tracing.spans("normalise", [delivery.traceparent for delivery, _ in given]) as traced:
            await self._draft_and_publish([
                (delivery._replace(traceparent=traceparent or delivery.traceparent), original)
                for (delivery, original), traceparent in zip(given, traced, strict=True)
            ])  # fmt: skip

    async def _draft_and_publish(self, given: Sequence[Given]) -> None:
        drafts: list[tuple[AcceptedDelivery, Draft]] = []
        originals: list[Callable[[], Message]] = []
        for delivery, original in given:
            try:
                drafts.append((delivery, draft_of(delivery)))
            except Exception as error:  # whatever a reader does, it harms its own delivery alone
                await self._fail(original(), error)
            else:
                originals.append(original)
        await self._publish(drafts, originals)

    async def _publish(
        self, drafts: Sequence[tuple[AcceptedDelivery, Draft]], originals: Sequence[Callable[[], Message]]
    ) -> None:
        if not drafts:
            return
        deliveries = [delivery for delivery, _ in drafts]
        try:
            normalised = await events_of(self._pool, drafts, self._tombstones)
            events = await self._texts.sealed([one.event for one in normalised.claimed])
        except Exception as error:
            if await self._is_store_away(error):
                raise
            if len(drafts) == 1:
                await self._fail(originals[0](), error)
                return
            # One delivery spoils the transaction of all: halve until it stands alone.
            middle = len(drafts) // 2
            await self._publish(drafts[:middle], originals[:middle])
            await self._publish(drafts[middle:], originals[middle:])
            return
        messages = [_message(event, one.again) for event, one in zip(events, normalised.claimed, strict=True)]
        await publish_all(self._js, messages)
        await settle(self._pool, deliveries, normalised)
        metrics.count_by_kind(metrics.PROCESSED, deliveries)
        metrics.EVENTS_PUBLISHED.inc(len(normalised.claimed))
        metrics.LEFT_OUT_ERASED.labels("normaliser").inc(len(drafts) - len(normalised.event_of))

    async def _is_store_away(self, error: Exception) -> bool:
        """A timeout may be the store's or the delivery's: the store is asked something easy."""
        if isinstance(error, MasterKeyError):  # nothing is wrong with the deliveries: they wait for the key
            return True
        if not isinstance(error, TimeoutError):
            return is_store_away(error)
        try:
            async with asyncio.timeout(PROBE_S), self._pool.acquire() as connection:
                await connection.execute("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return True
        return False

    async def _fail(self, message: Message, error: Exception) -> None:
        """Have the delivery come again later, or keep it as a dead letter.

        Either is on the broker's disk before the original goes: a crash in between loses nothing.
        """
        failure = Failure.of(message, error, delivery_id_header=DELIVERY_ID)
        if failure.is_final(self._retries):
            due_at = None
            await publish_all(self._js, [DeadLetter.of(failure).message()])
            metrics.DEAD_LETTERED.labels(failure.source, "normalise", failure.error_class).inc()
            log.warning("delivery given up", **_facts(failure))
        else:
            due_at = failure.due_at(self._retries)
            await publish_all(self._js, [failure.retry(due_at)])
            metrics.RETRIED.labels(failure.source, failure.kind, failure.error_class).inc()
            log.info("delivery will be tried again", due_at=due_at.isoformat(), **_facts(failure))
        if failure.delivery_id and "\0" not in failure.delivery_id:
            await self._pool.execute(
                _FAILED, failure.source, failure.delivery_id, "retrying" if due_at else "dead",
                failure.attempt, failure.reason, due_at,
            )  # fmt: skip


def _same(message: Message) -> Message:
    return message


def _facts(failure: Failure) -> dict[str, object]:
    return {
        "key": failure.key,
        "attempt": failure.attempt,
        "error_class": str(failure.error_class),
        "reason": failure.reason,
        **tracing.ids_of(failure.message.headers.get(tracing.HEADER)),
    }


def _message(event: Event, again: bool) -> Message:
    return Message(
        subject=event_subject(event.companyid, event.type),
        payload=encode(event),
        # One per version: the broker drops a copy of this one, and not a later one.
        message_id=f"{event.id}:{event.sourcetime.timestamp():.3f}",
        headers={PUBLISHED_AGAIN: "1"} if again else {},
    )
