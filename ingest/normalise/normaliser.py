"""Takes deliveries from INBOX, publishes their events to EVENTS, and settles every message one way.

Into an event, into RETRY or into DEAD_LETTERS; while a store is away, back to where it was. What is due for
another try comes from RETRY, in a loop of its own: it holds up no fresh delivery.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import asyncpg
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from ingest import metrics
from ingest.dead_letters import DeadLetter
from ingest.events import encode
from ingest.failures import is_store_away
from ingest.jetstream import Message, Pull, acknowledge, hand_back, publish_all
from ingest.normalise.batch import Claimed, Pool, events_of, settle
from ingest.normalise.delivery import DELIVERY_ID, AcceptedDelivery
from ingest.normalise.draft import Draft
from ingest.normalise.readers import draft_of
from ingest.retries import ALL_DUE, Failure, RetryPolicy
from ingest.streams import PUBLISHED_AGAIN, event_subject

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


class Normaliser:
    def __init__(
        self,
        pool: Pool,
        js: JetStreamContext,
        *,
        ack_wait_s: float = 30.0,
        retries: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
    ) -> None:
        self._pool = pool
        self._js = js
        self._ack_wait_s = ack_wait_s
        self._retries = retries

    async def run(self) -> None:
        """Work until cancelled; raises when a store is away, with the batch handed back."""
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

    async def handle(self, messages: Sequence[Msg]) -> None:
        """Settle every message; when a store is away, hand back what is not settled and raise."""
        drafts: list[tuple[Msg, AcceptedDelivery, Draft]] = []
        try:
            for message in messages:
                try:
                    delivery = AcceptedDelivery.of(message)
                    drafts.append((message, delivery, draft_of(delivery)))
                except Exception as error:  # whatever a reader does, it harms its own delivery alone
                    await self._fail(message, error)
            await self._normalise(drafts)
        except Exception:
            await hand_back(messages, delay_s=HAND_BACK_S)
            raise

    async def _normalise(self, drafts: Sequence[tuple[Msg, AcceptedDelivery, Draft]]) -> None:
        if not drafts:
            return
        deliveries = [delivery for _, delivery, _ in drafts]
        try:
            normalised = await events_of(self._pool, [(delivery, draft) for _, delivery, draft in drafts])
        except Exception as error:
            if await self._is_store_away(error):
                raise
            if len(drafts) == 1:
                await self._fail(drafts[0][0], error)
                return
            # One delivery spoils the transaction of all: halve until it stands alone.
            middle = len(drafts) // 2
            await self._normalise(drafts[:middle])
            await self._normalise(drafts[middle:])
            return
        await publish_all(self._js, [_message(one) for one in normalised.claimed])
        await settle(self._pool, deliveries, normalised)
        await acknowledge(message for message, _, _ in drafts)
        metrics.count_by_kind(metrics.PROCESSED, deliveries)
        metrics.EVENTS_PUBLISHED.inc(len(normalised.claimed))

    async def _is_store_away(self, error: Exception) -> bool:
        """A timeout may be the store's or the delivery's: the store is asked something easy."""
        if not isinstance(error, TimeoutError):
            return is_store_away(error)
        try:
            async with asyncio.timeout(PROBE_S), self._pool.acquire() as connection:
                await connection.execute("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return True
        return False

    async def _fail(self, message: Msg, error: Exception) -> None:
        """Have the message come again later, or keep it as a dead letter; then take it away.

        The copy is on the broker's disk before the original goes: a crash in between loses nothing.
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
        await acknowledge([message])


def _facts(failure: Failure) -> dict[str, object]:
    return {
        "key": failure.key,
        "attempt": failure.attempt,
        "error_class": str(failure.error_class),
        "reason": failure.reason,
    }


def _message(claimed: Claimed) -> Message:
    event = claimed.event
    return Message(
        subject=event_subject(event.companyid, event.type),
        payload=encode(event),
        # One per version: the broker drops a copy of this one, and not a later one.
        message_id=f"{event.id}:{event.sourcetime.timestamp():.3f}",
        headers={PUBLISHED_AGAIN: "1"} if claimed.again else {},
    )
