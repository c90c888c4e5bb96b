"""upskilling.*: courses at eCornell, itslearning and other learning platforms."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import EventData, Name, Percent, UtcTime, event

Provider = Annotated[str, Meta(min_length=1, max_length=50, description="ecornell, itslearning, …")]


@event(
    "upskilling.course.completed",
    subject="course/<progress id>",
    time="completed_at",
    person="user_id",
    sent_by="Upskilling webhook; CSV of completions",
)
class UpskillingCourseCompleted(EventData, kw_only=True, frozen=True):
    """A person finished a course."""

    progress_id: UUID
    user_id: UUID
    provider: Provider
    course_id: Name
    course_name: Name
    completed_at: UtcTime
    final_score: Percent | None = None
    credential_ref: Name | None = None
    program_id: UUID | None = None
    campaign_id: UUID | None = None
    beneficiary_group_id: UUID | None = None


@event(
    "upskilling.credential.issued",
    subject="credential/<credential id>",
    time="issued_at",
    person="user_id",
    sent_by="Upskilling webhook; CSV of credentials",
)
class UpskillingCredentialIssued(EventData, kw_only=True, frozen=True):
    """A learning platform gave a person a certificate, badge, diploma or transcript."""

    credential_id: UUID
    user_id: UUID
    provider: Provider
    course_id: Name
    course_name: Name
    credential_type: Literal["certificate", "badge", "diploma", "transcript"]
    issued_at: UtcTime
    expires_at: UtcTime | None = None
    credential_url: str | None = None
    verification_code: str | None = None


@event(
    "upskilling.progress.updated",
    subject="progress/<progress id>",
    time="updated_at",
    person="user_id",
    sent_by="Upskilling webhook; CSV of progress",
)
class UpskillingProgressUpdated(EventData, kw_only=True, frozen=True):
    """A person got further in a course, or gave it up."""

    progress_id: UUID
    user_id: UUID
    provider: Provider
    course_id: Name
    course_name: Name
    progress_percent: Percent
    status: Literal["enrolled", "in_progress", "completed", "dropped"]
    updated_at: UtcTime
