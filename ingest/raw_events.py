"""Events as rows of ClickHouse's `raw.events`: the one mapping and the one insert of every way in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts import EventData
from ingest.events import NIL, Envelope, Event, canonical_json

_NIL = str(NIL)
_ENCODER = msgspec.json.Encoder()


class EventRow(NamedTuple):
    """One row of `raw.events`. The fields are the table's columns; the others have defaults."""

    event_id: str
    event_type: str
    source: str
    subject: str
    company_id: str
    person_id: str
    event_time: datetime
    source_time: datetime
    correlation_id: str
    data: str
    stream_seq: int
    origin: str


def event_row(event: Event, *, stream_seq: int = 0) -> EventRow:
    """`stream_seq` is the event's sequence in the EVENTS stream, 0 for a backfilled event."""
    return row_of(event, event.data, stream_seq=stream_seq)


def row_of(event: Envelope, data: EventData, *, stream_seq: int) -> EventRow:
    return EventRow(
        str(event.id),
        event.type,
        event.source,
        event.subject,
        _or_nil(event.companyid),
        _or_nil(event.personid),
        event.time,
        event.sourcetime,
        event.correlationid or "",
        canonical_json(data).decode(),
        stream_seq,
        event.origin,
    )


def insert_events(
    client: ClickHouseClient, events: Sequence[EventRow], *, token: str, table: str = "raw.events"
) -> int:
    """Insert events once per token: the same token again, after a crash or a lost answer, changes nothing.

    The token must name the same rows each time, so derive it from what was read (a stream's sequence range, a
    batch's chunk). ClickHouse remembers the last 10,000 blocks. Returns the number of rows sent.
    """
    if events:
        # JSON, not Arrow: making Arrow's columns of Python's objects takes ten times as long.
        lines = _ENCODER.encode_lines(events)
        client.raw_insert(table, EventRow._fields, lines, fmt="JSONCompactEachRow", settings={
            "insert_deduplication_token": token,
            "insert_deduplicate": 1,
            "date_time_input_format": "best_effort",
            # A block with more than 100 months of history is rare but right; the default would refuse it.
            "max_partitions_per_insert_block": 0,
        })  # fmt: skip
    return len(events)


def _or_nil(value: UUID | None) -> str:
    return str(value) if value is not None else _NIL
