"""Results of statements, streamed where their format can be put together from blocks, and their counters."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from orchestration.stack.clickhouse import arrow
from orchestration.stack.clickhouse.engine import Connection
from orchestration.stack.clickhouse.errors import ClickHouseError

Pieces = Generator[bytes | memoryview, None, None]
"""A result as the engine makes it. A view into its memory holds until the next piece is asked for."""

Parts = Generator[bytes | bytearray, None, None]
"""A result as it goes out: copies, of a size that is ours."""


def _concatenate(chunks: Iterator[memoryview]) -> Iterator[bytes | memoryview]:
    return chunks


# chDB writes each streamed block as a document of its own. These formats have no header, separator or footer,
# so their blocks one after the other are the whole; Arrow's are joined.
_JOIN: dict[str, Callable[[Iterator[memoryview]], Iterator[bytes | memoryview]]] = dict.fromkeys(
    ("native", "tabseparated", "tsv", "tabseparatedraw", "tsvraw", "raw", "csv", "tskv", "rowbinary",
     "jsoneachrow", "jsonlines", "ndjson", "jsoncompacteachrow", "jsonstringseachrow",
     "jsoncompactstringseachrow"),
    _concatenate,
) | {"arrow": arrow.join_files, "arrowstream": arrow.join_streams}  # fmt: skip

_CONTENT_TYPES = {
    "arrow": "application/vnd.apache.arrow.file",
    "arrowstream": "application/vnd.apache.arrow.stream",
    "csv": "text/csv; charset=UTF-8; header=absent",
    "json": "application/json; charset=UTF-8",
    "ndjson": "application/x-ndjson; charset=UTF-8",
    "tabseparated": "text/tab-separated-values; charset=UTF-8",
    "tsv": "text/tab-separated-values; charset=UTF-8",
    "xml": "application/xml; charset=UTF-8",
    "native": "application/octet-stream",
    "rowbinary": "application/octet-stream",
    "parquet": "application/octet-stream",
}

_KEPT_IN_MEMORY = 16 << 20


def content_type(output_format: str) -> str:
    name = output_format.lower()
    if "eachrow" in name or name == "jsonlines":
        name = "ndjson"
    elif name.startswith("csvwith"):
        return "text/csv; charset=UTF-8; header=present"
    longest_first = sorted(_CONTENT_TYPES, key=len, reverse=True)
    known = next((prefix for prefix in longest_first if name.startswith(prefix)), None)
    return _CONTENT_TYPES[known] if known else "text/plain; charset=UTF-8"


@dataclass
class Counters:
    """What X-ClickHouse-Summary tells; of a streamed answer, what was known when the headers went out."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def progress(self, so_far: Mapping[str, int]) -> None:
        """The engine's word on a streamed read, in sums: now and then, and before its last block."""
        self.read_rows, self.read_bytes = so_far["read_rows"], so_far["read_bytes"]

    def add(self, result: Any, *, is_block: bool = False) -> None:
        """Count a result. What a block says of rows read is left out: at times the engine forgets some."""
        if not is_block:
            self.read_rows += result.storage_rows_read()
            self.read_bytes += result.storage_bytes_read()
        self.written_rows += result.rows_written()
        self.written_bytes += result.bytes_written()
        self.result_rows += result.rows_read()
        self.result_bytes += result.size()

    def summary(self) -> bytes:
        values = {
            "read_rows": self.read_rows,
            "read_bytes": self.read_bytes,
            "written_rows": self.written_rows,
            "written_bytes": self.written_bytes,
            "total_rows_to_read": self.read_rows,
            "result_rows": self.result_rows or self.written_rows,
            "result_bytes": self.result_bytes or self.written_bytes,
            "elapsed_ns": int((time.monotonic() - self.started) * 1e9),
        }
        return orjson.dumps({name: str(value) for name, value in values.items()})


def can_stream(output_format: str) -> bool:
    return output_format.lower() in _JOIN


def stream(
    connection: Connection, sql: str, output_format: str, parameters: Mapping[str, str], counters: Counters
) -> Pieces:
    """The result in pieces of the engine's blocks, one in memory at a time. Close it to cancel the query."""
    blocks = _blocks(connection, sql, output_format, parameters, counters)
    connection.set_progress_callback(counters.progress)
    try:
        yield from _JOIN[output_format.lower()](blocks)
    finally:
        blocks.close()
        connection.set_progress_callback(None)


def _blocks(
    connection: Connection, sql: str, output_format: str, parameters: Mapping[str, str], counters: Counters
) -> Generator[memoryview, None, None]:
    handle = connection.send_query(sql, output_format, params=dict(parameters))
    is_first, is_finished = True, False
    try:
        while not is_finished:
            result = connection.streaming_fetch_result(handle)
            is_finished = result is None or not result.rows_read()
            # A result without rows still has its header or schema, in its one and empty block.
            if result is not None and (not is_finished or is_first):
                counters.add(result, is_block=True)
                if result.size():
                    yield result.get_memview().view()
            is_first = False
    except RuntimeError:
        is_finished = True  # failed, so there is nothing to cancel
        raise
    finally:
        if not is_finished:
            connection.streaming_cancel_query(handle)


def whole(
    connection: Connection,
    sql: str,
    output_format: str,
    parameters: Mapping[str, str],
    counters: Counters,
    limit: int,
) -> bytes:
    """The result in one piece, for formats that cannot be joined and for statements without rows."""
    result = connection.query(sql, output_format, params=dict(parameters))
    counters.add(result)
    if (size := result.size()) > limit:
        raise ClickHouseError(
            396, "TOO_MANY_ROWS_OR_BYTES",
            f"the result has {size} bytes, over the limit of {limit} for {output_format}, built in memory;"
            " read it in Native, Arrow, ArrowStream, TSV, CSV, JSONEachRow or RowBinary, which stream",
        )  # fmt: skip
    return bytes(result.bytes())


def cut(pieces: Pieces, size: int) -> Parts:
    """The same bytes in parts of `size` bytes, the last one shorter. Closing it closes `pieces`.

    The engine's blocks may be tiny or tens of MiB: cut, what waits for a slow client is bounded in bytes.
    """
    part = bytearray()
    with contextlib.closing(pieces):
        for piece in pieces:
            start = 0
            while start < len(piece):
                taken = size - len(part)
                part += memoryview(piece)[start : start + taken]
                start += taken
                if len(part) == size:
                    yield part
                    part = bytearray()
    if part:
        yield part


def keep(pieces: Pieces) -> tuple[bytearray, Parts | None]:
    """A result to its end before any of it goes out: a part in memory, the rest in a temporary file."""
    first = bytearray()
    for piece in pieces:
        first += piece
        if len(first) >= _KEPT_IN_MEMORY:
            break
    else:
        return first, None
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever reads it
    try:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return first, _read(file)


def _read(file: IO[bytes]) -> Parts:
    with file:
        while piece := file.read(1 << 20):
            yield piece
