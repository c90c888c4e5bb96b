"""How soon flags follow events: `python -m tests.benchmarks.journey_worker`.

Starts stores of its own and fills them with a history. Then, batch by batch, as many people do one thing
each, and an engine in this process brings them up: from the question to the commit of flags, history and
outbox. The reference is the one statement that asks all rules about the same people, which every batch needs
at least. After that, worker and engine as processes: events at a steady rate, and the time from each event
that completes a condition to its `orchestration.flag.updated` on the bus. Writes
docs/reports/journey_worker.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.msg import Msg

from ingest.events import decode, encode
from ingest.jetstream import Message, publish_all
from ingest.raw_events import event_row, insert_events
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_pool
from ingest.streams import event_subject
from orchestration.journey import versions
from orchestration.journey.engine import Engine, utc_now
from orchestration.journey.rules.loading import load_rules
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.ingest.processes import running, running_worker
from tests.journey.people import Participant

COMPANIES = 50
# Half sessions, a quarter ratings, the rest events with a buddy, over two years.
_HISTORY = """
insert into raw.events (
    event_id, event_type, source, subject, company_id, person_id, event_time, source_time, data,
    stream_seq, origin
)
with cityHash64(number) as random, intDiv(number, {per_person:UInt64}) as person
select
    toUUID(concat('00000000-0000-4000-8000-', leftPad(lower(hex(number)), 12, '0'))),
    [
        'kintell.session.completed', 'kintell.session.completed', 'kintell.rating.created',
        'buddy.event.logged'
    ][random % 4 + 1] as type,
    '/benchmark', concat('benchmark/', toString(number)),
    toUUID(concat('00000000-0000-4000-a000-', leftPad(lower(hex(person % {companies:UInt64})), 12, '0'))),
    toUUID(concat('00000000-0000-4000-b000-', leftPad(lower(hex(person)), 12, '0'))),
    now64(3) - toIntervalSecond(86400 + random % 63072000) as at, at,
    multiIf(
        type = 'kintell.session.completed', concat(
            '{"sessionType":"', if(random % 3, 'language', 'mentorship'),
            '","languageLevel":"B1","durationMinutes":45}'
        ),
        type = 'kintell.rating.created', concat(
            '{"fromRole":"volunteer","rating":', toString((random % 101) / 100), '}'
        ),
        '{"eventType":"walk","durationMinutes":60}'
    ), 0, 'benchmark'
from numbers({first:UInt64}, {count:UInt64})
settings max_partitions_per_insert_block = 0
"""
_INSERT_ROWS = 500_000


def fill(clickhouse: ClickHouseClient, people: int, per_person: int) -> None:
    for first in range(0, people * per_person, _INSERT_ROWS):
        clickhouse.command(
            _HISTORY,
            {
                "first": first, "count": min(_INSERT_ROWS, people * per_person - first),
                "per_person": per_person, "companies": COMPANIES,
            },
        )  # fmt: skip


def person(number: int) -> Participant:
    return Participant(
        UUID(f"00000000-0000-4000-a000-{number % COMPANIES:012x}"),
        UUID(f"00000000-0000-4000-b000-{number:012x}"),
    )


async def batches(settings: StoreSettings, chosen: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of each batch: to insert, to evaluate and commit, to ask the one statement; and CPU."""
    pool = await postgres_pool(settings)
    with (
        closing(clickhouse_client(settings)) as clickhouse,
        closing(clickhouse_client(settings)) as inserting,
    ):
        async with pool.acquire() as connection:
            known = await versions.record(connection, load_rules(), utc_now())
        engine = Engine(pool, clickhouse, known)
        question = engine._rules_of(utc_now()).question
        people = [person(number) for number in range(chosen.touched)]
        began = time.monotonic()
        await engine.evaluate([one.key for one in people], way="first")
        first_s = time.monotonic() - began
        inserted, evaluated, asked, spent, changed = [], [], [], [], []
        for number in range(chosen.batches):
            some = [people[(number * chosen.batch + at) % len(people)] for at in range(chosen.batch)]
            now = datetime.now(UTC)
            for one in some:  # no two versions of one activity in an instant
                one.said = int((now - datetime(2026, 3, 2, tzinfo=UTC)).total_seconds())
            events = [event_row(one.session(now)) for one in some]
            started = time.monotonic()
            insert_events(inserting, events, token=str(uuid4()))
            inserted.append(1000 * (time.monotonic() - started))
            keys = [one.key for one in some]
            rows = await pool.fetchval("select count(*) from journey.flag_history")
            cpu, started = cpu_s(), time.monotonic()
            count = await engine.evaluate(keys, way="stream")
            evaluated.append(1000 * (time.monotonic() - started))
            spent.append(1000 * (cpu_s() - cpu))
            assert count == len(set(keys)), f"{count} of {len(set(keys))} people were evaluated"
            changed.append(await pool.fetchval("select count(*) from journey.flag_history") - rows)
            started = time.monotonic()
            await asyncio.to_thread(question.ask, clickhouse, keys, datetime.now(UTC))
            asked.append(1000 * (time.monotonic() - started))
    await pool.close()
    return {
        "first_evaluation_people_per_s": len(people) / first_s, "insert_ms": inserted,
        "evaluate_ms": evaluated, "statement_ms": asked, "cpu_ms": spent, "history_rows": changed,
    }  # fmt: skip


async def end_to_end(layout: Layout, settings: StoreSettings, chosen: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds from the event that makes a mentor to the flag's event on the bus."""
    nats = await nats_client(settings, name="benchmark")
    sent_at: dict[UUID, float] = {}
    delays: dict[UUID, list[float]] = {}
    company_id = uuid4()

    async def heard(message: Msg) -> None:
        event = decode(message.data)
        if event.personid in sent_at and event.data.flag == "mentor_ready":
            delays.setdefault(event.personid, []).append(1000 * (time.monotonic() - sent_at[event.personid]))

    await nats.subscribe(event_subject(company_id, "orchestration.flag.updated"), cb=heard)
    people: list[Participant] = []
    with running_worker(layout), running(layout, "orchestration.journey", "IMPACT_PORT_JOURNEY") as engine:
        process = psutil.Process(engine.popen.pid)
        await asyncio.sleep(chosen.settle)
        used, began = sum(process.cpu_times()[:2]), time.monotonic()
        # Everybody's two sessions first, then the third: each event is one of a steady stream.
        total = int(chosen.rate * chosen.seconds)
        people = [Participant(company_id) for _ in range(total // 3)]
        for number in range(3 * len(people)):
            who, turn = people[number % len(people)], number // len(people)
            wait_s = began + number / chosen.rate - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            if turn == 2:
                sent_at[who.person_id] = time.monotonic()
            event = who.session(datetime.now(UTC) - timedelta(seconds=1))
            message = Message(event_subject(company_id, event.type), encode(event), str(event.id))
            await publish_all(nats.jetstream(), [message])
        elapsed_s = time.monotonic() - began
        until = time.monotonic() + 60
        while len(delays) < len(people) and time.monotonic() < until:  # noqa: ASYNC110 a benchmark may look
            await asyncio.sleep(0.1)
        busy = (sum(process.cpu_times()[:2]) - used) / (time.monotonic() - began)
        await asyncio.sleep(5)
        used = sum(process.cpu_times()[:2])
        await asyncio.sleep(chosen.idle)
        idle = (sum(process.cpu_times()[:2]) - used) / chosen.idle
        rss_mib = process.memory_info().rss / 2**20
    await nats.close()
    return {
        "rate": 3 * len(people) / elapsed_s, "expected": len(people), "told": len(delays),
        "told_twice": sum(len(one) > 1 for one in delays.values()),
        "delay_ms": [delay for one in delays.values() for delay in one],
        "busy_share_of_a_core": busy, "idle_share_of_a_core": idle, "rss_mib": rss_mib,
    }  # fmt: skip


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else float("nan")


def rows_of(name: str, values: Sequence[float], reference: Sequence[float] | None = None) -> list[str]:
    median = at(values, 0.5)
    ratio = f"{median / at(reference, 0.5):.2f}" if reference else ""
    return [name, f"{median:,.0f}", f"{at(values, 0.95):,.0f}", f"{max(values, default=0):,.0f}", ratio]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.journey_worker", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="with a history")
    parser.add_argument("--per-person", type=int, default=100, help="activities")
    parser.add_argument("--touched", type=int, default=3_000, help="people who go on doing things")
    parser.add_argument("--batch", type=int, default=1_000, help="events")
    parser.add_argument("--batches", type=int, default=30)
    parser.add_argument("--rate", type=float, default=200.0, help="events a second, end to end")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--settle", type=float, default=20.0, help="seconds before, for the first sweep")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder) / "impact", Ports.free())
        platform.up(layout, print, stores_only=True)
        try:
            settings = store_settings(layout)
            with closing(clickhouse_client(settings)) as clickhouse:
                # End to end first, on an empty warehouse: a sweep would take up everybody of the history.
                followed = asyncio.run(end_to_end(layout, settings, chosen))
                fill(clickhouse, chosen.people, chosen.per_person)
            found = asyncio.run(batches(settings, chosen))
        finally:
            platform.down(layout)
    table = [
        ["what", "p50", "p95", "most", "to the one statement"],
        rows_of("one statement about a batch, ms", found["statement_ms"]),
        rows_of("batch to flags and outbox, ms", found["evaluate_ms"], found["statement_ms"]),
        rows_of("of it CPU of the engine, ms", found["cpu_ms"]),
        rows_of("to insert a batch's events, ms", found["insert_ms"]),
        rows_of("rows of history a batch", found["history_rows"]),
        rows_of("event to flag updated on the bus, ms", followed["delay_ms"]),
    ]
    figures = (
        f"{chosen.people:,} people with {chosen.per_person} activities each;"
        f" batches of {chosen.batch:,} events. First evaluation of a whole past:"
        f" {found['first_evaluation_people_per_s']:,.0f} people a second. End to end:"
        f" {followed['rate']:.0f} events a second, {followed['told']:,} of {followed['expected']:,} flags"
        f" told, {followed['told_twice']} twice; the engine took {followed['busy_share_of_a_core']:.1%} of a"
        f" core meanwhile, {followed['idle_share_of_a_core']:.2%} idle, {followed['rss_mib']:.0f} MiB."
    )
    command = (
        f"python -m tests.benchmarks.journey_worker --people {chosen.people} --per-person {chosen.per_person}"
        f" --batches {chosen.batches} --seconds {chosen.seconds:.0f}"
    )
    print(
        reports.write(
            "journey_worker", "How soon flags follow events", table, {**found, **followed},
            command=command, folder=chosen.folder, notes=figures,
        )
    )  # fmt: skip
    print(f"mean batch {statistics.fmean(found['evaluate_ms']):.0f} ms")


if __name__ == "__main__":
    main()
