"""CSR suites' callbacks as drafts of `impact.callback.received`. No person and no company is looked up:
those who sent the delivery know whose it was, and move it (`orchestration.impact_in.callbacks`)."""

from __future__ import annotations

from ingest.contracts.impact import CallbackOutcome, ImpactCallbackReceived, Suite
from ingest.normalise.draft import Draft
from ingest.webhooks import csr as bodies
from ingest.webhooks.fields import instant_of

OUTCOMES: dict[str, CallbackOutcome] = {
    "delivery.success": "processed",
    "delivery.failed": "failed",
    "delivery.retry": "retrying",
    "data.received": "received",
    "data.processed": "processed",
    "data.failed": "failed",
    "activity.created": "processed",
    "activity.updated": "processed",
    "enrollment.confirmed": "processed",
}


def benevity(body: bodies.BenevityCallback) -> Draft:
    return _callback("benevity", body, body.event, body.transaction_id)


def goodera(body: bodies.GooderaCallback) -> Draft:
    return _callback("goodera", body, body.event, body.batch_id)


def workday(body: bodies.WorkdayCallback) -> Draft:
    return _callback("workday", body, body.event, body.report_id or body.activity_id or body.program_id or "")


def _callback(platform: Suite, body: bodies.Callback, event: str, reference: str) -> Draft:
    at = instant_of(body.timestamp)
    data = ImpactCallbackReceived(
        platform=platform,
        provider_event=event,
        provider_reference=reference,
        outcome=OUTCOMES[event],
        delivery_id=body.delivery_id,
        provider_tenant=body.organization_id,
        error_code=body.error.code if body.error else None,
        error=body.error.message if body.error else None,
        occurred_at=at,
    )
    return Draft(
        f"impact-callback/{platform}/{reference}/{event}",
        f"/webhooks/{platform}",
        lambda _: data,
        source_time=at,
    )
