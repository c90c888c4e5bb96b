"""What a model or a report would read, and events that hold texts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.kintell import KintellRatingCreated
from ingest.events import Event, new_event
from ingest.raw_events import event_row, insert_events
from orchestration.gate.texts import TextVersion, text_id, version_of

COMPANY = UUID("11111111-0000-4000-8000-00000000000a")
OTHER_COMPANY = UUID("22222222-0000-4000-8000-00000000000b")
WRITTEN = datetime(2026, 9, 14, 12, 30, tzinfo=UTC)

FINE = "I learned new skills and the audience was kind, whatever the weather"
RUDE = "You are an idiot and should never have been a mentor"
CRY = "I want to end my life"


@dataclass
class Text:
    """One text under its subject; each call to `says` is a later version of it."""

    company_id: UUID | None = COMPANY
    subject: str = field(default_factory=lambda: f"rating/{uuid.uuid4()}")
    rating_id: UUID = field(default_factory=uuid.uuid4)
    said: int = 0

    @property
    def text_id(self) -> UUID:
        return text_id(self.subject)

    def says(
        self, words: str | None, *, minute: int | None = None, written_at: datetime = WRITTEN, **changes: Any
    ) -> Event:
        self.said += 1
        return new_event(
            KintellRatingCreated(
                rating_id=self.rating_id, session_id=self.rating_id, from_role="participant",
                participant_id=self.rating_id, rating=0.5, feedback_text=words, created_at=written_at,
            ),
            subject=self.subject,
            company_id=changes.get("company_id", self.company_id),
            source="/webhooks/kintell",
            source_time=WRITTEN + timedelta(minutes=self.said if minute is None else minute),
            origin="test:1",
        )  # fmt: skip


def version(event: Event) -> TextVersion:
    return version_of(event, event.data)


@dataclass(frozen=True)
class Readers:
    """Asks as every reader of the tables has to."""

    clickhouse: ClickHouseClient

    def read(self, text: Text) -> list[dict[str, Any]]:
        """The cleared rows of a text."""
        found = self.clickhouse.query(
            "select * from nlp.cleared_texts final where text_id = {id:UUID}", {"id": str(text.text_id)}
        )
        return list(found.named_results())

    def words(self, text: Text) -> list[str]:
        return [row["content"] for row in self.read(text)]

    def actions(self, text: Text) -> list[str]:
        """Of each version that has a verdict, by the time of its source."""
        found = self.clickhouse.query(
            "select action from nlp.verdicts final where text_id = {id:UUID} order by source_time",
            {"id": str(text.text_id)},
        )
        return [row[0] for row in found.result_rows]

    def store(self, *events: Event) -> None:
        """As history from a file arrives: straight into the warehouse."""
        insert_events(self.clickhouse, [event_row(event) for event in events], token=uuid.uuid4().hex)
