"""Claims the event ids of very many events: each belongs to whoever claims it first, file or webhook.

ClickHouse writes the claims as Postgres reads them (its binary COPY format), so that no id is an object here.
Most files bring only what is new: those are copied straight into `ingest.event_ids`, which costs less than an
insert that is ready for conflicts. One conflict, and the group is claimed through a table of its own instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"
_BLOCK = 1 << 18

# Fields, each after its length: 16 bytes of an id, the text of a type, and a time as Postgres keeps it, in
# microseconds since the year 2000. Sorted, as every claimer sorts: two that meet the same ids wait for each
# other in one order. Neighbours in the index are written together as well.
_ID = "unhex('00000010'), UUIDToNum(event_id)"
_TYPE = "unhex(leftPad(hex(length(event_type)), 8, '0')), event_type"
_SAID = (
    "unhex('00000008'),"
    " unhex(leftPad(hex((toUnixTimestamp64Milli(source_time) - 946684800000) * 1000), 16, '0'))"
)
_ROWS = "select concat({fields}) from raw.landed_events where {where} order by UUIDToNum(event_id)"
# The last two fields are the same for the whole group.
_CLAIMS = f"unhex('0005'), {_ID}, {_TYPE}, {_SAID}, unhex({{rest:String}})"
_WANTED_ROWS = f"unhex('0003'), {_ID}, {_TYPE}, {_SAID}"

# Published at once: a file's events pass no broker.
_COPY_CLAIMS = (
    "copy ingest.event_ids (event_id, event_type, source_time, origin, published_at)"
    " from stdin with (format binary)"
)

_WANT = (
    "create temporary table if not exists wanted"
    " (event_id uuid not null, event_type text not null, source_time timestamptz not null)"
)
_COPY_WANTED = "copy wanted from stdin with (format binary)"

# What is known is left to whoever claimed it, even if the file was written later: every export says all of
# history again, and to publish it again would be a high price for the rare correction that goes back to what
# was said before.
_CLAIM_OR_LEAVE = """
insert into ingest.event_ids (event_id, event_type, origin, source_time, published_at)
select event_id, event_type, %s, source_time, now() from wanted order by event_id
on conflict (event_id) do nothing
"""

_KNOWN = """
select distinct event_id::text
from wanted inner join ingest.event_ids as known using (event_id)
where known.origin <> %s
"""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Claim:
    """What a claim found: ids that others had claimed before, and how often the group itself repeats one."""

    known: list[str] = field(default_factory=list)
    repeated_count: int = 0


def claims_of(clickhouse: ClickHouseClient, where: str, parameters: Mapping[str, Any], origin: str) -> bytes:
    """The claims of `origin` on the landed events that `where` selects, as Postgres reads them."""
    rest = {"rest": _field(origin.encode()) + _field(_now())}
    return clickhouse.raw_query(
        _ROWS.format(fields=_CLAIMS, where=where), parameters={**parameters, **rest}, fmt="RawBLOB"
    )


def claim_group(
    connection: psycopg.Connection,
    claims: bytes,
    clickhouse: ClickHouseClient,
    where: str,
    parameters: Mapping[str, Any],
    origin: str,
) -> Claim:
    """Make these claims within the caller's transaction; they are of what `where` selects in ClickHouse."""
    try:
        with connection.transaction(), connection.cursor() as cursor, cursor.copy(_COPY_CLAIMS) as copying:
            copying.write(_COPY_HEAD + claims + _COPY_END)
    except psycopg.errors.UniqueViolation:
        pass
    else:
        return Claim()
    connection.execute(_WANT)
    connection.execute("truncate wanted")
    _copy_wanted(connection, clickhouse, where, parameters)
    connection.execute(_CLAIM_OR_LEAVE, (origin,))
    known = [row[0] for row in connection.execute(_KNOWN, (origin,))]
    counts = connection.execute("select count(*), count(distinct event_id) from wanted").fetchone() or (0, 0)
    return Claim(known, counts[0] - counts[1])


def _copy_wanted(
    connection: psycopg.Connection, clickhouse: ClickHouseClient, where: str, parameters: Mapping[str, Any]
) -> None:
    rows = _ROWS.format(fields=_WANTED_ROWS, where=where)
    with (
        connection.cursor() as cursor,
        cursor.copy(_COPY_WANTED) as copying,
        clickhouse.raw_stream(rows, parameters=dict(parameters), fmt="RawBLOB") as stream,
    ):
        copying.write(_COPY_HEAD)
        while block := stream.read(_BLOCK):
            copying.write(block)
        copying.write(_COPY_END)


def _field(content: bytes) -> str:
    return (len(content).to_bytes(4) + content).hex()


def _now() -> bytes:
    return ((datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, signed=True)
