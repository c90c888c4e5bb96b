"""A dead letter as a message of the DEAD_LETTERS stream: the original, byte for byte, and why it died.

It may hold emails and feedback text: the stream forgets it after 90 days, and reasons name fields, never
values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from ingest.failures import ErrorClass
from ingest.jetstream import Message
from ingest.retries import REPLAY_OF, Failure, carried, header_text
from ingest.version import code_version


@dataclass(frozen=True)
class DeadLetter:
    """One message that was given up. `attempts` counts how often it was tried.

    `return_subject` is where a replay sends it, with `original_headers` as they were.
    """

    source: str
    kind: str
    key: str  # source:delivery id, or where the message was in its stream
    reason: str
    payload: bytes
    return_subject: str
    attempts: int = 1
    delivery_id: str | None = None
    error_class: ErrorClass = ErrorClass.PERMANENT
    first_error: str | None = None
    first_failed_at: datetime | None = None
    died_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    replay_of: int | None = None
    original_headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, failure: Failure) -> DeadLetter:
        return cls(
            source=failure.source,
            kind=failure.kind,
            key=failure.key,
            delivery_id=failure.delivery_id,
            reason=failure.reason,
            error_class=failure.error_class,
            attempts=failure.attempt,
            first_error=failure.first_error,
            first_failed_at=failure.first_failed_at,
            died_at=failure.failed_at,
            payload=failure.message.data,
            return_subject=f"inbox.{failure.source}.{failure.kind}",
            replay_of=failure.replay_of,
            original_headers=carried(failure.message.headers or {}),
        )

    def message(self) -> Message:
        """How it goes to the broker. The same letter twice, after a crash, is kept once."""
        # What failed again after a replay is a letter of its own, also while the broker remembers the first.
        again = f":replay-of-{self.replay_of}" if self.replay_of is not None else ""
        headers = {
            "Impact-Reason": header_text(self.reason),
            "Impact-Error-Class": self.error_class,
            "Impact-First-Error": header_text(self.first_error or self.reason),
            "Impact-First-Failed-At": (self.first_failed_at or self.died_at).isoformat(),
            "Impact-Died-At": self.died_at.isoformat(),
            "Impact-Attempts": str(self.attempts),
            "Impact-Key": self.key,
            "Impact-Return-Subject": self.return_subject,
            "Impact-Code-Version": code_version(),
            "Impact-Original-Headers": as_header(dict(self.original_headers)),
        }
        if self.delivery_id is not None:
            headers["Impact-Delivery-Id"] = self.delivery_id
        if self.replay_of is not None:
            headers[REPLAY_OF] = str(self.replay_of)
        return Message(
            subject=f"dead.{self.source}.{self.kind}",
            payload=self.payload,
            message_id=f"dead:{self.key}{again}",
            headers=headers,
        )


def as_header(value: object) -> str:
    """JSON in ASCII: a header takes nothing else."""
    return json.dumps(value, separators=(",", ":"))


def original_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of the message that died, from its letter's."""
    found: Any = msgspec.json.decode(headers.get("Impact-Original-Headers", "{}"))
    return {str(name): str(value) for name, value in found.items()}
