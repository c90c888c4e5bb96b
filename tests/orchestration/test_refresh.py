"""The whole graph on real stores: an event goes in at raw.events and comes out of the API's views and streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import dagster as dg
import psycopg
import pytest

from orchestration.arrivals import RUN_TAG
from orchestration.automation import REFRESH_TAG, arrivals_sensor
from orchestration.resources import Stores

SESSIONS = "select sessions_count from serving.mv_company_metrics where company_id = %s and period = '2026-09'"


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def postgres(stores: Stores) -> Iterator[psycopg.Connection]:
    with stores.postgres() as connection:
        yield connection


def refresh(definitions: dg.Definitions, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    result = definitions.resolve_job_def("refresh_warehouse").execute_in_process(instance=instance)
    failed = [e.check_name for e in result.get_asset_check_evaluations() if not e.passed]
    assert (result.success, failed) == (True, [])
    return result


def session_completed(stores: Stores, company: UUID) -> None:
    participant, volunteer, session = uuid4(), uuid4(), uuid4()
    data = {
        "sessionId": str(session), "externalSessionId": f"LS-{session.hex[:6]}", "sessionType": "language",
        "participantId": str(participant), "volunteerId": str(volunteer), "durationMinutes": 45,
        "scheduledAt": "2026-09-07T10:00:00Z", "completedAt": "2026-09-07T10:45:00Z",
    }  # fmt: skip
    with stores.clickhouse() as clickhouse:
        clickhouse.command(
            "insert into raw.events (event_id, event_type, source, subject, company_id, person_id, event_time,"
            " source_time, data, origin) values (%(id)s, 'kintell.session.completed', '/webhooks/kintell', %(subject)s,"
            " %(company)s, %(participant)s, '2026-09-07 10:45:00', '2026-09-07 10:45:00', %(data)s, 'kintell:test')",
            parameters={
                "id": uuid4(), "subject": f"session/{data['externalSessionId']}", "company": company,
                "participant": participant, "data": json.dumps(data),
            },
        )  # fmt: skip


def sensor_asks(instance: dg.DagsterInstance, stores: Stores, cursor: str = "") -> tuple[bool, str]:
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"stores": stores})
    result = arrivals_sensor(context)
    return bool(result.run_requests), result.cursor or ""


def updates_of(stores: Stores, company: UUID) -> int:
    async def count() -> int:
        async with stores.jetstream() as jetstream:
            info = await jetstream.stream_info("UPDATES", subjects_filter=f"updates.{company}.>")
            return sum((info.state.subjects or {}).values())

    return asyncio.run(count())


def test_an_event_reaches_the_views_and_the_live_stream_once(
    definitions: dg.Definitions, instance: dg.DagsterInstance, stores: Stores, postgres: psycopg.Connection
) -> None:
    company = uuid4()
    postgres.execute("insert into ingest.companies (company_id, name) values (%(c)s, %(c)s)", {"c": company})
    session_completed(stores, company)
    asked, cursor = sensor_asks(instance, stores)
    assert not asked  # still settling
    assert sensor_asks(instance, stores, cursor) == (True, "")

    first = refresh(definitions, instance)
    assert postgres.execute(SESSIONS, (company,)).fetchone() == (1,)
    sent = updates_of(stores, company)
    assert sent > 0
    assert instance.get_runs(dg.RunsFilter(tags=REFRESH_TAG))[0].tags[RUN_TAG]
    assert sensor_asks(instance, stores) == (False, "")  # covered: nothing to do
    counted = {
        event.asset_key.to_user_string()
        for event in first.get_asset_materialization_events()
        if "dagster/row_count" in event.materialization.metadata
    }
    assert {"raw/companies", "marts/metrics_company_period", "serving_tables/metrics_company_period"} <= counted

    versions = postgres.execute("select count(*) from serving.data_versions").fetchone()
    refresh(definitions, instance)
    assert postgres.execute("select count(*) from serving.data_versions").fetchone() == versions
    assert updates_of(stores, company) == sent

    session_completed(stores, company)
    assert sensor_asks(instance, stores)[1] != ""  # noticed, and waiting for the rest of the burst
