"""From a signed request to a row: once, soon, and whatever is killed on the way."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from aiohttp import web
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats import connect

from ingest.load_report import LoadReport
from ingest.streams import ensure_streams
from ingest.worker.dagster import LoadReporter
from orchestration.stack import stores
from orchestration.stack.layout import HOST, Layout, Ports
from tests.ingest.processes import Sender, running_worker, session_completed, wait_until

pytestmark = pytest.mark.usefixtures("unmerged")


def rows_of(clickhouse: ClickHouseClient, subject: str) -> list[tuple[object, ...]]:
    """Rows of the sessions whose id starts with `subject`."""
    return list(
        clickhouse.query(
            "select event_type, source, origin from raw.events where startsWith(subject, {subject:String})",
            {"subject": f"session/{subject}"},
        ).result_rows
    )


async def send_all(sender: Sender, run: str, count: int, *, first: int = 0) -> None:
    """Send `count` sessions, 20 at a time, each until it is accepted."""
    gate = asyncio.Semaphore(20)
    async with httpx.AsyncClient(timeout=60) as client:

        async def send(number: int) -> None:
            body = json.dumps(session_completed(session_id=f"{run}-{number}")).encode()
            headers = sender.headers(body, f"{run}-{number}")
            async with gate:
                url = f"{sender.url}/v1/webhooks/session-completed"
                response = await client.post(url, content=body, headers=headers)
                assert response.status_code == 202, response.text

        await asyncio.gather(*(send(first + number) for number in range(count)))


def test_a_delivery_is_a_row_within_two_seconds(
    embedded_stores: Layout, sender: Sender, clickhouse: ClickHouseClient
) -> None:
    with running_worker(embedded_stores) as worker:
        first = session_completed()
        sender.send("session-completed", first)
        wait_until(lambda: bool(rows_of(clickhouse, first["session_id"])))  # the worker has started up

        taken_s = []
        for _ in range(5):
            delivery_id = str(uuid.uuid4())
            session = session_completed()
            sender.send("session-completed", session, delivery_id)
            taken_s.append(wait_until(lambda: bool(rows_of(clickhouse, session["session_id"]))))  # noqa: B023
            assert rows_of(clickhouse, session["session_id"]) == [
                ("kintell.session.completed", "/webhooks/kintell", f"kintell:{delivery_id}")
            ]
        assert min(taken_s) < 2  # the fastest: the machine may be busy, the way itself may not be slow
        health = httpx.get(f"{worker.url}/healthz").json()
        assert health["status"] == "ok"
        assert set(health["parts"]) == {
            "relay", "redriven", "retries", "loader", "dead-letters", "outboxes", "live-updates", "callbacks",
            "gauges", "reporter",
        }  # fmt: skip
        wait_until(lambda: 'webhook_waiting{step="loader"}' in httpx.get(f"{worker.url}/metrics").text)
        metrics = httpx.get(f"{worker.url}/metrics").text
        assert 'webhook_processed_total{kind="session-completed",source="kintell"}' in metrics
        assert "example.org" not in worker.log.read_text()


def test_without_a_broker_it_waits_and_says_so(embedded_stores: Layout) -> None:
    with running_worker(embedded_stores, NATS_URL=f"nats://{HOST}:1") as worker:
        assert httpx.get(f"{worker.url}/healthz").json() == {
            "status": "degraded", "parts": {"nats": "connecting"},
        }  # fmt: skip


async def test_fifty_copies_at_once_are_one_row(
    embedded_stores: Layout, sender: Sender, clickhouse: ClickHouseClient
) -> None:
    session = session_completed()
    body, delivery_id = json.dumps(session).encode(), str(uuid.uuid4())
    headers = sender.headers(body, delivery_id)
    limits = httpx.Limits(max_connections=50)
    with running_worker(embedded_stores):
        async with httpx.AsyncClient(timeout=20, limits=limits) as client:
            url = f"{sender.url}/v1/webhooks/session-completed"
            copies = [client.post(url, content=body, headers=headers) for _ in range(50)]
            answers = [answer.json()["status"] for answer in await asyncio.gather(*copies)]
        assert sorted(answers) == ["accepted", *["duplicate"] * 49]
        # What is sent afterwards has come through, so nothing of the copies is still on its way.
        later = session_completed()
        sender.send("session-completed", later)
        await asyncio.to_thread(wait_until, lambda: bool(rows_of(clickhouse, later["session_id"])))
    assert len(rows_of(clickhouse, session["session_id"])) == 1
    assert find_delivery(embedded_stores, delivery_id) == ("published", 49)


def find_delivery(layout: Layout, delivery_id: str) -> tuple[object, ...] | None:
    with psycopg.connect(layout.postgres_url) as postgres:
        return postgres.execute(
            "select outcome, duplicate_count from ingest.deliveries where delivery_id = %s", (delivery_id,)
        ).fetchone()


async def test_a_worker_killed_under_load_loses_and_doubles_nothing(
    embedded_stores: Layout, sender: Sender, clickhouse: ClickHouseClient
) -> None:
    run = uuid.uuid4().hex
    sending = asyncio.create_task(send_all(sender, run, 600))
    with running_worker(embedded_stores) as worker:
        await asyncio.to_thread(wait_until, lambda: len(rows_of(clickhouse, run)) >= 50)
        worker.popen.send_signal(signal.SIGKILL)
    await sending
    with running_worker(embedded_stores):
        await asyncio.to_thread(wait_until, lambda: len(rows_of(clickhouse, run)) >= 600, 40)
    origins = [row[2] for row in rows_of(clickhouse, run)]
    assert sorted(origins) == sorted(f"kintell:{run}-{number}" for number in range(600))


@contextmanager
def running_nats(layout: Layout) -> Iterator[subprocess.Popen[bytes]]:
    """NATS on a folder of its own, killed without warning when the block ends."""
    child = stores.nats(layout)
    with (layout.home / "logs" / "nats.log").open("ab") as output:
        popen = subprocess.Popen(child.command, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: child.probe() is None)
        yield popen
    finally:
        popen.kill()
        popen.wait()


async def test_a_broker_killed_under_load_loses_and_doubles_nothing(
    embedded_stores: Layout, sender: Sender, clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    broker = Layout.open(tmp_path, Ports.free())
    run = uuid.uuid4().hex
    with ExitStack() as nats:
        nats.enter_context(running_nats(broker))
        client = await connect(broker.nats_url)
        await ensure_streams(client.jetstream())
        await client.close()
        with running_worker(embedded_stores, NATS_URL=broker.nats_url):
            sending = asyncio.create_task(send_all(sender, run, 300))
            await asyncio.to_thread(wait_until, lambda: len(rows_of(clickhouse, run)) >= 50)
            nats.close()
            await sending  # accepting does not need the broker
            nats.enter_context(running_nats(broker))
            await asyncio.to_thread(wait_until, lambda: len(rows_of(clickhouse, run)) >= 300, 120)
    origins = [row[2] for row in rows_of(clickhouse, run)]
    assert sorted(origins) == sorted(f"kintell:{run}-{number}" for number in range(300))


async def test_loads_are_told_to_dagster_and_add_up_while_it_is_away() -> None:
    told: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        told.put_nowait(await request.json())
        return web.json_response({})

    port = Ports.free().dagster
    reporter = LoadReporter(f"http://{HOST}:{port}", every_s=0.02)
    reporting = asyncio.create_task(reporter.run())
    reporter.add(LoadReport(row_count=2, first_sequence=5, last_sequence=6, lag_s=0.5))
    await asyncio.sleep(0.1)  # nobody listens yet
    reporter.add(LoadReport(row_count=3, first_sequence=7, last_sequence=9, lag_s=0.25))
    app = web.Application()
    app.router.add_post("/report_asset_materialization/raw/events", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    first = await asyncio.wait_for(told.get(), 60)
    reporting.cancel()
    await runner.cleanup()
    assert first == {"metadata": {
        "loaded_row_count": 5, "lag_s": 0.5, "first_sequence": 5, "last_sequence": 9,
        "already_loaded_count": 0, "unreadable_count": 0,
    }}  # fmt: skip
