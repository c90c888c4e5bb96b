"""The front against the same engine in-process: `python -m tests.benchmarks.clickhouse_front [--rows N]`.

Both sides run one after the other on the same machine with the same configuration, best of several rounds;
the rows are like those of `raw.events`. Writes docs/reports/clickhouse_front.{md,json}.
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

import psutil
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
SMALL = "SELECT name FROM companies WHERE id = 500"
CLIENTS, CHUNK = 8, 1 << 20


def best(rounds: int, run: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    """Seconds of the fastest round: what the machine can do when nothing else runs."""
    times = []
    for _ in range(rounds):
        before()
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def in_process(folder: Path, rows: int, rounds: int, queries: int) -> tuple[dict[str, float], bytes]:
    settings = FrontSettings(data=folder, port=1, CLICKHOUSE_PASSWORD=SecretStr(PASSWORD))
    engine = Engine(settings)
    connection = engine.connect()
    for statement in TABLES:
        connection.query(statement, "Null")
    data = connection.query(ROWS.replace("{rows}", str(rows)), "Native").bytes()

    def insert() -> None:
        handle = connection.send_insert("INSERT INTO events", "Native")
        for start in range(0, len(data), CHUNK):
            connection.insert_append(handle, data[start : start + CHUNK])
        connection.insert_done(handle)

    def small() -> None:
        for _ in range(queries):
            own = engine.connect()
            own.query(SMALL, "TSV").bytes()
            own.close()

    seconds = {
        "insert": best(rounds, insert, lambda: connection.query("TRUNCATE TABLE events", "Null")),
        "read": best(rounds, lambda: connection.query(READ, "Arrow").bytes()),
        "small": best(rounds, small) / queries,
    }
    connection.close()
    engine.close()
    return seconds, data


def through_the_front(front: FrontProcess, data: bytes, rounds: int, queries: int) -> dict[str, float]:
    connection = http.client.HTTPConnection(HOST, front.port)
    authorization = {"Authorization": "Basic " + b64encode(f"default:{PASSWORD}".encode()).decode()}

    def post(path: str, body: bytes) -> bytes:
        connection.request("POST", path, body, authorization)
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        return answer

    for statement in TABLES:
        post("/", statement.encode())
    insert = best(
        rounds,
        lambda: post("/?query=INSERT+INTO+events+FORMAT+Native", data) and None,
        lambda: post("/", b"TRUNCATE TABLE events") and None,
    )
    read = best(rounds, lambda: post("/", READ.encode()) and None)
    connection.close()
    small = best(rounds, lambda: asyncio.run(many_small(front.port, authorization, queries)))
    return {"insert": insert, "read": read, "small": small / queries}


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


def report(result: dict[str, object], rows: int, direct: dict[str, float], front: dict[str, float]) -> str:
    lines = [
        "# The ClickHouse front against its engine in-process",
        "",
        f"`python -m tests.benchmarks.clickhouse_front --rows {rows}` on {result['machine']}.",
        f"Load of the machine when it ended: {result['load']}.",
        "",
        "| work | in-process | through HTTP | ratio |",
        "|---|---:|---:|---:|",
        *(
            f"| {rows:,} rows {name} | {rows / direct[key]:,.0f} rows/s | {rows / front[key]:,.0f} rows/s"
            f" | {direct[key] / front[key]:.2f} |"
            for key, name in (("insert", "inserted (Native)"), ("read", "read (Arrow)"))
        ),
        f"| small queries | {1 / direct['small']:,.0f}/s, one after the other | {1 / front['small']:,.0f}/s,"
        f" {CLIENTS} clients | {direct['small'] / front['small']:.2f} |",
        "",
        f"Just started and idle: {result['idle_at_start']}; after this work: {result['idle_after']}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=2000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        direct, data = in_process(
            Path(folder) / "direct", arguments.rows, arguments.rounds, arguments.queries
        )
        server = FrontProcess(Path(folder) / "front").start()
        try:
            idle_at_start = idle(server, 5)
            front = through_the_front(server, data, arguments.rounds, arguments.queries)
            idle_after = idle(server, 5)
        finally:
            server.stop()
    result: dict[str, object] = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "rows": arguments.rows,
        "data_bytes": len(data),
        "seconds_in_process": direct,
        "seconds_through_http": front,
        "idle_at_start": idle_at_start,
        "idle_after": idle_after,
    }
    text = report(result, arguments.rows, direct, front)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n")
    REPORT.with_suffix(".md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
