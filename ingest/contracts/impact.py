"""impact.*: deliveries of a company's numbers to its CSR suite, and what it says of them. No person."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import Amount, EventData, Name, Sha256, UtcTime, event

Suite = Literal["benevity", "goodera", "workday"]  # those that call back
# Open: a new partner is a folder of ours, not a new version of the contract.
Platform = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{1,30}$")]
Attempt = Annotated[int, Meta(ge=1)]
HttpStatus = Annotated[int, Meta(ge=100, le=599)]
SCHEDULER = "Impact-In deliveries"


@event(
    "impact.schedule.triggered",
    subject="impact-schedule/<schedule id>/<period start>",
    time="triggered_at",
    company="company_id",
    sent_by="Impact-In scheduler",
)
class ImpactScheduleTriggered(EventData, kw_only=True, frozen=True):
    """A delivery schedule came due for a closed period."""

    schedule_id: UUID
    company_id: UUID
    platform: Platform
    period_start: date
    period_end: date
    triggered_at: UtcTime


@event(
    "impact.delivery.attempted",
    subject="impact-delivery/<delivery id>/<attempt>",
    time="attempted_at",
    company="company_id",
    sent_by=SCHEDULER,
)
class ImpactDeliveryAttempted(EventData, kw_only=True, frozen=True):
    """One request to a CSR suite was made."""

    delivery_id: UUID
    company_id: UUID
    platform: Platform
    period_start: date
    period_end: date
    attempt: Attempt
    payload_sha256: Sha256
    http_status: HttpStatus | None = None
    error: str | None = None
    latency_ms: Amount | None = None
    attempted_at: UtcTime


@event(
    "impact.delivery.succeeded",
    subject="impact-delivery/<delivery id>",
    time="succeeded_at",
    company="company_id",
    sent_by=SCHEDULER,
)
class ImpactDeliverySucceeded(EventData, kw_only=True, frozen=True):
    """A CSR suite accepted a delivery."""

    delivery_id: UUID
    company_id: UUID
    platform: Platform
    period_start: date
    period_end: date
    attempts: Attempt
    provider_reference: Name | None = None
    succeeded_at: UtcTime


@event(
    "impact.delivery.failed",
    subject="impact-delivery/<delivery id>",
    time="failed_at",
    company="company_id",
    sent_by=SCHEDULER,
)
class ImpactDeliveryFailed(EventData, kw_only=True, frozen=True):
    """A delivery failed and will be tried again, unless the error is permanent."""

    delivery_id: UUID
    company_id: UUID
    platform: Platform
    attempt: Attempt
    error_class: Literal["transient", "permanent", "unknown"]
    error: str
    http_status: HttpStatus | None = None
    next_attempt_at: UtcTime | None = None
    failed_at: UtcTime


@event(
    "impact.delivery.exhausted",
    subject="impact-delivery/<delivery id>",
    time="exhausted_at",
    company="company_id",
    sent_by=SCHEDULER,
)
class ImpactDeliveryExhausted(EventData, kw_only=True, frozen=True):
    """A delivery failed for the last time; a person has to look at it."""

    delivery_id: UUID
    company_id: UUID
    platform: Platform
    period_start: date
    period_end: date
    attempts: Attempt
    last_error: str
    exhausted_at: UtcTime


@event(
    "impact.delivery.confirmed",
    subject="impact-delivery/<delivery id>",
    time="confirmed_at",
    company="company_id",
    sent_by=SCHEDULER,
)
class ImpactDeliveryConfirmed(EventData, kw_only=True, frozen=True):
    """A CSR suite called back that it has processed a delivery."""

    delivery_id: UUID
    company_id: UUID
    platform: Platform
    period_start: date
    period_end: date
    provider_reference: Name | None = None
    confirmed_at: UtcTime


CallbackOutcome = Literal["received", "processed", "failed", "retrying"]


@event(
    "impact.callback.received",
    subject="impact-callback/<platform>/<provider reference>/<provider event>",
    time="occurred_at",
    sent_by="Callbacks of the CSR suites (Benevity, Goodera, Workday)",
)
class ImpactCallbackReceived(EventData, kw_only=True, frozen=True):
    """A CSR suite told us what became of something we delivered to it."""

    platform: Suite
    provider_event: Annotated[Name, Meta(description="As the suite calls it, e.g. data.processed")]
    provider_reference: Annotated[Name, Meta(description="The suite's id of what it is about")]
    outcome: CallbackOutcome
    delivery_id: Annotated[UUID, Meta(description="Our delivery, where the suite returns its id")] | None = (
        None
    )
    provider_tenant: Annotated[Name, Meta(description="The company's id at the suite")] | None = None
    error_code: Name | None = None
    error: Annotated[str, Meta(max_length=500)] | None = None
    occurred_at: UtcTime
