"""Deliveries become events that carry ids and no emails, each fact once; poison harms no neighbour."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime

import asyncpg
import psycopg
import pytest
from nats.aio.client import Client as NatsClient
from nats.js.api import RawStreamMsg

from ingest.events import Event, decode
from ingest.jetstream import Message, publish_all
from ingest.normalise import normaliser as normaliser_module
from ingest.normalise.delivery import AcceptedDelivery
from ingest.normalise.normaliser import BATCH, DURABLE, Normaliser
from ingest.pull import Pull
from ingest.streams import PUBLISHED_AGAIN
from tests.ingest.processes import session_completed
from tests.text_keys import text_keys

SENT = datetime(2025, 10, 2, 18, 0, tzinfo=UTC)


def delivery(payload: object, kind: str = "session-completed") -> AcceptedDelivery:
    return AcceptedDelivery(
        "kintell", kind, str(uuid.uuid4()), datetime.now(UTC), SENT, json.dumps(payload).encode()
    )


def rating(**changes: object) -> dict[str, object]:
    return {
        "rating_id": f"R-{uuid.uuid4().hex[:8]}", "session_id": "LS-1", "from_role": "participant",
        "rating": 4.5, "created_at": "2025-10-02T17:00:00Z", "feedback_text": "Snakket om jobb",
    } | changes  # fmt: skip


class Bench:
    """Publishes deliveries, lets a normaliser work until nothing waits, and reads what came out."""

    def __init__(self, pool: asyncpg.Pool, nats: NatsClient) -> None:
        self.js = nats.jetstream()
        self.normaliser = Normaliser(pool, self.js, text_keys(pool), ack_wait_s=2)

    async def put(self, *messages: Message) -> None:
        await publish_all(self.js, messages)

    async def work(self) -> None:
        pull = await Pull.open(
            self.js, stream="INBOX", durable=DURABLE, ack_wait_s=2, batch=BATCH, idle_s=0.2, linger_s=0.05
        )
        while not await pull.has_settled(1 << 62):
            if messages := await pull.fetch():
                await self.normaliser.handle(messages)
        await pull.aclose()

    async def normalise(self, *deliveries: AcceptedDelivery) -> list[Event]:
        """The events that came of the deliveries, in the stream's order."""
        before = (await self.js.stream_info("EVENTS")).state.last_seq
        await self.put(*(one.message() for one in deliveries))
        await self.work()
        return [decode(message.data or b"") for message in await self.since(before, "EVENTS")]

    async def since(self, sequence: int, stream: str) -> list[RawStreamMsg]:
        last = (await self.js.stream_info(stream)).state.last_seq
        return [await self.js.get_msg(stream, seq=n) for n in range(sequence + 1, last + 1)]


@pytest.fixture
async def bench(pool: asyncpg.Pool, nats: NatsClient) -> Bench:
    bench = Bench(pool, nats)
    await bench.work()
    return bench


async def test_a_session_carries_ids_and_no_email(bench: Bench, postgres: psycopg.Connection) -> None:
    email = f"{uuid.uuid4().hex}@example.org"
    payload = session_completed(participant_email=f" {email.upper()} ")
    sent = delivery(payload)
    [event] = await bench.normalise(sent)
    person = postgres.execute(
        "select person_id, status from ingest.person_identities join ingest.people using (person_id)"
        " where provider = 'email' and external_id = %s", (email,),
    ).fetchone()  # fmt: skip
    assert person == (event.personid, "pending")
    assert event.type == "kintell.session.completed"
    assert event.subject == f"session/{payload['session_id']}"
    assert event.origin == f"kintell:{sent.delivery_id}"
    assert event.sourcetime == SENT
    assert event.time == datetime(2025, 10, 2, 16, 47, tzinfo=UTC)
    assert event.data.language_level == "B1"
    stored = (await bench.js.get_last_msg("EVENTS", f"events._.{event.type}")).data
    assert b"@" not in stored


async def test_the_volunteers_company_on_that_day_is_attributed(
    bench: Bench, postgres: psycopg.Connection
) -> None:
    company = postgres.execute(
        "insert into ingest.companies (name) values (%s) returning company_id", (uuid.uuid4().hex,)
    ).fetchone()
    volunteer = f"{uuid.uuid4().hex}@example.com"
    [before] = await bench.normalise(delivery(session_completed(volunteer_email=volunteer)))
    assert before.companyid is None
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, %s)",
        (company[0], before.data.volunteer_id, date(2025, 10, 2)),
    )
    [event] = await bench.normalise(delivery(session_completed(volunteer_email=volunteer)))
    assert event.companyid == company[0]
    assert (await bench.js.get_last_msg("EVENTS", f"events.{company[0]}.kintell.session.completed")).data


@pytest.mark.parametrize(("raw", "share"), [(1, 0), (4, 0.75), (4.5, 0.875), (5, 1)])
async def test_a_rating_of_1_to_5_leaves_as_0_to_1(bench: Bench, raw: float, share: float) -> None:
    [event] = await bench.normalise(delivery(rating(rating=raw), "rating-created"))
    assert (event.data.rating, event.data.rating_raw) == (share, raw)


async def test_a_rating_names_the_same_session_as_the_session_itself(bench: Bench) -> None:
    session = session_completed()
    first, second = await bench.normalise(
        delivery(rating(session_id=session["session_id"]), "rating-created"), delivery(session)
    )
    assert first.data.session_id == second.data.session_id


async def test_a_booking_is_a_scheduled_session(bench: Bench) -> None:
    booking = session_completed(booking_id="B-" + uuid.uuid4().hex, completed_at=None)
    [event] = await bench.normalise(delivery(booking, "booking-confirmed"))
    assert (event.type, event.subject) == ("kintell.session.scheduled", f"booking/{booking['booking_id']}")


async def test_one_fact_in_two_deliveries_is_one_event(bench: Bench) -> None:
    session = session_completed()
    assert len(await bench.normalise(delivery(session), delivery(session))) == 1
    assert await bench.normalise(delivery(session)) == []


async def test_changed_content_is_a_new_version_of_the_same_subject(bench: Bench) -> None:
    session = session_completed()
    first, second = await bench.normalise(delivery(session), delivery(session | {"duration_minutes": 50}))
    assert first.subject == second.subject
    assert first.id != second.id


async def test_poison_is_parked_with_its_reason_and_its_neighbours_go_through(bench: Bench) -> None:
    before = (await bench.js.stream_info("DEAD_LETTERS")).state.last_seq
    good = [delivery(session_completed()) for _ in range(5)]
    # Reads well, but Postgres takes no NUL in a text: found only when the whole batch is in its transaction.
    spoiling = AcceptedDelivery(
        "kintell",
        "session-completed",
        "nul\0",
        datetime.now(UTC),
        SENT,
        json.dumps(session_completed()).encode(),
    )
    unknown = delivery(session_completed(), "no-such-kind")
    broken = delivery(session_completed(duration_minutes="secret@example.org"))
    events = await bench.normalise(*good[:2], spoiling, unknown, broken, *good[2:])
    assert {event.origin for event in events} == {one.origin for one in good}
    letters = {m.headers["Impact-Key"]: m for m in await bench.since(before, "DEAD_LETTERS")}
    assert set(letters) == {spoiling.origin, unknown.origin, broken.origin}
    assert letters[broken.origin].data == broken.body
    assert letters[broken.origin].subject == "dead.kintell.session-completed"
    assert "duration_minutes" in letters[broken.origin].headers["Impact-Reason"]
    assert "secret" not in letters[broken.origin].headers["Impact-Reason"]
    assert letters[spoiling.origin].headers["Impact-Attempts"] == "1"


async def test_a_crash_after_the_claim_publishes_on_redelivery_and_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object) -> None:
        raise ConnectionError("the broker is away")

    sent = delivery(session_completed())
    before = (await bench.js.stream_info("EVENTS")).state.last_seq
    await bench.put(sent.message())
    with monkeypatch.context() as patch:
        patch.setattr(normaliser_module, "publish_all", crash)
        with pytest.raises(ConnectionError):
            await bench.work()
    await bench.work()
    [message] = await bench.since(before, "EVENTS")
    assert decode(message.data or b"").origin == sent.origin
    assert message.headers[PUBLISHED_AGAIN] == "1"
