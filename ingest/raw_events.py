"""Events as rows of ClickHouse's `raw.events`: the one mapping and the one insert of every way in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import pyarrow as pa
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts import EventData
from ingest.events import NIL, Envelope, Event, canonical_json

RAW_EVENTS_SCHEMA = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("event_type", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("company_id", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("event_time", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("source_time", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("correlation_id", pa.string(), nullable=False),
        pa.field("data", pa.string(), nullable=False),
        pa.field("stream_seq", pa.uint64(), nullable=False),
        pa.field("origin", pa.string(), nullable=False),
    ]
)


_NIL = str(NIL)


class EventRow(NamedTuple):
    """One row of `raw.events`, in the order of `RAW_EVENTS_SCHEMA`."""

    event_id: str
    event_type: str
    source: str
    subject: str
    company_id: str
    person_id: str
    event_time: Any
    source_time: Any
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


def table_of(rows: Iterable[EventRow]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(RAW_EVENTS_SCHEMA)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, RAW_EVENTS_SCHEMA, strict=True)],
        schema=RAW_EVENTS_SCHEMA,
    )


def insert_events(client: ClickHouseClient, events: pa.Table | Iterable[EventRow], *, token: str) -> int:
    """Insert events once per token: the same token again, after a crash or a lost answer, changes nothing.

    The token must name the same rows each time, so derive it from what was read (a stream's sequence range, a
    batch's chunk). ClickHouse remembers the last 10,000 blocks. Returns the number of rows sent.
    """
    table = events if isinstance(events, pa.Table) else table_of(events)
    if table.num_rows:
        client.insert_arrow("raw.events", table, settings={
            "insert_deduplication_token": token,
            "insert_deduplicate": 1,
            # A block with more than 100 months of history is rare but right; the default would refuse it.
            "max_partitions_per_insert_block": 0,
        })  # fmt: skip
    return int(table.num_rows)


def _or_nil(value: UUID | None) -> str:
    return str(value) if value is not None else _NIL
