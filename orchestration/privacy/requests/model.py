"""What a request is, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from ingest.contracts.privacy import Right
from orchestration.privacy.requests.regions import Region

State = Literal["received", "confirmed", "held", "running", "completed", "partial", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
FINISHED: frozenset[State] = frozenset({"completed", "partial", "failed", "cancelled"})
# Until the work begins, whoever asked may think again.
CANCELLABLE: frozenset[State] = frozenset({"received", "confirmed", "held"})
# Numbers of the queue: the lowest goes first.
Priority = Literal[1, 5, 10, 20]
AT_ONCE: Priority = 1
AS_IT_CAME: Priority = 10
EXPORTS: frozenset[Right] = frozenset({"access", "portability"})

# A failed or partial request is confirmed anew, for the sensor to find, or begun anew by a re-run in Dagster.
FOLLOWS: Mapping[State, frozenset[State]] = {
    "received": frozenset({"confirmed", "cancelled", "failed"}),
    "confirmed": frozenset({"held", "running", "completed", "cancelled", "failed"}),
    "held": frozenset({"confirmed", "running", "cancelled", "failed"}),  # confirmed: hastened
    "running": frozenset({"running", "completed", "partial", "failed"}),
    "partial": frozenset({"confirmed", "running"}),
    "failed": frozenset({"confirmed", "running"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}


class RequestError(Exception):
    """A request cannot be what it was asked to be; the message is for whoever asked."""


class UnknownRequestError(RequestError):
    pass


class StateError(RequestError):
    """The request is in a state after which this does not come."""


class KeyReusedError(RequestError):
    """The idempotency key stands for another order."""


@dataclass(frozen=True)
class Order:
    """What somebody asks for. The person has been found before, and belongs to the company."""

    right: Right
    subject_id: UUID
    company_id: UUID | None
    requested_by: str  # caller id; `subject` where the person asks
    idempotency_key: str | None = None
    is_immediate: bool = False
    reason: str | None = None
    changes: Mapping[str, Any] | None = None
    priority: Priority | None = None  # None: at once for an immediate erasure, as it came for all else


@dataclass(frozen=True)
class PrivacyRequest:
    """A row of privacy.requests."""

    request_id: UUID
    right_asked: Right
    company_id: UUID | None
    subject_id: UUID | None  # None once the person has been erased
    state: State
    step: str | None
    progress: int
    error: str | None
    is_immediate: bool
    reason: str | None
    changes: dict[str, Any] | None
    requested_by: str
    order_sha256: bytes
    attempt: int
    run_id: str | None
    received_at: datetime
    run_after: datetime
    due_at: datetime
    finished_at: datetime | None
    priority: Priority
    extended_at: datetime | None
    extension_reason: str | None
    region: Region | None

    @property
    def right(self) -> Right:
        return self.right_asked
