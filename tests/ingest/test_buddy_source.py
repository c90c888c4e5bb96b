"""From the buddy system's signed requests to events: the pair's people and their company."""

from __future__ import annotations

import uuid

import psycopg

from tests.ingest.arrangements import NOW, employ, iso, person_of
from tests.ingest.bodies import Pair
from tests.ingest.way import Way


class TestBuddy:
    async def test_every_type_becomes_its_event_with_the_pairs_people_and_company(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        buddy, pair = way.sender("buddy"), Pair()
        [created] = await way.events(buddy.send(pair.created()))
        participant, status = person_of(postgres, "buddy", pair.participant)
        volunteer = person_of(postgres, "buddy", pair.buddy)[0]
        assert status == "pending"
        assert created.companyid is None
        assert (created.subject, created.personid) == (f"match/{pair.match}", participant)
        assert created.data.match_id == uuid.UUID(pair.match)
        company_id = employ(postgres, volunteer)
        sent = {type_: buddy.send(body) for type_, body in pair.each_type().items()}
        events = {event.type: event for event in await way.events(*sent.values())}
        assert set(events) == set(sent)
        milestone = events.pop("buddy.milestone.reached")
        assert (milestone.personid, milestone.companyid) == (participant, None)  # names no match
        for event in events.values():
            assert (event.type, event.personid, event.companyid) == (event.type, participant, company_id)
            assert event.sourcetime == NOW
        assert events["buddy.match.ended"].data.duration == 111  # recomputed from both dates
        assert events["buddy.event.logged"].data.attendees == [participant, volunteer]
        assert events["buddy.skill_share.completed"].data.teacher_id == volunteer
        assert events["buddy.feedback.submitted"].data.rating_raw == 0.8

    async def test_a_checkin_before_its_match_leaves_the_person_open(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        pair = Pair()
        body = pair.each_type()["buddy.checkin.completed"]
        event = await way.event("buddy", body)
        assert (event.personid, event.companyid, event.data.match_id) == (None, None, uuid.UUID(pair.match))

    async def test_a_checkin_in_the_same_batch_as_its_match_knows_it(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        buddy, pair = way.sender("buddy"), Pair()
        checkin = buddy.send(pair.each_type()["buddy.checkin.completed"])
        events = await way.events(checkin, buddy.send(pair.created()))
        assert {event.personid for event in events} == {person_of(postgres, "buddy", pair.participant)[0]}

    async def test_the_envelopes_time_may_be_in_its_metadata(self, way: Way) -> None:
        body = Pair().created()
        del body["timestamp"]
        body["metadata"] = {"id": body.pop("id"), "version": body.pop("version"), "timestamp": iso(NOW)}
        event = await way.event("buddy", body, "/webhooks/buddy-events")
        assert event.sourcetime == NOW

    async def test_a_field_is_named_by_its_path_and_an_email_is_no_id(self, senders) -> None:
        body = Pair().created()
        body["data"] |= {"participantId": "SECRET@example.org", "matchedAt": "yesterday"}
        del body["data"]["buddyId"]
        response = senders("buddy").send(body).response
        assert response.status_code == 422
        assert {e["field"] for e in response.json()["errors"]} == {
            "data.participantId", "data.matchedAt", "data.buddyId",
        }  # fmt: skip
        assert "SECRET" not in response.text
