"""An event arrives in `raw.events` once per token, with every attribute in its column."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.kintell import KintellSessionScheduled
from ingest.events import Event, canonical_json, new_event
from ingest.raw_events import event_row, insert_events

SCHEDULED_AT = datetime(2025, 10, 2, 16, 0, tzinfo=UTC)


def a_booking(company_id: UUID | None, origin: str) -> Event:
    return new_event(
        KintellSessionScheduled(
            session_id=uuid4(),
            session_type="language",
            participant_id=uuid4(),
            volunteer_id=uuid4(),
            scheduled_at=SCHEDULED_AT,
        ),
        subject="booking/B-1",
        company_id=company_id,
        source="/webhooks/kintell",
        source_time=datetime(2025, 9, 30, 8, 0, 0, 250_000, tzinfo=UTC),
        origin=origin,
    )


def test_an_event_becomes_one_row(clickhouse: ClickHouseClient) -> None:
    event = a_booking(None, f"kintell:{uuid4()}")
    assert insert_events(clickhouse, [event_row(event, stream_seq=7)], token=str(uuid4())) == 1
    rows = clickhouse.query(
        "select event_id, event_type, source, subject, company_id, person_id, event_time, source_time,"
        " correlation_id, data, stream_seq from raw.events where origin = {origin:String}",
        parameters={"origin": event.origin},
    ).result_rows
    assert rows == [
        (
            event.id, "kintell.session.scheduled", "/webhooks/kintell", "booking/B-1", UUID(int=0),
            event.personid, SCHEDULED_AT.replace(tzinfo=None), event.sourcetime.replace(tzinfo=None), "",
            canonical_json(event.data).decode(), 7,
        )
    ]  # fmt: skip


def test_the_same_token_again_inserts_nothing(clickhouse: ClickHouseClient) -> None:
    origin, token = f"kintell:{uuid4()}", str(uuid4())
    rows = [event_row(a_booking(uuid4(), origin)) for _ in range(3)]
    for _ in range(3):
        insert_events(clickhouse, rows, token=token)
    count = clickhouse.command(
        "select count() from raw.events where origin = {origin:String}", parameters={"origin": origin}
    )
    assert count == 3


def test_no_events_are_no_insert(clickhouse: ClickHouseClient) -> None:
    assert insert_events(clickhouse, [], token=str(uuid4())) == 0
