"""A served table equals its mart whenever a reader looks; each changed number is announced exactly once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.publication.copy import EmptyMartError, Publication, count_differences, publish_table
from orchestration.publication.tables import METRICS_COMPANY_PERIOD, ServedTable
from orchestration.publication.updates import send_pending_updates

TABLE = ServedTable("publication_test", METRICS_COMPANY_PERIOD.key, METRICS_COMPANY_PERIOD.labels)
COLUMNS = {
    "company_id": "UUID", "period_grain": "String", "period": "String",
    "period_start": "Date", "period_end": "Date",
    "participants_count": "UInt64", "volunteers_count": "UInt64", "sessions_count": "UInt64",
    "language_sessions_count": "UInt64", "mentorship_sessions_count": "UInt64", "volunteer_hours": "Float64",
    "ratings_count": "UInt64", "rating_sum": "Float64", "avg_rating": "Nullable(Float64)",
    "enrollments_count": "UInt64", "buddy_matches_count": "UInt64", "courses_completed_count": "UInt64",
}  # fmt: skip
METRICS_WITH_A_VALUE = 11  # of the twelve metrics, a row without ratings has no average


@dataclass
class Stage:
    """The two stores with a mart of this test's own, and the served table beside it."""

    postgres: psycopg.Connection
    clickhouse: ClickHouseClient
    settings: StoreSettings

    def fill_mart(self, *rows: dict[str, object]) -> None:
        self.clickhouse.command(f"truncate table {TABLE.mart}")
        for row in rows:
            assigned = ", ".join(row)
            literals = ", ".join(f"%({name})s" for name in row)
            self.clickhouse.command(
                f"insert into {TABLE.mart} ({assigned}) values ({literals})", parameters=row
            )

    def publish(self) -> Publication:
        return publish_table(self.postgres, self.clickhouse, TABLE, run_id="test")

    def one(self, query: str) -> object:
        row = self.postgres.execute(query).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture
def stage(store_settings: StoreSettings) -> Iterator[Stage]:
    with (
        closing(postgres_connection(store_settings, autocommit=True)) as postgres,
        closing(clickhouse_client(store_settings)) as clickhouse,
    ):
        clickhouse.command("create database if not exists marts")
        described = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        clickhouse.command(f"create table {TABLE.mart} ({described}) engine = MergeTree order by company_id")
        postgres.execute(f"create table {TABLE.served} (like serving.metrics_company_period including all)")
        postgres.execute("delete from serving.update_outbox")
        try:
            yield Stage(postgres, clickhouse, store_settings)
        finally:
            clickhouse.command(f"drop table {TABLE.mart}")
            postgres.execute(f"drop table {TABLE.served}")
            postgres.execute("delete from serving.update_outbox")


def month(company_id: UUID, period: str = "2026-09", **metrics: object) -> dict[str, object]:
    return {
        "company_id": str(company_id), "period_grain": "month", "period": period,
        "period_start": f"{period}-01", "period_end": f"{period}-28", **metrics,
    }  # fmt: skip


def test_a_copy_serves_the_mart_under_one_version(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(
        month(company, sessions_count=4, volunteer_hours=2.75, avg_rating=0.8125), month(company, "2026-08")
    )
    publication = stage.publish()
    assert (publication.row_count, publication.changed_rows) == (2, 2)
    assert stage.postgres.execute(
        "select sessions_count, volunteer_hours, avg_rating, period_end::text, data_version"
        f" from {TABLE.served} order by period"
    ).fetchall() == [
        (0, 0.0, None, "2026-08-28", publication.data_version),
        (4, 2.75, 0.8125, "2026-09-28", publication.data_version),
    ]
    assert count_differences(stage.postgres, stage.clickhouse, TABLE) == (2, 0)


def test_copying_twice_makes_no_new_version(stage: Stage) -> None:
    stage.fill_mart(month(uuid4(), sessions_count=4, rating_sum=0.1))
    assert stage.publish().data_version is not None
    versions, queued = (
        "select count(*) from serving.data_versions",
        "select count(*) from serving.update_outbox",
    )
    before = stage.one(versions), stage.one(queued)
    # The same sum added up in another order: equal to anyone but a bit-by-bit comparison.
    stage.clickhouse.command(f"alter table {TABLE.mart} update rating_sum = 0.1 + 1e-15 where 1", settings={
        "mutations_sync": 2})  # fmt: skip
    assert stage.publish() == Publication(None, 1, 0, 0)
    assert (stage.one(versions), stage.one(queued)) == before


def test_a_change_touches_its_row_alone_and_is_queued_with_both_values(stage: Stage) -> None:
    first, second = uuid4(), uuid4()
    stage.fill_mart(month(first, sessions_count=4), month(second, sessions_count=7))
    before = stage.publish()
    stage.postgres.execute("delete from serving.update_outbox")
    stage.fill_mart(month(first, sessions_count=5, avg_rating=0.75), month(second, sessions_count=7))
    after = stage.publish()
    assert (after.changed_rows, after.changed_values) == (1, 2)
    assert dict(
        stage.postgres.execute(f"select company_id, data_version from {TABLE.served}").fetchall()
    ) == {first: after.data_version, second: before.data_version}
    assert stage.postgres.execute(
        "select company_id, period, metric, value, previous_value from serving.update_outbox order by metric"
    ).fetchall() == [
        (first, "2026-09", "avg_rating", 0.75, None),
        (first, "2026-09", "sessions_count", 5, 4),
    ]


def test_a_row_that_left_the_mart_is_no_longer_served(stage: Stage) -> None:
    kept, gone = uuid4(), uuid4()
    stage.fill_mart(month(kept), month(gone, sessions_count=3))
    stage.publish()
    stage.postgres.execute("delete from serving.update_outbox")
    stage.fill_mart(month(kept))
    assert stage.publish().changed_rows == 1
    assert stage.one(f"select array_agg(company_id) from {TABLE.served}") == [kept]
    assert stage.postgres.execute(
        "select value, previous_value from serving.update_outbox where metric = 'sessions_count'"
    ).fetchall() == [(None, 3)]


def test_an_empty_mart_never_empties_what_is_served(stage: Stage) -> None:
    stage.fill_mart(month(uuid4()))
    stage.publish()
    stage.fill_mart()
    with pytest.raises(EmptyMartError, match="rebuild_warehouse"):
        stage.publish()
    assert stage.one(f"select count(*) from {TABLE.served}") == 1


def test_a_reader_is_not_blocked_and_sees_no_half_copy(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, "2026-08", sessions_count=1), month(company, sessions_count=1))
    stage.publish()
    stage.fill_mart(month(company, "2026-08", sessions_count=2), month(company, sessions_count=2))
    with (
        closing(postgres_connection(stage.settings, autocommit=True)) as reader,
        stage.postgres.transaction(),
    ):
        reader.execute("set statement_timeout = '20s'")  # a blocked reader fails instead of hanging
        stage.publish()  # inside a transaction that has not committed
        served = reader.execute(f"select array_agg(sessions_count) from {TABLE.served}").fetchone()
        assert served == ([1, 1],)
    assert stage.one(f"select array_agg(sessions_count) from {TABLE.served}") == [2, 2]


async def test_every_change_becomes_one_message(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, sessions_count=3))
    version = stage.publish().data_version
    async with broker(stage.settings) as jetstream:
        assert await send(stage.settings, jetstream) == METRICS_WITH_A_VALUE
        messages = await sent_to(jetstream, company)
    assert len(messages) == METRICS_WITH_A_VALUE
    assert [m for m in messages if m["data"]["metric"] == "sessions_count"] == [
        {
            "type": "metric.updated",
            "companyId": str(company),
            "time": messages[0]["time"],
            "data": {
                "metric": "sessions_count",
                "periodGrain": "month",
                "period": "2026-09",
                "value": 3,
                "previousValue": None,
                "dataVersion": version,
            },
        }
    ]
    assert stage.one("select count(*) from serving.update_outbox") == 0


async def test_a_crash_between_the_messages_and_the_outbox_loses_and_doubles_nothing(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, sessions_count=3))
    stage.publish()
    async with broker(stage.settings) as jetstream:
        with pytest.raises(ConnectionResetError):
            await send(stage.settings, DiesAfter(5, jetstream))
        assert len(await sent_to(jetstream, company)) == 5
        assert stage.one("select count(*) from serving.update_outbox") == METRICS_WITH_A_VALUE
        assert await send(stage.settings, jetstream) == METRICS_WITH_A_VALUE
        messages = await sent_to(jetstream, company)
    assert len(messages) == len({m["data"]["metric"] for m in messages}) == METRICS_WITH_A_VALUE


class DiesAfter(JetStreamContext):
    """A connection that breaks after some acknowledged messages, as one does when its process is killed."""

    def __init__(self, acknowledged: int, jetstream: JetStreamContext) -> None:
        self._left = acknowledged
        self._jetstream = jetstream

    async def publish(self, *arguments, **options):
        if self._left == 0:
            raise ConnectionResetError("killed")
        self._left -= 1
        return await self._jetstream.publish(*arguments, **options)


@asynccontextmanager
async def broker(settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(settings, name="test")
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def send(settings: StoreSettings, jetstream: JetStreamContext) -> int:
    async with await psycopg.AsyncConnection.connect(settings.postgres_url.get_secret_value()) as connection:
        return await send_pending_updates(connection, jetstream)


async def sent_to(jetstream: JetStreamContext, company: UUID) -> list[dict]:
    """Every message of the company that the stream holds now."""
    subject = f"updates.{company}.>"
    info = await jetstream.stream_info("UPDATES", subjects_filter=subject)
    expected = sum((info.state.subjects or {}).values())
    subscription = await jetstream.subscribe(subject, ordered_consumer=True)
    messages = [json.loads((await subscription.next_msg(timeout=60)).data) for _ in range(expected)]
    await subscription.unsubscribe()
    return messages
