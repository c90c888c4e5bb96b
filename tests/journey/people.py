"""People of a test and what they do, stored as every way in stores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.base import EventData
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted
from ingest.events import Event, decode, new_event
from ingest.raw_events import event_row, insert_events
from orchestration.journey.people import Key

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COMPANY = UUID("11111111-0000-4000-8000-0000000000ab")
OTHER_COMPANY = UUID("22222222-0000-4000-8000-0000000000cd")


def day(number: float) -> datetime:
    return START + number * DAY


@dataclass
class Participant:
    """Somebody as one company knows them."""

    company_id: UUID = COMPANY
    person_id: UUID = field(default_factory=uuid4)
    said: int = 0

    @property
    def key(self) -> Key:
        return Key(self.company_id, self.person_id)

    def session(self, at: datetime, *, subject: str | None = None, **changes: Any) -> Event:
        session_id = uuid4()
        return self.event(
            KintellSessionCompleted(
                session_id=session_id, session_type=changes.pop("session_type", "language"),
                participant_id=self.person_id, volunteer_id=uuid4(), scheduled_at=at - timedelta(hours=1),
                completed_at=at, duration_minutes=45, **changes,
            ),
            subject or f"session/{session_id}",
        )  # fmt: skip

    def rating(self, at: datetime, rating: float) -> Event:
        rating_id = uuid4()
        return self.event(
            KintellRatingCreated(
                rating_id=rating_id, session_id=uuid4(), from_role="volunteer", participant_id=self.person_id,
                rating=rating, created_at=at,
            ),
            f"rating/{rating_id}",
        )  # fmt: skip

    def enrolled(self, at: datetime) -> Event:
        return self.event(
            IngestEnrollmentCreated(
                source_system="kintell", user_id=self.person_id, program_type="language_course",
                program_name="Language", enrollment_date=at, status="in_progress",
            ),
            f"enrollment/{self.person_id}",
        )  # fmt: skip

    def event(self, data: EventData, subject: str) -> Event:
        self.said += 1
        return new_event(
            data, subject=subject, company_id=self.company_id, source="/test",
            source_time=START + timedelta(seconds=self.said), origin="test:1",
        )  # fmt: skip


def store(clickhouse: ClickHouseClient, *events: Event) -> None:
    """Into the warehouse, as loader and files do it."""
    insert_events(clickhouse, [event_row(event) for event in events], token=str(uuid4()))


async def told(pool: asyncpg.Pool, who: Participant) -> list[Event]:
    """What the outbox holds about a person, in the order in which it was said."""
    rows = await pool.fetch("select event from ingest.event_outbox order by outbox_id")
    events = [decode(row["event"]) for row in rows]
    return [one for one in events if one.personid == who.person_id and one.companyid == who.company_id]


async def flags(pool: asyncpg.Pool, who: Participant) -> dict[str, bool]:
    rows = await pool.fetch(
        "select flag, is_set from journey.flags where company_id = $1 and person_id = $2", *who.key
    )
    return dict(rows)


async def history(pool: asyncpg.Pool, who: Participant, rule_id: str) -> Sequence[asyncpg.Record]:
    return await pool.fetch(
        "select * from journey.flag_history where company_id = $1 and person_id = $2 and rule_id = $3"
        " order by history_id",
        *who.key, rule_id,
    )  # fmt: skip
