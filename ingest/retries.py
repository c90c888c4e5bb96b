"""Retries, held by the broker: a failed delivery waits in the stream RETRY as a scheduled message.

`retry.wait.<ticket>` is the scheduled message; at its time the broker itself moves it to
`retry.due.<source>.<kind>`, where the normaliser takes it. No timer runs in our process, so a retry survives
every restart. The ticket is unique per delivery and attempt: a schedule replaces an older one of its subject.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from nats.aio.msg import Msg

from ingest.failures import ErrorClass, class_of, reason_of
from ingest.jetstream import Message

ATTEMPT = "Impact-Attempt"  # of the attempt that this message is for; the first has no header
FIRST_ERROR = "Impact-First-Error"
FIRST_FAILED_AT = "Impact-First-Failed-At"
REPLAY_OF = "Impact-Replay-Of"  # the dead letter that was redriven as this message

DUE = "retry.due"
WAITING = "retry.wait.>"
ALL_DUE = "retry.due.>"


@dataclass(frozen=True)
class RetryPolicy:
    """How often and when. Full jitter: many that failed at one moment do not come back at one moment."""

    retries: int = 3
    base_s: float = 5.0
    factor: float = 6.0  # 5 s, 30 s, 3 min
    longest_s: float = 300.0

    def pause_s(self, attempt: int) -> float:
        """Seconds until the try after `attempt`: anything up to the back-off, evenly."""
        return random.uniform(0, min(self.longest_s, self.base_s * self.factor ** (attempt - 1)))  # noqa: S311


@dataclass(frozen=True)
class Failure:
    """One message that failed, with what its headers tell of the attempts before."""

    message: Msg
    source: str
    kind: str
    key: str  # source:delivery id, or where the message was
    delivery_id: str | None
    error_class: ErrorClass
    reason: str
    attempt: int
    first_error: str
    first_failed_at: datetime
    failed_at: datetime
    replay_of: int | None

    @classmethod
    def of(cls, message: Msg, error: BaseException, *, delivery_id_header: str) -> Failure:
        headers = message.headers or {}
        source, kind = message.subject.split(".")[-2:]
        delivery_id = headers.get(delivery_id_header)
        now = datetime.now(UTC)
        reason = reason_of(error)
        first_failed_at = headers.get(FIRST_FAILED_AT)
        return cls(
            message=message,
            source=source,
            kind=kind,
            key=f"{source}:{delivery_id}" if delivery_id else f"INBOX:{message.metadata.sequence.stream}",
            delivery_id=delivery_id,
            error_class=class_of(error),
            reason=reason,
            attempt=int(headers.get(ATTEMPT, "1")),
            first_error=headers.get(FIRST_ERROR, reason),
            first_failed_at=datetime.fromisoformat(first_failed_at) if first_failed_at else now,
            failed_at=now,
            replay_of=int(headers[REPLAY_OF]) if REPLAY_OF in headers else None,
        )

    def is_final(self, policy: RetryPolicy) -> bool:
        """Whether trying again is pointless, or was done often enough."""
        return self.error_class is ErrorClass.PERMANENT or self.attempt > policy.retries

    def due_at(self, policy: RetryPolicy) -> datetime:
        return self.failed_at + timedelta(seconds=policy.pause_s(self.attempt))

    def retry(self, due_at: datetime) -> Message:
        """The scheduled message that brings this one back."""
        again = f"{self.key}:{self.replay_of or ''}:{self.attempt + 1}"
        return Message(
            subject=f"retry.wait.{sha256(again.encode()).hexdigest()[:32]}",
            payload=self.message.data,
            message_id=f"retry:{again}",
            headers={
                **carried(self.message.headers or {}),
                "Nats-Schedule": f"@at {due_at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}",
                "Nats-Schedule-Target": f"{DUE}.{self.source}.{self.kind}",
                ATTEMPT: str(self.attempt + 1),
                FIRST_ERROR: header_text(self.first_error),
                FIRST_FAILED_AT: self.first_failed_at.isoformat(),
            },
        )


def carried(headers: dict[str, str]) -> dict[str, str]:
    """A message's own headers, without those that told the broker what to do with it."""
    return {name: value for name, value in headers.items() if not name.startswith("Nats-")}


def header_text(text: str) -> str:
    """One line of ASCII, as a header can hold it."""
    return " ".join(text.split()).encode("ascii", "replace").decode()[:1000]
