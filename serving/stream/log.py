"""Reading the UPDATES stream in order, from any position, noticing every hole.

nats-py has an ordered consumer, but it starts from the beginning of the stream when it is interrupted before
its first message, and it forgets messages its own queue dropped. Here the consumer's sequence is checked
message by message, and any doubt ends the reading; the reader begins again behind its last record.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

import nats.errors
import nats.js.errors
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header

STREAM = "UPDATES"
ALL_UPDATES = "updates.>"

# The server speaks this often on a quiet stream; twice without a word, and the reading is taken for lost.
HEARTBEAT_S = 2.0
_CONTROL = "100"


class LogInterruptedError(Exception):
    """Continuity is no longer certain. Begin again behind the last record."""


class LogState(NamedTuple):
    """What the stream holds: sequences from `first` to `last`. An empty one has `first == last + 1`."""

    created: datetime | None
    first: int
    last: int


class Record(NamedTuple):
    sequence: int
    company: str
    name: str  # such as metric.updated
    data: bytes


def company_subject(company: str) -> str:
    return f"updates.{company}.>"


async def log_state(client: NatsClient) -> LogState:
    info = await client.jetstream().stream_info(STREAM)
    return LogState(info.created, info.state.first_seq, info.state.last_seq)


class Reading:
    """An open reading: `next` gives every record behind the start, in order, and waits for those to come."""

    def __init__(self, client: NatsClient) -> None:
        self._client = client
        # Bounded by the consumer's flow control: the server waits until what it sent has been read here.
        self._arrived: asyncio.Queue[Msg] = asyncio.Queue()
        self._delivered = 0
        self.pending = 0  # records in the log that have not been read

    async def take(self, message: Msg) -> None:
        # Not nats-py's own `next_msg`: it makes a task and a UUID per message.
        self._arrived.put_nowait(message)

    async def next(self) -> Record:
        """The next record. LogInterruptedError: one is missing, or the server is silent."""
        try:
            while True:
                message = await self._message()
                if message.headers and message.headers.get(Header.STATUS) == _CONTROL:
                    await self._answer_control(message)
                else:
                    return self._record(message)
        except TimeoutError as error:
            raise LogInterruptedError(f"no word from the stream for {2 * HEARTBEAT_S} s") from error
        except nats.errors.Error as error:
            raise LogInterruptedError(f"{type(error).__name__} while reading the stream") from error

    async def _message(self) -> Msg:
        if not self._arrived.empty():
            return self._arrived.get_nowait()
        async with asyncio.timeout(2 * HEARTBEAT_S):
            return await self._arrived.get()

    def _record(self, message: Msg) -> Record:
        metadata = message.metadata
        self._delivered += 1
        if metadata.sequence.consumer != self._delivered:
            raise LogInterruptedError(f"message {self._delivered} of the reading is missing")
        self.pending = metadata.num_pending
        company, _, name = message.subject.removeprefix("updates.").partition(".")
        return Record(metadata.sequence.stream, company, name, message.data)

    async def _answer_control(self, message: Msg) -> None:
        """Flow control asks for an answer once all before it is read; a heartbeat tells how much was sent."""
        headers = message.headers or {}
        if reply := message.reply or headers.get(Header.CONSUMER_STALLED):
            await self._client.publish(reply)
        if int(headers.get(Header.LAST_CONSUMER, self._delivered)) != self._delivered:
            raise LogInterruptedError("a heartbeat names messages that did not arrive")


@asynccontextmanager
async def reading(client: NatsClient, subject: str, after: int) -> AsyncIterator[Reading]:
    """Read `subject` from behind the sequence `after`. Opening raises what nats-py raises."""
    inbox = client.new_inbox()
    log_reading = Reading(client)
    subscription = await client.subscribe(inbox, cb=log_reading.take)
    try:
        consumer = await client.jetstream().add_consumer(
            STREAM,
            ConsumerConfig(
                deliver_subject=inbox,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=after + 1,
                filter_subject=subject,
                ack_policy=AckPolicy.NONE,
                max_deliver=1,
                # In memory of one server and gone with the subscription: the position is the reader's own.
                mem_storage=True,
                num_replicas=1,
                idle_heartbeat=HEARTBEAT_S,
                flow_control=True,
            ),
        )
        log_reading.pending = consumer.num_pending or 0
        yield log_reading
    finally:
        with suppress(nats.errors.Error):
            await subscription.unsubscribe()
