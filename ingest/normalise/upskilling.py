"""Learning platforms' webhooks as drafts of events. A completed course is the same event as in an export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from ingest.attribution import Question
from ingest.contracts import EventData
from ingest.contracts.upskilling import (
    UpskillingCourseCompleted,
    UpskillingCredentialIssued,
    UpskillingProgressUpdated,
)
from ingest.events import entity_id
from ingest.normalise.draft import Draft, Identity, Known, Person, by_email
from ingest.webhooks import upskilling as bodies

SOURCE = "/webhooks/upskilling"
Status = Literal["enrolled", "in_progress", "completed", "dropped"]


class Course(NamedTuple):
    """Who is in which course of which platform."""

    learner: Person
    provider: str
    course_id: str
    course_name: str


def course_completed(body: bodies.CourseCompleted) -> Draft:
    return _completion(
        _course(body), body.completed_at, body.final_score, body.credential_ref, body.updated_at
    )


def credential_issued(body: bodies.CredentialIssued) -> Draft:
    certificate = bodies.Certificate(
        body.credential_id, body.credential_url, body.credential_type, body.expires_at, body.verification_code
    )
    return _credential(_course(body), certificate, body.issued_at, body.updated_at)


def progress_updated(body: bodies.ProgressUpdated) -> Draft:
    return _progress(_course(body), body.progress_percent, body.status, body.updated_at)


def ecornell_enrolled(body: bodies.ECornell) -> Draft:
    return _progress(_ecornell(body), _percent(body), "enrolled", body.updated_at or body.timestamp)


def ecornell_started(body: bodies.ECornell) -> Draft:
    return _progress(_ecornell(body), _percent(body), "in_progress", body.updated_at or body.timestamp)


def ecornell_completed(body: bodies.ECornell) -> Draft:
    score = body.progress.score if body.progress else None
    reference = body.certificate.id if body.certificate else None
    return _completion(_ecornell(body), body.timestamp, score, reference, body.updated_at)


def ecornell_certificate(body: bodies.ECornellCertificate) -> Draft:
    return _credential(_ecornell(body), body.certificate, body.timestamp, body.updated_at)


def itslearning_enrolled(body: bodies.ItsLearning) -> Draft:
    at = body.updated_at or body.timestamp
    return _progress(_itslearning(body), body.progress_percent or 0, "enrolled", at)


def itslearning_progress(body: bodies.ItsLearningProgress) -> Draft:
    at = body.updated_at or body.timestamp
    return _progress(_itslearning(body), body.progress_percent, "in_progress", at)


def itslearning_completed(body: bodies.ItsLearning) -> Draft:
    return _completion(_itslearning(body), body.timestamp, body.final_score, None, body.updated_at)


def _completion(
    course: Course,
    completed_at: datetime,
    final_score: float | None,
    credential_ref: str | None,
    updated_at: datetime | None,
) -> Draft:
    # No platform gives an id. The day belongs to it: some courses are taken again every year.
    day = completed_at.astimezone(UTC).date()

    def progress_id(known: Known) -> UUID:
        completion = f"{known.person(course.learner)}/{course.provider}/{course.course_id}/{day}"
        return entity_id("upskilling", "progress", completion)

    def data(known: Known) -> UpskillingCourseCompleted:
        return UpskillingCourseCompleted(
            progress_id=progress_id(known),
            user_id=known.person(course.learner),
            provider=course.provider,
            course_id=course.course_id,
            course_name=course.course_name,
            completed_at=completed_at,
            final_score=final_score,
            credential_ref=credential_ref,
        )

    return _draft(course, lambda known: f"course/{progress_id(known)}", data, completed_at, updated_at)


def _credential(
    course: Course, certificate: bodies.Certificate, issued_at: datetime, updated_at: datetime | None
) -> Draft:
    # Two platforms may count their certificates alike.
    credential = f"{course.provider}/{certificate.id}"

    def data(known: Known) -> UpskillingCredentialIssued:
        return UpskillingCredentialIssued(
            credential_id=entity_id("upskilling", "credential", credential),
            user_id=known.person(course.learner),
            provider=course.provider,
            course_id=course.course_id,
            course_name=course.course_name,
            credential_type=certificate.type,
            issued_at=issued_at,
            expires_at=certificate.expires_at,
            credential_url=certificate.url,
            verification_code=certificate.verification_code,
        )

    return _draft(course, f"credential/{credential}", data, issued_at, updated_at)


def _progress(course: Course, percent: float, status: Status, updated_at: datetime) -> Draft:
    def progress_id(known: Known) -> UUID:
        progress = f"{known.person(course.learner)}/{course.provider}/{course.course_id}"
        return entity_id("upskilling", "course-progress", progress)

    def data(known: Known) -> UpskillingProgressUpdated:
        return UpskillingProgressUpdated(
            progress_id=progress_id(known),
            user_id=known.person(course.learner),
            provider=course.provider,
            course_id=course.course_id,
            course_name=course.course_name,
            progress_percent=percent,
            status=status,
            updated_at=updated_at,
        )

    return _draft(course, lambda known: f"progress/{progress_id(known)}", data, updated_at, updated_at)


def _draft(
    course: Course,
    subject: str | Callable[[Known], str],
    data: Callable[[Known], EventData],
    at: datetime,
    source_time: datetime | None,
) -> Draft:
    def question(known: Known) -> Question:
        return Question(at.astimezone(UTC).date(), "upskilling", known.person(course.learner))

    return Draft(subject, SOURCE, data, (course.learner,), question, source_time)


def _course(body: bodies.Learner) -> Course:
    learner = _learner(body.provider, body.user_email, body.user_id)
    return Course(learner, body.provider, body.course_id, body.course_name)


def _ecornell(body: bodies.ECornell) -> Course:
    learner = _learner("ecornell", body.user.email, body.user.external_id)
    return Course(learner, "ecornell", body.course.id, body.course.name)


def _itslearning(body: bodies.ItsLearning) -> Course:
    learner = _learner("itslearning", body.user_email, body.user_id)
    return Course(learner, "itslearning", body.course_id, body.course_name)


def _learner(provider: str, email: str | None, external_id: str | None) -> Person:
    # Every platform counts its users from one, so the platform's name belongs to the id.
    identity = Identity("upskilling", f"{provider}/{external_id}") if external_id else None
    return by_email(email, identity)


def _percent(body: bodies.ECornell) -> float:
    return (body.progress.percent if body.progress else None) or 0
