"""Old addresses: since when they have a successor, and until when they answer all the same.

An address without `/v1` is answered as its successor is, with the headers that say so: `Deprecation`
(RFC 9745), `Sunset` (RFC 8594) and `Link`. After the sunset the next release may leave it out.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime
from urllib.parse import quote

DEPRECATED_ON = date(2026, 11, 27)
SUNSET_ON = date(2027, 5, 27)  # half a year


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


DEPRECATION = f"@{_midnight(DEPRECATED_ON).timestamp():.0f}"
SUNSET = format_datetime(_midnight(SUNSET_ON), usegmt=True)


def headers(successor: str, explained_at: str | None = None) -> tuple[tuple[bytes, bytes], ...]:
    """What an answer at an old address says; `explained_at` is where people read about it."""
    links = [f'<{quote(successor)}>; rel="successor-version"']
    if explained_at:
        links += [f'<{explained_at}>; rel="{relation}"' for relation in ("deprecation", "sunset")]
    return (
        (b"deprecation", DEPRECATION.encode()),
        (b"sunset", SUNSET.encode()),
        (b"link", ", ".join(links).encode("ascii")),
    )
