"""Parts of a company's log, for clients that are behind the ring.

A part is read in one go and its consumer is gone before the client is sent anything: however many clients are
slow, and however slow they are, none of them holds anything at the broker.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ingest.nats_wire import PipelineClient
from ingest.updates import UPDATES
from serving.stream import frames
from serving.stream.log import Record, company_subjects, log_state, reading
from serving.stream.visibility import View

# A client that stops reading in the middle of a part holds what is left of it.
CHUNK_BYTES = 128 << 10
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
    many records and one more are read at the most, or none if there are far more. Raises LogInterruptedError
    or what nats-py raises.
    """
    records: list[Record] = []
    size = 0
    reached = after
    most_records = most or (CONFLATED_RECORDS if is_conflated else CHUNK_RECORDS)
    is_whole = after >= upto
    if not is_whole:
        subjects = company_subjects(company, view)
        async with reading(client, subjects, after, name="catches up for a live stream") as log_reading:
            if most is not None and log_reading.pending > 2 * most:
                return Chunk(epoch, [], after, has_gap=False)  # more than would help
            while True:
                if not log_reading.pending:
                    is_whole = True
                    break
                record = await log_reading.next()
                if record.sequence > upto:
                    is_whole = True
                    break
                records.append(record)
                reached = record.sequence
                size += len(record.data)
                is_full = len(records) > most_records or (
                    most is None and not is_conflated and size > CHUNK_BYTES
                )
                if is_full:
                    break
    if is_whole:
        reached = max(after, upto)
    # Asked afterwards: what was purged while it was read is noticed too.
    state = await log_state(client)
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
