"""From learning platforms' signed requests to events: the learner and their programme's company."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from ingest.events import entity_id
from tests.ingest.arrangements import email, enrol, person_of, unique
from tests.ingest.way import Way


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
