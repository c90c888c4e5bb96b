"""The events of a delivery's story. Live streams hear of them by the catalogue of updates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from ingest.contracts.base import EventData
from ingest.contracts.impact import (
    ImpactDeliveryAttempted,
    ImpactDeliveryConfirmed,
    ImpactDeliveryExhausted,
    ImpactDeliveryFailed,
    ImpactDeliverySucceeded,
)
from ingest.events import Event, new_event
from orchestration.impact_in.sending import Answer

SOURCE = "/impact-in"
_PERMANENT = frozenset({"rejected", "unauthenticated", "unusable"})


class Report(NamedTuple):
    """The delivery that a story is about."""

    delivery_id: UUID
    company_id: UUID
    platform: str
    period_start: date
    period_end: date


def attempted(report: Report, number: int, answer: Answer, payload_sha256: bytes, at: datetime) -> Event:
    data = ImpactDeliveryAttempted(
        **report._asdict(), attempt=number, payload_sha256=payload_sha256.hex(),
        http_status=answer.http_status, error=answer.error, latency_ms=round(answer.latency_ms, 3),
        attempted_at=at,
    )  # fmt: skip
    return _event(report, data, at, f"/{number}")


def succeeded(report: Report, number: int, reference: str | None, at: datetime) -> Event:
    data = ImpactDeliverySucceeded(
        **report._asdict(), attempts=max(1, number), provider_reference=reference, succeeded_at=at
    )
    return _event(report, data, at)


def confirmed(report: Report, reference: str | None, at: datetime) -> Event:
    data = ImpactDeliveryConfirmed(**report._asdict(), provider_reference=reference, confirmed_at=at)
    return _event(report, data, at)


def failed(report: Report, number: int, answer: Answer, at: datetime, next_at: datetime | None) -> Event:
    kind: Literal["transient", "permanent", "unknown"] = "transient"
    if answer.decision == "unknown":
        kind = "unknown"
    elif answer.error_class in _PERMANENT:
        kind = "permanent"
    data = ImpactDeliveryFailed(
        delivery_id=report.delivery_id, company_id=report.company_id, platform=report.platform,
        attempt=max(1, number), error_class=kind, error=answer.error or "", http_status=answer.http_status,
        next_attempt_at=next_at, failed_at=at,
    )  # fmt: skip
    return _event(report, data, at)


def exhausted(report: Report, number: int, answer: Answer, at: datetime) -> Event:
    data = ImpactDeliveryExhausted(
        **report._asdict(), attempts=max(1, number), last_error=answer.error or "", exhausted_at=at
    )
    return _event(report, data, at)


def _event(report: Report, data: EventData, at: datetime, part: str = "") -> Event:
    return new_event(
        data, subject=f"impact-delivery/{report.delivery_id}{part}", company_id=report.company_id,
        source=SOURCE, source_time=at, origin=f"impact-in:{report.delivery_id}",
    )  # fmt: skip
