"""A request is opened once, goes only where it may, and leaves a line for all that happens to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from ingest.events import decode
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import (
    KeyReusedError,
    Order,
    PrivacyRequest,
    StateError,
    UnknownRequestError,
)
from orchestration.privacy.requests.months import GRACE, months_later
from tests.privacy.requests.conftest import People

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def company(people: People) -> UUID:
    return people.company()


@pytest.fixture
def person(people: People, company: UUID) -> UUID:
    return people.person(company)


def asked(
    postgres: psycopg.Connection, person: UUID, company: UUID, right: Any = "access", **options: Any
) -> PrivacyRequest:
    request, _ = store.open_request(postgres, Order(right, person, company, "user:1", **options), now=NOW)
    return request


def told(postgres: psycopg.Connection, request: PrivacyRequest) -> list[tuple[str, dict[str, Any]]]:
    """What waits to be sent about a request: events by type, announcements by state."""
    events = [
        decode(row[0])
        for row in postgres.execute("select event from ingest.event_outbox order by outbox_id")
        if str(request.request_id).encode() in bytes(row[0])
    ]
    announced = postgres.execute(
        "select data from serving.announcements where data ->> 'requestId' = %s order by announcement_id",
        (str(request.request_id),),
    )
    return [(event.type, {"person": event.personid}) for event in events] + [
        (row[0]["state"], row[0]) for row in announced
    ]


def test_an_answer_is_due_a_calendar_month_later() -> None:
    for start, month in (("01-31", "02-28"), ("01-28", "02-28"), ("03-31", "04-30"), ("12-15", "01-15")):
        moment = datetime.fromisoformat(f"2026-{start}T23:59:59+00:00")
        year = 2027 if month == "01-15" else 2026
        assert months_later(moment, 1) == datetime.fromisoformat(f"{year}-{month}T23:59:59+00:00")
    assert months_later(datetime(2027, 12, 31, tzinfo=UTC), 2) == datetime(2028, 2, 29, tzinfo=UTC)


def test_months_are_those_of_the_database(postgres: psycopg.Connection) -> None:
    days = [datetime(2027, 12, 1, 8, tzinfo=UTC) + timedelta(days=day) for day in range(400)]
    rows = postgres.execute(
        "select (day at time zone 'UTC' + interval '1 month') at time zone 'UTC' from unnest(%s) as day",
        (days,),
    ).fetchall()
    assert [months_later(day, 1) for day in days] == [row[0] for row in rows]


def test_an_export_may_begin_at_once(postgres: psycopg.Connection, person: UUID, company: UUID) -> None:
    request = asked(postgres, person, company)
    assert (request.state, request.due_at) == ("confirmed", datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert request.request_id in {one.request_id for one in store.due(postgres, NOW)}
    assert told(postgres, request) == [("privacy.request.created", {"person": person})]


def test_an_erasure_waits_for_its_grace_and_names_the_person_once(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    request = asked(postgres, person, company, "erasure")
    assert (request.state, request.run_after) == ("held", NOW + GRACE)
    assert request.due_at == NOW + GRACE + timedelta(hours=72)  # later than February's end
    assert request.request_id not in {one.request_id for one in store.due(postgres, NOW + GRACE / 2)}
    assert request.request_id in {one.request_id for one in store.due(postgres, NOW + GRACE)}
    store.begin(postgres, request.request_id, "run-1")
    store.advance(postgres, request.request_id, "running", step="hidden", progress=40, detail={"rows": 3})
    store.advance(postgres, request.request_id, "completed")
    heard = told(postgres, request)
    assert [name for name, _ in heard if name.startswith("privacy.")] == ["privacy.request.created"]
    assert [name for name, _ in heard[1:]] == ["held", "running", "running", "completed"]
    assert str(person) not in str(heard[1:])


def test_an_immediate_erasure_may_begin_at_once(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    request = asked(postgres, person, company, "erasure", is_immediate=True, reason="court order 7")
    assert (request.state, request.run_after) == ("confirmed", NOW)


def test_the_same_key_is_the_same_request(postgres: psycopg.Connection, person: UUID, company: UUID) -> None:
    order = Order("erasure", person, company, "user:1", idempotency_key=uuid4().hex)
    first, is_new = store.open_request(postgres, order)
    store.cancel(postgres, first.request_id, actor="user:1", reason=None)
    again, is_second = store.open_request(postgres, order)
    assert (is_new, is_second, again.request_id, again.state) == (True, False, first.request_id, "cancelled")
    with pytest.raises(KeyReusedError, match=str(first.request_id)):
        store.open_request(postgres, Order("access", person, company, "user:1", order.idempotency_key))
    # Another caller's key is another key.
    other, is_new = store.open_request(
        postgres, Order("access", person, company, "user:2", order.idempotency_key)
    )
    assert is_new
    assert other.request_id != first.request_id


def test_what_is_open_is_not_opened_twice(postgres: psycopg.Connection, person: UUID, company: UUID) -> None:
    first = asked(postgres, person, company)
    assert asked(postgres, person, company).request_id == first.request_id
    assert asked(postgres, person, company, "erasure").request_id != first.request_id
    store.begin(postgres, first.request_id, "run-1")
    store.advance(postgres, first.request_id, "completed")
    assert asked(postgres, person, company).request_id != first.request_id


def test_an_erasure_asked_for_at_once_ends_the_grace_of_one_that_is_held(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    held = asked(postgres, person, company, "erasure")
    assert asked(postgres, person, company, "erasure").state == "held"
    order = Order("erasure", person, company, "user:2", is_immediate=True, reason="court order 7")
    later = NOW + timedelta(days=3)
    hastened, is_new = store.open_request(postgres, order, now=later)
    assert (hastened.request_id, is_new) == (held.request_id, False)
    assert (hastened.state, hastened.run_after, hastened.is_immediate) == ("confirmed", later, True)
    assert (hastened.reason, hastened.priority) == ("court order 7", 1)
    assert hastened.due_at == datetime(2026, 3, 3, 12, tzinfo=UTC)  # a month after it was hastened
    assert held.request_id in {one.request_id for one in store.due(postgres, later)}
    lines = postgres.execute(
        "select action, actor, detail -> 'immediate' from privacy.audit where request_id = %s"
        " order by sequence desc limit 1",
        (held.request_id,),
    ).fetchall()
    assert lines == [("request.confirmed", "user:2", True)]
    store.begin(postgres, held.request_id, "run-1")
    assert store.open_request(postgres, order, now=later)[0].state == "running"  # and nothing else happens


def test_the_most_urgent_are_taken_up_first(
    postgres: psycopg.Connection, people: People, company: UUID
) -> None:
    asked_for = [
        asked(postgres, people.person(company), company, priority=priority).request_id
        for priority in (20, None, 5)
    ]
    urgent = asked(
        postgres, people.person(company), company, "erasure", is_immediate=True, reason="court order 7"
    )
    ours = {*asked_for, urgent.request_id}
    order = [one.request_id for one in store.due(postgres, NOW) if one.request_id in ours]
    assert order == [urgent.request_id, asked_for[2], asked_for[1], asked_for[0]]


def test_a_request_is_carried_out_in_its_company_s_region(
    postgres: psycopg.Connection, people: People, company: UUID
) -> None:
    postgres.execute("update ingest.companies set country = 'GB' where company_id = %s", (company,))
    british = asked(postgres, people.person(company), company)
    nowhere = asked(postgres, people.person(company), people.company())  # nobody knows its country
    assert (british.region, nowhere.region) == ("UK", None)

    def taken_up(region: Any) -> set[UUID]:
        due = {one.request_id for one in store.due(postgres, NOW, region=region)}
        return due & {british.request_id, nowhere.request_id}

    assert taken_up("UK") == taken_up(None) == {british.request_id, nowhere.request_id}
    assert taken_up("EU") == {nowhere.request_id}


def test_a_deadline_is_extended_once_by_two_months_within_the_first(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    request = asked(postgres, person, company)

    def extend(at: datetime) -> PrivacyRequest:
        return store.extend(
            postgres, request.request_id, actor="user:1", reason="three archives to search", now=at
        )

    with pytest.raises(StateError, match="by 2026-02-28"):
        extend(request.due_at + timedelta(seconds=1))
    extended = extend(request.due_at)
    assert extended.due_at == datetime(2026, 4, 30, 12, tzinfo=UTC)
    assert (extended.state, extended.extension_reason) == ("confirmed", "three archives to search")
    with pytest.raises(StateError, match="once is all"):
        extend(NOW)
    [(step, detail)] = postgres.execute(
        "select step, detail from privacy.request_events where request_id = %s"
        " order by request_event_id desc limit 1",
        (request.request_id,),
    ).fetchall()
    assert (step, detail) == ("extended", {"due_at": "2026-04-30T12:00:00+00:00"})
    [(action, said)] = postgres.execute(
        "select action, detail::text from privacy.audit where request_id = %s order by sequence desc limit 1",
        (request.request_id,),
    ).fetchall()
    assert action == "request.extended"
    assert "archives" not in said
    assert told(postgres, request)[-1][1]["step"] == "extended"
    finished = asked(postgres, person, company, "erasure")
    store.cancel(postgres, finished.request_id, actor="user:1", reason=None)
    with pytest.raises(StateError, match="nothing left to extend"):
        store.extend(postgres, finished.request_id, actor="user:1", reason="late", now=NOW)


def test_a_grace_can_be_cancelled_and_a_begun_erasure_cannot(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    held = asked(postgres, person, company, "erasure")
    assert store.cancel(postgres, held.request_id, actor="user:1", reason="stays").state == "cancelled"
    assert store.cancel(postgres, held.request_id, actor="user:1", reason="again").reason == "stays"
    assert held.request_id not in {one.request_id for one in store.due(postgres, NOW + GRACE)}
    begun = asked(postgres, person, company, "erasure")
    store.begin(postgres, begun.request_id, "run-1")
    with pytest.raises(StateError, match="running"):
        store.cancel(postgres, begun.request_id, actor="user:1", reason=None)


def test_a_failure_can_be_tried_again_and_an_end_cannot(
    postgres: psycopg.Connection, person: UUID, company: UUID
) -> None:
    request_id = asked(postgres, person, company).request_id
    store.begin(postgres, request_id, "run-1")
    store.advance(postgres, request_id, "running", step="half", progress=60)
    failed = store.advance(postgres, request_id, "failed", step="half", error="DatabaseError")
    assert (failed.progress, failed.error, failed.finished_at is not None) == (60, "DatabaseError", True)
    again = store.try_again(postgres, request_id, actor="user:1")
    assert (again.state, again.error, again.finished_at) == ("confirmed", None, None)
    assert store.begin(postgres, request_id, "run-2").attempt == 2
    assert store.advance(postgres, request_id, "completed").progress == 100
    for state in ("running", "failed", "cancelled", "confirmed"):
        with pytest.raises(StateError):
            store.advance(postgres, request_id, state)
    with pytest.raises(UnknownRequestError):
        store.advance(postgres, uuid4(), "running")


def test_every_step_is_a_line_that_stays(postgres: psycopg.Connection, person: UUID, company: UUID) -> None:
    request = asked(postgres, person, company)
    store.begin(postgres, request.request_id, "run-1")
    store.advance(postgres, request.request_id, "running", step="read", progress=50, detail={"rows": 7})
    store.advance(postgres, request.request_id, "running", step="late", progress=20)
    lines = postgres.execute(
        "select state, step, progress, detail, actor from privacy.request_events where request_id = %s"
        " order by request_event_id",
        (request.request_id,),
    ).fetchall()
    assert lines == [
        ("received", None, 0, {}, "user:1"),
        ("confirmed", "identity_confirmed", 0, {}, "user:1"),
        ("running", "begun", 0, {}, "run:run-1"),
        ("running", "read", 50, {"rows": 7}, "platform"),
        ("running", "late", 50, {}, "platform"),
    ]
    for change in (
        "update privacy.request_events set actor = 'nobody'",
        "delete from privacy.request_events",
        "truncate privacy.request_events",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            postgres.execute(change)
