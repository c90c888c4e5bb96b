"""Delivery number n of a run: always the same facts, signed for the moment it is sent.

A run of sessions alone, or, with `texts`, with a rating and what its author wrote as every fifth delivery. So
that a number in the warehouse leads back to its delivery, ids end in it.
"""

from __future__ import annotations

import hmac
import time
import uuid

BODY_BYTES = 1024
PARTICIPANTS, VOLUNTEERS = 2000, 400
RATING_EVERY = 5
SUBJECTS = ("session", "rating")

_SESSION = (
    b'{"session_id":"%b","session_type":"language","participant_email":"%b",'
    b'"volunteer_email":"%b","scheduled_at":"2025-10-02T16:00:00Z",'
    b'"completed_at":"2025-10-02T16:47:00Z","duration_minutes":47,"topics":["daily life","work"],'
    b'"language_level":"B1","note":"%b"}'
)
_RATING = (
    b'{"rating_id":"%b","session_id":"%b","from_role":"participant","rating":%d,'
    b'"created_at":"2025-10-02T17:00:00Z","feedback_text":"%b"}'
)
# What participants write in the three languages of the programme, each a text of its own by its number.
_TEXTS = (
    "I felt much more confident talking about my work today, conversation %d",
    "Jeg snakker tryggere norsk nå og har søkt på en jobb, samtale %d",
    "Мені стало легше розповідати про себе, дякую за розмову %d",
    "My mentor helped me to prepare for an interview and I feel I belong here, talk %d",
)
_HEAD = (
    b"POST /v1/webhooks/%b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
    b"X-Kintell-Signature: t=%d,v1=%b\r\nX-Delivery-Id: %b\r\nContent-Length: %d\r\n\r\n"
)


def new_run() -> str:
    """A name for one run's ids; it holds no dash."""
    return uuid.uuid4().hex[:12]


def participant_email(number: int) -> str:
    """Whose session delivery `number` is."""
    return f"load-p{number % PARTICIPANTS}@example.org"


def volunteer_email(number: int) -> str:
    return f"load-v{number % VOLUNTEERS}@example.com"


def is_rating(number: int, *, texts: bool) -> bool:
    """Whether delivery `number` is a rating with a text, of the session that came just before it."""
    return texts and number % RATING_EVERY == RATING_EVERY - 1


class Deliveries:
    """Whole HTTP requests by number."""

    def __init__(self, run: str, secret: str, *, texts: bool = False, host: str = "here") -> None:
        self._run, self._secret, self._texts, self._host = run, secret.encode(), texts, host.encode()
        self._padding = b"x" * BODY_BYTES

    def __call__(self, number: int) -> bytes:
        """The request of delivery `number`, signed for now; asked again, the same id and body."""
        kind, body = self.fact(number)
        now = int(time.time())
        digest = hmac.digest(self._secret, b"%d.%b" % (now, body), "sha256").hex().encode()
        delivery_id = f"{self._run}-{number}".encode()
        return _HEAD % (kind, self._host, now, digest, delivery_id, len(body)) + body

    def fact(self, number: int) -> tuple[bytes, bytes]:
        """The kind of delivery `number`, as its path says it, and its body."""
        if is_rating(number, texts=self._texts):
            text = _TEXTS[number // RATING_EVERY % len(_TEXTS)] % number
            ids = (f"{self._run}-{number}".encode(), f"{self._run}-{number - 1}".encode())
            return b"rating-created", _RATING % (*ids, 3 + number % 3, text.encode())
        names = (
            f"{self._run}-{number}".encode(),
            participant_email(number).encode(),
            volunteer_email(number).encode(),
        )
        bare = len(_SESSION % (*names, b""))
        return b"session-completed", _SESSION % (*names, self._padding[: BODY_BYTES - bare])
