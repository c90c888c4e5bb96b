"""The gate as a process: soon, on its own durable, and with nothing lost when it is killed."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.events import Event, encode
from ingest.jetstream import Message, publish_all
from ingest.streams import event_subject
from orchestration.gate.queue import item_id
from orchestration.stack.layout import HOST, Layout
from tests.gate.readers import CRY, FINE, RUDE, Readers, Text
from tests.ingest.processes import Process, running, wait_until


@contextmanager
def running_gate(layout: Layout, **environment: str) -> Iterator[Process]:
    # A short wait, so that a killed gate's messages come back while the test looks.
    environment = {"IMPACT_ACK_WAIT_S": "3", "IMPACT_SWEEP_EVERY_S": "0.5", **environment}
    with running(layout, "orchestration.gate", "IMPACT_PORT_GATE", **environment) as process:
        yield process


def message(event: Event) -> Message:
    return Message(event_subject(event.companyid, event.type), encode(event), str(event.id))


def verdict_count(clickhouse: ClickHouseClient, run: str) -> tuple[int, int]:
    """Texts of this run with a verdict, and those that can be read."""
    [[judged]] = clickhouse.query(
        "select uniqExact(text_id) from nlp.verdicts where startsWith(subject, {run:String})", {"run": run}
    ).result_rows
    [[cleared]] = clickhouse.query(
        "select count() from nlp.cleared_texts final where startsWith(subject, {run:String})", {"run": run}
    ).result_rows
    return int(judged), int(cleared)


async def test_a_gate_killed_under_load_loses_nothing_and_lets_nothing_through(
    embedded_stores: Layout,
    nats: NatsClient,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    readers: Readers,
) -> None:
    run = f"rating/{uuid4().hex}-"
    words = [FINE, RUDE, FINE + "!", CRY]
    texts = [Text(subject=f"{run}{number}") for number in range(300)]
    events = [text.says(words[number % 4]) for number, text in enumerate(texts)]

    async def send() -> None:
        for start in range(0, len(events), 20):
            await publish_all(nats.jetstream(), [message(one) for one in events[start : start + 20]])
            await asyncio.sleep(0.02)

    with running_gate(embedded_stores) as first:
        # It has loaded its rules and follows the stream when a text of before has its verdict.
        probe = Text()
        await publish_all(nats.jetstream(), [message(probe.says(FINE))])
        await asyncio.to_thread(wait_until, lambda: bool(readers.read(probe)), 120)
        sending = asyncio.create_task(send())
        await asyncio.to_thread(wait_until, lambda: verdict_count(clickhouse, run)[0] >= 40)
        first.popen.send_signal(signal.SIGKILL)
        await asyncio.to_thread(first.popen.wait)
        killed_at = verdict_count(clickhouse, run)[0]
    await sending
    assert killed_at < len(events)
    with running_gate(embedded_stores) as second:
        await asyncio.to_thread(
            wait_until, lambda: verdict_count(clickhouse, run) == (len(events), len(events) // 2), 120
        )
        health = (await asyncio.to_thread(httpx.get, f"{second.url}/healthz")).json()
        assert (health["status"], set(health["parts"])) == (
            "ok", {"gate", "stream", "sweep", "decisions"},
        )  # fmt: skip
        # With nothing else to do, within a second: as many as a busy machine needs for one that is.
        taken_s: list[float] = []
        while len(taken_s) < 30 and min(taken_s, default=1) >= 1:
            text = Text()
            started = time.monotonic()
            await publish_all(nats.jetstream(), [message(text.says(FINE))])
            await asyncio.to_thread(wait_until, lambda: bool(readers.read(text)))  # noqa: B023
            taken_s.append(time.monotonic() - started)
        assert min(taken_s) < 1
        # What no stream brought is swept up beside it, and a person's decision is carried out.
        swept, event = Text(), events[1]
        readers.store(swept.says(FINE), event)
        postgres.execute(
            "update safety.review_items set state = 'approved', decided_at = now(), decided_by = 'test'"
            " where event_id = %s",
            (event.id,),
        )
        postgres.execute("select pg_notify('safety_decisions', '')")
        await asyncio.to_thread(wait_until, lambda: bool(readers.read(swept) and readers.read(texts[1])))
        metrics = (await asyncio.to_thread(httpx.get, f"{second.url}/metrics")).text
        assert 'safety_screened_texts_total{action="hold",way="stream"}' in metrics
        assert 'safety_review_open_items{severity="critical"}' in metrics
        assert "safety_screening_delay_seconds_count" in metrics
        log = second.log.read_text() + first.log.read_text()
        assert "idiot" not in log
        assert "new skills" not in log
    flagged = [item_id(event.id) for number, event in enumerate(events) if number % 2]
    [raised] = postgres.execute(
        "select count(*) from safety.review_items where item_id = any(%s)", (flagged,)
    ).fetchone() or (0,)
    assert raised == len(flagged)
    events_sent = postgres.execute("select event from ingest.event_outbox").fetchall()
    told = sum(str(one) in str(bytes(row[0])) for row in events_sent for one in flagged[:20])
    assert told == 20  # one event per flag, however often its way was gone


def test_without_a_broker_it_waits_and_says_so(embedded_stores: Layout) -> None:
    with running_gate(embedded_stores, NATS_URL=f"nats://{HOST}:1") as gate:
        wait_until(
            lambda: (
                httpx.get(f"{gate.url}/healthz").json()
                == {"status": "degraded", "parts": {"gate": "running", "nats": "connecting"}}
            )
        )
