"""Reads the rows of a source as plain values: what JSON knows, and texts for all else."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts import CONTRACTS
from ingest.events import UnreadableEvent
from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.rows import TextRow, opened
from orchestration.privacy.export.sources import Source

Row = dict[str, Any]


def read_rows(
    source: Source,
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    keys: BlockingTextKeys,
    person_id: UUID,
    company_id: UUID | None,
) -> list[Row]:
    """The person's rows as they are now: sealed words opened, and JSON inside a text given as JSON."""
    parameters = source.parameters(person_id, company_id)
    names = [field.name for field in source.fields]
    if source.relation.store == "clickhouse":
        found = clickhouse.query(source.statement, parameters).result_rows
    else:
        found = postgres.execute(source.statement.encode(), parameters).fetchall()
    rows = [dict(zip(names, row, strict=True)) for row in found]
    if set(TextRow._fields) <= set(names):
        rows = [_opened(row, keys) for row in rows]
    holds_json = {field.name for field in source.fields if field.column.fields}
    return [
        {name: _read(value) if name in holds_json else plain(value) for name, value in row.items()}
        for row in rows
    ]


def _opened(row: Row, keys: BlockingTextKeys) -> Row:
    """An event with its words in the clear; without those whose key is gone."""
    event = TextRow(**{name: row[name] for name in TextRow._fields})
    if event.event_type not in CONTRACTS:
        return row
    try:
        return {**row, "data": opened([event], keys)[0]}
    except UnreadableEvent:  # stored under an older contract: as it is
        return row


def plain(value: object) -> Any:
    """A value as JSON has it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case UUID() | Decimal():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set():
            return [plain(one) for one in value]
    return str(value)


def _read(value: object) -> Any:
    if not isinstance(value, str):
        return plain(value)
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
