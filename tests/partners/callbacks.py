"""What the simulated suites call back of a delivery, as each would write it."""

from __future__ import annotations

import json
import time
from typing import Any

EVENTS = {
    "benevity": {
        "retrying": "delivery.retry", "processed": "delivery.success", "failed": "delivery.failed",
    },
    "goodera": {"received": "data.received", "processed": "data.processed", "failed": "data.failed"},
    "workday": {"processed": "activity.created"},
}  # fmt: skip
_REFERENCE = {"benevity": "transactionId", "goodera": "batchId", "workday": "reportId"}


def callback(
    platform: str, outcome: str, *, at: float | None = None, reference: str, organization: str = "org-1",
    delivery_id: str | None = None, code: str | None = None,
) -> bytes:  # fmt: skip
    """The body of a callback; KeyError for an outcome that the suite does not tell of."""
    body: dict[str, Any] = {
        "event": EVENTS[platform][outcome], "timestamp": int(at or time.time()),
        "organizationId": organization, _REFERENCE[platform]: reference,
    }  # fmt: skip
    if delivery_id:
        body["deliveryId"] = delivery_id
    if code:
        body["error"] = {"code": code, "message": "as the partner's people would say it"}
    return json.dumps(body).encode()
