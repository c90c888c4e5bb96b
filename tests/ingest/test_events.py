"""An event's id follows from its content, and an unreadable event is refused without quoting it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted
from ingest.events import NAMESPACE, Event, UnreadableEvent, decode, encode, entity_id, event_id, new_event

PARTICIPANT, VOLUNTEER = uuid4(), uuid4()
STARTS = datetime(2025, 10, 2, 16, 0, tzinfo=UTC)


def session(**changed: Any) -> Event:
    return new_event(
        KintellSessionCompleted(
            **{
                "session_id": entity_id("kintell", "session", "LS-40217"),
                "external_session_id": "LS-40217",
                "session_type": "language",
                "participant_id": PARTICIPANT,
                "volunteer_id": VOLUNTEER,
                "scheduled_at": STARTS,
                "completed_at": STARTS + timedelta(minutes=47),
                "duration_minutes": 47,
                **changed,
            }
        ),
        subject="session/LS-40217",
        company_id=None,
        source="/webhooks/kintell",
        source_time=datetime.now(UTC),
        origin=f"kintell:{uuid4()}",
    )


def test_the_same_content_has_the_same_id_whatever_brought_it() -> None:
    assert session().id == session().id
    assert session().origin != session().origin


def test_one_moment_in_two_time_zones_is_the_same_content() -> None:
    oslo = timezone(timedelta(hours=2))
    there = session(scheduled_at=STARTS.astimezone(oslo))
    assert there.id == session().id
    assert b"2025-10-02T16:00:00Z" in encode(there)


def test_an_event_id_is_a_uuid_of_version_5() -> None:
    name = f"a.type\nsubject/1\n{sha256(b'{}').hexdigest()}"
    assert event_id("a.type", "subject/1", b"{}") == uuid5(NAMESPACE, name)


def test_changed_content_is_a_new_version_of_the_same_subject() -> None:
    corrected = session(duration_minutes=46)
    assert corrected.id != session().id
    assert corrected.subject == session().subject


def test_the_envelope_repeats_when_and_who() -> None:
    event = session()
    assert (event.time, event.personid) == (STARTS + timedelta(minutes=47), PARTICIPANT)
    assert event.dataschema == "urn:impact-platform:data:kintell.session.completed:v1"


def test_an_id_that_is_a_uuid_is_kept_and_another_is_derived() -> None:
    own = uuid4()
    assert entity_id("kintell", "session", str(own)) == own
    derived = entity_id("kintell", "session", "LS-1")
    assert derived == uuid5(NAMESPACE, "kintell/session/LS-1")
    assert derived != entity_id("kintell", "booking", "LS-1")


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"data": {"sessionType": "sekret"}}, "data.sessionType: not one of the allowed values"),
        ({"data": {"durationMinutes": "sekret"}}, "data.durationMinutes: Expected `int`, got `str`"),
        ({"data": {"sessionId": "sekret"}}, "data.sessionId: Invalid UUID"),
        ({"data": {"completedAt": "sekret"}}, "data.completedAt: "),
        ({"data": {"topics": ["work", 7]}}, "data.topics[1]: Expected `str`, got `int`"),
        ({"type": "sekret"}, "type: not a known event type"),
        ({"companyid": "sekret"}, "companyid: Invalid UUID"),
        ({"origin": None}, "origin: Expected `str`, got `null`"),
    ],
)
def test_an_unreadable_event_names_the_field_and_never_its_value(change: dict[str, Any], names: str) -> None:
    message = json.loads(encode(session()))
    message["data"].update(change.pop("data", {}))
    message.update(change)
    with pytest.raises(UnreadableEvent) as refused:
        decode(json.dumps(message).encode())
    assert str(refused.value).startswith(names)
    assert "sekret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("message", [b"", b"{", b"[]", b'{"id": "\xff"}', b"null", b'{"specversion":"1.0"}'])
def test_bytes_that_are_no_event_are_unreadable(message: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        decode(message)


def test_a_field_from_a_newer_version_is_ignored() -> None:
    message = json.loads(encode(session()))
    message["data"]["weather"] = "rain"
    message["newattribute"] = "x"
    assert decode(json.dumps(message).encode()).id == UUID(message["id"])


def test_a_rating_may_be_words_alone() -> None:
    rating = KintellRatingCreated(
        rating_id=uuid4(),
        session_id=uuid4(),
        from_role="participant",
        feedback_text="Дуже дякую",
        created_at=STARTS,
    )
    assert rating.rating is None
