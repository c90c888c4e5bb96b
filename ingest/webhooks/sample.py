"""Signs and sends one Kintell webhook, to try the way in: `impact webhooks send-sample`."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from ingest.webhooks.kintell import SessionCompleted
from ingest.webhooks.signatures import sign

TIMEOUT_S = 10


@dataclass(frozen=True)
class SampleResult:
    """What was sent and how it was answered."""

    delivery_id: str
    session_id: str
    status: int
    answer: str


def send_sample(
    webhook_url: str,
    secret: str,
    *,
    session_id: str | None = None,
    delivery_id: str | None = None,
    participant_email: str = "oksana.k@example.org",
    volunteer_email: str = "ingrid.h@example.com",
) -> SampleResult:
    """Send a session that ended just now. An HTTP error is a result; no connection raises `OSError`."""
    now = datetime.now(UTC).replace(microsecond=0)
    session = SessionCompleted(
        session_id=session_id or f"LS-{uuid.uuid4().hex[:8]}",
        session_type="language",
        participant_email=participant_email,
        volunteer_email=volunteer_email,
        scheduled_at=now - timedelta(minutes=50),
        completed_at=now - timedelta(minutes=3),
        duration_minutes=47,
        topics=["daily life", "work"],
        language_level="B1",
    )
    body = msgspec.json.encode(session)
    delivery_id = delivery_id or str(uuid.uuid4())
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
        f"{webhook_url.rstrip('/')}/v1/webhooks/session-completed",
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-Delivery-Id": delivery_id,
            "X-Kintell-Signature": sign(secret.encode(), body, timestamp=int(time.time())),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
            status, answer = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            status, answer = error.code, error.read().decode()
    return SampleResult(delivery_id, session.session_id, status, answer)
