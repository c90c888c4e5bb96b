"""Everything together, started by the code of `impact up`: healthy, modest, and open from end to end."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import closing, suppress

import aiohttp
import psutil

from ingest.stores import clickhouse_client
from ingest.webhooks.sample import send_sample
from orchestration.demo.dagster_api import Dagster
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.priority import BEFORE_OTHERS
from orchestration.stack.status import status

PARTS = {"nats", "postgres", "clickhouse", "receiver", "worker", "gate", "journey", "api",
         "dagster-code", "dagster-webserver", "dagster-daemon"}  # fmt: skip
GIB = 1 << 30
PATIENCE_S = 180  # a loaded machine takes most of it to load the code server again


def test_every_part_is_healthy_within_its_memory(platform: Layout) -> None:
    found = status(platform)
    assert {part.name for part in found.parts} == PARTS
    assert [(part.name, part.problem) for part in found.parts if not part.is_healthy] == []
    assert _memory(platform) < 3 * GIB


def _memory(platform: Layout) -> int:
    """Of all processes, in bytes; what several share counts once, as forked runs share most of theirs."""
    supervisor = psutil.Process(status(platform).supervisor_pid)
    used = 0
    for process in (supervisor, *supervisor.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            used += process.memory_full_info().pss
    return used


def test_who_answers_comes_before_who_refreshes(platform: Layout) -> None:
    niceness = {part.name: psutil.Process(part.pid).nice() for part in status(platform).parts}
    own = psutil.Process().nice()
    assert {name for name in niceness if niceness[name] == own} - {"receiver"} == {"nats", "postgres", "api"}
    assert niceness["receiver"] == own + (BEFORE_OTHERS if os.geteuid() == 0 else 0)
    assert niceness["worker"] < niceness["dagster-code"]
    # Where Linux shares the cores by session, niceness counts only between sessions of their own.
    assert all(os.getsid(part.pid) == part.pid for part in status(platform).parts if part.pid)


def test_runs_are_forked_from_what_is_loaded(platform: Layout) -> None:
    [code] = [part.pid for part in status(platform).parts if part.name == "dagster-code"]
    environment = platform.environment()
    asyncio.run(_run_a_job(environment["DAGSTER_URL"]))
    below = psutil.Process(code).children(recursive=True)
    assert any("multiprocessing.forkserver" in " ".join(process.cmdline()) for process in below)


async def _run_a_job(dagster_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        await Dagster(session, dagster_url).run("count_dead_letters", lambda run: None)


def test_a_signed_webhook_reaches_the_warehouse(platform: Layout) -> None:
    environment = platform.environment()
    sent = send_sample(environment["IMPACT_WEBHOOK_URL"], environment["IMPACT_WEBHOOK_SECRET_KINTELL"])
    assert sent.status == 202
    with closing(clickhouse_client(store_settings(platform))) as client:
        until = time.monotonic() + PATIENCE_S
        while not client.query(
            "select 1 from raw.events where subject = {subject:String}",
            parameters={"subject": f"session/{sent.session_id}"},
        ).result_rows:
            assert time.monotonic() < until, "the event did not arrive"
            time.sleep(0.1)


def test_killed_applications_come_back(platform: Layout) -> None:
    before = {part.name: part for part in status(platform).parts}
    for name in ("receiver", "worker", "gate", "journey", "api", "dagster-code"):
        psutil.Process(before[name].pid).kill()
    until = time.monotonic() + PATIENCE_S
    while not (found := status(platform)).is_healthy:
        assert time.monotonic() < until, [(part.name, part.problem) for part in found.parts]
        time.sleep(0.5)
    restarts = {p.name: p.restart_count - before[p.name].restart_count for p in found.parts}
    assert {name for name, count in restarts.items() if count} == {
        "receiver",
        "worker",
        "gate",
        "journey",
        "api",
        "dagster-code",
    }
