"""Follows the log once per process and hands each event to its company's clients.

`position` is the last sequence handled. Handling is synchronous: whatever is behind the position comes to the
rings later, and a client that reads the log up to the position continues in its ring without a seam.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import cast

import nats.errors
import structlog
from nats.aio.client import Client as NatsClient

from ingest.nats_wire import PipelineClient
from ingest.stores import StoreSettings, nats_client
from ingest.updates import UPDATES
from serving.metrics import Metrics
from serving.stream import frames
from serving.stream.channel import Channel
from serving.stream.history import Chunk, read_chunk, read_chunks
from serving.stream.log import ALL_UPDATES, LogInterruptedError, LogState, Record, log_state, reading
from serving.stream.parts import Parts
from serving.stream.ring import Ring
from serving.stream.visibility import View

log = structlog.get_logger("serving.stream")

RECONNECT_S = 1.0
# Clients that read the log at one moment; the others wait their turn. Each reads a chunk and gives way.
READERS = 16


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
        self._client: PipelineClient | None = None
        self._asking: NatsClient | None = (
            None  # what is asked here is not answered behind records on their way
        )
        self._log: LogState | None = None
        self._channels: dict[str, dict[View, Channel]] = {}
        self._clients: dict[str, dict[View, int]] = {}
        self._progress = asyncio.Event()
        self._readers = asyncio.Semaphore(READERS)
        self._parts = Parts()  # of the log, read for clients behind their ring
        self.position = 0
        self.generation = 0  # how often the log turned out not to be the one that clients knew
        self.readers = 0  # clients that are behind their ring and read the log
        self.is_closing = False

    @property
    def is_following(self) -> bool:
        return self._log is not None and self._client is not None and self._client.is_connected

    @property
    def epoch(self) -> str:
        return self._log.epoch if self._log is not None else ""

    @property
    def clients(self) -> dict[str, int]:
        """Open streams per company."""
        return {company: sum(views.values()) for company, views in self._clients.items()}

    @property
    def ring_count(self) -> int:
        return sum(map(len, self._channels.values()))

    async def run(self) -> None:
        """Follow the log until cancelled, beginning again after every interruption."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            try:
                while True:
                    try:
                        if self._asking is None:
                            self._asking = await nats_client(self._stores, name="impact-api-asks")
                        if self._client is None:
                            self._client = cast(
                                PipelineClient, await nats_client(self._stores, name="impact-api")
                            )
                        await self._follow(self._client, self._asking)
                    except (LogInterruptedError, nats.errors.Error, OSError) as error:
                        log.warning("updates_interrupted", reason=repr(error), position=self.position)
                    except (
                        Exception
                    ):  # a fault of ours: the reads go on, and so do the streams, a second later
                        log.exception("updates_failed", position=self.position)
                    await asyncio.sleep(RECONNECT_S)
            finally:
                for client in (self._client, self._asking):
                    if client is not None:
                        await client.close()

    def close(self) -> None:
        """Let every stream end: the clients are told when to come back."""
        self.is_closing = True
        for channel in self._all_channels():
            channel.dismiss()

    @asynccontextmanager
    async def joined(self, company: str, view: View) -> AsyncIterator[Channel]:
        """The channel of a company's view while a client is on it; the last one to leave takes it away."""
        channels = self._channels.setdefault(company, {})
        clients = self._clients.setdefault(company, {})
        if (channel := channels.get(view)) is None:
            ring = Ring(self._ring_size, self.position)
            channel = channels[view] = Channel(ring, self._metrics.stream_deliveries, self._sign_of_life)
        clients[view] = clients.get(view, 0) + 1
        self._metrics.stream_clients.inc()
        self._metrics.streams_opened.count += 1
        try:
            yield channel
        finally:
            self._metrics.stream_clients.dec()
            clients[view] -= 1
            if not clients[view]:
                del clients[view], channels[view]
            if not clients and self._clients.get(company) is clients:
                del self._clients[company], self._channels[company]

    async def state(self) -> LogState:
        """What the log holds now. Raises HubUnavailableError, also if it is not the log that is followed."""
        if self._asking is None or self._log is None or not self.is_following:
            raise HubUnavailableError("the update log is not being followed")
        try:
            state = await log_state(self._asking)
        except (nats.errors.Error, OSError) as error:
            raise HubUnavailableError(
                f"{type(error).__name__} while asking for the state of the log"
            ) from error
        if state.epoch != self.epoch:
            raise HubUnavailableError("the update log was made anew a moment ago")
        return state

    async def reached(self, sequence: int, *, within_s: float) -> None:
        """Wait until this process has handled the sequence; too long raises HubUnavailableError."""
        try:
            async with asyncio.timeout(within_s):
                while self.position < sequence:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError as error:
            raise HubUnavailableError(f"sequence {sequence} has not been read within {within_s} s") from error

    async def find(self, ring: Ring, company: str, view: View, after: int) -> int | None:
        """A client's place in the ring; the ring is filled from the log if what is missing has room in it.

        Many clients that come back after a restart then cost one reading of the log. None: the client is too
        far behind for that and reads the log itself. Raises HubUnavailableError.
        """
        if (cursor := ring.find(after)) is not None:
            return cursor
        if self._clients[company][view] == 1 and self.position - after > ring.room:
            return None  # perhaps too far behind, and there is nobody to read for but this client
        if self._parts.find(company, view, after) is not None:
            return None  # another client that was as far behind has read on from there
        async with ring.lock:
            if (cursor := ring.find(after)) is None and ring.room:
                epoch, upto = self.epoch, ring.covers_after
                chunk = await self.history(company, view, after, upto=upto, most=ring.room)
                is_whole = chunk.after == upto and not chunk.has_gap and len(chunk.frames) <= ring.room
                if is_whole and ring.covers_after == upto and self.epoch == epoch:
                    ring.put_before(chunk.frames, after)
                    cursor = ring.find(after)
        return cursor

    async def history(
        self,
        company: str,
        view: View,
        after: int,
        *,
        upto: int,
        most: int | None = None,
        is_conflated: bool = False,
    ) -> Chunk:
        """The next part of what the log has of a view behind `after`. Raises HubUnavailableError."""
        if self._client is None or self._asking is None:
            raise HubUnavailableError("the update log is not being followed")
        epoch = self.epoch
        async with self._readers:
            try:
                chunk = await read_chunk(
                    self._client, self._asking, epoch, company, view, after, upto,
                    most=most, is_conflated=is_conflated,
                )  # fmt: skip
            except (LogInterruptedError, nats.errors.Error, OSError) as error:
                raise HubUnavailableError("the update log was interrupted while reading history") from error
        self._refuse_another(chunk, epoch)
        return chunk

    async def histories(
        self, company: str, view: View, after: int, *, upto: int
    ) -> AsyncGenerator[Chunk, None]:
        """As `history`, part after part. Close it at once when the client does not take a part at once.

        What another client read a moment ago is not read again; a part may then reach beyond `upto`.
        """
        if self._client is None or self._asking is None:
            raise HubUnavailableError("the update log is not being followed")
        epoch, generation = self.epoch, self.generation
        while after < upto:
            if (part := self._parts.find(company, view, after)) is not None:
                self._refuse_another(part, epoch)
                yield part
                after = part.after
                continue
            async with self._readers:
                if self._parts.find(company, view, after) is not None:
                    continue  # read while this one waited for its turn
                until = min(upto, self._parts.next_after(company, view, after) or upto)
                try:
                    parts = read_chunks(self._client, self._asking, epoch, company, view, after, until)
                    async with aclosing(parts) as chunks:
                        async for chunk in chunks:
                            self._refuse_another(chunk, epoch)
                            if self.generation == generation:  # not of a log that was put back meanwhile
                                self._parts.keep(company, view, after, chunk)
                            after = chunk.after
                            yield chunk
                            if self._parts.find(company, view, after) is not None:
                                break
                except (LogInterruptedError, nats.errors.Error, OSError) as error:
                    raise HubUnavailableError(
                        "the update log was interrupted while reading history"
                    ) from error

    def _refuse_another(self, chunk: Chunk, epoch: str) -> None:
        if chunk.epoch != epoch or self.epoch != epoch:
            raise HubUnavailableError("the update log was made anew a moment ago")

    async def _follow(self, client: PipelineClient, asking: NatsClient) -> None:
        self._continue_from(await log_state(asking))
        log.info("updates_followed", position=self.position, epoch=self.epoch)
        async with reading(
            client, asking, ALL_UPDATES, self.position, name="follows for live streams"
        ) as records:
            while True:
                self._handle(await records.next())

    def _continue_from(self, state: LogState) -> None:
        """Where to read on, and what to tell clients if the log is not the one they knew."""
        known, self._log = self._log, state
        if known is None:
            self.position = state.last
            for channel in self._all_channels():  # of clients that came before the log was there
                channel.ring.begin_again(self.position)
        elif state.epoch != known.epoch or state.last < self.position:
            self.position = state.last
            self.generation += 1
            self._parts.clear()
            for channel in self._all_channels():
                channel.ring.begin_again(self.position)
                channel.dismiss()
        elif state.first > self.position + 1:
            self._skip_to(state.first)

    def _skip_to(self, sequence: int) -> None:
        """Tell every client of a hole in the log: only this process knows that it did not read it."""
        lost_from, self.position = self.position + 1, sequence - 1
        self._tell_all(frames.gap(self.epoch, lost_from, self.position))

    def _handle(self, record: Record) -> None:
        if record.sequence > self.position + 1:  # the whole stream is followed, and has no holes of its own
            self._skip_to(record.sequence)
        self.position = record.sequence
        self._progress.set()
        self._metrics.stream_events.labels(record.name if record.name in UPDATES else "other").inc()
        if channels := self._channels.get(record.company):
            frame = None
            for view, channel in channels.items():
                if record.name in view:
                    frame = frame or frames.event(self.epoch, record.sequence, record.name, record.data)
                    channel.push(record.sequence, frame)

    def _tell_all(self, frame: bytes) -> None:
        for channel in self._all_channels():
            channel.push(self.position, frame)

    def _all_channels(self) -> list[Channel]:
        return [channel for channels in self._channels.values() for channel in channels.values()]

    def _sign_of_life(self) -> tuple[int, bytes]:
        return self.position, frames.keep_alive(self.epoch, self.position)

    async def _beat(self) -> None:
        """Every now and then each client that has everything gets a comment, a sign of life."""
        while True:
            await asyncio.sleep(self._heartbeat_s)
            for channel in self._all_channels():
                channel.beat()
