"""One webhook is one trace through every process that works on it, and the API goes on with its reader's."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, datetime

import httpx
import msgspec

from ingest.webhooks.signatures import sign
from orchestration.stack.layout import Layout
from tests.monitoring.otlp import Collector

PATIENCE_S = 180
HOPS = {
    "POST /v1/webhooks/kintell": "impact-receiver",
    "normalise": "impact-worker",
    "load": "impact-worker",
    "screen": "impact-gate",
    "evaluate journey": "impact-journey",
}


def test_a_webhook_is_followed_through_every_process(platform: Layout, traces: Collector) -> None:
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    environment = platform.environment()
    body = msgspec.json.encode({
        "rating_id": f"R-{uuid.uuid4().hex[:8]}", "session_id": f"LS-{uuid.uuid4().hex[:8]}",
        "from_role": "participant", "rating": 4.5, "feedback_text": "It went well today.",
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    })  # fmt: skip
    answer = httpx.post(
        f"{environment['IMPACT_WEBHOOK_URL']}/v1/webhooks/rating-created",
        content=body,
        headers={
            "Content-Type": "application/json",
            "X-Delivery-Id": str(uuid.uuid4()),
            "X-Kintell-Signature": sign(
                environment["IMPACT_WEBHOOK_SECRET_KINTELL"].encode(), body, timestamp=int(time.time())
            ),
            "traceparent": f"00-{trace_id}-{span_id}-01",
        },
        trust_env=False,
    )
    assert answer.status_code == 202
    seen = traces.wait_for(trace_id, set(HOPS), patience_s=PATIENCE_S)
    spans = {one.span.name: one for one in seen}
    assert {name: spans[name].process for name in HOPS} == HOPS
    received, normalised = spans["POST /v1/webhooks/kintell"].span, spans["normalise"].span
    assert received.parent_span_id.hex() == span_id
    assert normalised.parent_span_id == received.span_id
    for name in ("load", "screen", "evaluate journey"):
        assert spans[name].span.parent_span_id == normalised.span_id
    told = " ".join(str(value) for one in seen for value in one.attributes.values())
    assert "It went well" not in told


def test_a_read_goes_on_with_its_readers_trace(platform: Layout, traces: Collector) -> None:
    trace_id = secrets.token_hex(16)
    environment = platform.environment()
    answer = httpx.get(
        f"{environment['IMPACT_API_URL']}/v1/keys",
        headers={
            "X-API-Key": environment["IMPACT_ADMIN_KEY"],
            "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
        },
        trust_env=False,
    )
    assert answer.status_code == 200
    [seen] = traces.wait_for(trace_id, {"GET API"}, patience_s=PATIENCE_S)
    assert seen.process == "impact-api"
    assert seen.attributes == {
        "impact.status": 200,
        "impact.route": "/v1/keys",
        "impact.request_id": answer.headers["X-Request-ID"],
    }
