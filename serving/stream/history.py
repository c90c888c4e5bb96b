"""Parts of a company's log, for clients that are behind the ring.

A part is read in one go and its consumer is gone before the client is sent anything. For a client that takes
every part at once the same consumer reads the next one. So however many clients are slow, and however slow
they are, none of them holds anything at the broker.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import NamedTuple

import msgspec
from nats.aio.client import Client as NatsClient

from ingest.nats_wire import PipelineClient
from ingest.updates import UPDATES
from serving.stream import frames
from serving.stream.log import Reading, Record, company_subjects, log_state, reading
from serving.stream.visibility import View

# A client that stops reading in the middle of a part holds what is left of it.
CHUNK_BYTES = 128 << 10
# The first part is small, so that something is seen to come at once.
FIRST_BYTES = 8 << 10
CHUNK_RECORDS = 2_000
# When of each figure only the newest is kept, a part may span more.
CONFLATED_RECORDS = 20_000


class Chunk(NamedTuple):
    epoch: str
    frames: list[tuple[int, bytes]]  # with the sequence up to which a client then has everything
    after: int  # everything up to here is in the chunk or said to be missing
    has_gap: bool


async def read_chunk(
    client: PipelineClient,
    asking: NatsClient,
    epoch: str,
    company: str,
    view: View,
    after: int,
    upto: int,
    *,
    most: int | None = None,
    is_conflated: bool = False,
) -> Chunk:
    """What the log has of a view behind `after` and not behind `upto`, as much as a part holds.

    Records that the log no longer has are in it as gaps, each as exact as the log can tell. With `most`, so
    many records and one more are read at the most, or none if there are far more. `asking`: see `reading`.
    Raises LogInterruptedError or what nats-py raises.
    """
    if after >= upto:
        return await _told(asking, epoch, [], after, max(after, upto), is_conflated=is_conflated)
    async with reading(
        client, asking, company_subjects(company, view), after, name="catches up for a live stream"
    ) as log_reading:
        if most is not None and log_reading.pending > 2 * most:
            return Chunk(epoch, [], after, has_gap=False)  # more than would help
        records, reached = await _take(
            log_reading,
            after,
            upto,
            records=most or (CONFLATED_RECORDS if is_conflated else CHUNK_RECORDS),
            size=CHUNK_BYTES if most is None and not is_conflated else None,
        )
    return await _told(asking, epoch, records, after, reached, is_conflated=is_conflated)


async def read_chunks(
    client: PipelineClient, asking: NatsClient, epoch: str, company: str, view: View, after: int, upto: int
) -> AsyncGenerator[Chunk, None]:
    """As `read_chunk`, part after part by one consumer, which ends when the generator is closed."""
    size = FIRST_BYTES
    async with reading(
        client, asking, company_subjects(company, view), after, name="catches up for a live stream"
    ) as log_reading:
        while after < upto:
            records, reached = await _take(log_reading, after, upto, records=CHUNK_RECORDS, size=size)
            yield await _told(asking, epoch, records, after, reached, is_conflated=False)
            after, size = reached, CHUNK_BYTES


async def _take(
    log_reading: Reading, after: int, upto: int, *, records: int, size: int | None
) -> tuple[list[Record], int]:
    """Records until they are more than so many or longer than `size`, and the sequence reached with them."""
    taken: list[Record] = []
    length = 0
    while log_reading.pending:
        record = await log_reading.next()
        if record.sequence > upto:
            break
        taken.append(record)
        length += len(record.data)
        if len(taken) > records or (size is not None and length > size):
            return taken, record.sequence
    return taken, max(after, upto)


async def _told(
    asking: NatsClient,
    epoch: str,
    records: list[Record],
    after: int,
    reached: int,
    *,
    is_conflated: bool,
) -> Chunk:
    """What a client is sent for the records, and for those that the log no longer has."""
    # Asked afterwards: what was purged while it was read is noticed too.
    state = await log_state(asking)
    told: list[tuple[int, bytes]] = []
    has_gap = False
    last = after
    for record in _newest(records) if is_conflated else records:
        if (lost := min(record.sequence, state.first) - 1) > last:
            told.append((lost, frames.gap(epoch, last + 1, lost)))
            has_gap = True
        told.append((record.sequence, frames.event(epoch, record.sequence, record.name, record.data)))
        last = record.sequence
    if (lost := min(reached, state.first - 1)) > last:
        told.append((lost, frames.gap(epoch, last + 1, lost)))
        has_gap = True
    if is_conflated and len(told) < len(records):
        told.insert(0, (after, frames.conflated(epoch, after, reached)))
    return Chunk(state.epoch, told, reached, has_gap)


def _newest(records: list[Record]) -> list[Record]:
    """The records, of each figure only the last: a later one says all that the earlier said."""
    kept: dict[object, Record] = {}
    for record in records:
        kind = UPDATES[record.name]
        key: object = record.sequence
        if kind.key:
            body = msgspec.json.decode(record.data, type=_Body)
            key = (record.name, kind.key_of(body.data))
        kept.pop(key, None)
        kept[key] = record
    return list(kept.values())


class _Body(msgspec.Struct):
    data: dict[str, object] = {}
