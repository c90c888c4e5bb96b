"""From Kintell's signed requests, in all their shapes, to events: right people, right company."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.ingest.arrangements import NOW, email, iso, new_company, person_of, programme, unique
from tests.ingest.bodies import nested
from tests.ingest.way import Way


class TestKintell:
    async def test_the_nested_shape_names_people_and_programme(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        company_id = new_company(postgres)
        instance, slug = programme(postgres, company_id, "language_ukraine")
        body = nested(program_ref=slug, updated_at="2025-10-02T17:00:00Z")
        event = await way.event("kintell", body)
        person, status = person_of(postgres, "email", body["participant"]["email"])
        assert status == "pending"
        # Both ids are one person from now on.
        assert person_of(postgres, "kintell", body["participant"]["kintell_id"])[0] == person
        assert event.personid == event.data.participant_id == person
        assert event.data.volunteer_id == person_of(postgres, "kintell", body["mentor"]["kintell_id"])[0]
        assert (event.companyid, event.data.program_id) == (company_id, instance)
        assert (event.type, event.subject) == ("kintell.session.completed", f"session/{body['session_id']}")
        assert event.sourcetime == datetime(2025, 10, 2, 17, tzinfo=UTC)

    async def test_a_newer_shape_may_come_to_the_path_of_today(self, way: Way) -> None:
        event = await way.event("kintell", nested(), "/v1/webhooks/session-completed")
        assert event.type == "kintell.session.completed"

    async def test_both_shapes_of_one_session_are_one_fact(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        body = nested(mentor={"email": email()})
        flat = {name: body[name] for name in body if name not in ("participant", "mentor", "event_type")} | {
            "participant_email": body["participant"]["email"], "volunteer_email": body["mentor"]["email"],
        }  # fmt: skip
        kintell = way.sender("kintell")
        events = await way.events(kintell.send(body), kintell.send(flat, "/v1/webhooks/session-completed"))
        assert len(events) == 1

    async def test_changes_are_versions_of_one_subject_ordered_by_their_own_time(self, way: Way) -> None:
        fact = {name: value for name, value in nested().items() if name not in ("event_type", "mentor")}
        fact["volunteer"] = {"email": email()}

        def changed(minutes: int, at: int, duration: int) -> dict[str, Any]:
            return {
                "event_type": "session.updated", "event_id": unique("e"), "timestamp": at,
                "data": {
                    **fact, "duration_minutes": duration, "ngo": {"name": "x"},
                    "changes": {"duration_minutes": {"from": minutes, "to": duration}},
                },
            }  # fmt: skip

        at = int(time.time())
        kintell = way.sender("kintell")
        newer, older, again = (
            kintell.send(changed(50, at - 100, 55)),
            kintell.send(
                changed(47, at - 500, 50)
            ),  # sent again late: signed last, and yet the older version
            kintell.send(changed(50, at - 100, 55)),
        )
        events = await way.events(newer, older, again)
        assert {event.subject for event in events} == {f"session/{fact['session_id']}"}
        assert sorted((event.sourcetime.timestamp(), event.data.duration_minutes) for event in events) == [
            (at - 500, 50),
            (at - 100, 55),
        ]

    async def test_a_changed_session_without_an_end_is_a_scheduled_one(self, way: Way) -> None:
        fact = {
            "session_id": unique("LS"), "session_type": "mentorship", "participant": {"email": email()},
            "volunteer": {"email": email()}, "scheduled_at": "2026-02-02T16:00:00Z",
        }  # fmt: skip
        event = await way.event(
            "kintell", {"event_type": "session.updated", "timestamp": iso(NOW), "data": fact}
        )
        assert (event.type, event.subject) == ("kintell.session.scheduled", f"session/{fact['session_id']}")

    @pytest.mark.parametrize("wraps", [False, True])
    async def test_ratings_and_bookings_in_the_newer_shapes(self, way: Way, wraps: bool) -> None:
        rating = {
            "rating_id": unique("R"), "session_id": "LS-1", "from_role": "participant", "rating": 4.5,
            "created_at": "2025-10-02T17:00:00Z",
        }  # fmt: skip
        booking = {
            "booking_id": unique("B"), "session_type": "language", "participant": {"email": email()},
            "volunteer" if wraps else "mentor": {"email": email()}, "scheduled_at": "2026-02-02T16:00:00Z",
        }  # fmt: skip
        kintell = way.sender("kintell")
        bodies = (
            [("rating.created", rating), ("booking.confirmed", booking)]
            if not wraps
            else [("rating.updated", rating), ("booking.updated", booking)]
        )
        sent = [
            kintell.send(
                {"event_type": type_, "timestamp": int(time.time()), "data": fact}
                if wraps
                else {"event_type": type_, **fact}
            )
            for type_, fact in bodies
        ]
        by_type = {event.type: event for event in await way.events(*sent)}
        assert by_type["kintell.rating.created"].data.rating == 0.875
        assert by_type["kintell.session.scheduled"].subject == f"booking/{booking['booking_id']}"

    async def test_a_time_far_after_its_signature_is_not_believed(self, way: Way) -> None:
        at = int(time.time())
        event = await way.event("kintell", nested(updated_at=iso(NOW + timedelta(days=900))), at=at)
        assert event.sourcetime.timestamp() == at
