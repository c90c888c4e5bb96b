"""Killed, stopped, started twice, on a wrong folder: nothing acknowledged is lost, messages help."""

import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.stack.front_process import FrontProcess

WRITERS, ROWS, BLOCKS_BEFORE_KILL = 3, 500, 25


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[FrontProcess]:
    process = FrontProcess(tmp_path / "data")
    yield process
    if process.process is not None and process.process.poll() is None:
        process.kill()


class Writer(threading.Thread):
    """Inserts blocks one after the other and notes what was acknowledged, until the front is gone."""

    def __init__(self, front: FrontProcess, number: int, first_block: int) -> None:
        super().__init__()
        self._front, self._number, self.next_block = front, number, first_block
        self.has_written = threading.Event()

    def run(self) -> None:
        with self._front.http() as http:
            while True:
                block = self.next_block
                rows = "".join(f"{self._number}\t{block}\t{row}\n" for row in range(ROWS))
                token = {
                    "insert_deduplication_token": f"{self._number}-{block}",
                    "query": "INSERT INTO t FORMAT TSV",
                }
                try:
                    response = http.post("/", content=rows, params=token)
                except httpx.TransportError:
                    return
                if response.status_code != 200:
                    return
                self.next_block += 1
                if self.next_block % BLOCKS_BEFORE_KILL == 0:
                    self.has_written.set()


def test_kill_9_during_inserts_loses_nothing_acknowledged_and_doubles_nothing(fresh: FrontProcess):
    fresh.start()
    fresh.run(
        "CREATE TABLE t (writer UInt8, block UInt32, row UInt32) ENGINE = MergeTree"
        " ORDER BY (writer, block, row) SETTINGS non_replicated_deduplication_window = 1000",
    )
    next_blocks = [0] * WRITERS
    for _ in range(2):
        writers = [Writer(fresh, number, block) for number, block in enumerate(next_blocks)]
        for writer in writers:
            writer.start()
        for writer in writers:
            assert writer.has_written.wait(120)
        fresh.kill()
        for writer in writers:
            writer.join(60)
        acknowledged = [writer.next_block for writer in writers]
        fresh.start()
        stored = fresh.run(
            "SELECT uniqExact(block), max(block) + 1, count() FROM t GROUP BY writer ORDER BY writer"
        )
        for line, blocks in zip(stored.splitlines(), acknowledged, strict=True):
            distinct, highest, rows = map(int, line.split())
            # The block under way at the kill may be stored whole, and is then known by its token.
            assert blocks <= distinct == highest <= blocks + 1
            assert rows == distinct * ROWS
        next_blocks = acknowledged


def test_sigterm_lets_a_running_insert_finish(fresh: FrontProcess):
    fresh.options = ("--stop-s", "60")
    fresh.start()
    fresh.run("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    began, release = threading.Event(), threading.Event()

    def rows() -> Iterator[bytes]:
        yield b"1\n" * 100_000
        began.set()
        release.wait(60)
        yield b"2\n" * 100_000

    answers = []

    def insert() -> None:
        with fresh.http() as http:
            answers.append(http.post("/", params={"query": "INSERT INTO t FORMAT TSV"}, content=rows()))

    thread = threading.Thread(target=insert)
    thread.start()
    assert began.wait(60)
    inserts = "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO t%'"
    until = time.monotonic() + 60
    while fresh.run(inserts) != "1\n":  # sent is not begun
        assert time.monotonic() < until, "the INSERT does not run"
        time.sleep(0.02)
    assert fresh.process is not None
    fresh.process.terminate()
    release.set()
    thread.join(60)
    assert [answer.status_code for answer in answers] == [200]
    assert fresh.process.wait(60) == 0
    assert not fresh.start().log.count("Traceback")
    assert fresh.run("SELECT count() FROM t") == "200000\n"
    assert fresh.stop() == 0


def test_sigterm_cancels_what_does_not_finish_in_time(tmp_path: Path):
    front = FrontProcess(tmp_path / "data", options=("--stop-s", "1")).start()
    with front.http() as http, ThreadPoolExecutor(1) as threads:
        running = threads.submit(http.post, "/", content=front.slow("slow one"))
        front.wait_for_running("slow one", 1)
        assert front.stop() == 0
        assert isinstance(running.exception(60), httpx.TransportError) or running.result().status_code >= 500


def refusal(front: FrontProcess, **environment: str) -> str:
    process = front.spawn(**environment)
    assert process.wait(60) != 0
    return front.log


def test_a_second_process_on_the_folder_is_told_who_has_it(fresh: FrontProcess):
    fresh.start()
    assert fresh.process is not None
    second = FrontProcess(fresh.folder)
    assert f"is in use by process {fresh.process.pid}, and one process owns it" in refusal(second)
    assert fresh.run("SELECT 1") == "1\n"


def test_a_foreign_folder_is_refused_and_left_alone(fresh: FrontProcess):
    fresh.folder.mkdir()
    (fresh.folder / "PG_VERSION").write_text("18\n")
    assert "is not a ClickHouse folder: it holds PG_VERSION" in refusal(fresh)
    assert [entry.name for entry in fresh.folder.iterdir()] == ["PG_VERSION"]


def test_a_folder_starts_again_in_every_state_of_its_databases(fresh: FrontProcess):
    fresh.start().stop()  # nothing made yet
    fresh.start().run("CREATE DATABASE d")
    fresh.stop()
    fresh.start().run("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    fresh.run("CREATE MATERIALIZED VIEW d.v ENGINE = MergeTree ORDER BY a AS SELECT a FROM default.t")
    fresh.run("INSERT INTO t VALUES (1)")
    fresh.stop()
    fresh.start().run("INSERT INTO t VALUES (2)")
    assert fresh.run("SELECT a FROM t ORDER BY a") == fresh.run("SELECT a FROM d.v ORDER BY a") == "1\n2\n"
    assert fresh.run("SELECT engine FROM system.databases WHERE name = 'default'") == "Atomic\n"


def test_a_damaged_part_is_set_aside_and_the_rest_is_served(fresh: FrontProcess):
    fresh.start().run("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    fresh.run("INSERT INTO t VALUES (1)")
    fresh.run("INSERT INTO t VALUES (2)")
    fresh.kill()
    (checksums,) = fresh.folder.glob("store/*/*/all_1_1_0/checksums.txt")
    checksums.write_bytes(b"rubbish")
    assert fresh.start().run("SELECT a FROM t") == "2\n"
    assert fresh.run("SELECT reason FROM system.detached_parts") == "broken-on-start\n"


def test_damaged_metadata_are_named(fresh: FrontProcess):
    fresh.start()
    fresh.run("CREATE DATABASE d")
    fresh.run("CREATE TABLE d.t (a UInt8) ENGINE = MergeTree ORDER BY a")
    fresh.stop()
    (metadata,) = fresh.folder.glob("store/*/*/t.sql")
    metadata.write_text("rubbish")
    log = refusal(fresh)
    assert f"Cannot parse definition from metadata file {metadata.relative_to(fresh.folder)}" in log
    assert f"the ClickHouse engine cannot open {fresh.folder}" in log
    assert "Restore the folder from a backup" in log


def test_a_taken_port_and_a_missing_password_are_told(fresh: FrontProcess, front: FrontProcess):
    fresh.port = front.port
    assert "address already in use" in refusal(fresh)
    assert "CLICKHOUSE_PASSWORD" in refusal(fresh, CLICKHOUSE_PASSWORD="short")


def test_only_the_loopback_interface_listens(front: FrontProcess):
    assert front.process is not None
    listening = subprocess.run(
        ["cat", f"/proc/{front.process.pid}/net/tcp"], capture_output=True, text=True, check=True
    )
    local = [line.split()[1] for line in listening.stdout.splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in local if address.endswith(f":{front.port:04X}")] == [
        f"0100007F:{front.port:04X}"
    ]


def test_a_definition_that_says_nothing_is_put_aside_and_the_others_are_there(fresh: FrontProcess):
    """As a full disk leaves one where there was no room to refuse it."""
    fresh.start()
    fresh.run("CREATE DATABASE marts")
    for name in ("kept", "lost"):
        fresh.run(f"CREATE TABLE marts.{name} (a Int32) ENGINE = MergeTree ORDER BY a")
        fresh.run(f"INSERT INTO marts.{name} VALUES (1)")
    fresh.kill()
    [definition] = fresh.folder.glob("store/*/*/lost.sql")
    definition.write_bytes(b"")
    fresh.start()
    assert fresh.run("SHOW TABLES FROM marts") == "kept\n"
    assert fresh.run("SELECT count() FROM marts.kept") == "1\n"
    assert "marts.lost has an empty definition" in fresh.log
    [aside] = (fresh.folder / "front" / "undefined").iterdir()
    assert aside.name.endswith(".lost.sql")
    fresh.run("CREATE TABLE marts.lost (a Int32) ENGINE = MergeTree ORDER BY a")
