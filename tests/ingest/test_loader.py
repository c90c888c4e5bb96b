"""Whatever dies or is delivered again, `raw.events` holds each event exactly once, by `count()`."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import DatabaseError
from nats.aio.client import Client as NatsClient

from ingest import loader as loader_module
from ingest.contracts.kintell import KintellRatingCreated
from ingest.events import decode, encode, new_event
from ingest.jetstream import Message, publish_all
from ingest.load_report import LoadReport
from ingest.loader import DURABLE, Loader, catch_up
from ingest.raw_events import EventRow
from ingest.stores import StoreSettings
from ingest.streams import PUBLISHED_AGAIN, event_subject

pytestmark = pytest.mark.usefixtures("unmerged")

NOW = datetime(2025, 10, 2, 18, 0, tzinfo=UTC)


def messages(count: int, run: str) -> list[Message]:
    """Events whose subjects start with `run`, as the normaliser publishes them."""
    made = []
    for number in range(count):
        rating = KintellRatingCreated(
            rating_id=uuid.uuid4(),
            session_id=uuid.uuid4(),
            from_role="participant",
            rating=0.5,
            created_at=NOW,
        )
        event = new_event(
            rating,
            subject=f"rating/{run}-{number}",
            company_id=None,
            source="/test",
            source_time=NOW,
            origin="test:1",
        )
        made.append(Message(event_subject(None, event.type), encode(event), str(event.id)))
    return made


class Bench:
    def __init__(
        self, settings: StoreSettings, pool: asyncpg.Pool, nats: NatsClient, clickhouse: ClickHouseClient
    ) -> None:
        self.settings, self.pool, self.nats, self.clickhouse = settings, pool, nats, clickhouse
        self.js = nats.jetstream()
        self.run = uuid.uuid4().hex

    def loader(self) -> Loader:
        return Loader(self.pool, self.nats, self.clickhouse, ack_wait_s=2, batch=50)

    async def publish(self, count: int) -> list[Message]:
        made = messages(count, self.run)
        await publish_all(self.js, made)
        return made

    async def drain(self, loader: Loader) -> LoadReport:
        pull = await loader.pull(idle_s=0.2)
        total = LoadReport()
        while not await pull.has_settled(1 << 62):
            if fetched := await pull.fetch():
                total += await loader.load(fetched)
        await pull.aclose()
        return total

    def count(self) -> tuple[int, int]:
        """Rows and distinct events of this test."""
        query = "select count(), uniqExact(event_id) from raw.events where startsWith(subject, {run:String})"
        return self.clickhouse.query(query, {"run": f"rating/{self.run}"}).result_rows[0]


@pytest.fixture
async def bench(
    store_settings: StoreSettings, pool: asyncpg.Pool, nats: NatsClient, clickhouse: ClickHouseClient
) -> Bench:
    bench = Bench(store_settings, pool, nats, clickhouse)
    await bench.drain(bench.loader())
    return bench


async def test_a_load_is_reported(bench: Bench) -> None:
    before = (await bench.js.stream_info("EVENTS")).state.last_seq
    await bench.publish(120)
    report = await bench.drain(bench.loader())
    assert (report.row_count, report.first_sequence, report.last_sequence) == (120, before + 1, before + 120)
    assert 0 < report.lag_s < 30
    assert bench.count() == (120, 120)


async def test_a_crash_between_insert_and_acknowledgement_doubles_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object) -> None:
        raise ConnectionError("died before the acknowledgement")

    await bench.publish(120)
    with monkeypatch.context() as patch:
        patch.setattr(loader_module, "acknowledge", crash)
        with pytest.raises(ConnectionError):
            await bench.drain(bench.loader())
    loaded, distinct = bench.count()
    assert 0 < loaded == distinct <= 50  # a batch, which may be one of few where little was at hand
    report = await bench.drain(bench.loader())
    assert (report.row_count, report.already_loaded_count) == (120 - loaded, loaded)
    assert bench.count() == (120, 120)


async def test_a_broker_that_forgot_the_acknowledgements_doubles_nothing(bench: Bench) -> None:
    await bench.publish(60)
    loader = bench.loader()
    await bench.drain(loader)
    await bench.js.delete_consumer("EVENTS", DURABLE)
    await bench.drain(loader)
    await bench.js.delete_consumer("EVENTS", DURABLE)
    await bench.drain(bench.loader())
    assert bench.count() == (60, 60)


@pytest.mark.parametrize("is_loaded_before", [True, False])
async def test_an_event_published_again_after_the_brokers_memory_ended_is_one_row(
    bench: Bench, is_loaded_before: bool
) -> None:
    loader = bench.loader()
    made = await bench.publish(3)
    if is_loaded_before:
        await bench.drain(loader)
    # Another message id stands for a duplicate window that has passed.
    again = made[1]._replace(message_id=str(uuid.uuid4()), headers={PUBLISHED_AGAIN: "1"})
    await publish_all(bench.js, [again])
    await bench.drain(loader)
    assert bench.count() == (3, 3)


async def test_several_loaders_share_one_stream(bench: Bench) -> None:
    await bench.publish(400)
    reports = await asyncio.gather(
        catch_up(bench.settings), catch_up(bench.settings), bench.drain(bench.loader())
    )
    assert sum(report.row_count for report in reports) == 400
    assert bench.count() == (400, 400)


async def test_an_unreadable_event_becomes_a_dead_letter_and_holds_nobody_up(bench: Bench) -> None:
    made = messages(2, bench.run)
    broken = Message("events._.broken", b'{"type": "ok@example.org"}', str(uuid.uuid4()))
    await publish_all(bench.js, [made[0], broken, made[1]])
    report = await bench.drain(bench.loader())
    assert (report.row_count, report.unreadable_count) == (2, 1)
    letter = await bench.js.get_last_msg("DEAD_LETTERS", "dead.events.unreadable")
    assert letter.data == broken.payload
    assert "example.org" not in letter.headers["Impact-Reason"]


async def test_an_insert_whose_answer_was_lost_is_repeated_without_effect(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = loader_module.insert_events
    failures = iter([OSError("the answer was lost")])

    def insert_and_lose_the_answer(*args: object, **kwargs: object) -> int:
        count = insert(*args, **kwargs)
        if error := next(failures, None):
            raise error
        return count

    monkeypatch.setattr(loader_module, "insert_events", insert_and_lose_the_answer)
    await bench.publish(20)
    report = await bench.drain(bench.loader())
    assert report.row_count == 20
    assert bench.count() == (20, 20)


async def test_an_event_that_clickhouse_refuses_stands_alone_in_the_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = messages(8, bench.run)
    poison = made[3]
    insert = loader_module.insert_events

    def refuse(client: ClickHouseClient, rows: Sequence[EventRow], *, token: str) -> int:
        if any(row.event_id == str(decode(poison.payload).id) for row in rows):
            raise DatabaseError("Cannot parse", code=6)
        return insert(client, rows, token=token)

    monkeypatch.setattr(loader_module, "insert_events", refuse)
    await publish_all(bench.js, made)
    report = await bench.drain(bench.loader())
    assert (report.row_count, report.unreadable_count) == (7, 1)
    assert bench.count() == (7, 7)
    letter = await bench.js.get_last_msg("DEAD_LETTERS", "dead.events.unreadable")
    assert letter.data == poison.payload
    assert letter.headers["Impact-Return-Subject"] == poison.subject


async def test_a_later_version_of_an_event_is_loaded_under_its_first_company(
    bench: Bench, clickhouse: ClickHouseClient
) -> None:
    [first] = await bench.publish(1)
    loader = bench.loader()
    await bench.drain(loader)
    event = decode(first.payload)
    company = uuid.uuid4()
    later = msgspec.structs.replace(event, sourcetime=NOW + timedelta(seconds=9), companyid=company)
    earlier = msgspec.structs.replace(event, sourcetime=NOW - timedelta(seconds=9))
    for version in (later, earlier, later):
        again = Message(first.subject, encode(version), str(uuid.uuid4()), {PUBLISHED_AGAIN: "1"})
        await publish_all(bench.js, [again])
        await bench.drain(loader)
    assert bench.count() == (2, 1)  # two versions until they merge
    rows = clickhouse.query(
        "select source_time, company_id from raw.events final where event_id = {id:UUID}", {"id": event.id}
    ).result_rows
    [(source_time, company_id)] = rows
    assert (source_time.replace(tzinfo=UTC), company_id) == (later.sourcetime, uuid.UUID(int=0))
