"""Reading the UPDATES stream in order, from any position, noticing every hole.

nats-py has an ordered consumer, but it starts from the beginning of the stream when it is interrupted before
its first message, and it forgets messages its own queue dropped. Here the consumer's sequence is checked
message by message, and any doubt ends the reading; the reader begins again behind its last record.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

import nats.errors
import nats.js.errors
from nats.aio.client import Client as NatsClient
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy, Header

from ingest.nats_wire import PipelineClient

STREAM = "UPDATES"
ALL_UPDATES = ("updates.>",)

# The server speaks this often on a quiet stream; twice without a word, and the reading is taken for lost.
HEARTBEAT_S = 2.0
_CONTROL = b"NATS/1.0 100"
_STALLED = Header.CONSUMER_STALLED.value.encode()
_LAST_CONSUMER = Header.LAST_CONSUMER.value.encode()
_FIELDS_WITHOUT_DOMAIN = 9


class LogInterruptedError(Exception):
    """Continuity is no longer certain. Begin again behind the last record."""


class LogState(NamedTuple):
    """What the stream holds: sequences from `first` to `last`. An empty one has `first == last + 1`."""

    created: datetime | None
    first: int
    last: int

    @property
    def epoch(self) -> str:
        """Tells this stream from one of the same name that is made later: when it was made, in ms."""
        return format(int(self.created.timestamp() * 1000) if self.created else 0, "x")


class Record(NamedTuple):
    sequence: int
    company: str
    name: str  # such as metric.updated
    data: bytes


def company_subjects(company: str, names: Collection[str]) -> list[str]:
    """The company is one of ours (a UUID), never text from a request."""
    return [f"updates.{company}.{name}" for name in sorted(names)]


async def log_state(client: NatsClient) -> LogState:
    info = await client.jetstream().stream_info(STREAM)
    return LogState(info.created, info.state.first_seq, info.state.last_seq)


class Reading:
    """An open reading: `next` gives every record behind the start, in order, and waits for those to come."""

    def __init__(self, client: PipelineClient) -> None:
        self._client = client
        # Bounded by the consumer's flow control: the server waits until what it sent has been read here.
        self._arrived: deque[tuple[bytes, bytes, bytes | None, bytes]] = deque()
        self._has_arrived = asyncio.Event()
        self._delivered = 0
        self.pending = 0  # records in the log that have not been read

    def take(self, subject: bytes, reply: bytes, headers: bytes | None, data: bytes) -> None:
        self._arrived.append((subject, reply, headers, data))
        self._has_arrived.set()

    async def next(self) -> Record:
        """The next record. LogInterruptedError: one is missing, or the server is silent."""
        try:
            while True:
                if not self._arrived:
                    await self._wait()
                subject, reply, headers, data = self._arrived.popleft()
                if headers is not None and headers.startswith(_CONTROL):
                    await self._answer_control(reply, headers)
                else:
                    return self._record(subject, reply, data)
        except TimeoutError as error:
            raise LogInterruptedError(f"no word from the stream for {2 * HEARTBEAT_S} s") from error
        except nats.errors.Error as error:
            raise LogInterruptedError(f"{type(error).__name__} while reading the stream") from error

    async def _wait(self) -> None:
        self._has_arrived.clear()
        async with asyncio.timeout(2 * HEARTBEAT_S):
            await self._has_arrived.wait()

    def _record(self, subject: bytes, reply: bytes, data: bytes) -> Record:
        # `$JS.ACK.….<stream sequence>.<consumer sequence>.<time>.<pending>`; a server in a domain adds fields
        # in front, and a token behind.
        fields = reply.split(b".")
        first = 5 if len(fields) == _FIELDS_WITHOUT_DOMAIN else 7
        sequence, number, _, pending = fields[first : first + 4]
        self._delivered += 1
        if int(number) != self._delivered:
            raise LogInterruptedError(f"message {self._delivered} of the reading is missing")
        self.pending = int(pending)
        _, company, name = subject.decode().split(".", 2)
        return Record(int(sequence), company, name, data)

    async def _answer_control(self, reply: bytes, headers: bytes) -> None:
        """Flow control asks for an answer once all before it is read; a heartbeat tells how much was sent."""
        told = dict(line.split(b": ", 1) for line in headers.split(b"\r\n") if b": " in line)
        if reply := reply or told.get(_STALLED, b""):
            await self._client.publish(reply.decode())
        if int(told.get(_LAST_CONSUMER, self._delivered)) != self._delivered:
            raise LogInterruptedError("a heartbeat names messages that did not arrive")


@asynccontextmanager
async def reading(
    client: PipelineClient, asking: NatsClient, subjects: Sequence[str], after: int, *, name: str
) -> AsyncIterator[Reading]:
    """Read these subjects from behind the sequence `after`. Opening raises what nats-py raises.

    `asking` is another connection: on the one that reads, answers come behind all records on their way.
    `name` says in the broker's list of consumers what the reading is for.
    """
    inbox = client.new_inbox()
    log_reading = Reading(client)
    consumer: ConsumerInfo | None = None
    subscription = await client.subscribe_sink(inbox, log_reading.take)
    try:
        consumer = await asking.jetstream().add_consumer(
            STREAM,
            ConsumerConfig(
                description=name,
                deliver_subject=inbox,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=after + 1,
                filter_subjects=list(subjects),
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
        client.sinks.pop(subscription._id, None)
        with suppress(nats.errors.Error):
            await subscription.unsubscribe()
            if consumer is not None:
                # Without waiting for an answer: the server would find out by itself in some seconds.
                await client.publish(f"$JS.API.CONSUMER.DELETE.{STREAM}.{consumer.name}")
