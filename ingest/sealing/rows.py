"""Texts of rows that are in `raw.events` already: opened for a reader, sealed later, or ended by retention.

A row's new content waits in `raw.text_rewrites` while one mutation per month takes it over: rows that arrive
meanwhile are sealed and are not touched. What is done is not found again, so a killed run simply goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import ClickHouseError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.contracts import CONTRACTS, EventData
from ingest.events import UnreadableEvent, canonical_json, decode_data
from ingest.sealing import fields, tokens
from ingest.sealing.keys import BlockingTextKeys

log = structlog.get_logger(__name__)

AT_ONCE = 50_000  # rows of one mutation: some 50 MB here and in ClickHouse
_LOCK = 7_163_202_636  # any constant: one process at a time rewrites
_REWRITE = (
    "alter table raw.events update data = joinGet('raw.text_rewrites', 'data', event_id)"
    " in partition id '{month}' where event_id in (select event_id from raw.text_rewrites)"
)
_UNFINISHED = (
    "from system.mutations where database = 'raw' and table = 'events' and not is_done"
    " and command like '%raw.text_rewrites%'"
)
_MONTHS = (
    "select distinct partition_id from system.parts"
    " where database = 'raw' and table = 'events' and active order by partition_id"
)


class TextRow(NamedTuple):
    """A row of `raw.events`, as far as its texts need it."""

    event_id: UUID
    event_type: str
    subject: str
    company_id: UUID
    person_id: UUID
    data: str


Rewrite = Callable[[Sequence[TextRow]], Sequence[str | None]]  # the new contents; None leaves a row as it is


def opened(rows: Sequence[TextRow], keys: BlockingTextKeys) -> list[str]:
    """The rows' JSON with every text as it was written; without those that are gone."""
    read = [(row, decode_data(CONTRACTS[row.event_type], row.data.encode())) for row in rows]
    placed = [
        (fields.stored_text(value), tokens.place_of(row.event_type, row.subject, field))
        for row, data in read
        for field, value in fields.texts_of(CONTRACTS[row.event_type], data).items()
    ]
    texts = iter(keys.texts(placed))

    def open_(field: str, value: object) -> object:
        text = next(texts)
        return msgspec.json.decode(text) if text is not None and isinstance(value, dict) else text

    return [
        canonical_json(fields.changed(CONTRACTS[row.event_type], data, open_)).decode() for row, data in read
    ]


def seal_rows(
    clickhouse: ClickHouseClient,
    connection: psycopg.Connection,
    keys: BlockingTextKeys,
    *,
    report: Callable[[str, int], None] = lambda month, count: None,
) -> int:
    """Seal the texts of rows that were written in the clear; returns how many rows."""

    def seal(rows: Sequence[TextRow]) -> list[str | None]:
        ciphers = keys.made(fields.owner(row.person_id, row.company_id) for row in rows)
        return [_sealed(row, ciphers) for row in rows]

    with rewriting(clickhouse, connection):
        return sum(
            rewrite_month(clickhouse, month, seal, where=holding(tokens.PREFIX, tokens.ENDED), report=report)
            for month in months(clickhouse)
        )


def _sealed(row: TextRow, ciphers: Mapping[UUID, AESGCM]) -> str | None:
    owner = fields.owner(row.person_id, row.company_id)

    def seal(field: str, value: object) -> object:
        words = fields.stored_text(value)
        if tokens.is_sealed(words) or tokens.is_ended(words):
            return value
        place = tokens.place_of(row.event_type, row.subject, field)
        return fields.like(value, tokens.seal(ciphers[owner], owner, words.encode(), place))

    return changed_row(row, seal)


def changed_row(row: TextRow, change: fields.Change) -> str | None:
    """The row's JSON with its texts changed; None for a row that cannot be read, which is left alone."""
    contract = CONTRACTS[row.event_type]
    try:
        data: EventData = decode_data(contract, row.data.encode())
    except UnreadableEvent as error:
        log.error("unreadable event in the warehouse", event_id=str(row.event_id), reason=str(error))
        return None
    return canonical_json(fields.changed(contract, data, change)).decode()


def rewrite_month(
    clickhouse: ClickHouseClient,
    month: str,
    rewrite: Rewrite,
    *,
    where: str,
    parameters: dict[str, object] | None = None,
    report: Callable[[str, int], None] = lambda month, count: None,
) -> int:
    """Rewrite the month's rows that `where` selects until there is none; returns how many rows."""
    left_alone: list[str] = []
    total = 0
    while rows := _rows(clickhouse, month, where, {**(parameters or {}), "left": left_alone}):
        contents = rewrite(rows)
        changed = [
            (row.event_id, content)
            for row, content in zip(rows, contents, strict=True)
            if content is not None
        ]
        left_alone += [
            str(row.event_id) for row, content in zip(rows, contents, strict=True) if content is None
        ]
        _apply(clickhouse, month, changed)
        total += len(changed)
        report(month, total)
    return total


@contextmanager
def rewriting(clickhouse: ClickHouseClient, connection: psycopg.Connection) -> Iterator[None]:
    """One process at a time; what an earlier one left under way ends first."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        if clickhouse.query(f"select count() {_UNFINISHED}").result_rows[0][0]:
            # It reads what waits in the table below, so it has to be over before that is emptied.
            clickhouse.command("kill mutation where " + _UNFINISHED.partition(" where ")[2] + " sync")
        clickhouse.command("truncate table raw.text_rewrites")
        yield


def months(clickhouse: ClickHouseClient) -> list[str]:
    """The partitions of `raw.events`."""
    return [row[0] for row in clickhouse.query(_MONTHS).result_rows]


def holding(*but: str) -> str:
    """SQL: a row holds a text that begins with none of these."""
    conditions = []
    for event_type, contract in CONTRACTS.items():
        for field in contract.free_texts:
            path = ", ".join(
                f"'{name}'" for name in (*field.wire, *([fields.SEALED] if field.is_object else []))
            )
            text = f"JSONExtractString(data, {path})"
            says = f"JSONLength(data, {path.rpartition(', ')[0]}) > 0" if field.is_object else f"{text} != ''"
            unless = "".join(f" and not startsWith({text}, '{prefix}')" for prefix in but)
            conditions.append(f"(event_type = '{event_type}' and {says}{unless})")
    return f"({' or '.join(conditions)})"


def _rows(
    clickhouse: ClickHouseClient, month: str, where: str, parameters: dict[str, object]
) -> list[TextRow]:
    types = ", ".join(f"'{name}'" for name, contract in CONTRACTS.items() if contract.free_texts)
    query = f"""
        select event_id, event_type, subject, company_id, person_id, data from raw.events
        where _partition_id = {{month:String}} and event_type in ({types}) and {where}
            and event_id not in {{left:Array(UUID)}}
        limit 1 by event_id limit {AT_ONCE}
    """  # noqa: S608 - names of the contracts and a number
    found = clickhouse.query(query, {**parameters, "month": month}).result_rows
    return [TextRow(*row) for row in found]


def _apply(clickhouse: ClickHouseClient, month: str, contents: Sequence[tuple[UUID, str]]) -> None:
    if not contents:
        return
    clickhouse.insert("raw.text_rewrites", [list(one) for one in contents], column_names=["event_id", "data"])
    try:
        clickhouse.command(_REWRITE.format(month=month), settings={"mutations_sync": 2})
    except ClickHouseError:
        clickhouse.command("kill mutation where " + _UNFINISHED.partition(" where ")[2])
        raise
    clickhouse.command("truncate table raw.text_rewrites")
