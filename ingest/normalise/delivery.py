"""A delivery on its way to the normaliser, and as a message of INBOX or RETRY if it has to come again."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ingest import tracing
from ingest.jetstream import Message

DELIVERY_ID = "Impact-Delivery-Id"
RECEIVED_AT = "Impact-Received-At"
SENT_AT = "Impact-Sent-At"
REQUEST_HEADERS = "Impact-Request-Headers"  # the sender's, as JSON, for whoever looks at a dead letter


class UnprocessableDeliveryError(Exception):
    """The delivery will never become an event. Names the field at fault and never quotes what it held."""


class AcceptedDelivery(NamedTuple):
    """One accepted webhook. `sent_at` is the time the sender signed it at."""

    source: str
    kind: str
    delivery_id: str
    received_at: datetime
    sent_at: datetime
    body: bytes
    request_headers: str | None = None
    traceparent: str | None = None  # where in a trace it came, if its sender or the receiver keeps one

    @property
    def origin(self) -> str:
        return f"{self.source}:{self.delivery_id}"

    def message(self) -> Message:
        return Message(
            subject=f"inbox.{self.source}.{self.kind}",
            payload=self.body,
            message_id=self.origin,
            headers={
                DELIVERY_ID: self.delivery_id,
                RECEIVED_AT: self.received_at.isoformat(),
                SENT_AT: self.sent_at.isoformat(),
                **({REQUEST_HEADERS: self.request_headers} if self.request_headers else {}),
                **({tracing.HEADER: self.traceparent} if self.traceparent else {}),
            },
        )

    @classmethod
    def of(cls, message: Message) -> AcceptedDelivery:
        """Read it back; raises `UnprocessableDeliveryError` for a message that is none of ours."""
        headers = message.headers
        try:
            source, kind = message.subject.split(".")[-2:]  # `inbox.…`, or `retry.due.…` when it comes back
            return cls(
                source=source,
                kind=kind,
                delivery_id=headers[DELIVERY_ID],
                received_at=datetime.fromisoformat(headers[RECEIVED_AT]),
                sent_at=datetime.fromisoformat(headers[SENT_AT]),
                body=message.payload,
                traceparent=tracing.read_traceparent(headers.get(tracing.HEADER)),
            )
        except (KeyError, ValueError) as error:
            raise UnprocessableDeliveryError(
                f"not a delivery: {type(error).__name__} in its subject or headers"
            ) from None
