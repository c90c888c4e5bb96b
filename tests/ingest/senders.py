"""Signs as each sender does, over the raw body, with a secret the test's receiver knows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass

import httpx
import standardwebhooks

from ingest.webhooks.signatures import sign
from orchestration.stack.layout import Layout

# Sources for which the stack makes no secret of its own.
OTHER_SECRETS = {
    f"IMPACT_WEBHOOK_SECRET_{name}": "whsec_" + base64.b64encode(f"a secret of {name}'s".encode()).decode()
    for name in ("DISCORD", "BENEVITY", "GOODERA", "WORKDAY")
}


def secrets_of(layout: Layout) -> dict[str, str]:
    """The secret of every source at a receiver started with `OTHER_SECRETS`."""
    environment = layout.environment() | OTHER_SECRETS
    start = "IMPACT_WEBHOOK_SECRET_"
    return {name[len(start) :].lower(): text for name, text in environment.items() if name.startswith(start)}


def signature_headers(source: str, secret: str, body: bytes, at: int) -> dict[str, str]:
    key = secret.encode()

    def mac(message: bytes) -> hmac.HMAC:
        return hmac.new(key, message, hashlib.sha256)

    match source:
        case "kintell" | "buddy" | "discord":
            return {f"X-{source.title()}-Signature": sign(key, body, timestamp=at)}
        case "upskilling":
            return {"X-Upskilling-Signature": f"sha256={mac(body).hexdigest()}"}
        case "benevity":
            return {"X-Benevity-Signature": mac(body).hexdigest()}
        case "goodera":
            signature = mac(f"{at}.".encode() + body).hexdigest()
            return {"X-Goodera-Signature": f"sha256={signature}", "X-Goodera-Request-Timestamp": str(at)}
        case "workday":
            digest = base64.b64encode(mac(f"{at}:".encode() + body).digest()).decode()
            return {"X-Workday-Signature": digest, "X-Workday-Request-Timestamp": str(at)}
    raise ValueError(source)


def standard_headers(secret: str, body: bytes, id_: str, at: int) -> dict[str, str]:
    """What the Standard Webhooks library signs."""
    mac = hmac.digest(standardwebhooks.Webhook(secret)._whsecret, f"{id_}.{at}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signature}


@dataclass(frozen=True)
class Sent:
    """A request that was answered, and the id under which the receiver knows it."""

    origin: str
    response: httpx.Response


@dataclass(frozen=True)
class AnySender:
    """Any source, with its own scheme or with Standard Webhooks."""

    url: str
    source: str
    secret: str

    def send(
        self,
        payload: object,
        path: str | None = None,
        *,
        is_standard: bool = False,
        at: int | None = None,
        delivery_id: str | None = None,
    ) -> Sent:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        at = at or int(time.time())
        id_ = delivery_id or str(uuid.uuid4())
        if is_standard:
            headers = standard_headers(self.secret, body, id_, at)
        else:
            headers = {**signature_headers(self.source, self.secret, body, at), "X-Delivery-Id": id_}
            if self.source in ("upskilling", "benevity", "goodera", "workday"):
                id_ = f"body-{hashlib.sha256(body).hexdigest()}"
        response = httpx.post(
            f"{self.url}{path or f'/v1/webhooks/{self.source}'}",
            content=body,
            headers={"Content-Type": "application/json", **headers},
        )
        return Sent(f"{self.source}:{id_}", response)
