"""A person's events, and what the API shows of them."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient


def publish(postgres: psycopg.Connection, *volunteers: UUID) -> None:
    """What the API shows of them: a row each, and a materialized view of the rows."""
    with postgres.cursor() as cursor:
        cursor.executemany(
            "insert into serving.vis_volunteer_period (company_id, volunteer_id, period_grain, period,"
            " period_start, hours, sessions_count, sessions_per_month, consistency_part, data_version)"
            " values (%s, %s, 'month', '2026-10', '2026-10-01', 3, 2, 2, 0.5, 1)",
            [(uuid4(), one) for one in volunteers],
        )
    view = "serving.mv_top_volunteers"
    rows = "select volunteer_id from serving.vis_volunteer_period"
    postgres.execute(f"create materialized view if not exists {view} as {rows}")
    postgres.execute(f"refresh materialized view {view}")


def add_events(clickhouse: ClickHouseClient, person: UUID, other: UUID) -> None:
    rows = [
        (who, f'{{"participantId":"{who}","volunteerId":"{volunteer}"}}')
        for who, volunteer in ((person, other), (other, person), (other, uuid4()))
    ]
    clickhouse.command(
        "insert into raw.events (event_id, event_type, subject, person_id, data, event_time, source_time)"
        " values "
        + ", ".join(
            f"(generateUUIDv4(), 'test.killed', '{uuid4()}', '{who}', '{data}', now(), now())"
            for who, data in rows
        )
    )


def events_of(clickhouse: ClickHouseClient, person: UUID) -> int:
    answer = clickhouse.query(
        "select count() from raw.events where person_id = {who:UUID} or position(data, {text:String}) > 0"
        " and event_type = 'test.killed' and person_id != toUUID('00000000-0000-0000-0000-000000000000')",
        {"who": str(person), "text": str(person)},
    )
    return int(answer.result_rows[0][0])
