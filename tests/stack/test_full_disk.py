"""A full disk turns into 503s, loses nothing that was answered with 2xx, and is over when there is room."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import nats
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from ingest.stores import clickhouse_client, nats_client, postgres_connection
from orchestration.stack import platform as stack
from orchestration.stack.clickhouse.definitions import ROOM_BYTES
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.ingest.processes import Sender, running, session_completed, wait_until
from tests.stack.front_process import FrontProcess

DISK = "1200m"  # what `impact up` wants free, and what empty stores take
SUBJECT = "events._.test"
SOURCES_GO_S = 40  # by chDB's own default merged parts were gone by then
WRITE_AHEAD_LOG_BYTES = 64 << 20  # more than Postgres holds in readiness for a write


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, which can be filled without harm to others."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root and CAP_SYS_ADMIN")
    tmp_path.chmod(0o755)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def stores_on_it(small_disk: Path) -> Iterator[Layout]:
    layout = Layout.open(small_disk / "impact", Ports.free())
    stack.up(layout, print, stores_only=True)
    yield layout
    stack.down(layout)


def test_a_full_disk_is_answered_with_503_until_there_is_room(stores_on_it: Layout, small_disk: Path) -> None:
    filler = small_disk / "filler"
    with running(stores_on_it, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS") as receiver:
        sender = Sender(receiver.url, stores_on_it.secrets.webhook_secret_kintell)
        accepted: set[str] = set()
        assert send(sender, accepted).status_code == 202
        fill(filler)
        for _ in range(WRITE_AHEAD_LOG_BYTES >> 19):
            refused = send(sender, accepted, note="x" * (900 << 10))
            if refused.status_code != 202:
                break
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert httpx.get(f"{receiver.url}/healthz").status_code == 200
        filler.unlink()
        # Postgres may have stopped at the full disk: then its supervisor brings it back, with pauses.
        wait_until(lambda: send(sender, accepted).status_code == 202, within_s=90)
    with closing(postgres_connection(store_settings(stores_on_it))) as postgres:
        stored = {row[0] for row in postgres.execute("select delivery_id from ingest.inbox").fetchall()}
    # One that was refused may be stored all the same, as its sender cannot know; none is missing.
    assert accepted <= stored


async def test_streams_that_met_a_full_disk_take_messages_again_when_there_is_room(
    stores_on_it: Layout, small_disk: Path
) -> None:
    """The broker itself would refuse until somebody starts it again."""
    filler = small_disk / "filler"
    client = await nats_client(store_settings(stores_on_it), name="test")
    stream, payload = client.jetstream(), bytes(256 << 10)

    async def taken() -> int | None:
        """The message's place in the stream, or None where it was refused."""
        with contextlib.suppress(nats.errors.Error):
            return (await stream.publish(SUBJECT, payload, timeout=2)).seq
        return None

    acknowledged = [await taken()]
    fill(filler)
    while (sequence := await taken()) is not None:
        acknowledged.append(sequence)
    filler.unlink()
    until = time.monotonic() + 90
    while (sequence := await taken()) is None:
        assert time.monotonic() < until, "no message was taken, though there is room"
        await asyncio.sleep(1)
    acknowledged.append(sequence)
    assert None not in acknowledged
    for sequence in acknowledged:
        assert (await stream.get_msg("EVENTS", sequence)).data == payload
    await client.close()


@pytest.fixture
def front(small_disk: Path) -> Iterator[FrontProcess]:
    process = FrontProcess(small_disk / "clickhouse").start()
    yield process
    process.kill()


def test_a_definition_is_refused_on_a_full_disk_and_the_folder_opens_again(
    front: FrontProcess, small_disk: Path
) -> None:
    """The engine itself would answer each as done, write nothing, and not start again."""
    filler = small_disk / "filler"
    front.run("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a")
    front.run("INSERT INTO t VALUES (1), (2)")
    fill(filler)
    with front.http() as http:
        for statement in (
            "CREATE TABLE u (a Int32) ENGINE = MergeTree ORDER BY a",
            "CREATE OR REPLACE VIEW v AS SELECT 1 AS a",
            "ALTER TABLE t MODIFY COMMENT 'two rows'",
        ):
            assert "NOT_ENOUGH_SPACE" in http.post("/", content=statement).text, statement
    filler.unlink()
    front.run("ALTER TABLE t MODIFY COMMENT 'two rows'")
    front.kill()
    front.start()
    assert front.run("SELECT name, comment FROM system.tables WHERE database = 'default'") == "t\ttwo rows\n"
    assert front.run("SELECT count() FROM t") == "2\n"


def test_rows_are_refused_before_the_disk_is_full(front: FrontProcess, small_disk: Path) -> None:
    """What a full disk cuts short the engine takes for written, so it has to stop while there is room."""
    front.run("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a")
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        file.truncate(0)
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(small_disk).free - ROOM_BYTES // 2)
    with front.http() as http:
        for statement in (
            "INSERT INTO t SELECT 1",
            "INSERT INTO t VALUES (1)",
            "INSERT INTO t FORMAT TSV 1\n",
        ):
            refused = http.post("/", content=statement)
            assert refused.status_code == 500, statement
            assert "not enough space" in refused.text, statement
        filler.unlink()
    assert front.run("SELECT count() FROM t") == "0\n"
    front.run("INSERT INTO t VALUES (1)")


def test_a_part_that_a_full_disk_left_hollow_is_found_and_its_sources_are_back(
    stores_on_it: Layout, small_disk: Path
) -> None:
    """Hollow as a merge leaves it whose writes failed: every file is there and empty."""
    with closing(clickhouse_client(store_settings(stores_on_it))) as clickhouse:
        clickhouse.command("create table raw.t (a Int32) engine = MergeTree order by a")
        for number in range(3):
            clickhouse.command(f"insert into raw.t select {number} settings async_insert = 0")
        clickhouse.command("optimize table raw.t final")
        time.sleep(SOURCES_GO_S)
        [(part,)] = clickhouse.query(
            "select path from system.parts where table = 't' and database = 'raw' and active"
        ).result_rows
        for file in Path(part).iterdir():
            file.write_bytes(b"")

        def counted() -> bool:
            with contextlib.suppress(ClickHouseError):
                return clickhouse.query("select sum(a) + count() from raw.t").result_rows == [(6,)]
            return False

        wait_until(lambda: not Path(part).exists(), within_s=60)  # put aside by a new start
        wait_until(counted, within_s=60)


def send(sender: Sender, accepted: set[str], **changes: str) -> httpx.Response:
    delivery_id = str(uuid.uuid4())
    response = sender.send("session-completed", session_completed(**changes), delivery_id)
    if response.status_code == 202:
        accepted.add(delivery_id)
    return response


def fill(path: Path) -> None:
    """Take every byte that is left."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    assert shutil.disk_usage(path.parent).free < 1 << 12
