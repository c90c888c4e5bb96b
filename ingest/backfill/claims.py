"""Claims the event ids of very many events: each belongs to whoever claims it first, file or webhook.

ClickHouse writes the claims as Postgres reads them (its binary COPY format), so that no id is an object here.
Most files bring only what is new: those are inserted as they are, which costs a little more than half of an
insert that is ready for conflicts. One conflict, and that insert is made instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"
_BLOCK = 1 << 18

# Three fields, each after its length: 16 bytes of an id, the text of a type, and a time as Postgres keeps it,
# in microseconds since the year 2000.
_ROWS = """
select concat(
    unhex('000300000010'), UUIDStringToNum(toString(event_id)),
    unhex(leftPad(hex(length(event_type)), 8, '0')), event_type,
    unhex('00000008'),
    unhex(leftPad(hex((toUnixTimestamp64Milli(source_time) - 946684800000) * 1000), 16, '0'))
)
from raw.landed_events
where """

_WANTED = (
    "create temporary table if not exists wanted"
    " (event_id uuid not null, event_type text not null, source_time timestamptz not null)"
)

# Sorted, as every claimer sorts: two that meet the same ids wait for each other in one order. Published at
# once: a file's events pass no broker. What is known is left to whoever claimed it, even if the file was
# written later: every export says all of history again, and to publish it again would be a high price for the
# rare correction that goes back to what was said before.
_CLAIM = """
insert into ingest.event_ids (event_id, event_type, origin, source_time, published_at)
select event_id, event_type, %s, source_time, now() from wanted order by event_id
"""
_CLAIM_OR_LEAVE = f"{_CLAIM} on conflict (event_id) do nothing"

_KNOWN = """
select distinct event_id::text
from wanted inner join ingest.event_ids as known using (event_id)
where known.origin <> %s
"""


@dataclass(frozen=True)
class Claim:
    """What a claim found: ids that others had claimed before, and how often the group itself repeats one."""

    known: list[str] = field(default_factory=list)
    repeated_count: int = 0


def claim_rows(clickhouse: ClickHouseClient, where: str, parameters: Mapping[str, Any]) -> Iterator[bytes]:
    """The landed events that `where` selects, as rows of a binary COPY."""
    yield _COPY_HEAD
    with clickhouse.raw_stream(_ROWS + where, parameters=dict(parameters), fmt="RawBLOB") as stream:
        while block := stream.read(_BLOCK):
            yield block
    yield _COPY_END


def claim(connection: psycopg.Connection, rows: Iterator[bytes], origin: str) -> Claim:
    """Claim events for `origin`, within the caller's transaction."""
    connection.execute(_WANTED)
    connection.execute("truncate wanted")
    with connection.cursor() as cursor, cursor.copy("copy wanted from stdin with (format binary)") as copying:
        for block in rows:
            copying.write(block)
    try:
        with connection.transaction():
            connection.execute(_CLAIM, (origin,))
    except psycopg.errors.UniqueViolation:
        pass
    else:
        return Claim()
    connection.execute(_CLAIM_OR_LEAVE, (origin,))
    known = [row[0] for row in connection.execute(_KNOWN, (origin,))]
    counts = connection.execute("select count(*), count(distinct event_id) from wanted").fetchone() or (0, 0)
    return Claim(known, counts[0] - counts[1])
