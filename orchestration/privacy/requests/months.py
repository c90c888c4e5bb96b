"""When an answer is due: calendar months, as the law counts them."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

MONTHS_TO_ANSWER = 1  # Art. 12(3) GDPR
MONTHS_MORE = 2  # by which that may be extended once, where a request is complex or there are many
GRACE = timedelta(days=30)  # in which an erasure is held, and can be cancelled
AFTER_GRACE = timedelta(hours=72)  # within which it is done then
LINK_LIFETIME = timedelta(days=30)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later; in a month without that day, its last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def due_at(received_at: datetime) -> datetime:
    """When the answer is due at the latest. The law's own end is that of the day; this is never after it."""
    return months_later(received_at, MONTHS_TO_ANSWER)


def extended_due_at(received_at: datetime) -> datetime:
    """The same after an extension, counted from the day of the request as the law does."""
    return months_later(received_at, MONTHS_TO_ANSWER + MONTHS_MORE)
