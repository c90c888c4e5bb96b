"""privacy.*: requests of data subjects, and their outcome. Never what the data were."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import Count, EventData, Name, Sha256, UtcTime, event

Right = Literal["access", "rectification", "erasure", "portability", "restrict", "object"]
PRIVACY = "Privacy requests"


@event(
    "privacy.request.created",
    subject="privacy-request/<request id>",
    time="created_at",
    person="subject_id",
    sent_by=PRIVACY,
)
class PrivacyRequestCreated(EventData, kw_only=True, frozen=True):
    """A data subject, or someone for them, asked for one of their rights."""

    request_id: UUID
    subject_id: UUID
    right: Right
    due_at: UtcTime
    created_at: UtcTime


@event(
    "privacy.request.progressed",
    subject="privacy-request/<request id>",
    time="progressed_at",
    person="subject_id",
    sent_by=PRIVACY,
)
class PrivacyRequestProgressed(EventData, kw_only=True, frozen=True):
    """One step of a request is done."""

    request_id: UUID
    subject_id: UUID
    step: Name
    progress: Annotated[int, Meta(ge=0, le=100)]
    progressed_at: UtcTime


@event(
    "privacy.request.completed",
    subject="privacy-request/<request id>",
    time="completed_at",
    person="subject_id",
    sent_by=PRIVACY,
)
class PrivacyRequestCompleted(EventData, kw_only=True, frozen=True):
    """A request was carried out."""

    request_id: UUID
    subject_id: UUID
    right: Right
    completed_at: UtcTime


@event(
    "privacy.request.failed",
    subject="privacy-request/<request id>",
    time="failed_at",
    person="subject_id",
    sent_by=PRIVACY,
)
class PrivacyRequestFailed(EventData, kw_only=True, frozen=True):
    """A request stopped at a step and needs a person's help."""

    request_id: UUID
    subject_id: UUID
    right: Right
    step: Name
    error: str
    failed_at: UtcTime


@event(
    "privacy.subject.erased",
    subject="erasure/<request id>",
    time="erased_at",
    sent_by=PRIVACY,
)
class PrivacySubjectErased(EventData, kw_only=True, frozen=True):
    """A person's data are gone, counted afterwards. Names the request, since the person's id is gone too."""

    request_id: UUID
    tables_swept: Count
    rows_erased: Count
    rows_remaining: Annotated[
        int, Meta(ge=0, le=0, description="An erasure with a remainder is not finished")
    ]
    verification_sha256: Sha256
    erased_at: UtcTime
