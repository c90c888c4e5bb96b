"""The stretch of time the demo covers, and who delivers which part of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MONTHS = 18
WEBHOOK_DAYS = 21
OVERLAP_DAYS = 2  # webhooks were switched on this long before the last CSV export: both tell of these days
OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Window:
    """18 months ending where `now` begins (00:00 UTC): everything that happened lies before that instant."""

    now: date

    @cached_property
    def first(self) -> date:
        months = self.now.year * 12 + self.now.month - 1 - MONTHS
        return date(months // 12, months % 12 + 1, min(self.now.day, 28))

    @cached_property
    def end(self) -> datetime:
        return midnight(self.now)

    @cached_property
    def exported_until(self) -> datetime:
        """Kintell's CSV exports end here."""
        return self.end - timedelta(days=WEBHOOK_DAYS)

    @cached_property
    def webhooks_from(self) -> datetime:
        """Kintell's webhooks start here."""
        return self.exported_until - timedelta(days=OVERLAP_DAYS)

    @property
    def days(self) -> int:
        return (self.now - self.first).days


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def chance(seed: int, *path: object) -> random.Random:
    """The random numbers of one part of the programme: the same for ever for the same seed and path."""
    return random.Random("/".join(map(str, ("impact-demo", seed, *path))))  # noqa: S311
