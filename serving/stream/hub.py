"""Follows the log once per process and hands each event to its company's clients.

`position` is the last sequence handled. Handling is synchronous, so a client that joins a ring and notes the
position in one step knows: up to it, the log; behind it, the ring. That seam is what makes resuming exact.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import nats.errors
import structlog
from nats.aio.client import Client as NatsClient

from ingest.stores import StoreSettings, nats_client
from serving.metrics import Metrics
from serving.stream import frames
from serving.stream.log import (
    ALL_UPDATES,
    LogInterruptedError,
    LogState,
    Record,
    company_subject,
    log_state,
    reading,
)
from serving.stream.ring import Ring

log = structlog.get_logger("serving.stream")

RECONNECT_S = 1.0


class HubUnavailableError(Exception):
    """The log cannot be reached now; trying again may help."""


class Hub:
    def __init__(
        self, stores: StoreSettings, metrics: Metrics, *, ring_size: int, heartbeat_s: float
    ) -> None:
        self._stores = stores
        self._metrics = metrics
        self._ring_size = ring_size
        self._heartbeat_s = heartbeat_s
        self._client: NatsClient | None = None
        self._log: LogState | None = None
        self._rings: dict[str, Ring] = {}
        self._clients: dict[str, int] = {}
        self._progress = asyncio.Event()
        self.position = 0
        self.is_closing = False

    @property
    def is_following(self) -> bool:
        return self._log is not None and self._client is not None and self._client.is_connected

    @property
    def clients(self) -> dict[str, int]:
        """Open streams per company."""
        return dict(self._clients)

    async def run(self) -> None:
        """Follow the log until cancelled, beginning again after every interruption."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            try:
                while True:
                    try:
                        if self._client is None:
                            self._client = await nats_client(self._stores, name="impact-api")
                        await self._follow(self._client)
                    except (LogInterruptedError, nats.errors.Error, OSError) as error:
                        log.warning("updates_interrupted", reason=repr(error), position=self.position)
                    except (
                        Exception
                    ):  # a fault of ours: the reads go on, and so do the streams, a second later
                        log.exception("updates_failed", position=self.position)
                    await asyncio.sleep(RECONNECT_S)
            finally:
                if self._client is not None:
                    await self._client.close()

    def close(self) -> None:
        """Let every stream end: the clients are told when to come back."""
        self.is_closing = True
        for ring in self._rings.values():
            ring.wake()

    @asynccontextmanager
    async def joined(self, company: str) -> AsyncIterator[Ring]:
        """The ring of a company while a client reads it; the last one to leave takes it away."""
        ring = self._rings.setdefault(company, Ring(self._ring_size))
        self._clients[company] = self._clients.get(company, 0) + 1
        self._metrics.stream_clients.inc()
        try:
            yield ring
        finally:
            self._metrics.stream_clients.dec()
            self._clients[company] -= 1
            if not self._clients[company]:
                del self._clients[company], self._rings[company]

    async def state(self) -> LogState:
        """What the log holds now. Raises HubUnavailableError."""
        if self._client is None or not self.is_following:
            raise HubUnavailableError("the update log is not being followed")
        try:
            return await log_state(self._client)
        except nats.errors.Error as error:
            raise HubUnavailableError(
                f"{type(error).__name__} while asking for the state of the log"
            ) from error

    async def reached(self, sequence: int, *, within_s: float) -> None:
        """Wait until this process has handled the sequence; too long raises HubUnavailableError."""
        try:
            async with asyncio.timeout(within_s):
                while self.position < sequence:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError as error:
            raise HubUnavailableError(f"sequence {sequence} has not been read within {within_s} s") from error

    async def history(self, company: str, after: int, upto: int) -> AsyncGenerator[Record, None]:
        """A company's records with `after` < sequence <= `upto`, from the log. Raises HubUnavailableError."""
        if after >= upto:
            return
        if self._client is None:
            raise HubUnavailableError("the update log is not being followed")
        try:
            async with reading(self._client, company_subject(company), after) as log_reading:
                while log_reading.pending:
                    record = await log_reading.next()
                    if record.sequence > upto:
                        return
                    yield record
        except (LogInterruptedError, nats.errors.Error) as error:
            raise HubUnavailableError("the update log was interrupted while reading history") from error

    async def _follow(self, client: NatsClient) -> None:
        self._continue_from(await log_state(client))
        log.info("updates_followed", position=self.position)
        async with reading(client, ALL_UPDATES, self.position) as log_reading:
            while True:
                self._handle(await log_reading.next())

    def _continue_from(self, state: LogState) -> None:
        """Where to read on, and what to tell clients if the log is not the one they knew."""
        known, self._log = self._log, state
        if known is None:
            self.position = state.last
        elif state.created != known.created or state.last < self.position:
            self.position = state.last
            self._tell_all(frames.reset(self.position, "recreated"))
        elif state.first > self.position + 1:
            lost_from, self.position = self.position + 1, state.first - 1
            self._tell_all(frames.gap(lost_from, self.position))

    def _handle(self, record: Record) -> None:
        self.position = record.sequence
        self._progress.set()
        self._metrics.stream_events.labels(
            record.name if record.name in frames.EVENT_NAMES else "other"
        ).inc()
        if ring := self._rings.get(record.company):
            ring.push(record.sequence, frames.event(record.sequence, record.name, record.data))

    def _tell_all(self, frame: bytes) -> None:
        for ring in self._rings.values():
            ring.push(self.position, frame)

    async def _beat(self) -> None:
        """Wakes every client now and then: a quiet one writes a comment, a sign of life."""
        while True:
            await asyncio.sleep(self._heartbeat_s)
            for ring in self._rings.values():
                ring.wake()
