"""The events of a delivery's story. Live streams hear of them by the catalogue of updates."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ingest.contracts.impact import (
    ImpactDeliveryAttempted,
    ImpactDeliveryExhausted,
    ImpactDeliveryFailed,
    ImpactDeliverySucceeded,
)
from ingest.events import Event, new_event
from orchestration.impact_in.claims import Claimed
from orchestration.impact_in.sending import Answer

SOURCE = "/impact-in"
_PERMANENT = frozenset({"rejected", "unauthenticated", "unusable"})


def attempted(one: Claimed, number: int, answer: Answer, at: datetime) -> Event:
    data = ImpactDeliveryAttempted(
        delivery_id=one.delivery_id, company_id=one.company_id, platform=one.platform,
        period_start=one.where.period_start, period_end=one.where.period_end, attempt=number,
        payload_sha256=one.payload_sha256.hex(), http_status=answer.http_status, error=answer.error,
        latency_ms=round(answer.latency_ms, 3), attempted_at=at,
    )  # fmt: skip
    return _event(one, data, f"impact-delivery/{one.delivery_id}/{number}", at)


def succeeded(one: Claimed, number: int, answer: Answer, at: datetime) -> Event:
    data = ImpactDeliverySucceeded(
        delivery_id=one.delivery_id, company_id=one.company_id, platform=one.platform,
        period_start=one.where.period_start, period_end=one.where.period_end, attempts=max(1, number),
        provider_reference=answer.reference, succeeded_at=at,
    )  # fmt: skip
    return _event(one, data, f"impact-delivery/{one.delivery_id}", at)


def failed(one: Claimed, number: int, answer: Answer, at: datetime, next_at: datetime | None) -> Event:
    kind: Literal["transient", "permanent", "unknown"] = "transient"
    if answer.decision == "unknown":
        kind = "unknown"
    elif answer.error_class in _PERMANENT:
        kind = "permanent"
    data = ImpactDeliveryFailed(
        delivery_id=one.delivery_id, company_id=one.company_id, platform=one.platform, attempt=max(1, number),
        error_class=kind, error=answer.error or "", http_status=answer.http_status, next_attempt_at=next_at,
        failed_at=at,
    )  # fmt: skip
    return _event(one, data, f"impact-delivery/{one.delivery_id}", at)


def exhausted(one: Claimed, number: int, answer: Answer, at: datetime) -> Event:
    data = ImpactDeliveryExhausted(
        delivery_id=one.delivery_id, company_id=one.company_id, platform=one.platform,
        period_start=one.where.period_start, period_end=one.where.period_end, attempts=max(1, number),
        last_error=answer.error or "", exhausted_at=at,
    )  # fmt: skip
    return _event(one, data, f"impact-delivery/{one.delivery_id}", at)


def _event(
    one: Claimed,
    data: ImpactDeliveryAttempted | ImpactDeliverySucceeded | ImpactDeliveryFailed | ImpactDeliveryExhausted,
    subject: str, at: datetime,
) -> Event:  # fmt: skip
    return new_event(
        data, subject=subject, company_id=one.company_id, source=SOURCE, source_time=at,
        origin=f"impact-in:{one.delivery_id}",
    )  # fmt: skip
