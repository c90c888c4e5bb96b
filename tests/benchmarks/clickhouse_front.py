"""The front against the same engine in-process: `python -m tests.benchmarks.clickhouse_front [--rows N]`.

Both sides take turns on the same machine with the same configuration; the rows are like those of
`raw.events`. Writes docs/reports/clickhouse_front.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import platform
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil
import pyarrow as pa
from pydantic import SecretStr

from orchestration.stack.clickhouse.engine import Engine
from orchestration.stack.clickhouse.settings import FrontSettings
from orchestration.stack.layout import HOST, PROJECT
from tests.stack.front_process import PASSWORD, FrontProcess

REPORT = PROJECT / "docs" / "reports" / "clickhouse_front"
TABLES = (
    """CREATE TABLE events (event_id UUID, event_type LowCardinality(String), company_id UUID, person_id UUID,
    event_time DateTime64(3, 'UTC'), data String CODEC(ZSTD(3)), stream_seq UInt64)
    ENGINE = MergeTree ORDER BY (company_id, person_id, event_time, event_id)""",
    "CREATE TABLE companies (id UInt32, name String) ENGINE = MergeTree ORDER BY id",
    "INSERT INTO companies SELECT number, concat('Company ', toString(number)) FROM numbers(1000)",
)
ROWS = """SELECT
    generateUUIDv4(number) AS event_id,
    ['kintell.session.completed', 'buddy.match.created'][number % 2 + 1] AS event_type,
    reinterpretAsUUID(sipHash128(number % 3)) AS company_id,
    reinterpretAsUUID(sipHash128(number % 2000)) AS person_id,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number AS event_time,
    concat('{"sessionId":"', toString(sipHash64(number)), '","minutes":', toString(number % 90), '}') AS data,
    number AS stream_seq
FROM numbers({rows}) FORMAT Native"""
READ = "SELECT * FROM events FORMAT Arrow"
TABLE = "SELECT * FROM events FORMAT ArrowStream"
SMALL = "SELECT name FROM companies WHERE id = 500"
CLIENTS, CHUNK = 8, 1 << 20
METHOD = """The engine in-process has the same configuration, begins with the same Native bytes and ends with
the same result. Its INSERT appends them in parts of 1 MiB. *Each piece as it comes* is its stream of
blocks, which is what the front reads as well. *Kept whole* and *into a pyarrow table* are one call of
`query`: it hands over no blocks, and holds the whole result in memory. The table costs both sides the same
parsing; over HTTP it can begin with the first piece. *Ratio in turn* is the median of the rounds' ratios: the
two sides of a round follow each other, so a busy machine slows both."""


class InProcess:
    """The engine of this process, on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._engine = Engine(FrontSettings(data=folder, port=1, CLICKHOUSE_PASSWORD=SecretStr(PASSWORD)))
        self._connection = self._engine.connect()
        for statement in TABLES:
            self._connection.query(statement, "Null")

    def rows(self, count: int) -> bytes:
        data: bytes = self._connection.query(ROWS.replace("{rows}", str(count)), "Native").bytes()
        return data

    def empty(self) -> None:
        self._connection.query("TRUNCATE TABLE events", "Null")

    def insert(self, data: bytes) -> None:
        handle = self._connection.send_insert("INSERT INTO events", "Native")
        for start in range(0, len(data), CHUNK):
            self._connection.insert_append(handle, data[start : start + CHUNK])
        self._connection.insert_done(handle)

    def read_whole(self) -> int:
        return len(self._connection.query(READ, "Arrow").bytes())

    def read_in_pieces(self) -> int:
        handle, size = self._connection.send_query(READ, "Arrow"), 0
        while (block := self._connection.streaming_fetch_result(handle)).rows_read():
            size += len(block.bytes())
        return size

    def read_table(self) -> int:
        return int(
            pa.ipc.open_stream(self._connection.query(TABLE, "ArrowStream").bytes()).read_all().num_rows
        )

    def small(self, queries: int) -> None:
        for _ in range(queries):
            own = self._engine.connect()
            own.query(SMALL, "TSV").bytes()
            own.close()

    def close(self) -> None:
        self._connection.close()
        self._engine.close()


class ThroughTheFront:
    """One keep-alive client of a front in a process of its own."""

    def __init__(self, front: FrontProcess) -> None:
        self._port = front.port
        self._connection = http.client.HTTPConnection(HOST, front.port)
        credentials = b64encode(f"default:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._buffer = bytearray(CHUNK)
        for statement in TABLES:
            self._post("/", statement.encode()).read()

    def _post(self, path: str, body: bytes) -> http.client.HTTPResponse:
        self._connection.request("POST", path, body, self._headers)
        response = self._connection.getresponse()
        assert response.status == 200, response.read()
        return response

    def empty(self) -> None:
        self._post("/", b"TRUNCATE TABLE events").read()

    def insert(self, data: bytes) -> None:
        self._post("/?query=INSERT+INTO+events+FORMAT+Native", data).read()

    def read_whole(self) -> int:
        return len(self._post("/", READ.encode()).read())

    def read_in_pieces(self) -> int:
        response, size = self._post("/", READ.encode()), 0
        while count := response.readinto(self._buffer):
            size += count
        return size

    def read_table(self) -> int:
        response = self._post("/", TABLE.encode())
        rows = int(pa.ipc.open_stream(response).read_all().num_rows)
        response.read()  # the end of the last chunk, so that the connection is free for the next request
        return rows

    def small(self, queries: int) -> None:
        asyncio.run(many_small(self._port, self._headers, queries))

    def close(self) -> None:
        self._connection.close()


Side = InProcess | ThroughTheFront
WORK: dict[str, tuple[str, Callable[[Side, bytes, int], object]]] = {
    "insert": ("inserted (Native)", lambda side, data, _: side.insert(data)),
    "read_in_pieces": ("read (Arrow), each piece as it comes", lambda side, *_: side.read_in_pieces()),
    "read_table": ("read (Arrow) into a pyarrow table", lambda side, *_: side.read_table()),
    "read_whole": ("read (Arrow), kept whole", lambda side, *_: side.read_whole()),
    "small": ("small queries", lambda side, _, queries: side.small(queries)),
}


def measure(sides: tuple[Side, Side], data: bytes, rounds: int, queries: int) -> dict[str, list[list[float]]]:
    """Seconds by work, side and round. The sides take turns, so that the machine's moods meet both."""
    seconds: dict[str, list[list[float]]] = {name: [[], []] for name in WORK}
    for name, (_, run) in WORK.items():
        for _ in range(rounds):
            for side, times in zip(sides, seconds[name], strict=True):
                if name == "insert":
                    side.empty()
                started = time.perf_counter()
                run(side, data, queries)
                times.append(time.perf_counter() - started)
    return seconds


async def many_small(port: int, headers: dict[str, str], queries: int) -> None:
    """Keep-alive clients with one request each on the way; they cost little beside the front itself."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = (
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\n{lines}Content-Length: {len(SMALL)}\r\n\r\n{SMALL}".encode()
    )

    async def client() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        for _ in range(queries // CLIENTS):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith(b"http/1.1 200")
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


def idle(front: FrontProcess, seconds: float) -> dict[str, float]:
    assert front.process is not None
    process = psutil.Process(front.process.pid)
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    memory = process.memory_info()
    return {
        "cpu_percent_of_a_core": round((sum(process.cpu_times()[:2]) - before) / seconds * 100, 2),
        "resident_mib": round(memory.rss / 2**20),
        "of_it_shared_file_pages_mib": round(memory.shared / 2**20),
    }


def report(result: dict[str, object], rows: int, queries: int, seconds: dict[str, list[list[float]]]) -> str:
    rounds = len(seconds["insert"][0])
    lines = [
        "# The ClickHouse front against its engine in-process",
        "",
        f"`python -m tests.benchmarks.clickhouse_front --rows {rows}` on {result['machine']}.",
        f"Load of the machine when it ended: {result['load']}. Speeds: the medians of {rounds} rounds.",
        "",
        METHOD,
        "",
        "| work | in-process | through HTTP | ratio in turn | ratio of the fastest |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, (words, _) in WORK.items():
        direct, front = seconds[name]
        in_turn = median(one / other for one, other in zip(direct, front, strict=True))
        ratios = f"{in_turn:.2f} | {min(direct) / min(front):.2f}"
        direct_s, front_s = median(direct), median(front)
        if name == "small":
            one_by_one, at_once = queries / direct_s, queries / front_s
            work = f"{words} | {one_by_one:,.0f}/s, one after the other | {at_once:,.0f}/s, {CLIENTS} clients"
        else:
            work = f"{rows:,} rows {words} | {rows / direct_s:,.0f} rows/s | {rows / front_s:,.0f} rows/s"
        lines.append(f"| {work} | {ratios} |")
    idle = f"Just started and idle: {result['idle_at_start']}; after this work: {result['idle_after']}."
    return "\n".join([*lines, "", idle, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--queries", type=int, default=2000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        direct = InProcess(Path(folder) / "direct")
        data = direct.rows(arguments.rows)
        server = FrontProcess(Path(folder) / "front").start()
        try:
            idle_at_start = idle(server, 5)
            front = ThroughTheFront(server)
            seconds = measure((direct, front), data, arguments.rounds, arguments.queries)
            front.close()
            idle_after = idle(server, 5)
        finally:
            server.stop()
            direct.close()
    result: dict[str, object] = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "rows": arguments.rows,
        "data_bytes": len(data),
        "small_queries": arguments.queries,
        "seconds_in_process": {name: times[0] for name, times in seconds.items()},
        "seconds_through_http": {name: times[1] for name, times in seconds.items()},
        "idle_at_start": idle_at_start,
        "idle_after": idle_after,
    }
    text = report(result, arguments.rows, arguments.queries, seconds)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n")
    REPORT.with_suffix(".md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
