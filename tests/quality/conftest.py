"""Batches landed by hand: wrong in ways that no importer would let through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill.gate import LandedBatch
from ingest.events import NIL
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection

NOW = datetime.now(UTC).replace(microsecond=0)
COMPANY = uuid4()
COLUMNS = (
    "batch_id", "file_row", "event_id", "event_type", "source", "subject", "company_id", "person_id",
    "event_time", "source_time", "data",
)  # fmt: skip


class Landing:
    """One batch: events added one by one, written into `raw.landed_events` when the batch is asked for."""

    def __init__(self, clickhouse: ClickHouseClient, postgres: psycopg.Connection) -> None:
        self.clickhouse, self.postgres = clickhouse, postgres
        self.batch_id = uuid4()
        self.rows: list[list[Any]] = []

    def event(
        self, data: dict[str, Any], *, event_type: str = "kintell.rating.created", **other: Any
    ) -> None:
        row = len(self.rows) + 1
        self.rows.append([
            self.batch_id, row, other.get("event_id", uuid4()), event_type, "test",
            other.get("subject", f"subject/{row}"), other.get("company_id", COMPANY),
            other.get("person_id", NIL), other.get("event_time", NOW), NOW,
            json.dumps(data, ensure_ascii=False),
        ])  # fmt: skip

    def batch(self, file_format: str = "kintell-language-v1.1", **counts: Any) -> LandedBatch:
        if self.rows:
            self.clickhouse.insert("raw.landed_events", self.rows, column_names=COLUMNS)
        rows = len(self.rows)
        given = {
            "total_rows": rows, "success_rows": rows, "error_rows": 0, "skipped_rows": 0,
            "event_count": rows, "errors": {}, "warnings": {}, **counts,
        }  # fmt: skip
        return LandedBatch(
            batch_id=self.batch_id,
            file_name="Anna's sessions.csv",
            file_format=file_format,
            clickhouse=self.clickhouse,
            postgres=self.postgres,
            **given,
        )


@pytest.fixture
def landing(store_settings: StoreSettings) -> Iterator[Landing]:
    with (
        closing(clickhouse_client(store_settings)) as clickhouse,
        closing(postgres_connection(store_settings, autocommit=True)) as postgres,
    ):
        yield Landing(clickhouse, postgres)
