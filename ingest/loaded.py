"""Which of the arrived events `raw.events` has already.

An event is suspected when its message was delivered before, when its event was published before (a normaliser
died half-way), or when its sequence is at or below the highest one loaded (the broker may have forgotten what
was acknowledged). All others are new by the order of the stream, and cost no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.msg import Msg

from ingest.raw_events import EventRow

# Suspects further apart are looked up separately, so that no query answers with a large part of the table.
_SPAN = 10_000
_IDS_PER_QUERY = 100  # query parameters travel in the address line, which servers limit to some kilobytes


@dataclass(frozen=True)
class Arrived:
    """A message of the EVENTS stream and the row it becomes."""

    message: Msg
    row: EventRow
    is_redelivered: bool
    is_published_again: bool


def through(client: ClickHouseClient) -> int:
    """The highest stream sequence in the table; 0 when it has none."""
    return int(client.query("select max(stream_seq) from raw.events").result_rows[0][0])


def missing(client: ClickHouseClient, arrived: Sequence[Arrived], *, loaded_through: int) -> list[Arrived]:
    """The events that are not in the table, each once, in the order they came."""
    suspects = [
        one.row.stream_seq for one in arrived if one.is_redelivered or one.row.stream_seq <= loaded_through
    ]
    known = set(_at_sequences(client, sorted(suspects)))
    known.update(_anywhere(client, [one.row for one in arrived if one.is_published_again]))
    new: dict[str, Arrived] = {}
    for one in arrived:
        if one.row.event_id not in known:
            new.setdefault(one.row.event_id, one)
    return list(new.values())


def _at_sequences(client: ClickHouseClient, sequences: Sequence[int]) -> Iterator[str]:
    for first, last in _ranges(sequences):
        rows = client.query(
            "select toString(event_id) from raw.events"
            " where stream_seq between {first:UInt64} and {last:UInt64}",
            {"first": first, "last": last},
        ).result_rows
        yield from (row[0] for row in rows)


def _anywhere(client: ClickHouseClient, rows: Sequence[EventRow]) -> Iterator[str]:
    for start in range(0, len(rows), _IDS_PER_QUERY):
        some = rows[start : start + _IDS_PER_QUERY]
        found = client.query(
            "select toString(event_id) from raw.events where event_id in {ids:Array(UUID)}"
            " and event_time between {first:DateTime64(3)} and {last:DateTime64(3)}",
            {
                "ids": [row.event_id for row in some],
                "first": min(row.event_time for row in some),
                "last": max(row.event_time for row in some),
            },
        ).result_rows
        yield from (row[0] for row in found)


def _ranges(sequences: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = previous = None
    for sequence in sequences:
        if start is None or previous is None:
            start = sequence
        elif sequence - start >= _SPAN:
            yield start, previous
            start = sequence
        previous = sequence
    if start is not None and previous is not None:
        yield start, previous
