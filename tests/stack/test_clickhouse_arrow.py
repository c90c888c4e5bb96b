"""Arrow documents written block by block join into one that Arrow's own readers accept."""

import io

import polars as pl
import pyarrow as pa
import pytest

from orchestration.stack.clickhouse.arrow import join_files, join_streams

SCHEMA = pa.schema([("n", pa.int64()), ("s", pa.string()), ("tags", pa.list_(pa.int8()))])


def batch(start: int, rows: int) -> pa.RecordBatch:
    numbers = range(start, start + rows)
    return pa.record_batch(
        [list(numbers), [f"row {n}" for n in numbers], [[n % 7] * (n % 3) for n in numbers]], SCHEMA
    )


def document(kind: str, *batches: pa.RecordBatch) -> bytes:
    buffer = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    make = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
    with make(buffer, SCHEMA, options=options) as writer:
        for each in batches:
            writer.write_batch(each)
    return buffer.getvalue()


def documents(kind: str, sizes: list[int]) -> tuple[list[bytes], int]:
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    made = [
        document(kind, batch(start, size), batch(start, 0)) for start, size in zip(starts, sizes, strict=True)
    ]
    return made, sum(sizes)


@pytest.mark.parametrize("sizes", [[0], [1], [5, 3], [1000, 1, 999, 17], [3] * 100])
def test_files_become_one_file(sizes):
    parts, rows = documents("file", sizes)
    joined = b"".join(join_files(iter(parts)))
    table = pa.ipc.open_file(joined).read_all()
    table.validate(full=True)
    assert table["n"].to_pylist() == list(range(rows))
    assert pl.read_ipc(io.BytesIO(joined))["s"].to_list() == [f"row {n}" for n in range(rows)]


@pytest.mark.parametrize("sizes", [[0], [1], [5, 3], [1000, 1, 999, 17]])
def test_streams_become_one_stream(sizes):
    parts, rows = documents("stream", sizes)
    table = pa.ipc.open_stream(b"".join(join_streams(iter(parts)))).read_all()
    assert table["n"].to_pylist() == list(range(rows))


def test_nothing_stays_nothing():
    assert list(join_files(iter([]))) == list(join_streams(iter([]))) == []
