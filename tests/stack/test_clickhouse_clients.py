"""clickhouse-connect, sync and async, cannot tell the front from a server."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import clickhouse_connect
import polars as pl
import pyarrow as pa
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from orchestration.stack.layout import HOST
from tests.stack.front_process import PASSWORD, FrontProcess

COLUMNS = """id UUID, n UInt64, name String, kind LowCardinality(String), score Nullable(Float64),
    at DateTime64(3, 'UTC'), day Date32, amount Decimal(12, 2), tags Array(String), parts Map(String, UInt8),
    pair Tuple(a UInt8, b String), is_open Bool, status Enum8('new' = 1, 'done' = 2)"""
ROW = [
    UUID(int=7), 2**63, "Ødegård 'x'\n", "language", None,
    datetime(2026, 3, 1, 12, 30, 0, 250_000),  # noqa: DTZ001  # clickhouse-connect's default for UTC columns
    date(2026, 3, 1), Decimal("12.50"), ["a", ""], {"k": 1}, {"a": 1, "b": "y"}, True, "done",
]  # fmt: skip


@pytest.fixture
def client(front: FrontProcess) -> Iterator[Client]:
    with front.client() as client:
        yield client


@pytest.fixture
def table(client: Client) -> Iterator[str]:
    name = f"rows_{uuid4().hex}"
    client.command(f"CREATE TABLE {name} ({COLUMNS}) ENGINE = MergeTree ORDER BY n")
    yield name
    client.command(f"DROP TABLE {name}")


@pytest.mark.parametrize("compression", [False, "lz4", "zstd", "gzip"])
def test_every_type_comes_back_as_it_was_inserted(front: FrontProcess, table: str, compression):
    with front.client(compress=compression) as client:
        assert client.insert(table, [ROW, ROW]).written_rows == 2
        names = [line.split()[0] for line in client.query(f"DESCRIBE {table}").result_columns[0]]
        assert client.insert(table, [ROW], column_names=names).written_rows == 1
        result = client.query(f"SELECT * FROM {table}")
        assert [list(row) for row in result.result_rows] == [ROW] * 3
        assert result.summary["read_rows"] == "3"


def test_a_part_of_the_columns_can_be_inserted(client: Client, table: str):
    client.insert(table, [[1, "a"], [2, "b"]], column_names=["n", "name"])
    assert client.query(f"SELECT n, name, kind FROM {table} ORDER BY n").result_rows == [
        (1, "a", ""),
        (2, "b", ""),
    ]


def test_server_side_parameters(client: Client):
    given = {"s": "it's \\ \n", "n": 5, "l": ["a'b"], "d": date(2026, 1, 2), "t": "system"}
    sql = "SELECT {s:String}, {n:UInt8}, {l:Array(String)}, {d:Date}, count() > 0 FROM {t:Identifier}.one"
    assert client.query(sql, parameters=given).result_rows == [
        ("it's \\ \n", 5, ["a'b"], date(2026, 1, 2), True)
    ]


def test_settings_sessions_and_temporary_tables(client: Client):
    client.command("SET max_threads = 1")
    threads = "SELECT toUInt8(getSetting('max_threads'))"
    assert client.query(threads, settings={"max_threads": 2}).first_row == (2,)
    assert client.query(threads).first_row == (1,)
    client.command("CREATE TEMPORARY TABLE mine (a UInt8)")
    client.insert("mine", [[1]], column_names=["a"])
    assert client.query("SELECT * FROM mine").result_rows == [(1,)]


def test_arrow_and_data_frames_in_and_out(client: Client, table: str):
    arrow = pa.table({"n": pa.array(range(200_000), pa.uint64()), "name": [str(i) for i in range(200_000)]})
    assert client.insert_arrow(table, arrow).written_rows == 200_000
    read = client.query_arrow(f"SELECT n, name FROM {table} ORDER BY n", use_strings=True)
    assert read.to_pydict() == arrow.to_pydict()
    frame = pl.from_arrow(read)
    assert frame["n"].sum() == sum(range(200_000))
    assert client.query_df(f"SELECT n FROM {table}")["n"].sum() == sum(range(200_000))
    with client.query_arrow_stream(f"SELECT n FROM {table}") as stream:
        assert sum(batch.num_rows for batch in stream) == 200_000
    with client.query_row_block_stream(f"SELECT n FROM {table}") as stream:
        assert sum(len(block) for block in stream) == 200_000


def test_raw_formats_and_external_data(client: Client, table: str):
    assert client.raw_query("SELECT 1 AS a", fmt="JSONEachRow") == b'{"a":1}\n'
    assert client.raw_insert(table, ["n", "name"], b'1,"x"\n2,"y"\n', fmt="CSV").written_rows == 2
    external = ExternalData(
        file_name="ext", data=b"1\tx\n2\r\n--y\n", fmt="TSV", structure="a UInt8, b String"
    )
    wanted = ExternalData(file_name="ext", data=b"2\n", fmt="TSV", types="UInt8")
    assert client.query(f"SELECT name FROM {table} WHERE n IN ext", external_data=wanted).result_rows == [
        ("y",)
    ]
    with pytest.raises(DatabaseError, match="Code: 27"):
        client.query("SELECT * FROM ext", external_data=external)
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_errors_keep_code_name_and_text(client: Client):
    with pytest.raises(DatabaseError) as error:
        client.query("SELECT nosuch")
    assert (error.value.code, error.value.name) == (47, "UNKNOWN_IDENTIFIER")
    with pytest.raises(DatabaseError, match="Value passed to 'throwIf'"):
        client.query("SELECT number, repeat('x', 40), throwIf(number = 2000000) FROM numbers(3000000)")
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_a_streamed_error_reaches_the_reader(client: Client):
    sql = "SELECT number, repeat('x', 40), throwIf(number = 2000000) FROM numbers(3000000)"
    with (
        pytest.raises(DatabaseError, match="395"),
        client.query_row_block_stream(sql, settings={"max_threads": 1}) as rows,
    ):
        for _ in rows:
            pass


def test_a_wrong_password_is_an_authentication_error(front: FrontProcess):
    with pytest.raises(DatabaseError, match="Code: 516"):
        clickhouse_connect.get_client(host=HOST, port=front.port, password="wrong")


async def test_the_async_client_does_the_same_at_once(front: FrontProcess, table: str):
    client = await clickhouse_connect.get_async_client(host=HOST, port=front.port, password=PASSWORD)
    try:
        inserts = [client.insert(table, [[n, "x"]], column_names=["n", "name"]) for n in range(8)]
        assert [summary.written_rows for summary in await asyncio.gather(*inserts)] == [1] * 8
        reads = [
            client.query(f"SELECT count(), {{n:UInt8}} FROM {table}", parameters={"n": n}) for n in range(8)
        ]
        assert [read.first_row for read in await asyncio.gather(*reads)] == [(8, n) for n in range(8)]
        arrow = await client.query_arrow("SELECT number FROM numbers(300000)")
        assert arrow.num_rows == 300_000
        with pytest.raises(DatabaseError, match="Code: 60"):
            await client.query("SELECT * FROM nosuch")
    finally:
        await client.close()


def test_times_are_utc(client: Client):
    assert client.query("SELECT timezone()").first_row[0] in ("UTC", "Etc/UTC")
    now = client.query("SELECT now64(3, 'UTC')").first_row[0].replace(tzinfo=UTC)
    assert abs((now - datetime.now(UTC)).total_seconds()) < 60
