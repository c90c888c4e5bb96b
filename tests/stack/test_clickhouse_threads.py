"""A statement uses the cores of the machine, also within the memory that the embedded engine may have."""

import os
import re
import uuid

import httpx
import pytest

pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")


def asked(http: httpx.Client, sql: str) -> str:
    response = http.post("/", content=sql)
    assert response.status_code == 200, response.text
    return response.text


def test_reading_and_writing_are_shared_by_the_cores(http: httpx.Client) -> None:
    table, copy = (f"t_{uuid.uuid4().hex}" for _ in range(2))
    for name in (table, copy):
        asked(http, f"CREATE TABLE {name} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    asked(http, f"INSERT INTO {table} SELECT number, toString(rand64()) FROM numbers(500000)")
    reading = asked(http, f"EXPLAIN PIPELINE SELECT sum(length(b)) FROM {table}")
    writing = asked(http, f"EXPLAIN PIPELINE INSERT INTO {copy} SELECT a, b FROM {table}")
    for name in (table, copy):
        asked(http, f"DROP TABLE {name}")
    # As many readers, and as many writers of parts, as there are cores; with the engine's own thresholds one.
    assert at_once("MergeTreeSelect", reading) >= 2, reading
    assert at_once("MergeTreeSink", writing) >= 2, writing


def at_once(what: str, pipeline: str) -> int:
    """How many of a kind a pipeline has: a line for each, or one line with their number."""
    return sum(int(count or 1) for count in re.findall(rf"{what}[^\n×]*(?:× (\d+))?", pipeline))
