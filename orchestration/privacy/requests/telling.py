"""What others hear of a request: events of the catalogue, and announcements to the company's live streams.

An erasure says who it is about once, when it is asked for; that event goes with all the others. Afterwards no
event of it names the person, or there would be one more to erase: live streams are told by announcements.
"""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg

from ingest.contracts.base import EventData
from ingest.contracts.privacy import (
    PrivacyRequestCompleted,
    PrivacyRequestCreated,
    PrivacyRequestFailed,
    PrivacyRequestProgressed,
)
from ingest.events import new_event
from ingest.outbox import announce, emit
from orchestration.privacy.requests.model import PrivacyRequest

SOURCE = "/privacy"
UPDATE = "privacy.request.updated"


def created(connection: psycopg.Connection, request: PrivacyRequest) -> None:
    """Tell of a request that has just come in."""
    if request.subject_id is None:
        return
    _emit(
        connection, request, request.received_at,
        PrivacyRequestCreated(
            request_id=request.request_id, subject_id=request.subject_id, right=request.right,
            due_at=request.due_at, created_at=request.received_at,
        ),
    )  # fmt: skip


def advanced(connection: psycopg.Connection, before: PrivacyRequest, after: PrivacyRequest) -> None:
    """Tell of a step or a state; each is told once, as an event or as an announcement.

    An export has a step per source: only the quarters of its way become events, which are kept for years.
    """
    if before.state == "received" and after.state == "confirmed":
        return  # the moment after `created`
    now = datetime.now(UTC)
    is_small = before.state == after.state and before.progress // 25 == after.progress // 25
    data = _event(after, now) if after.right != "erasure" and not is_small else None
    if data is not None:
        _emit(connection, after, now, data)
    elif (before.state, before.step) != (after.state, after.step):
        _announce(connection, after, after.step, now)


def extended(connection: psycopg.Connection, request: PrivacyRequest) -> None:
    """Tell that a request has more time. Why, its own answer says, to those who may see it."""
    _announce(connection, request, "extended", datetime.now(UTC))


def _announce(
    connection: psycopg.Connection, request: PrivacyRequest, step: str | None, now: datetime
) -> None:
    if request.company_id is None:
        return
    announce(
        connection, request.company_id, UPDATE,
        f"{request.request_id}:{request.state}:{step}:{now.timestamp()}",
        {
            "requestId": str(request.request_id), "right": request.right, "state": request.state,
            "step": step, "progress": request.progress, "dueAt": request.due_at.isoformat(),
        },
    )  # fmt: skip


def _event(request: PrivacyRequest, now: datetime) -> EventData | None:
    if request.subject_id is None:
        return None
    if request.state == "running":
        return PrivacyRequestProgressed(
            request_id=request.request_id, subject_id=request.subject_id, step=request.step or "running",
            progress=request.progress, progressed_at=now,
        )  # fmt: skip
    if request.state == "completed":
        return PrivacyRequestCompleted(
            request_id=request.request_id,
            subject_id=request.subject_id,
            right=request.right,
            completed_at=now,
        )
    if request.state == "failed":
        return PrivacyRequestFailed(
            request_id=request.request_id, subject_id=request.subject_id, right=request.right,
            step=request.step or "begun", error=request.error or "unknown", failed_at=now,
        )  # fmt: skip
    return None


def _emit(connection: psycopg.Connection, request: PrivacyRequest, moment: datetime, data: EventData) -> None:
    emit(
        connection,
        new_event(
            data, subject=f"privacy-request/{request.request_id}", company_id=request.company_id,
            source=SOURCE, source_time=moment, origin=f"privacy:{request.request_id}",
        ),
    )  # fmt: skip
