"""What learning platforms send: eCornell, itslearning, and a plain form for every other one.

None of them publishes a specification we could hold a body against: the shapes are as they were described to
us. Unknown fields are ignored.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ingest.webhooks.fields import Email, Instant, Name, PersonId, SourceId, check_years
from ingest.webhooks.kinds import by_any_type

Percent = Annotated[float, Meta(ge=0, le=100)]
Provider = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}\Z")]
CredentialType = Literal["certificate", "badge", "diploma", "transcript"]
Status = Literal["enrolled", "in_progress", "completed", "dropped"]
Url = Annotated[str, Meta(max_length=2000)]


class User(msgspec.Struct, frozen=True):
    """A learner by email, by id at the platform, or by both."""

    external_id: PersonId | None = None
    email: Email | None = None

    def __post_init__(self) -> None:
        if not (self.email or self.external_id):
            raise ValueError("needs an email or an external_id")


class Course(msgspec.Struct, frozen=True):
    id: SourceId
    name: Name


class Progress(msgspec.Struct, frozen=True):
    percent: Percent | None = None
    score: Percent | None = None


class Certificate(msgspec.Struct, frozen=True):
    id: SourceId
    url: Url | None = None
    type: CredentialType = "certificate"
    expires_at: Instant | None = None
    verification_code: Name | None = None

    def __post_init__(self) -> None:
        check_years(expires_at=self.expires_at)


class ECornell(msgspec.Struct, frozen=True, kw_only=True):
    """`enrollment.created`, `course.started` or `course.completed`; `timestamp` says when that was."""

    event_type: str
    timestamp: Instant
    user: User
    course: Course
    progress: Progress | None = None
    certificate: Certificate | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp, updated_at=self.updated_at)


class ECornellCertificate(ECornell, frozen=True, kw_only=True):
    """`certificate.issued`."""

    certificate: Certificate


class ItsLearning(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`CourseEnrollment`, `CourseProgress` or `CourseCompletion`; `timestamp` says when that was."""

    event_type: str
    timestamp: Instant
    user_id: PersonId | None = None
    user_email: Email | None = None
    course_id: SourceId
    course_name: Name
    progress_percent: Percent | None = None
    final_score: Percent | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp, updated_at=self.updated_at)
        if not (self.user_email or self.user_id):
            raise ValueError("needs a userEmail or a userId")


class ItsLearningProgress(ItsLearning, frozen=True, kw_only=True, rename="camel"):
    """`CourseProgress`."""

    progress_percent: Percent


class Learner(msgspec.Struct, frozen=True, kw_only=True):
    """What every body of the plain form has: its columns are those of the CSV exports."""

    provider: Provider
    user_email: Email | None = None
    user_id: PersonId | None = None
    course_id: SourceId
    course_name: Name
    updated_at: Instant | None = None

    def check(self) -> None:
        check_years(updated_at=self.updated_at)
        if not (self.user_email or self.user_id):
            raise ValueError("needs a user_email or a user_id")


class CourseCompleted(Learner, frozen=True, kw_only=True):
    """`upskilling.course.completed`."""

    completed_at: Instant
    final_score: Percent | None = None
    credential_ref: Name | None = None

    def __post_init__(self) -> None:
        self.check()
        check_years(completed_at=self.completed_at)


class CredentialIssued(Learner, frozen=True, kw_only=True):
    """`upskilling.credential.issued`."""

    credential_id: SourceId
    credential_type: CredentialType
    issued_at: Instant
    expires_at: Instant | None = None
    credential_url: Url | None = None
    verification_code: Name | None = None

    def __post_init__(self) -> None:
        self.check()
        check_years(issued_at=self.issued_at, expires_at=self.expires_at)


class ProgressUpdated(Learner, frozen=True, kw_only=True):
    """`upskilling.progress.updated`."""

    progress_percent: Percent
    status: Status
    updated_at: Instant

    def __post_init__(self) -> None:
        self.check()


CONTRACTS: dict[str, type[msgspec.Struct]] = {
    "ecornell-enrollment-created": ECornell,
    "ecornell-course-started": ECornell,
    "ecornell-course-completed": ECornell,
    "ecornell-certificate-issued": ECornellCertificate,
    "itslearning-course-enrollment": ItsLearning,
    "itslearning-course-progress": ItsLearningProgress,
    "itslearning-course-completion": ItsLearning,
    "course-completed": CourseCompleted,
    "credential-issued": CredentialIssued,
    "progress-updated": ProgressUpdated,
}
kind_of = by_any_type(
    ("type", {
        "upskilling.course.completed": "course-completed",
        "upskilling.credential.issued": "credential-issued",
        "upskilling.progress.updated": "progress-updated",
    }),
    ("event_type", {
        "enrollment.created": "ecornell-enrollment-created",
        "course.started": "ecornell-course-started",
        "course.completed": "ecornell-course-completed",
        "certificate.issued": "ecornell-certificate-issued",
    }),
    ("eventType", {
        "CourseEnrollment": "itslearning-course-enrollment",
        "CourseProgress": "itslearning-course-progress",
        "CourseCompletion": "itslearning-course-completion",
    }),
)  # fmt: skip
