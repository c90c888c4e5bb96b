"""From each sender's signed request to its event: right ids, right person, right company, nobody's email."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import psycopg
import pytest
from nats.aio.client import Client as NatsClient

from ingest.events import entity_id
from ingest.normalise.readers import READERS
from ingest.webhooks.sources import SOURCES
from orchestration.stack.layout import Layout
from tests.ingest.processes import Process
from tests.ingest.senders import AnySender, secrets_of
from tests.ingest.way import Way

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def senders(receiver: Process, embedded_stores: Layout) -> Callable[[str], AnySender]:
    secrets = secrets_of(embedded_stores)
    return lambda source: AnySender(receiver.url, source, secrets[source])


@pytest.fixture
def way(pool: asyncpg.Pool, nats: NatsClient, senders: Callable[[str], AnySender]) -> Way:
    return Way(pool, nats, senders)


def unique(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}"


def email() -> str:
    return f"{unique('p')}@example.org"


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def person_of(postgres: psycopg.Connection, provider: str, external_id: str) -> tuple[uuid.UUID, str]:
    found = postgres.execute(
        "select person_id, status from ingest.person_identities join ingest.people using (person_id)"
        " where provider = %s and external_id = %s", (provider, external_id),
    ).fetchone()  # fmt: skip
    assert found is not None
    return found


def new_company(postgres: psycopg.Connection) -> uuid.UUID:
    return postgres.execute(
        "insert into ingest.companies (name) values (%s) returning company_id", (unique("company"),)
    ).fetchone()[0]


def employ(postgres: psycopg.Connection, person_id: uuid.UUID, day: date = date(2025, 1, 1)) -> uuid.UUID:
    """A new company whose member the person is from that day."""
    company_id = new_company(postgres)
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, %s)",
        (company_id, person_id, day),
    )
    return company_id


def enrol(postgres: psycopg.Connection, person_id: uuid.UUID, program_type: str) -> uuid.UUID:
    """A company of whose programme the person is a participant."""
    company_id = new_company(postgres)
    instance = programme(postgres, company_id, program_type)[0]
    postgres.execute(
        "insert into ingest.program_enrollments (person_id, program_instance_id, status, enrolled_on)"
        " values (%s, %s, 'active', '2025-01-01')", (person_id, instance),
    )  # fmt: skip
    return company_id


def programme(
    postgres: psycopg.Connection, company_id: uuid.UUID, program_type: str
) -> tuple[uuid.UUID, str]:
    slug = unique("programme")
    [instance] = postgres.execute(
        "insert into ingest.program_instances"
        " (company_id, program_type, program_name, program_slug, start_date)"
        " values (%s, %s, 'P', %s, '2025-01-01') returning program_instance_id",
        (company_id, program_type, slug),
    ).fetchone()
    return instance, slug


def nested(**changes: Any) -> dict[str, Any]:
    return {
        "event_type": "session.completed", "session_id": unique("LS"), "session_type": "language",
        "participant": {"email": email(), "kintell_id": unique("K")}, "mentor": {"kintell_id": unique("K")},
        "scheduled_at": "2025-10-02T16:00:00Z", "completed_at": "2025-10-02T16:47:00Z",
        "duration_minutes": 47,
    } | changes  # fmt: skip


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


def buddy_body(type_: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "version": "v1",
        "type": type_,
        "timestamp": iso(NOW),
        "data": data,
    } | envelope


class Pair:
    """A match of two people, as the buddy system calls them."""

    def __init__(self) -> None:
        self.match, self.participant, self.buddy = (str(uuid.uuid4()) for _ in range(3))

    def created(self) -> dict[str, Any]:
        return buddy_body("buddy.match.created", {
            "matchId": self.match, "participantId": self.participant, "buddyId": self.buddy,
            "matchedAt": "2025-03-01T10:00:00Z",
            "matchingCriteria": {"language": "uk", "interests": ["chess"]},
        })  # fmt: skip

    def each_type(self) -> dict[str, dict[str, Any]]:
        """A body of every other type."""
        at = "2025-06-20T10:00:00Z"
        bodies = {
            "buddy.match.ended": {
                "matchId": self.match, "participantId": self.participant, "buddyId": self.buddy,
                "endedAt": at, "duration": 7, "reason": "completed",
            },
            "buddy.event.logged": {
                "eventId": unique("e"), "matchId": self.match, "eventType": "hangout", "eventDate": at,
                "attendees": [self.participant, self.buddy],
            },
            "buddy.event.attended": {
                "eventId": unique("e"), "userId": self.participant, "eventTitle": "Walk",
                "eventType": "social", "eventFormat": "in-person", "attendedAt": at,
                "matchId": self.match, "sdgGoals": [4, 11],
            },
            "buddy.checkin.completed": {
                "checkinId": unique("c"), "matchId": self.match, "checkinDate": at, "mood": "great",
                "notes": "Fint", "questionResponses": {"q1": 4},
            },
            "buddy.feedback.submitted": {
                "feedbackId": unique("f"), "matchId": self.match, "fromRole": "participant", "rating": 0.8,
                "submittedAt": at, "categories": {"helpfulness": 1},
            },
            "buddy.skill_share.completed": {
                "sessionId": unique("s"), "skillId": 7, "skillName": "Cooking", "teacherId": self.buddy,
                "learnerId": self.participant, "completedAt": at, "matchId": self.match,
            },
            "buddy.milestone.reached": {
                "milestoneId": 3, "userId": self.participant, "milestoneTitle": "First month",
                "milestoneCategory": "onboarding", "reachedAt": at, "points": 10,
            },
        }  # fmt: skip
        return {type_: buddy_body(type_, data) for type_, data in bodies.items()}


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


def ecornell(event_type: str, **more: Any) -> dict[str, Any]:
    return {
        "event_type": event_type, "timestamp": "2025-05-05T12:00:00Z",
        "user": {"external_id": unique("u"), "email": email()},
        "course": {"id": "ECO-1", "name": "Project management"},
    } | more  # fmt: skip


def itslearning(event_type: str, **more: Any) -> dict[str, Any]:
    return {
        "eventType": event_type, "timestamp": "2025-05-05T12:00:00Z", "userId": unique("u"),
        "courseId": "ITS-1", "courseName": "Norsk A2",
    } | more  # fmt: skip


class TestUpskilling:
    @pytest.mark.parametrize(
        ("body", "type_", "what"),
        [
            (ecornell("enrollment.created"), "upskilling.progress.updated", ("ecornell", "enrolled", 0)),
            (
                ecornell("course.started", progress={"percent": 5}),
                "upskilling.progress.updated",
                ("ecornell", "in_progress", 5),
            ),
            (itslearning("CourseEnrollment"), "upskilling.progress.updated", ("itslearning", "enrolled", 0)),
            (
                itslearning("CourseProgress", progressPercent=40),
                "upskilling.progress.updated",
                ("itslearning", "in_progress", 40),
            ),
        ],
    )
    async def test_progress(self, way: Way, body: dict[str, Any], type_: str, what: tuple) -> None:
        event = await way.event("upskilling", body)
        assert event.type == type_
        assert (event.data.provider, event.data.status, event.data.progress_percent) == what
        assert event.personid == event.data.user_id

    async def test_a_completed_course_goes_to_the_company_of_the_learners_programme(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        learner = email()
        body = ecornell(
            "course.completed",
            user={"email": learner},
            progress={"score": 91},
            updated_at="2025-05-06T00:00:00Z",
        )
        first = await way.event("upskilling", body)
        person = person_of(postgres, "email", learner)[0]
        assert (first.personid, first.companyid, first.data.final_score) == (person, None, 91)
        assert first.sourcetime == datetime(2025, 5, 6, tzinfo=UTC)
        company_id = enrol(postgres, person, "upskilling")
        other = ecornell("course.completed", user={"email": learner}, course={"id": "ECO-2", "name": "B"})
        assert (await way.event("upskilling", other)).companyid == company_id

    async def test_a_completed_course_is_the_event_that_an_export_brings(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        learner = email()
        completion = {
            "type": "upskilling.course.completed", "provider": "ecornell", "user_email": learner,
            "course_id": "ECO-9", "course_name": "Leadership", "completed_at": "2025-05-05T12:00:00Z",
        }  # fmt: skip
        event = await way.event("upskilling", completion)
        person = person_of(postgres, "email", learner)[0]
        # As `ingest.backfill.programs` derives it.
        progress_id = entity_id("upskilling", "progress", f"{person}/ecornell/ECO-9/2025-05-05")
        assert (event.data.progress_id, event.subject) == (progress_id, f"course/{progress_id}")
        same = ecornell(
            "course.completed", user={"email": learner.upper()}, course={"id": "ECO-9", "name": "Leadership"}
        )
        again = await way.events(way.sender("upskilling").send(same))
        assert {one.id for one in again} <= {event.id}

    async def test_completion_and_certificate_of_the_other_platforms(
        self, way: Way, postgres: psycopg.Connection
    ) -> None:
        user = unique("u")
        done = await way.event("upskilling", itslearning("CourseCompletion", userId=user, finalScore=70))
        assert done.type == "upskilling.course.completed"
        assert person_of(postgres, "upskilling", f"itslearning/{user}") == (done.personid, "pending")
        certificate = {"id": unique("C"), "url": "https://example.org/c", "verification_code": "V-1"}
        issued = await way.event("upskilling", ecornell("certificate.issued", certificate=certificate))
        assert (issued.type, issued.subject) == (
            "upskilling.credential.issued",
            f"credential/ecornell/{certificate['id']}",
        )
        assert (issued.data.credential_type, issued.data.verification_code) == ("certificate", "V-1")

    async def test_the_plain_form_takes_any_platform(self, way: Way) -> None:
        base = {"provider": "coursera", "user_id": unique("u"), "course_id": "C-1", "course_name": "Python"}
        progress = await way.event("upskilling", {
            **base, "type": "upskilling.progress.updated", "progress_percent": 30, "status": "dropped",
            "updated_at": "2025-05-05T12:00:00Z",
        })  # fmt: skip
        assert (progress.data.provider, progress.data.status) == ("coursera", "dropped")
        credential = await way.event("upskilling", {
            **base, "type": "upskilling.credential.issued", "credential_id": unique("B"),
            "credential_type": "badge", "issued_at": "2025-05-05T12:00:00Z",
        })  # fmt: skip
        assert credential.personid == progress.personid

    def test_a_body_seen_before_is_a_duplicate_whatever_its_delivery_id(self, senders) -> None:
        # The signature covers the body alone: a replay may carry any header beside it.
        upskilling, body = senders("upskilling"), itslearning("CourseEnrollment")
        assert upskilling.send(body, delivery_id="a").response.json() == {"status": "accepted"}
        assert upskilling.send(body, delivery_id="b").response.json() == {"status": "duplicate"}


class TestDiscord:
    async def test_feedback_is_a_checkin_of_its_author(self, way: Way, postgres: psycopg.Connection) -> None:
        body = {
            "feedback_id": unique("D"), "discord_user_id": unique("u"), "sentiment": "negative",
            "message": "Det er vanskelig å finne tid.", "created_at": iso(NOW),
        }  # fmt: skip
        event = await way.event("discord", body)
        assert person_of(postgres, "discord", body["discord_user_id"]) == (event.personid, "pending")
        assert (event.type, event.subject) == (
            "buddy.checkin.completed",
            f"checkin/discord/{body['feedback_id']}",
        )
        assert (event.data.mood, event.data.notes) == ("struggling", body["message"])

    async def test_a_match_says_whom_it_is_about(self, way: Way, postgres: psycopg.Connection) -> None:
        pair = Pair()
        await way.events(way.sender("buddy").send(pair.created()))
        company_id = employ(postgres, person_of(postgres, "buddy", pair.buddy)[0])
        body = {
            "feedback_id": unique("D"), "discord_user_id": unique("u"), "sentiment": "positive",
            "message": "We went skiing together", "created_at": iso(NOW), "match_id": pair.match,
        }  # fmt: skip
        event = await way.event("discord", body)
        assert event.personid == person_of(postgres, "buddy", pair.participant)[0]
        assert event.companyid == company_id


@pytest.mark.parametrize(
    ("source", "body", "outcome"),
    [
        ("benevity", {"event": "delivery.success", "transactionId": "T"}, "processed"),
        ("benevity", {"event": "delivery.retry", "transactionId": "T"}, "retrying"),
        ("goodera", {"event": "data.received", "batchId": "T"}, "received"),
        (
            "goodera",
            {"event": "data.failed", "batchId": "T", "error": {"code": "E1", "message": "no"}},
            "failed",
        ),
        ("workday", {"event": "enrollment.confirmed", "programId": "T"}, "processed"),
    ],
)
async def test_a_suites_callback_says_what_became_of_a_delivery(
    way: Way, source: str, body: dict[str, Any], outcome: str
) -> None:
    reference, delivery_id = unique("T"), uuid.uuid4()
    sent = {name: reference if value == "T" else value for name, value in body.items()}
    sent |= {"timestamp": int(NOW.timestamp()), "deliveryId": str(delivery_id), "organizationId": "org-1"}
    event = await way.event(source, sent)
    assert (event.type, event.companyid, event.personid) == ("impact.callback.received", None, None)
    assert event.subject == f"impact-callback/{source}/{reference}/{body['event']}"
    assert (event.data.platform, event.data.outcome, event.data.delivery_id) == (source, outcome, delivery_id)
    assert (event.time, event.sourcetime) == (NOW, NOW)


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_every_source_takes_standard_webhooks_and_refuses_a_wrong_signature(source: str, senders) -> None:
    sender = senders(source)
    delivery_id = unique("msg")
    body = json.dumps({"nonsense": unique("x")}).encode()
    response = sender.send(body, is_standard=True, delivery_id=delivery_id).response
    assert (response.status_code, response.json()["reason"]) == (422, "schema")
    forger = AnySender(sender.url, source, "whsec_" + "A" * 44)
    for is_standard in (True, False):
        response = forger.send(body, is_standard=is_standard).response
        assert (response.status_code, response.json()["reason"]) == (401, "signature_mismatch")


def test_the_standard_id_is_the_delivery_id(senders) -> None:
    kintell, id_ = senders("kintell"), unique("msg")
    assert kintell.send(nested(), is_standard=True, delivery_id=id_).response.json() == {"status": "accepted"}
    assert kintell.send(nested(), is_standard=True, delivery_id=id_).response.status_code == 409


@pytest.mark.parametrize(
    ("source", "body", "field"),
    [
        ("kintell", {"event_type": "session.exploded"}, "event_type"),
        ("kintell", {"session_id": "LS-1"}, "event_type"),
        ("buddy", {"type": "kintell.session.completed", "data": {}}, "type"),
        ("upskilling", {"event_type": "SECRET"}, "event_type"),
        ("upskilling", {}, "type"),
        ("benevity", {"event": "SECRET", "transactionId": "T", "timestamp": 1763028000}, "event"),
        ("discord", b"{", ""),
        ("upskilling", b"\xff", ""),
    ],
)
def test_a_body_of_no_known_type_is_explained_and_kept(
    source: str, body: object, field: str, senders, postgres: psycopg.Connection
) -> None:
    sent = senders(source).send(body)
    assert sent.response.status_code == 422
    assert [error["field"] for error in sent.response.json()["errors"]] == [field]
    assert "SECRET" not in sent.response.text
    [problem] = postgres.execute(
        "select problem from ingest.inbox where concat(source, ':', delivery_id) = %s limit 1", (sent.origin,)
    ).fetchone()
    assert problem.startswith(field)
    assert "SECRET" not in problem


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) == {(source.name, kind) for source in SOURCES for kind in source.contracts}
