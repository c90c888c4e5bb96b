"""A served table equals its mart whenever a reader looks; each changed number is announced exactly once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from uuid import UUID, uuid4

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client, postgres_connection
from orchestration.publication.publish import EmptyMartError, Publication, count_differences
from orchestration.publication.updates import send_pending_updates
from tests.orchestration.publishing import MARTS, METRICS, SCORES, Stage, month, score, told

METRICS_WITH_A_VALUE = 17  # of 28; a row of nothing lacks averages, their sums, ratios and scores


def test_a_copy_serves_the_mart_under_one_version(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(
        month(company, sessions_count=4, volunteer_hours=2.75, avg_rating=0.8125), month(company, "2026-08")
    )
    publication = stage.publish()
    assert (publication.row_counts, publication.changed_rows) == (
        {"publication_metrics": 2, "publication_scores": 0},
        {"publication_metrics": 2, "publication_scores": 0},
    )
    assert stage.postgres.execute(
        "select sessions_count, volunteer_hours, avg_rating, period_end::text, data_version"
        f" from {METRICS.served} order by period"
    ).fetchall() == [
        (0, 0.0, None, "2026-08-28", publication.data_version),
        (4, 2.75, 0.8125, "2026-09-28", publication.data_version),
    ]
    assert count_differences(stage.postgres, stage.clickhouse, METRICS, marts=MARTS) == (2, 0)


def test_copying_twice_makes_no_new_version(stage: Stage) -> None:
    stage.fill_mart(month(uuid4(), sessions_count=4, rating_sum=0.1))
    assert stage.publish().data_version is not None
    versions, queued = (
        "select count(*) from serving.data_versions",
        "select count(*) from serving.announcements",
    )
    before = stage.one(versions), stage.one(queued)
    # The same sum added up in another order: equal to anyone but a bit-by-bit comparison.
    stage.clickhouse.command(
        f"alter table {MARTS}.{METRICS.name} update rating_sum = 0.1 + 1e-15 where 1",
        settings={"mutations_sync": 2},
    )
    nothing = {"publication_metrics": 0, "publication_scores": 0}
    assert stage.publish() == Publication(None, {**nothing, "publication_metrics": 1}, nothing)
    assert (stage.one(versions), stage.one(queued)) == before


def test_a_change_touches_its_row_alone_and_is_queued_with_both_values(stage: Stage) -> None:
    first, second = uuid4(), uuid4()
    stage.fill_mart(month(first, sessions_count=4), month(second, sessions_count=7))
    before = stage.publish()
    stage.postgres.execute("delete from serving.announcements")
    stage.fill_mart(month(first, sessions_count=5, avg_rating=0.75), month(second, sessions_count=7))
    after = stage.publish()
    assert (after.changed_rows[METRICS.name], after.changed_values) == (1, 2)
    assert dict(
        stage.postgres.execute(f"select company_id, data_version from {METRICS.served}").fetchall()
    ) == {first: after.data_version, second: before.data_version}
    assert stage.postgres.execute(
        "select company_id, name, data - 'dataVersion' from serving.announcements order by data ->> 'metric'"
    ).fetchall() == [
        (first, "metric.updated", told("avg_rating", 0.75, None)),
        (first, "metric.updated", told("sessions_count", 5, 4)),
    ]


def test_a_row_that_left_the_mart_is_no_longer_served(stage: Stage) -> None:
    kept, gone = uuid4(), uuid4()
    stage.fill_mart(month(kept), month(gone, sessions_count=3))
    stage.publish()
    stage.postgres.execute("delete from serving.announcements")
    stage.fill_mart(month(kept))
    assert stage.publish().changed_rows[METRICS.name] == 1
    assert stage.one(f"select array_agg(company_id) from {METRICS.served}") == [kept]
    assert stage.postgres.execute(
        "select data -> 'value', data -> 'previousValue' from serving.announcements"
        " where data ->> 'metric' = 'sessions_count'"
    ).fetchall() == [(None, 3)]


def test_all_tables_change_under_one_version_or_none_does(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, sessions_count=1))
    stage.fill_mart(score(company, hours=1.5), table=SCORES)
    version = stage.publish().data_version
    assert stage.one(f"select data_version from {METRICS.served}") == version
    assert stage.one(f"select data_version from {SCORES.served}") == version
    stage.fill_mart(month(company, sessions_count=2))
    # The second mart cannot be read: the first, which could, is not published either.
    stage.clickhouse.command(f"alter table {MARTS}.{SCORES.name} rename column hours to moved")
    with pytest.raises(DatabaseError, match="hours"):
        stage.publish()
    assert stage.one(f"select sessions_count from {METRICS.served}") == 1
    assert stage.one("select max(data_version) from serving.data_versions") == version
    # Nor is it held for published by the next.
    stage.clickhouse.command(f"alter table {MARTS}.{SCORES.name} rename column moved to hours")
    assert stage.publish().changed_rows[METRICS.name] == 1
    assert stage.one(f"select sessions_count from {METRICS.served}") == 2


def test_json_and_nulls_arrive_as_they_are_and_order_of_keys_is_no_change(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company))
    weights = '{"hours": 0.3, "why": "it said \\"so\\", twice"}'
    stage.fill_mart(score(company, weights=weights, missing_reason=None, band=""), table=SCORES)
    stage.publish()
    served = f"select weights, missing_reason, band, vis from {SCORES.served}"
    assert stage.postgres.execute(served).fetchall() == [(json.loads(weights), None, "", None)]
    turned = json.dumps(dict(reversed(json.loads(weights).items())))
    stage.fill_mart(score(company, weights=turned, missing_reason=None, band=""), table=SCORES)
    assert stage.publish().data_version is None


def test_a_company_is_at_the_version_of_its_last_change_in_any_table(stage: Stage) -> None:
    first, second = uuid4(), uuid4()

    def versions() -> dict[UUID, int]:
        return dict(
            stage.postgres.execute(
                "select company_id, data_version from serving.company_versions where company_id = any(%s)",
                ([first, second],),
            ).fetchall()
        )

    stage.fill_mart(month(first), month(second))
    stage.fill_mart(score(first, hours=1), table=SCORES)
    one = stage.publish().data_version
    assert versions() == {first: one, second: one}
    stage.fill_mart(score(first, hours=2), table=SCORES)
    two = stage.publish().data_version
    assert versions() == {first: two, second: one}
    stage.fill_mart(table=SCORES)  # its only row is gone: that is a change too
    three = stage.publish().data_version
    assert versions() == {first: three, second: one}


def test_views_change_in_the_moment_their_tables_do(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, sessions_count=1))
    stage.publish()
    for name, source in (
        ("publication_view", METRICS.served),
        ("publication_view_of_it", "serving.publication_view"),
    ):
        stage.postgres.execute(
            f"create materialized view serving.{name} as select company_id, sessions_count from {source}"
        )
        stage.postgres.execute(f"create unique index on serving.{name} (company_id)")
    stage.fill_mart(month(company, sessions_count=2))
    both = (
        "select metrics.sessions_count, view.sessions_count, deeper.sessions_count"
        f" from {METRICS.served} as metrics, serving.publication_view as view,"
        " serving.publication_view_of_it as deeper"
    )
    with closing(postgres_connection(stage.settings, autocommit=True)) as reader:
        reader.execute("set statement_timeout = '20s'")
        with stage.postgres.transaction():
            assert stage.publish().refreshed_views == ["publication_view", "publication_view_of_it"]
            assert reader.execute(both).fetchall() == [(1, 1, 1)]
        assert reader.execute(both).fetchall() == [(2, 2, 2)]


def test_a_view_whose_tables_did_not_change_is_left_alone(stage: Stage) -> None:
    stage.fill_mart(month(uuid4()))
    stage.fill_mart(score(uuid4(), hours=1), table=SCORES)
    stage.publish()
    stage.postgres.execute(
        f"create materialized view serving.publication_view as select * from {SCORES.served}"
    )
    stage.postgres.execute("create unique index on serving.publication_view (company_id)")
    stage.fill_mart(month(uuid4()))
    assert stage.publish().refreshed_views == []


def test_a_mart_that_may_become_empty_does(stage: Stage) -> None:
    stage.fill_mart(month(uuid4()))
    stage.fill_mart(score(uuid4(), hours=1), table=SCORES)
    stage.publish()
    stage.fill_mart(table=SCORES)
    stage.publish()
    assert stage.one(f"select count(*) from {SCORES.served}") == 0


def test_an_empty_mart_never_empties_what_is_served(stage: Stage) -> None:
    stage.fill_mart(month(uuid4()))
    stage.publish()
    stage.fill_mart()
    with pytest.raises(EmptyMartError, match="rebuild_warehouse"):
        stage.publish()
    assert stage.one(f"select count(*) from {METRICS.served}") == 1


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
        served = reader.execute(f"select array_agg(sessions_count) from {METRICS.served}").fetchone()
        assert served == ([1, 1],)
    assert stage.one(f"select array_agg(sessions_count) from {METRICS.served}") == [2, 2]


async def test_every_change_becomes_one_message(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company, sessions_count=3))
    version = stage.publish().data_version
    async with broker(stage.settings) as jetstream:
        assert await send_pending_updates(stage.settings) == METRICS_WITH_A_VALUE
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
    assert stage.one("select count(*) from serving.announcements") == 0


def test_a_report_is_announced_to_the_companies_whose_figures_in_it_changed(stage: Stage) -> None:
    """Of the two tables only one is in the report, and only one of the companies has another figure."""
    stage.postgres.execute(
        "create materialized view serving.mv_publication_report as"
        f" select company_id, period, sessions_count from {METRICS.served}"
    )
    stage.postgres.execute("create unique index on serving.mv_publication_report (company_id, period)")
    changes, stays = uuid4(), uuid4()
    stage.fill_mart(*(month(one, period) for one in (changes, stays) for period in ("2026-08", "2026-09")))
    assert stage.publish().reports == 2
    stage.postgres.execute("delete from serving.announcements")
    stage.fill_mart(score(stays, hours=10, hours_part=1, vis=40), table=SCORES)
    assert stage.publish().reports == 0
    stage.fill_mart(
        month(changes, "2026-08"),
        month(changes, "2026-09", sessions_count=4),
        month(changes, "2026-10"),
        month(stays, "2026-08"),
        month(stays, "2026-09"),
    )
    publication = stage.publish()
    assert publication.reports == 1
    told = stage.postgres.execute(
        "select company_id, data from serving.announcements where name = 'report.generated'"
    ).fetchall()
    assert told == [
        (
            changes,
            {
                "report": "test",
                "periods": ["2026-09", "2026-10"],
                "dataVersion": publication.data_version,
            },
        )
    ]


async def test_a_changed_score_is_told_by_its_own_name(stage: Stage) -> None:
    company = uuid4()
    stage.fill_mart(month(company))
    stage.publish()
    await send_pending_updates(stage.settings)
    for vis in (40.5, 41.5):
        stage.fill_mart(score(company, hours=10, hours_part=1, vis=vis), table=SCORES)
        version = stage.publish().data_version
    await send_pending_updates(stage.settings)
    async with broker(stage.settings) as jetstream:
        messages = [m for m in await sent_to(jetstream, company) if m["type"] == "vis.updated"]
    # Both changes wait when they are sent, so they are one: from nothing to the newest.
    assert [m["data"] for m in messages] == [
        {
            "periodGrain": "month", "period": "2026-09", "value": 41.5, "previousValue": None,
            "dataVersion": version,
        }
    ]  # fmt: skip


@asynccontextmanager
async def broker(settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(settings, name="test")
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def sent_to(jetstream: JetStreamContext, company: UUID) -> list[dict]:
    """Every message of the company that the stream holds now."""
    subject = f"updates.{company}.>"
    info = await jetstream.stream_info("UPDATES", subjects_filter=subject)
    expected = sum((info.state.subjects or {}).values())
    subscription = await jetstream.subscribe(subject, ordered_consumer=True)
    messages = [json.loads((await subscription.next_msg(timeout=60)).data) for _ in range(expected)]
    await subscription.unsubscribe()
    return messages
