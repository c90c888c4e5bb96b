"""The HTTP interface answers as a ClickHouse server does: arguments, headers, formats, errors, limits."""

import asyncio
import collections
import gzip
import json
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import lz4.frame
import pytest
import zstandard

from tests.stack.front_process import ALLOWED_AT_ONCE, PASSWORD, FrontProcess


@pytest.fixture
def table(http: httpx.Client):
    name = f"t_{uuid.uuid4().hex}"
    run(http, f"CREATE TABLE {name} (a UInt32, b String DEFAULT 'd') ENGINE = MergeTree ORDER BY a")
    yield name
    run(http, f"DROP TABLE {name}")


def run(http: httpx.Client, sql: str | bytes, **arguments) -> str:
    response = http.post("/", content=sql, params=arguments)
    assert response.status_code == 200, response.text
    return response.text


def refused(response: httpx.Response) -> tuple[int, int]:
    code = int(response.headers["X-ClickHouse-Exception-Code"])
    assert response.text.startswith(f"Code: {code}. DB::Exception: ")
    return code, response.status_code


@pytest.mark.parametrize("path", ["/ping", "/", "/replicas_status"])
def test_health_needs_no_password(front: FrontProcess, path):
    response = httpx.get(front.url + path)
    assert (response.status_code, response.text) == (200, "Ok.\n")


@pytest.mark.parametrize(
    "how",
    [
        {"auth": ("default", PASSWORD)},
        {"headers": {"X-ClickHouse-User": "default", "X-ClickHouse-Key": PASSWORD}},
        {"params": {"user": "default", "password": PASSWORD}},
        {"params": {"password": PASSWORD}},
    ],
)
def test_the_password_is_taken_in_each_of_clickhouses_ways(front: FrontProcess, how):
    assert httpx.post(front.url, content="SELECT currentUser()", **how).text == "default\n"


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"auth": ("default", "wrong")},
        {"auth": ("root", PASSWORD)},
        {"auth": ("default", "")},
        {"headers": {"Authorization": "Basic !!"}},
        {"headers": {"Authorization": "Bearer x"}},
        {"params": {"user": "default", "password": PASSWORD[:-1]}},
    ],
)
def test_a_wrong_password_is_refused(front: FrontProcess, how):
    assert refused(httpx.post(front.url, content="SELECT 1", **how)) == (516, 403)


def test_a_query_comes_in_the_url_in_the_body_or_in_both(http: httpx.Client):
    assert http.get("/", params={"query": "SELECT 1"}).text == "1\n"
    assert run(http, "SELECT 2") == "2\n"
    assert run(http, "+ 3 FORMAT CSV", query="SELECT 1") == "4\n"


def test_a_get_reads_only(http: httpx.Client, table):
    assert refused(http.get("/", params={"query": f"DROP TABLE {table}"})) == (164, 403)
    assert refused(http.post("/", params={"query": f"DROP TABLE {table}", "readonly": "1"})) == (164, 403)


def test_an_answer_tells_format_query_id_and_counters(http: httpx.Client, table):
    query_id = str(uuid.uuid4())
    arguments = {"query_id": query_id, "default_format": "JSONCompact"}
    response = http.post("/", content="SELECT number FROM numbers(100)", params=arguments)
    assert response.json()["rows"] == 100
    assert response.headers["X-ClickHouse-Query-Id"] == query_id
    assert response.headers["X-ClickHouse-Format"] == "JSONCompact"
    assert response.headers["X-ClickHouse-Timezone"].endswith("UTC")
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    summary = json.loads(response.headers["X-ClickHouse-Summary"])
    assert (summary["read_rows"], summary["result_rows"]) == ("100", "100")
    inserted = http.post("/", content=f"INSERT INTO {table} (a) FORMAT TSV\n1\n2\n")
    assert json.loads(inserted.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    selected = http.post("/", content=f"INSERT INTO {table} SELECT number, 'x' FROM numbers(7)")
    assert json.loads(selected.headers["X-ClickHouse-Summary"])["written_rows"] == "7"


def test_rows_read_are_counted_to_the_last_one(http: httpx.Client, table):
    run(http, f"SYSTEM STOP MERGES {table}")
    for part in ("(1, 'x'), (2, 'x')", "(3, 'x')"):
        run(http, f"INSERT INTO {table} VALUES {part}")
    for _ in range(100):  # the engine's threads meet differently each time
        response = http.post("/", content=f"SELECT * FROM {table}")
        summary = json.loads(response.headers["X-ClickHouse-Summary"])
        assert (summary["read_rows"], summary["result_rows"]) == ("3", "3")


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        ({}, "INSERT INTO {t} VALUES (1, 'x'), (2, 'y;')"),
        ({}, "INSERT INTO {t} (b, a) VALUES ('x', 1), ('y;', 2);"),
        ({}, "INSERT INTO {t} FORMAT TSV\n1\tx\n2\ty;\n"),
        ({"query": "INSERT INTO {t} FORMAT CSV"}, '1,"x"\n2,"y;"\n'),
        ({"query": "INSERT INTO {t} VALUES"}, "(1, 'x'), (2, 'y;')"),
        ({"query": "INSERT INTO {t} FORMAT JSONEachRow"}, '{{"a": 1, "b": "x"}}\n{{"a": 2, "b": "y;"}}'),
        ({"query": 'INSERT INTO {t} FORMAT JSONEachRow {{"a": 1, "b": "x"}}'}, '{{"a": 2, "b": "y;"}}'),
        ({"param_x": "1"}, "INSERT INTO {t} VALUES ({{x:UInt32}}, 'x'), (2, 'y;')"),
        ({"param_t": "{t}"}, "INSERT INTO {{t:Identifier}} FORMAT TSV\n1\tx\n2\ty;\n"),
    ],
)
def test_data_of_an_insert_come_in_the_url_the_body_or_both(http: httpx.Client, table, arguments, body):
    run(http, body.format(t=table), **{name: value.format(t=table) for name, value in arguments.items()})
    assert run(http, f"SELECT * FROM {table} ORDER BY a") == "1\tx\n2\ty;\n"


def test_binary_data_pass_unchanged(http: httpx.Client, table):
    rows = http.post(
        "/", content="SELECT number::UInt32 AS a, unhex(hex(rand())) AS b FROM numbers(9) FORMAT Native"
    )
    assert (
        http.post(
            "/", params={"query": f"INSERT INTO {table} FORMAT Native"}, content=rows.content
        ).status_code
        == 200
    )
    assert (
        http.post("/", content=f"INSERT INTO {table} FORMAT Native\n".encode() + rows.content).status_code
        == 200
    )
    assert run(http, f"SELECT count(), uniq(a, b) FROM {table}") == "18\t9\n"


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("lz4", lz4.frame.compress),
        # clients that compress block by block send many frames in one body
        (
            "lz4",
            lambda data: b"".join(lz4.frame.compress(data[i : i + 500]) for i in range(0, len(data), 500)),
        ),
        ("gzip", lambda data: b"".join(gzip.compress(data[i : i + 500]) for i in range(0, len(data), 500))),
    ],
)
def test_bodies_come_and_go_compressed(http: httpx.Client, table, coding, compress):
    data = b"".join(b"%d\tx\n" % i for i in range(5000))
    query = {"query": f"INSERT INTO {table} FORMAT TSV"}
    answer = http.post("/", params=query, content=compress(data), headers={"Content-Encoding": coding})
    assert answer.status_code == 200, answer.text
    with http.stream(
        "POST", "/", params={"enable_http_compression": "1"}, headers={"Accept-Encoding": coding},
        content=f"SELECT * FROM {table} ORDER BY a",
    ) as response:  # fmt: skip
        packed = b"".join(response.iter_raw())
    assert response.headers["Content-Encoding"] == coding
    unpack = {
        "gzip": gzip.decompress, "deflate": zlib.decompress, "lz4": lz4.frame.decompress,
        "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    }  # fmt: skip
    assert unpack[coding](packed) == data


def test_damaged_and_unknown_codings_are_refused(http: httpx.Client, table):
    query = {"query": f"INSERT INTO {table} FORMAT TSV"}
    assert refused(http.post("/", params=query, content=b"?", headers={"Content-Encoding": "zstd"})) == (
        432,
        400,
    )
    assert refused(http.post("/", params=query, content=b"?", headers={"Content-Encoding": "snappy"})) == (
        88,
        415,
    )
    assert refused(http.post("/", params={"compress": "1"}, content=b"SELECT 1")) == (48, 501)


@pytest.mark.parametrize(
    ("sql", "code", "status"),
    [
        ("SELEC 1", 62, 400),
        ("1 + 1", 62, 400),
        ("SELECT 1; SELECT 2", 62, 400),
        ("SELECT nosuch", 47, 404),
        ("SELECT * FROM nosuch", 60, 404),
        ("INSERT INTO nosuch FORMAT TSV\n1\n", 60, 404),
        ("SELECT 1 FORMAT Nosuch", 73, 404),
        ("SELECT {x:UInt8}", 456, 400),
        ("SELECT throwIf(1)", 395, 500),
        (
            "SELECT sleepEachRow(1) FROM numbers(9) SETTINGS max_execution_time = 0.2, max_block_size = 1",
            159,
            408,
        ),
        ("SELECT 1 INTO OUTFILE '/tmp/front-test'", 358, 500),
        ("SELECT * FROM file('/etc/hostname', 'LineAsString')", 497, 403),
        ("SELECT * FROM default.`/etc/hostname`", 60, 404),
    ],
)
def test_errors_carry_clickhouses_codes(http: httpx.Client, sql, code, status):
    response = http.post("/", content=sql)
    assert refused(response) == (code, status)
    assert response.text.endswith("(chDB))\n")
    assert "X-ClickHouse-Query-Id" in response.headers


def test_a_setting_in_the_url_is_checked(http: httpx.Client):
    assert refused(http.post("/", params={"max_threads": "many"}, content="SELECT 1"))[1] in (400, 500)
    assert refused(http.post("/", params={"nosuch": "1"}, content="SELECT 1")) == (115, 404)
    assert refused(http.post("/", params={"a'b": "1"}, content="SELECT 1")) == (115, 404)
    assert refused(http.post("/", params={"database": "nosuch"}, content="SELECT 1")) == (81, 404)


def test_parameters_are_values_not_sql(http: httpx.Client):
    value = "'; DROP TABLE x -- \\"
    escaped = value.replace("\\", "\\\\")
    assert run(http, "SELECT {v:String} FORMAT TSVRaw", param_v=escaped) == value + "\n"
    assert (
        run(http, "SELECT {v:Array(UInt8)}, {n:Nullable(UInt8)}", param_v="[1,2]", param_n=r"\N")
        == "[1,2]\t\\N\n"
    )


def test_a_large_answer_streams_in_every_joined_format(http: httpx.Client):
    sql = "SELECT number, toString(number) AS s FROM numbers(400000)"
    assert run(http, f"{sql} FORMAT TSV") == "".join(f"{i}\t{i}\n" for i in range(400_000))
    with http.stream("POST", "/", content=f"{sql} FORMAT CSV") as response:
        response.read()
    assert response.headers["Transfer-Encoding"] == "chunked"
    waited = http.post("/", content=f"{sql} FORMAT TSV", params={"wait_end_of_query": "1"})
    assert json.loads(waited.headers["X-ClickHouse-Summary"])["result_rows"] == "400000"


def test_an_error_in_mid_answer_is_marked_and_the_body_left_without_its_end(http: httpx.Client):
    sql = "SELECT number, throwIf(number = 300000), repeat('x', 50) FROM numbers(400000) FORMAT TSV"
    received = bytearray()
    request = http.build_request("POST", "/", content=sql, params={"max_threads": "1"})
    response = http.send(request, stream=True)
    with pytest.raises(httpx.RemoteProtocolError):
        collections.deque(map(received.extend, response.iter_bytes()), maxlen=0)
    assert response.status_code == 200
    tag = response.headers["X-ClickHouse-Exception-Tag"]
    assert f"__exception__\r\n{tag}\r\nCode: 395. DB::Exception: ".encode() in received
    assert received.endswith(f" {tag}\r\n__exception__\r\n".encode())
    refused_whole = http.post("/", content=sql, params={"wait_end_of_query": "1", "max_threads": "1"})
    assert refused(refused_whole) == (395, 500)


def test_totals_and_headers_come_once_also_in_large_answers(http: httpx.Client):
    totals = run(
        http, "SELECT number % 100000 AS k, count() FROM numbers(200000) GROUP BY k WITH TOTALS FORMAT TSV"
    )
    assert totals.count("200000\n") == 1
    named = run(http, "SELECT number FROM numbers(200000) FORMAT CSVWithNames")
    assert named.count("number") == 1
    array = run(
        http, "SELECT number FROM numbers(200000) FORMAT JSONEachRow", output_format_json_array_of_rows="1"
    )
    assert len(json.loads(array)) == 200_000


def test_sizes_are_limited(http: httpx.Client, table):
    insert = {"query": f"INSERT INTO {table} FORMAT TSV"}
    assert refused(http.post("/", params=insert, content=b"1\tx\n" * (3 << 20))) == (229, 413)
    bomb = zstandard.ZstdCompressor().compress(b"1\tx\n" * (3 << 20))
    assert refused(http.post("/", params=insert, content=bomb, headers={"Content-Encoding": "zstd"})) == (
        229,
        413,
    )
    assert refused(http.post("/", content="SELECT '" + "x" * (2 << 20) + "'")) == (229, 413)
    assert refused(http.post("/", content="SELECT repeat('x', 999) FROM numbers(6000) FORMAT JSON")) == (
        396,
        413,
    )
    assert run(http, f"SELECT count() FROM {table}") == "0\n"


async def test_a_client_that_leaves_in_mid_insert_inserts_nothing(
    front: FrontProcess, http: httpx.Client, table
):
    _, writer = await asyncio.open_connection("127.0.0.1", front.port)
    head = f"POST /?query=INSERT+INTO+{table}+FORMAT+TSV&user=default&password={PASSWORD} HTTP/1.1\r\n"
    writer.write(f"{head}Host: x\r\nContent-Length: 1000\r\n\r\n1\tx\n".encode())
    await writer.drain()
    await asyncio.sleep(0.2)  # so that the front has begun the INSERT; leaving earlier would prove less
    writer.close()
    await writer.wait_closed()
    assert run(http, f"SELECT count() FROM {table}") == "0\n"


async def test_a_client_that_stops_sending_is_told(tmp_path: Path):
    impatient = FrontProcess(tmp_path / "data", options=("--max-body-wait-s", "1")).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", impatient.port)
    head = f"POST /?query=INSERT+INTO+x+FORMAT+TSV&password={PASSWORD} HTTP/1.1\r\n"
    writer.write(f"{head}Host: x\r\nContent-Length: 9\r\n\r\n".encode())
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    impatient.stop()


def test_a_slow_query_blocks_neither_a_fast_one_nor_the_health_check(front: FrontProcess, http: httpx.Client):
    ids = [uuid.uuid4().hex for _ in range(4)]
    with ThreadPoolExecutor(4) as threads, front.http() as other:
        running = [
            threads.submit(other.post, "/", content=front.slow(f"side by side {query_id}"),
                           params={"query_id": query_id})
            for query_id in ids
        ]  # fmt: skip
        front.wait_for_running("side by side", 4)
        assert run(http, "SELECT 1") == "1\n"
        assert http.get("/ping").text == "Ok.\n"
        assert not any(query.done() for query in running)
        for query_id in ids:
            run(http, f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
        assert {refused(query.result(60)) for query in running} == {(394, 500)}


async def test_more_statements_than_allowed_are_sent_away(front: FrontProcess):
    cancels = {"cancel_http_readonly_queries_on_client_close": "1"}
    authorised = {"base_url": front.url, "auth": ("default", PASSWORD), "timeout": 120}
    limits = httpx.Limits(max_connections=ALLOWED_AT_ONCE + 1)
    async with asyncio.timeout(60), httpx.AsyncClient(**authorised, limits=limits) as many:

        async def insist() -> None:
            while (await many.post("/", content=front.slow("insisting"), params=cancels)).status_code == 503:
                pass

        async def until(status: int) -> httpx.Response:
            while True:
                answer = await many.post("/", content="SELECT 1")
                if answer.status_code == status:
                    return answer

        insisting = [asyncio.create_task(insist()) for _ in range(ALLOWED_AT_ONCE)]
        assert refused(await until(503)) == (202, 503)
        for task in insisting:
            task.cancel()
        assert (await until(200)).text == "1\n"


def test_a_running_query_is_known_and_killed_by_its_id(front: FrontProcess, http: httpx.Client):
    query_id = str(uuid.uuid4())
    with ThreadPoolExecutor(1) as threads, front.http() as other:
        running = threads.submit(other.post, "/", content=front.slow(query_id), params={"query_id": query_id})
        front.wait_for_running(query_id, 1)
        assert refused(http.post("/", content="SELECT 1", params={"query_id": query_id})) == (216, 500)
        run(http, f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
        assert refused(running.result(60)) == (394, 500)


async def test_a_client_that_leaves_has_its_query_cancelled(front: FrontProcess):
    mark = uuid.uuid4().hex
    cancels = {"cancel_http_readonly_queries_on_client_close": "1"}
    async with httpx.AsyncClient(base_url=front.url, auth=("default", PASSWORD), timeout=120) as other:
        running = asyncio.create_task(other.post("/", content=front.slow(mark), params=cancels))
        await asyncio.to_thread(front.wait_for_running, mark, 1)
        running.cancel()
        await asyncio.to_thread(front.wait_for_running, mark, 0)


def test_an_argument_cannot_write_headers(http: httpx.Client):
    answer = http.post("/", content="SELECT 1", params={"query_id": "a\r\nSet-Cookie: b"})
    assert answer.headers["X-ClickHouse-Query-Id"] == "a??Set-Cookie: b"
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_path_and_method_are_refused(http: httpx.Client):
    assert refused(http.get("/nosuch")) == (60, 404)
    assert refused(http.delete("/")) == (48, 501)


def test_statements_about_users_are_accepted_without_effect(http: httpx.Client):
    for sql in (
        "CREATE USER a IDENTIFIED BY 'x'",
        "GRANT SELECT ON *.* TO a",
        "DROP USER a",
        "SYSTEM FLUSH LOGS",
    ):
        assert run(http, sql) == ""
