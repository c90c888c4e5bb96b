"""user.* and webhook.*: accounts that end, deliveries that gave up."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import EventData, Name, UtcTime, event


@event(
    "user.deleted",
    subject="user/<user id>",
    time="deleted_at",
    person="user_id",
    sent_by="Privacy requests",
)
class UserDeleted(EventData, kw_only=True, frozen=True):
    """An account was removed; every system that knows this id has to forget it."""

    user_id: UUID
    request_id: UUID | None = None
    deleted_at: UtcTime


@event(
    "webhook.dlq",
    subject="dead-letter/<source>/<delivery id>",
    time="parked_at",
    sent_by="Webhook normaliser",
)
class WebhookDeadLettered(EventData, kw_only=True, frozen=True):
    """A delivery could not be processed and waits in DEAD_LETTERS. Its body stays there."""

    source: Name
    delivery_id: Name
    kind: Name
    error_class: Literal["transient", "permanent", "critical", "unknown"]
    attempts: Annotated[int, Meta(ge=1)]
    reason: str
    parked_at: UtcTime
