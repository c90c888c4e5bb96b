"""A flagged text where it is kept: in its event. Nothing else of the platform holds the original."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.gate.texts import TextVersion, stored_version

# By its id alone an event would be looked for in every part; its time says in which.
_EVENT = """
select event_type, event_id, subject, company_id, person_id, event_time, source_time, data
from raw.events where event_id = {id:UUID} and event_time = {at:DateTime64(3, 'UTC')}
order by source_time desc, loaded_at desc limit 1
"""


def stored_text(clickhouse: ClickHouseClient, event_id: UUID, written_at: datetime) -> TextVersion | None:
    """The version of a text in `raw.events`; None if it is not there, or not there any more."""
    at = written_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    rows = clickhouse.query(_EVENT, {"id": str(event_id), "at": at}).result_rows
    return stored_version(*rows[0]) if rows else None
