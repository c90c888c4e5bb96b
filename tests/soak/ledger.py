"""What a storm's sender has sent, kept apart from the platform, to be compared with what the platform has."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient

DAY = "2025-10-02"
VOLUNTEERS = 100
KINDS = ("session-completed", "booking-confirmed", "rating-created")
SUBJECTS = {"session-completed": "session", "booking-confirmed": "booking", "rating-created": "rating"}
# Where each kind's content shows in the event's data.
CONTENT = {
    "session-completed": "JSONExtractUInt(data, 'durationMinutes')",
    "booking-confirmed": "toMinute(event_time) + 1",
    "rating-created": "toUInt32(round(JSONExtractFloat(data, 'ratingRaw')))",
}


@dataclass
class Delivery:
    """One delivery; it is sent with the same id until it is accepted."""

    kind: str
    fact: str
    content: int
    delivery_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    accepted_at: float | None = None
    day: str = DAY
    person: int = 0
    session: str | None = None  # what a rating is about; None for a session nobody has told of
    text: str = ""

    @property
    def subject(self) -> str:
        return f"{SUBJECTS[self.kind]}/{self.fact}"

    def body(self) -> dict[str, Any]:
        if self.kind == "rating-created":
            rating = {
                "rating_id": self.fact, "session_id": self.session or self.fact, "from_role": "participant",
                "rating": self.content, "created_at": f"{self.day}T17:00:00Z",
            }  # fmt: skip
            return rating | ({"feedback_text": self.text} if self.text else {})
        body = {
            "session_type": "language", "participant_email": f"p{self.person}@example.org",
            "volunteer_email": f"v{self.person % VOLUNTEERS}@example.com",
        }  # fmt: skip
        if self.kind == "booking-confirmed":
            minute = f"{self.day}T16:{self.content - 1:02}:00Z"
            return {**body, "booking_id": self.fact, "scheduled_at": minute}
        return {
            **body, "session_id": self.fact, "scheduled_at": f"{self.day}T16:00:00Z",
            "completed_at": f"{self.day}T16:47:00Z", "duration_minutes": self.content,
        }  # fmt: skip


class Ledger:
    """Makes deliveries and knows what has to be there in the end.

    A fact is corrected, or corrected back, only after its last delivery was accepted and its second has
    passed: the source time is the signature's, in seconds, and a correction has to be later.
    With `texts`, every third rating has one of them, and is about the latest session.
    """

    def __init__(
        self, seed: int, *, days: Sequence[str] = (DAY,), people: int = 500, texts: Sequence[str] = ()
    ) -> None:
        self.run = uuid.uuid4().hex[:12]
        self.sent: list[Delivery] = []
        self.attempts: Counter[str] = Counter()
        self.conflicts = 0
        self._random = random.Random(seed)  # noqa: S311 - a schedule, not a secret
        self._latest: dict[tuple[str, str], Delivery] = {}
        self._settled: list[Delivery] = []
        self._days, self._people, self._texts = days, people, texts
        self._session: str | None = None

    def next(self) -> tuple[Delivery, bool]:
        """The next delivery, and whether it is sent a second time under its id."""
        earlier = self._correctable() if self._random.random() < 0.15 else None
        if earlier is None:
            delivery = self._new(self._random.choice(KINDS))
        else:
            is_changed = self._random.random() >= 0.3  # else the same content is said again
            delivery = replace(
                earlier, content=earlier.content % 3 + 1 if is_changed else earlier.content,
                delivery_id=str(uuid.uuid4()), accepted_at=None,
            )  # fmt: skip
        self.sent.append(delivery)
        self._latest[delivery.kind, delivery.fact] = delivery
        return delivery, self._random.random() < 0.1

    def _new(self, kind: str) -> Delivery:
        number = len(self.sent)
        delivery = Delivery(
            kind, f"{self.run}-{number}", self._random.randint(1, 3), day=self._random.choice(self._days),
            person=number % self._people,
        )  # fmt: skip
        if kind == "session-completed":
            self._session = delivery.fact
        elif kind == "rating-created" and self._texts and self._random.random() < 1 / 3:
            delivery.session, delivery.text = self._session, self._random.choice(self._texts)
        return delivery

    def accepted(self, delivery: Delivery) -> None:
        if delivery.accepted_at is None:
            delivery.accepted_at = time.time()
            self._settled.append(delivery)

    def _correctable(self) -> Delivery | None:
        """A fact whose latest delivery is safely in."""
        for _ in range(5):
            if not self._settled:
                return None
            one = self._settled[self._random.randrange(len(self._settled))]
            is_latest = self._latest[one.kind, one.fact] is one
            if is_latest and one.accepted_at is not None and time.time() - one.accepted_at > 2:
                return one
        return None

    def differences(self, clickhouse: ClickHouseClient) -> dict[str, int]:
        """How `raw.events` and the state it folds to differ from the ledger; all zero when they do not."""
        events = {(one.subject, one.content) for one in self.sent}
        expected = {one.subject: one.content for one in self._latest.values()}
        found: dict[tuple[str, int], int] = {}
        state: dict[str, int] = {}
        doubled = 0
        for subject, content, _, rows, versions in self._rows(clickhouse):
            found[subject, content] = found.get((subject, content), 0) + 1
            doubled += rows - versions
            state[subject] = content  # rows come in the order in which they were said
        return {
            "events_lost": len(events - found.keys()),
            "events_nobody_sent": len(found.keys() - events),
            "events_doubled": sum(count - 1 for count in found.values()) + doubled,
            "facts_lost": len(expected.keys() - state.keys()),
            "facts_in_another_state": sum(
                state.get(subject, 0) != content for subject, content in expected.items()
            ),
        }

    def _rows(self, clickhouse: ClickHouseClient) -> Iterator[tuple[str, int, Any, int, int]]:
        for kind, name in SUBJECTS.items():
            rows = clickhouse.query(
                f"select subject, {CONTENT[kind]} as content, max(source_time) as said_at, count(),"
                " uniqExact(source_time) from raw.events"
                " where startsWith(subject, {prefix:String})"
                " group by subject, content, event_id order by said_at",
                {"prefix": f"{name}/{self.run}-"},
            ).result_rows
            yield from rows

    def event_count(self) -> int:
        return len({(one.subject, one.content) for one in self.sent})
