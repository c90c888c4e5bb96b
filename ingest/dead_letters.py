"""Dead letters: what cannot be processed, kept as it came with the reason, in the DEAD_LETTERS stream.

The payload is the original, byte for byte, so that it can be replayed. It may hold emails and feedback text:
the stream forgets it after 90 days, and reasons name fields, never values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from ingest.jetstream import Message


@dataclass(frozen=True)
class DeadLetter:
    """One delivery or event that was given up. `attempts` counts how often it was tried."""

    source: str
    kind: str
    key: str  # delivery id, or where the message was in its stream
    reason: str
    attempts: int
    payload: bytes
    original_headers: Mapping[str, str] = field(default_factory=dict)

    def message(self) -> Message:
        """How it goes to the broker. The same letter twice, after a crash, is kept once."""
        return Message(
            subject=f"dead.{self.source}.{self.kind}",
            payload=self.payload,
            message_id=f"dead:{self.source}:{self.key}",
            headers={
                "Impact-Reason": _one_line(self.reason),
                "Impact-Attempts": str(self.attempts),
                "Impact-Key": self.key,
                "Impact-Died-At": datetime.now(UTC).isoformat(),
                "Impact-Original-Headers": msgspec.json.encode(self.original_headers).decode(
                    "ascii", "replace"
                ),
            },
        )


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "replace").decode()[:1000]
