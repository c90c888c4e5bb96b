"""Results of statements, streamed where the format allows it, and the counters that go with them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from orchestration.stack.clickhouse.engine import Connection
from orchestration.stack.clickhouse.errors import ClickHouseError

# Formats whose chunks, written one after the other, are the whole: no header, no separator, no footer.
# chDB writes each streamed block as a document of its own.
_CHUNKED = {
    "native", "tabseparated", "tsv", "tabseparatedraw", "tsvraw", "raw", "csv", "tskv", "rowbinary",
    "jsoneachrow", "jsonlines", "ndjson", "jsoncompacteachrow", "jsonstringseachrow", "jsoncompactstringseachrow",
}  # fmt: skip
_END_OF_ARROW_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"

_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8",
    "ndjson": "application/x-ndjson; charset=UTF-8",
    "csv": "text/csv; charset=UTF-8; header=absent",
    "csvwithnames": "text/csv; charset=UTF-8; header=present",
    "tsv": "text/tab-separated-values; charset=UTF-8",
    "xml": "application/xml; charset=UTF-8",
    "html": "text/html; charset=UTF-8",
    "arrow": "application/vnd.apache.arrow.file",
    "arrowstream": "application/vnd.apache.arrow.stream",
    "native": "application/octet-stream",
    "rowbinary": "application/octet-stream",
    "parquet": "application/octet-stream",
}


def content_type(output_format: str) -> str:
    name = output_format.lower()
    if name in _CONTENT_TYPES:
        return _CONTENT_TYPES[name]
    if "eachrow" in name or name == "jsonlines":
        return _CONTENT_TYPES["ndjson"]
    for prefix, of in (
        ("json", "json"),
        ("tabseparated", "tsv"),
        ("tsv", "tsv"),
        ("csv", "csvwithnames"),
        ("rowbinary", "native"),
    ):
        if name.startswith(prefix):
            return _CONTENT_TYPES[of]
    return "text/plain; charset=UTF-8"


@dataclass
class Counters:
    """What X-ClickHouse-Summary tells."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, result: Any) -> None:
        self.read_rows += result.storage_rows_read()
        self.read_bytes += result.storage_bytes_read()
        self.written_rows += result.rows_written()
        self.written_bytes += result.bytes_written()
        self.result_rows += result.rows_read()
        self.result_bytes += result.size()

    def summary(self) -> bytes:
        return orjson.dumps(
            {
                "read_rows": str(self.read_rows),
                "read_bytes": str(self.read_bytes),
                "written_rows": str(self.written_rows),
                "written_bytes": str(self.written_bytes),
                "total_rows_to_read": str(self.read_rows),
                "result_rows": str(self.result_rows or self.written_rows),
                "result_bytes": str(self.result_bytes or self.written_bytes),
                "elapsed_ns": str(int((time.monotonic() - self.started) * 1e9)),
            }
        )


def can_stream(output_format: str) -> bool:
    return output_format.lower() in _CHUNKED or output_format == "ArrowStream"


def stream(
    connection: Connection, sql: str, output_format: str, parameters: dict[str, str], counters: Counters
) -> Iterator[bytes]:
    """The result in pieces of the engine's blocks; one block at a time is in memory. Close it to cancel the query."""
    handle = connection.send_query(sql, output_format, params=parameters)
    is_arrow, is_first, is_finished = output_format == "ArrowStream", True, False
    try:
        while True:
            result = connection.streaming_fetch_result(handle)
            is_finished = result is None or not result.rows_read()
            if result is not None and (not is_finished or is_first):
                counters.add(result)
                data = result.bytes()
                yield _arrow_body(data, is_first=is_first) if is_arrow and data else data
                is_first = False
            if is_finished:
                if is_arrow and not is_first:
                    yield _END_OF_ARROW_STREAM
                return
    finally:
        if not is_finished:
            connection.streaming_cancel_query(handle)


def _arrow_body(data: bytes, *, is_first: bool) -> bytes:
    # Each chunk is a whole stream: schema message, batches, end. One stream has one schema and one end.
    start = 0 if is_first else 8 + int.from_bytes(data[4:8], "little")
    return data[start : -len(_END_OF_ARROW_STREAM)]


def whole(
    connection: Connection,
    sql: str,
    output_format: str,
    parameters: dict[str, str],
    counters: Counters,
    limit: int,
) -> bytes | memoryview:
    """The result in one piece, for formats that cannot be put together from chunks and for statements without rows."""
    result = connection.query(sql, output_format, params=parameters)
    counters.add(result)
    if result.size() > limit:
        raise ClickHouseError(
            396, "TOO_MANY_ROWS_OR_BYTES",
            f"the result has {result.size()} bytes, over the limit of {limit} for format {output_format}, which is built"
            " in memory; read it in Native, ArrowStream, TSV, CSV, JSONEachRow or RowBinary, which stream without limit",
        )  # fmt: skip
    return bytes(result.bytes())
