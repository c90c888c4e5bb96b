"""Which of the arrived events `raw.events` has already, in the version that arrived or a later one.

An event is suspected when its message was delivered before, when its event was published before (a normaliser
died half-way, or the source said the same content again), or when its sequence is at or below the highest one
loaded (the broker may have forgotten what was acknowledged). All others are new by the order of the stream,
and cost no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.nats_wire import Received
from ingest.raw_events import EventRow

# Suspects further apart are looked up separately, so that no query answers with a large part of the table.
_SPAN = 10_000
_IDS_PER_QUERY = 100  # query parameters travel in the address line, which servers limit to some kilobytes


class Arrived(NamedTuple):
    """A message of the EVENTS stream and the row it becomes."""

    message: Received
    row: EventRow
    is_redelivered: bool
    is_published_again: bool
    stored_at_ns: int  # in the stream, since 1970
    people: frozenset[str] = frozenset()  # everybody it names


class Known(NamedTuple):
    """What the table has of an event: its newest version, and where it sorts it."""

    source_time: datetime
    company_id: str


def through(client: ClickHouseClient) -> int:
    """The highest stream sequence in the table; 0 when it has none."""
    return int(client.query("select max(stream_seq) from raw.events").result_rows[0][0])


def missing(client: ClickHouseClient, arrived: Sequence[Arrived], *, loaded_through: int) -> list[Arrived]:
    """The events the table does not have in this version or a later one, each once, in the stream's order."""
    suspects = [one.row for one in arrived if one.is_redelivered or one.row.stream_seq <= loaded_through]
    known = dict(_at_sequences(client, sorted(row.stream_seq for row in suspects)))
    # What is not at its sequence was never inserted, or has collapsed into a later version.
    wanted = {row.event_id: row for row in suspects if row.event_id not in known}
    wanted.update((one.row.event_id, one.row) for one in arrived if one.is_published_again)
    known.update(_anywhere(client, list(wanted.values())))
    new: dict[str, Arrived] = {}
    for one in arrived:
        id_ = one.row.event_id
        if id_ in known and known[id_].source_time >= _milliseconds(one.row.source_time):
            continue
        if id_ not in new or new[id_].row.source_time < one.row.source_time:
            new[id_] = _in_place(one, known, new.get(id_))
    return list(new.values())


def _in_place(one: Arrived, known: Mapping[str, Known], before: Arrived | None) -> Arrived:
    """The event under the company it was first given: under another, two versions would never collapse."""
    if (version := known.get(one.row.event_id)) is not None:
        company_id = version.company_id
    elif before is not None:
        company_id = before.row.company_id
    else:
        return one
    return one._replace(row=one.row._replace(company_id=company_id))


def _at_sequences(client: ClickHouseClient, sequences: Sequence[int]) -> Iterator[tuple[str, Known]]:
    for first, last in _ranges(sequences):
        rows = client.query(
            "select toString(event_id), source_time, toString(company_id) from raw.events"
            " where stream_seq between {first:UInt64} and {last:UInt64} order by source_time",
            {"first": first, "last": last},
        ).result_rows
        yield from _known(rows)


def _anywhere(client: ClickHouseClient, rows: Sequence[EventRow]) -> Iterator[tuple[str, Known]]:
    for start in range(0, len(rows), _IDS_PER_QUERY):
        some = rows[start : start + _IDS_PER_QUERY]
        found = client.query(
            "select toString(event_id), source_time, toString(company_id) from raw.events"
            " where event_id in {ids:Array(UUID)}"
            " and event_time between {first:DateTime64(3)} and {last:DateTime64(3)} order by source_time",
            {
                "ids": [row.event_id for row in some],
                "first": min(row.event_time for row in some),
                "last": max(row.event_time for row in some),
            },
        ).result_rows
        yield from _known(found)


def _known(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Known]]:
    # In the order of source time: whoever makes a dict of them keeps the newest version.
    for event_id, source_time, company_id in rows:
        yield event_id, Known(_aware(source_time), company_id)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _milliseconds(moment: datetime) -> datetime:
    """As the table keeps it: finer, the same version would look newer than itself."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


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
